"""A pose as the vectors between its keypoints: how limbs, shoulders, hips, trunk and head lie.

Where a limb ends depends on all that it hangs on; how each part of it lies does not. So the errors of these
vectors, and the differences between two bodies, are nearly independent of each other, and their squares may
be added up.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.pose_distance import BONES
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

NAMES: Final = (
    *(f"{side}_{part}" for part in ("upper_arm", "forearm", "thigh", "shin") for side in ("left", "right")),
    *("shoulders", "hips", "trunk", "head", "rise"),
)
"""What each vector is of, in order."""
COUNT: Final = len(NAMES)
RISE_COUNTS: Final = 3.0
"""A torso length that the whole body rises counts like so many of a limb: it is measured by all of the body,
against where the same body stood."""

_STARTS: Final = [start for start, _ in BONES]
_ENDS: Final = [end for _, end in BONES]
_SHOULDERS: Final = (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
_HIPS: Final = (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)


def body_vectors(xy: Array, weights: Array, rise: Array) -> tuple[Array, Array]:
    """The vectors of poses, and how well each is known.

    Args:
        xy: ``(time, 17, 2)`` in torso lengths; the origin does not matter.
        weights: ``(time, 17)`` in [0, 1].
        rise: ``(time,)`` how far the whole body is above where it stands, in torso lengths.

    Returns:
        ``(time, 13, 2)`` in torso lengths, and ``(time, 13)`` in [0, 1].
    """
    shoulders, shoulders_known = _middle(xy, weights, _SHOULDERS)
    hips, hips_known = _middle(xy, weights, _HIPS)
    vectors = np.empty((len(xy), COUNT, 2))
    known = np.empty((len(xy), COUNT))
    bones = len(BONES)
    vectors[:, :bones] = xy[:, _ENDS] - xy[:, _STARTS]
    known[:, :bones] = np.minimum(weights[:, _ENDS], weights[:, _STARTS])
    for place, (left, right) in ((bones, _SHOULDERS), (bones + 1, _HIPS)):
        vectors[:, place] = xy[:, left] - xy[:, right]
        known[:, place] = np.minimum(weights[:, left], weights[:, right])
    vectors[:, bones + 2] = shoulders - hips
    known[:, bones + 2] = np.minimum(shoulders_known, hips_known)
    vectors[:, bones + 3] = xy[:, Keypoint.NOSE] - shoulders
    known[:, bones + 3] = np.minimum(weights[:, Keypoint.NOSE], shoulders_known)
    vectors[:, bones + 4, 0] = 0.0
    vectors[:, bones + 4, 1] = RISE_COUNTS * rise
    known[:, bones + 4] = 1.0
    return vectors, known


def _middle(xy: Array, weights: Array, pair: tuple[int, int]) -> tuple[Array, Array]:
    """``(time, 2)`` the middle of two keypoints, nearer to the one that is seen better, and how well."""
    both = weights[:, list(pair)] + 1e-6
    middle = (xy[:, list(pair)] * both[..., None]).sum(axis=1) / both.sum(axis=1)[:, None]
    return middle, weights[:, list(pair)].max(axis=1)
