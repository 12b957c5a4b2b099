"""From joint angles to where every joint is, with feet that stay where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.angles import Angle, within_limits
from posecoach.synthetic.body import Body
from posecoach.synthetic.rotation import (
    about_x,
    about_y,
    about_z,
    bent_between,
    frame_of,
    orthonormal,
    turned,
)

Array = NDArray[np.float64]

LEFT: Final = 0
RIGHT: Final = 1
_SIGN: Final = (1.0, -1.0)
BALL: Final = 0.57
"""How far before the ankle a lifted heel turns the foot about, as a share of its length: its painted tip."""
_SPAN: Final = Angle.RIGHT_PLANTED - Angle.LEFT_PLANTED


class Part(IntEnum):
    """A rigid part of the body; its frame has x forward, y left and z up when standing upright."""

    PELVIS = 0
    WAIST = 1
    CHEST = 2
    NECK = 3
    HEAD = 4
    LEFT_UPPER_ARM = 5
    RIGHT_UPPER_ARM = 6
    LEFT_FOREARM = 7
    RIGHT_FOREARM = 8
    LEFT_HAND = 9
    RIGHT_HAND = 10
    LEFT_THIGH = 11
    RIGHT_THIGH = 12
    LEFT_SHIN = 13
    RIGHT_SHIN = 14
    LEFT_FOOT = 15
    RIGHT_FOOT = 16


@dataclass(frozen=True, slots=True)
class Stance:
    """Where the feet stand, and the seat if there is one; lengths as shares of the stature.

    Attributes:
        half_width: Of the middle of each ankle from the middle line.
        split: How far the left foot stands before the middle, and the right behind it.
        toes_out_deg: How far the feet turn outwards: left, right.
        seat_height: Top of the seat; `None` without a seat.
    """

    half_width: float = 0.066
    split: float = 0.0
    toes_out_deg: tuple[float, float] = (8.0, 8.0)
    seat_height: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Posture:
    """A body at some moments.

    Attributes:
        origins: ``(time, 17, 3)`` the near end of each `Part`, in metres: the joint it turns about. Of the
            pelvis the middle between the hips; of the foot the ankle; of the head its middle.
        frames: ``(time, 17, 3, 3)`` how each part is turned.
        tips: ``(time, 2, 3)`` the ends of the hands, left and right.
    """

    origins: Array = field(repr=False)
    frames: Array = field(repr=False)
    tips: Array = field(repr=False)

    def moved(self, by: Array, heading_deg: Array) -> Posture:
        """The same posture turned about the vertical through the origin, then shifted by ``(time, 3)``."""
        turn = about_z(heading_deg)[:, None]  # (time, 1, 3, 3)
        shift = by[:, None, :]
        return Posture(
            turned(turn, self.origins) + shift, turn @ self.frames, turned(turn, self.tips) + shift
        )


def posture(body: Body, angles: Array, stance: Stance) -> Posture:
    """Stand, or seat, a body.

    Planted feet stand exactly where the stance puts them: the legs' angles say how high and where the
    pelvis is, and the legs then reach from it to the feet, their bones keeping their lengths. The body
    stands at the origin and faces along x.

    Args:
        body: Its measures.
        angles: ``(time, 34)``; brought into the limits.
        stance: Where its feet stand.
    """
    chain = _Chain(body, within_limits(np.asarray(angles, dtype=np.float64)), stance)
    chain.trunk()
    for side in (LEFT, RIGHT):
        chain.arm(side)
    chain.legs()
    return Posture(chain.origins, chain.frames, chain.tips)


class _Chain:
    """The posture while it is worked out, from the pelvis outwards."""

    def __init__(self, body: Body, angles: Array, stance: Stance) -> None:
        self._body, self._angles, self._stance = body, angles, stance
        count = len(angles)
        self.origins = np.zeros((count, len(Part), 3))
        self.frames = np.broadcast_to(np.eye(3), (count, len(Part), 3, 3)).copy()
        self.tips = np.zeros((count, 2, 3))

    def trunk(self) -> None:
        """Pelvis to head, from a pelvis at the origin."""
        length, of = self._body.lengths, self._of
        pelvis = (
            about_z(of(Angle.PELVIS_TURN)) @ about_y(of(Angle.PELVIS_TILT)) @ about_x(-of(Angle.PELVIS_SIDE))
        )
        bends = [of(a) / 2.0 for a in (Angle.SPINE_TURN, Angle.SPINE_FLEX, Angle.SPINE_SIDE)]
        half = about_z(bends[0]) @ about_y(bends[1]) @ about_x(-bends[2])
        nod = [of(a) / 2.0 for a in (Angle.NECK_TURN, Angle.NECK_FLEX, Angle.NECK_SIDE)]
        half_nod = about_z(nod[0]) @ about_y(nod[1]) @ about_x(-nod[2])
        frame = pelvis
        place = np.zeros((len(self._angles), 3))
        for part, before, along in (
            (Part.WAIST, half, length["pelvis"]),
            (Part.CHEST, half, length["waist"]),
            (Part.NECK, half_nod, length["chest"]),
            (Part.HEAD, half_nod, length["neck"]),
        ):
            place = place + frame[..., :, 2] * along
            frame = frame @ before
            self.origins[:, part], self.frames[:, part] = place, frame
        self.origins[:, Part.HEAD] += frame[..., :, 2] * length["head"]
        self.frames[:, Part.PELVIS] = pelvis

    def arm(self, side: int) -> None:
        """Shoulder to fingertips. The shoulder rises as the arm goes up, as the clavicle does."""
        length, sign = self._body.lengths, _SIGN[side]
        chest = self.frames[:, Part.CHEST]
        local = (
            about_x(sign * self._of(Angle.LEFT_SHOULDER_ABDUCT, side))
            @ about_y(-self._of(Angle.LEFT_SHOULDER_FLEX, side))
            @ about_z(sign * self._of(Angle.LEFT_SHOULDER_ROTATE, side))
        )
        raised_deg = np.degrees(np.arccos(np.clip(local[..., 2, 2], -1.0, 1.0)))
        clavicle = about_x(sign * np.clip(raised_deg - 30.0, 0.0, None) * 0.19)
        across = np.array([0.0, sign * length["shoulder_half_width"] * 0.85, 0.0])
        inner = np.array([0.0, sign * length["shoulder_half_width"] * 0.15, -length["shoulder_drop"]])
        shoulder = self.origins[:, Part.NECK] + turned(chest, inner + turned(clavicle, across))
        upper = chest @ local
        elbow = shoulder - upper[..., :, 2] * length["upper_arm"]
        # A relaxed forearm swings inwards as the elbow bends: it turns about the elbow's own axis.
        fore = upper @ about_y(-self._of(Angle.LEFT_ELBOW_FLEX, side))
        wrist = elbow - fore[..., :, 2] * length["forearm"]
        hand = fore @ about_y(-self._of(Angle.LEFT_WRIST_FLEX, side))
        for part, place, frame in (
            (Part.LEFT_UPPER_ARM, shoulder, upper),
            (Part.LEFT_FOREARM, elbow, fore),
            (Part.LEFT_HAND, wrist, hand),
        ):
            self.origins[:, part + side], self.frames[:, part + side] = place, frame
        self.tips[:, side] = wrist - hand[..., :, 2] * length["hand"]

    def legs(self) -> None:
        """Both legs: first as their angles say, which gives the pelvis its place; then onto the floor."""
        length, pelvis = self._body.lengths, self.frames[:, Part.PELVIS]
        planted = np.stack([self._of(Angle.LEFT_PLANTED, side) for side in (LEFT, RIGHT)], axis=1)
        hips, ankles, thighs, targets, standing = [], [], [], [], []
        for side, sign in enumerate(_SIGN):
            hip = turned(pelvis, np.array([0.0, sign * length["hip_half_width"], 0.0]))
            thigh = (
                pelvis
                @ about_x(sign * self._of(Angle.LEFT_HIP_ABDUCT, side))
                @ about_y(-self._of(Angle.LEFT_HIP_FLEX, side))
                @ about_z(sign * self._of(Angle.LEFT_HIP_ROTATE, side))
            )
            shin = thigh @ about_y(self._of(Angle.LEFT_KNEE_FLEX, side))
            hips.append(hip)
            thighs.append(thigh)
            ankles.append(hip - thigh[..., :, 2] * length["thigh"] - shin[..., :, 2] * length["shin"])
            target, foot = self._planted(side)
            targets.append(target)
            standing.append(foot)
        root = self._root(hips, ankles, targets, planted)
        self.origins[:, : Part.LEFT_THIGH] += root[:, None]
        self.tips += root[:, None]
        for side in (LEFT, RIGHT):
            share = planted[:, side, None]
            hip = hips[side] + root
            end = ankles[side] + root
            end = end + share * (targets[side] - end)
            knee, ankle = bent_between(
                hip, end, length["thigh"], length["shin"], pole=thighs[side][..., :, 0]
            )
            thigh = frame_of(knee - hip, thighs[side][..., :, 0])
            shin = frame_of(ankle - knee, thigh[..., :, 0] + 0.5 * (knee - hip))
            hanging = shin @ about_y(-self._of(Angle.LEFT_ANKLE_FLEX, side))
            foot = orthonormal(hanging + share[..., None] * (standing[side] - hanging))
            for part, place, frame in (
                (Part.LEFT_THIGH, hip, thigh),
                (Part.LEFT_SHIN, knee, shin),
                (Part.LEFT_FOOT, ankle, foot),
            ):
                self.origins[:, part + side], self.frames[:, part + side] = place, frame

    def _planted(self, side: int) -> tuple[Array, Array]:
        """Where the ankle of a planted foot is, and how the foot is turned; it lifts about its ball."""
        height, stature_m = self._body.lengths["ankle_height"], self._body.stature_m
        sign = _SIGN[side]
        home = np.array([sign * self._stance.split, sign * self._stance.half_width, 0.0]) * stature_m
        home[2] = height
        flat = about_z(np.asarray(sign * self._stance.toes_out_deg[side]))
        foot = flat @ about_y(self._of(Angle.LEFT_HEEL, side))
        to_ball = np.array([BALL * self._body.lengths["foot"], 0.0, -height])
        return home + flat @ to_ball - turned(foot, to_ball), foot

    def _root(self, hips: list[Array], ankles: list[Array], targets: list[Array], planted: Array) -> Array:
        """``(time, 3)`` where the pelvis goes so that planted feet are where they should be."""
        weights = planted + 1e-6
        weights = weights / weights.sum(axis=1, keepdims=True)
        root = sum(weights[:, side, None] * (targets[side] - ankles[side]) for side in (LEFT, RIGHT))
        longest = (self._body.lengths["thigh"] + self._body.lengths["shin"]) * 0.9995
        for side in (LEFT, RIGHT):  # a foot that cannot be reached pulls the pelvis down
            away = root + hips[side] - targets[side]
            highest = np.sqrt(np.maximum(longest**2 - (away[:, :2] ** 2).sum(axis=1), 0.0))
            root[:, 2] -= planted[:, side] * _softly_positive(away[:, 2] - highest)
        if self._stance.seat_height is None:
            return np.asarray(root)
        seat = np.zeros_like(root)
        seat[:, 0] = -self._body.lengths["thigh"] * 0.93
        seat[:, 2] = (
            self._stance.seat_height * self._body.stature_m + self._body.girths["hips_half_depth"] * 0.95
        )
        return np.asarray(root + self._of(Angle.SEATED)[:, None] * (seat - root))

    def _of(self, left: Angle, side: int = LEFT) -> Array:
        """``(time,)`` one angle; of the right side, the twin of the left one named."""
        return np.asarray(self._angles[:, left + side * _SPAN])


def _softly_positive(metres: Array) -> Array:
    """The positive part, rounded off over some millimetres: a knee that comes straight must not snap."""
    return np.asarray(0.5 * (metres + np.sqrt(metres**2 + 0.004**2)))
