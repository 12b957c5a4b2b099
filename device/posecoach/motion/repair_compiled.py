"""The repair of a frame in which nothing is out of the ordinary, compiled: nearly every frame is one.

What `Repair` does of it, in the same order and to the last digit. A frame that raises any question is left
to it as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.compiled import Kernel, kernel
from posecoach.motion import bone_lengths, doubts, repair
from posecoach.motion.bone_lengths import BoneLengths

Array = NDArray[np.float64]

_C: Final = "float64[::1]"
_ENDS: Final = np.array(bone_lengths.BONES, dtype=np.int64)
_LIMITS: Final = np.array(
    [repair.NEAR, repair.FORGOTTEN_S, repair.AHEAD_S, repair.BRIDGED_S, doubts.BELIEVED_LATE_S,
     bone_lengths.LONGER, bone_lengths.SLACK, bone_lengths.FOLDED, bone_lengths.LYING,
     BoneLengths.RISE_S, BoneLengths.FALL_S]
)  # fmt: skip


@kernel(
    f"boolean(float64[:, ::1], {_C}, float64[:, ::1], {_C}, float64[:, ::1], int8[::1], boolean[::1],"
    f" int64[:, ::1], float64, float64, float64, {_C})"
)
def _repair_calmly(
    xy: Array,
    weights: Array,
    kept: Array,
    own: Array,
    found: Array,
    standing: NDArray[np.int8],
    fresh: NDArray[np.bool_],
    ends: NDArray[np.int64],
    at_s: float,
    step_s: float,
    scale_px: float,
    limits: Array,
) -> bool:
    kept_x, kept_y, speed_x, speed_y = kept[0], kept[1], kept[2], kept[3]
    kept_weight, seen_at, held_s = kept[4], kept[5], kept[6]
    calm, forgotten_s, most_ahead_s, bridged_s, believed_late_s = (
        limits[0], limits[1], limits[2], limits[3], limits[4],
    )  # fmt: skip
    longer, slack, folded, lying, rise_s, fall_s = (
        limits[5], limits[6], limits[7], limits[8], limits[9], limits[10],
    )  # fmt: skip
    near_px = calm * scale_px
    count = len(weights)
    expected = np.empty((2, count))
    for k in range(count):
        age_s = min(at_s - seen_at[k], 9.0)
        ahead_s = min(age_s, most_ahead_s)
        expected[0, k] = kept_x[k] + speed_x[k] * ahead_s
        expected[1, k] = kept_y[k] + speed_y[k] * ahead_s
        if age_s <= forgotten_s and weights[k] > 0.0:
            aside, down = xy[k, 0] - expected[0, k], xy[k, 1] - expected[1, k]
            if aside * aside + down * down > near_px * near_px:
                return False
    bones = len(ends)
    lengths = np.zeros(bones)
    both = np.zeros(bones, np.bool_)
    for bone in range(bones):
        near, far = ends[bone, 0], ends[bone, 1]
        if weights[near] > 0.0 and weights[far] > 0.0:
            aside, down = xy[far, 0] - xy[near, 0], xy[far, 1] - xy[near, 1]
            both[bone] = True
            lengths[bone] = math.sqrt(aside * aside + down * down) / scale_px
            if lengths[bone] > longer * own[bone] + slack:
                return False
    limbs = bones // 2
    for limb in range(limbs):
        if both[limb] and both[limb + limbs]:
            upper, lower = ends[limb, 0], ends[limb + limbs, 1]
            aside, down = xy[lower, 0] - xy[upper, 0], xy[lower, 1] - xy[upper, 1]
            across_squared = (aside * aside + down * down) / (scale_px * scale_px)
            one, other = lengths[limb], lengths[limb + limbs]
            if (
                one * one + other * other - across_squared > 2.0 * folded * one * other
                and one > lying * own[limb]
                and other > lying * own[limb + limbs]
            ):
                return False
    # Nothing to ask: from here on all that is seen is believed.
    if step_s > 0.0:
        rise, fall = min(step_s / rise_s, 1.0), min(step_s / fall_s, 1.0)
        for bone in range(bones):
            if both[bone]:
                length, known = lengths[bone], own[bone]
                if length > known:
                    own[bone] = known + rise * (min(length, 2.0 * known) - known)
                elif length > 0.7 * known:
                    own[bone] = known + fall * (length - known)
        for left in range(0, bones, 2):
            own[left] = own[left + 1] = 0.5 * (own[left] + own[left + 1])
    for k in range(count):
        age_s = min(at_s - seen_at[k], 9.0)
        if weights[k] > 0.0:
            if held_s[k] < believed_late_s:
                held_s[k] = min(held_s[k] + step_s, believed_late_s)
            now_x, now_y = xy[k, 0], xy[k, 1]
            fresh[k] = age_s > forgotten_s
            if fresh[k]:
                speed_x[k] = speed_y[k] = 0.0
            elif step_s > 0.0:
                gone_s = age_s if age_s > step_s else step_s
                speed_x[k] = 0.5 * (speed_x[k] + (now_x - kept_x[k]) / gone_s)
                speed_y[k] = 0.5 * (speed_y[k] + (now_y - kept_y[k]) / gone_s)
            kept_x[k], kept_y[k], kept_weight[k], seen_at[k] = now_x, now_y, weights[k], at_s
            found[k, 0], found[k, 1], standing[k] = now_x, now_y, 2
            continue
        fresh[k] = False
        if step_s > 0.0:
            speed_x[k] *= 0.9
            speed_y[k] *= 0.9
        if age_s < bridged_s:
            found[k, 0], found[k, 1], standing[k] = expected[0, k], expected[1, k], 1
            weights[k] = kept_weight[k] * (1.0 - age_s / bridged_s)
        else:
            found[k, 0], found[k, 1], standing[k], weights[k] = kept_x[k], kept_y[k], 0, 0.0
    return True


KERNELS: Final[tuple[Kernel[..., Any], ...]] = (_repair_calmly,)


def compiled_calmly() -> repair.Calmly | None:
    """The repair of an ordinary frame; `None` where its kernel was not built for this machine."""
    found = _repair_calmly.load()
    return None if found is None else calmly_by(found)


def calmly_by(kernel: Callable[..., bool]) -> repair.Calmly:
    """That of a kernel: compiled, or as it is written."""

    def calmly(
        xy: Array, weights: Array, kept: Array, own: Array, at_s: float, step_s: float, scale_px: float
    ) -> repair.RepairedPose | None:
        found, weights = np.empty_like(xy), weights.copy()
        standing, fresh = np.empty(len(xy), np.int8), np.empty(len(xy), np.bool_)
        if not kernel(xy, weights, kept, own, found, standing, fresh, _ENDS, at_s, step_s, scale_px, _LIMITS):
            return None
        return repair.RepairedPose(found, weights, standing, fresh)

    return calmly
