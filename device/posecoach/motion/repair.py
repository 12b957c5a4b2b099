"""Keypoints that could not be so, set right or set aside: what a network is sure of may still be impossible.

In this order: twins whose labels changed sides are exchanged back (`Sides`); a keypoint that jumped
further than a body part can move, or whose bone would be too long or bent too far, is not believed
until it has stayed there for a while (`Doubts`); one that is missed for a moment is put where it should
be, with a weight that fades. So each ends as measured, uncertain or absent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.bone_lengths import BONES, LOWER, UPPER, BoneLengths
from posecoach.motion.columns import Column, Marks, columns, points
from posecoach.motion.doubts import MOST_SPEED, SLACK, Doubts, by_part
from posecoach.motion.sides import CALM, Sides
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


_MEASURED, _UNCERTAIN, _ABSENT = (
    int(each) for each in (Standing.MEASURED, Standing.UNCERTAIN, Standing.ABSENT)
)
NEAR: Final = min(CALM, SLACK)
"""In torso lengths: a keypoint this near to where it is expected has not jumped, nor changed sides."""

Calmly: TypeAlias = Callable[[Array, Array, Array, Array, float, float, float], RepairedPose | None]
"""The repair of a frame in which nothing is out of the ordinary: its keypoints and weights, what is kept of
each keypoint (a row of each column), the lengths of the bones, the time, the step, the scale. `None`, and
nothing is changed, where anything is."""


class Repair:
    """Follow the keypoints of one person from frame to frame."""

    def __init__(self) -> None:
        """Start without a past."""
        self._bones = BoneLengths()
        self._at_s: float | None = None
        self._x: Column = [0.0] * NUM_KEYPOINTS
        self._y: Column = [0.0] * NUM_KEYPOINTS
        self._speed_x: Column = [0.0] * NUM_KEYPOINTS
        self._speed_y: Column = [0.0] * NUM_KEYPOINTS
        self._weights: Column = [0.0] * NUM_KEYPOINTS
        self._seen_at: Column = []
        self._calmly = fastest_calmly()
        self._kept: tuple[Array, Array] | None = None  # the columns and the bones, while all is calm
        self._forget()

    def repair(self, at_s: float, xy: Array, weights: Array, scale_px: float) -> RepairedPose:
        """Take one frame's keypoints.

        Args:
            at_s: Time of the frame; later than the one before.
            xy: ``(17, 2)`` in pixels.
            weights: ``(17,)`` in [0, 1].
            scale_px: Torso length as if seen upright, more than 0.
        """
        if self._calmly is not None and self._ordinary(at_s):
            assert self._at_s is not None
            columns_kept, bones_kept = self._kept = self._kept or self._laid_out()
            step_s = at_s - self._at_s
            done = self._calmly(xy, weights, columns_kept, bones_kept, at_s, step_s, scale_px)
            if done is not None:
                self._at_s = at_s
                return done
        self._take_back()
        x, y = columns(xy)
        weight: Column = weights.tolist()
        if self._at_s is None:
            self._at_s, self._x, self._y = at_s, x.copy(), y.copy()
        elif at_s - self._at_s > FORGOTTEN_S:
            self._forget()
        step_s, self._at_s = at_s - self._at_s, at_s
        age_s = [min(at_s - seen_at, 9.0) for seen_at in self._seen_at]
        known = [age <= FORGOTTEN_S for age in age_s]
        ahead_s = [min(age, AHEAD_S) for age in age_s]
        expected_x = [a + b * c for a, b, c in zip(self._x, self._speed_x, ahead_s, strict=True)]
        expected_y = [a + b * c for a, b, c in zip(self._y, self._speed_y, ahead_s, strict=True)]
        followed = [is_known and w > 0.0 for is_known, w in zip(known, weight, strict=True)]
        jumped = [False] * NUM_KEYPOINTS
        # Nearly always everything is about where it should be, and there is little to ask.
        calm = not self._sides.exchanged and _all_near(
            x, y, expected_x, expected_y, followed, NEAR * scale_px
        )
        if not calm:
            reach = self._reach(age_s, step_s)
            order, anew = self._sides.order(at_s, x, y, followed, expected_x, expected_y, reach, scale_px)
            if order is not None:
                x, y = [x[index] for index in order], [y[index] for index in order]
                weight = [weight[index] for index in order]
            for keypoint in anew:
                known[keypoint] = False
            for k in range(NUM_KEYPOINTS):
                if known[k] and weight[k] > 0.0:
                    bound_px = reach[k] * scale_px
                    jumped[k] = _apart(x[k], y[k], expected_x[k], expected_y[k], bound_px) and _apart(
                        x[k], y[k], self._x[k], self._y[k], bound_px
                    )
        believed = self._believed(x, y, weight, jumped, expected_x, expected_y, scale_px, step_s)
        fresh = [b and (j or not n) for b, j, n in zip(believed, jumped, known, strict=True)]
        return self._settle(at_s, step_s, x, y, weight, believed, fresh, expected_x, expected_y, age_s)

    def _ordinary(self, at_s: float) -> bool:
        """Whether there is no question open from before."""
        if self._at_s is None or at_s - self._at_s > FORGOTTEN_S:
            return False
        return self._kept is not None or not (self._sides.exchanged or self._doubts.any_pending)

    def _laid_out(self) -> tuple[Array, Array]:
        """What is kept of each keypoint, as arrays, and of the bones."""
        kept = [self._x, self._y, self._speed_x, self._speed_y, self._weights, self._seen_at]
        return np.array([*kept, self._doubts.held_s]), np.array(self._bones.own)

    def _take_back(self) -> None:
        """Have it as columns again."""
        if self._kept is not None:
            kept, bones = self._kept
            self._x, self._y, self._speed_x, self._speed_y, self._weights, self._seen_at, held_s = (
                kept.tolist()
            )
            self._doubts.held_s, self._bones.own = held_s, bones.tolist()
            self._kept = None

    def _forget(self) -> None:
        """Nobody was seen for so long that they can be anywhere; they still have the same bones."""
        self._sides, self._doubts = Sides(), Doubts()
        self._seen_at = [-math.inf] * NUM_KEYPOINTS

    def _reach(self, age_s: Column, step_s: float) -> Column:
        """``(17,)`` how far from where it is expected a keypoint can be, in torso lengths."""
        reach = []
        for k, age in enumerate(age_s):
            # Time in which a keypoint was seen where it cannot be is no time to have gone there in.
            gone_s = min(age, step_s) if self._doubts.pending(k) else age
            reach.append(SLACK + min(0.5 * _MOST_PUSH[k] * (gone_s * gone_s), MOST_SPEED[k] * gone_s))
        return reach

    def _believed(
        self,
        x: Column,
        y: Column,
        weight: Column,
        jumped: Marks,
        expected_x: Column,
        expected_y: Column,
        scale_px: float,
        step_s: float,
    ) -> Marks:
        """``(17,)`` which keypoints are taken to be where they are reported."""
        bones = self._bones
        doubted: list[int] = []
        wrong, short = [False] * NUM_KEYPOINTS, [False] * NUM_KEYPOINTS
        lengths, both = [0.0] * len(BONES), [False] * len(BONES)
        for bone, (near, far) in enumerate(BONES):
            if weight[near] > 0.0 and weight[far] > 0.0:
                # Measured from where its near end is likely to be, so that one wrong keypoint is one.
                aside = x[far] - (expected_x[near] if jumped[near] else x[near])
                down = y[far] - (expected_y[near] if jumped[near] else y[near])
                both[bone] = True
                lengths[bone] = length = math.sqrt(aside * aside + down * down) / scale_px
                wrong[far] = bones.too_long(bone, length)
                short[far] = jumped[far] and bones.shortened(bone, length)
        for limb, (upper, lower) in enumerate(zip(UPPER, LOWER, strict=True)):
            if both[limb] and both[limb + 4]:
                aside, down = x[lower] - x[upper], y[lower] - y[upper]
                across_squared = (aside * aside + down * down) / (scale_px * scale_px)
                wrong[lower] = wrong[lower] or bones.overbent(limb, lengths, across_squared)
        believed = [w > 0.0 for w in weight]
        if True in jumped or True in wrong:
            for k in range(NUM_KEYPOINTS):
                if believed[k] and (jumped[k] or wrong[k]):
                    believed[k] = False
                    doubted.append(k)
        self._doubts.believe([k for k, is_believed in enumerate(believed) if is_believed], step_s)
        for k in doubted:
            believed[k] = self._doubts.settle(k, x[k], y[k], wrong[k], short[k], scale_px, step_s)
        if step_s > 0.0:
            for bone, (near, far) in enumerate(BONES):
                both[bone] = both[bone] and believed[near] and believed[far] and not jumped[far]
            bones.learn(lengths, both, step_s)
        return believed

    def _settle(
        self,
        at_s: float,
        step_s: float,
        x: Column,
        y: Column,
        weight: Column,
        believed: Marks,
        fresh: Marks,
        expected_x: Column,
        expected_y: Column,
        age_s: Column,
    ) -> RepairedPose:
        """Keep what is believed, put the rest where it should be for a while."""
        standing = [_MEASURED] * NUM_KEYPOINTS
        last_x, last_y, last_weight, seen_at = self._x, self._y, self._weights, self._seen_at
        all_speed_x, all_speed_y = self._speed_x, self._speed_y
        for k, is_believed in enumerate(believed):
            if is_believed:
                now_x, now_y = x[k], y[k]
                if fresh[k]:
                    all_speed_x[k] = all_speed_y[k] = 0.0
                elif step_s > 0.0:
                    # Half of the newest speed: enough to expect an arm where it goes, not to follow noise.
                    gone_s = age_s[k] if age_s[k] > step_s else step_s
                    all_speed_x[k] = 0.5 * (all_speed_x[k] + (now_x - last_x[k]) / gone_s)
                    all_speed_y[k] = 0.5 * (all_speed_y[k] + (now_y - last_y[k]) / gone_s)
                last_x[k], last_y[k], last_weight[k], seen_at[k] = now_x, now_y, weight[k], at_s
                continue
            if step_s > 0.0:
                all_speed_x[k] *= 0.9
                all_speed_y[k] *= 0.9
            if age_s[k] < BRIDGED_S:
                x[k], y[k], standing[k] = expected_x[k], expected_y[k], _UNCERTAIN
                weight[k] = last_weight[k] * (1.0 - age_s[k] / BRIDGED_S)
            else:
                x[k], y[k], standing[k], weight[k] = last_x[k], last_y[k], _ABSENT, 0.0
        return RepairedPose(
            points(x, y), np.array(weight), np.array(standing, dtype=np.int8), np.array(fresh)
        )


@cache
def fastest_calmly() -> Calmly | None:
    """The compiled repair of an ordinary frame, where its kernel was built for this machine.

    Loading it takes a moment, once.
    """
    from posecoach.motion.repair_compiled import compiled_calmly

    return compiled_calmly()


def _all_near(
    x: Column, y: Column, expected_x: Column, expected_y: Column, followed: Marks, near_px: float
) -> bool:
    """Whether every keypoint that is followed is near to where it is expected."""
    off = [
        (a - b) * (a - b) + (c - d) * (c - d)
        for a, b, c, d, is_followed in zip(x, expected_x, y, expected_y, followed, strict=True)
        if is_followed
    ]
    return not off or max(off) <= near_px * near_px


def _apart(x: float, y: float, other_x: float, other_y: float, bound_px: float) -> bool:
    """Whether two points are further apart than that."""
    x, y = x - other_x, y - other_y
    return x * x + y * y > bound_px * bound_px
