"""Keypoints that could not be so, set right or set aside: what a network is sure of may still be impossible.

In this order: twins whose labels changed sides are exchanged back (`Sides`); a keypoint that jumped
further than a body part can move, or whose bone would be too long or bent too far, is not believed
until it has stayed there for a while (`Doubts`); one that is missed for a moment is put where it should
be, with a weight that fades. So each ends as measured, uncertain or absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.bone_lengths import FAR, LOWER, NEAR, BoneLengths
from posecoach.motion.doubts import MOST_SPEED, SLACK, Doubts, by_part
from posecoach.motion.sides import Sides
from posecoach.skeleton import NUM_KEYPOINTS

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BRIDGED_S: Final = 0.3
"""How long a keypoint that is missed, or not believed, is put where it should be."""
FORGOTTEN_S: Final = 0.5
"""After this long without a frame nothing of the past bounds where a keypoint can be."""
AHEAD_S: Final = 0.1
"""How far ahead a keypoint is expected to go on as it moved."""

_MOST_PUSH: Final = by_part(face=120.0, trunk=100.0, elbow=180.0, wrist=350.0, knee=180.0, ankle=300.0)
"""Torso lengths a second, each second."""


class Standing(IntEnum):
    """What a keypoint's place rests on."""

    ABSENT = 0
    UNCERTAIN = 1
    MEASURED = 2


@dataclass(frozen=True, slots=True, eq=False)
class RepairedPose:
    """Keypoints after repair.

    Attributes:
        xy: ``(17, 2)`` in pixels.
        weights: ``(17,)`` in [0, 1]; 0 exactly where absent.
        standing: ``(17,)`` int8, each a `Standing`.
        anew: ``(17,)`` whether a keypoint does not continue its own movement: nothing should be
            smoothed across.
    """

    xy: Array
    weights: Array
    standing: NDArray[np.int8]
    anew: Mask


class Repair:
    """Follow the keypoints of one person from frame to frame."""

    def __init__(self) -> None:
        """Start without a past."""
        self._sides = Sides()
        self._bones = BoneLengths()
        self._doubts = Doubts()
        self._at_s: float | None = None
        self._xy: Array = np.zeros((NUM_KEYPOINTS, 2))
        self._speed: Array = np.zeros((NUM_KEYPOINTS, 2))
        self._weights: Array = np.zeros(NUM_KEYPOINTS)
        self._seen_at: Array = np.full(NUM_KEYPOINTS, -np.inf)

    def repair(self, at_s: float, xy: Array, weights: Array, scale_px: float) -> RepairedPose:
        """Take one frame's keypoints.

        Args:
            at_s: Time of the frame; later than the one before.
            xy: ``(17, 2)`` in pixels.
            weights: ``(17,)`` in [0, 1].
            scale_px: Torso length as if seen upright, more than 0.
        """
        if self._at_s is None:
            self._at_s, self._xy = at_s, xy
        elif at_s - self._at_s > FORGOTTEN_S:
            self._forget()
        step_s = at_s - self._at_s
        age_s = np.minimum(at_s - self._seen_at, 9.0)
        known = age_s <= FORGOTTEN_S
        expected_xy = self._xy + self._speed * np.minimum(age_s, AHEAD_S)[:, None]
        reach = self._reach(age_s, step_s)
        order, anew = self._sides.order(at_s, xy, known & (weights > 0.0), expected_xy, reach, scale_px)
        if order is not None:
            xy, weights = xy[order], weights[order]
        if anew is not None:
            known = known & ~anew
        seen = weights > 0.0
        off = np.minimum(_squared(xy - expected_xy), _squared(xy - self._xy))
        jumped = seen & known & (off > (reach * scale_px) ** 2)
        believed = self._believed(xy, seen, jumped, expected_xy, scale_px, step_s)
        return self._settle(at_s, step_s, xy, weights, believed, believed & (jumped | ~known), expected_xy)

    def _forget(self) -> None:
        """Nobody was seen for so long that they can be anywhere; they still have the same bones."""
        self._sides, self._doubts = Sides(), Doubts()
        self._seen_at = np.full(NUM_KEYPOINTS, -np.inf)

    def _reach(self, age_s: Array, step_s: float) -> Array:
        """``(17,)`` how far from where it is expected a keypoint can be, in torso lengths."""
        # Time in which a keypoint was seen where it cannot be is no time in which it can have gone there.
        gone_s = np.where(self._doubts.pending, np.minimum(age_s, step_s), age_s)
        return np.asarray(SLACK + np.minimum(0.5 * _MOST_PUSH * gone_s**2, MOST_SPEED * gone_s))

    def _believed(
        self, xy: Array, seen: Mask, jumped: Mask, expected_xy: Array, scale_px: float, step_s: float
    ) -> Mask:
        """``(17,)`` which keypoints are taken to be where they are reported."""
        # A bone is measured from where its near end is likely to be, so that one wrong keypoint is one.
        likely_xy = np.where(jumped[:, None], expected_xy, xy) if jumped.any() else xy
        lengths = np.sqrt(_squared(xy[FAR] - likely_xy[NEAR])) / scale_px
        both = seen[FAR] & seen[NEAR]
        wrong, short = np.zeros((2, NUM_KEYPOINTS), dtype=bool)
        wrong[FAR] = both & self._bones.too_long(lengths)
        wrong[LOWER] |= both[4:] & both[:4] & self._bones.overbent(lengths, xy, scale_px)
        short[FAR] = both & jumped[FAR] & self._bones.shortened(lengths)
        believed = self._doubts.settle(xy, seen, jumped, wrong, short, scale_px, step_s)
        if step_s > 0.0:
            self._bones.learn(lengths, both & believed[NEAR] & believed[FAR] & ~jumped[FAR], step_s)
        return believed

    def _settle(
        self,
        at_s: float,
        step_s: float,
        xy: Array,
        weights: Array,
        believed: Mask,
        fresh: Mask,
        expected_xy: Array,
    ) -> RepairedPose:
        """Keep what is believed, put the rest where it should be for a while."""
        age_s = np.minimum(at_s - self._seen_at, 9.0)
        bridged = ~believed & (age_s < BRIDGED_S)
        here = believed[:, None]
        if step_s > 0.0:
            speed = (xy - self._xy) / np.maximum(age_s, step_s)[:, None]
            # Half of the newest speed: enough to expect an arm where it goes, not to follow noise.
            self._speed = np.where(here, 0.5 * (self._speed + speed), 0.9 * self._speed)
            self._speed[fresh] = 0.0
        placed = np.where(here, xy, np.where(bridged[:, None], expected_xy, self._xy))
        found = np.where(believed, weights, np.where(bridged, self._weights * (1.0 - age_s / BRIDGED_S), 0.0))
        self._at_s = at_s
        self._xy = np.where(here, xy, self._xy)
        self._weights = np.where(believed, weights, self._weights)
        self._seen_at = np.where(believed, at_s, self._seen_at)
        standing = np.where(
            believed, Standing.MEASURED, np.where(bridged, Standing.UNCERTAIN, Standing.ABSENT)
        )
        return RepairedPose(placed, found, standing.astype(np.int8), fresh)


def _squared(vectors: Array) -> Array:
    return np.asarray(vectors[:, 0] ** 2 + vectors[:, 1] ** 2)
