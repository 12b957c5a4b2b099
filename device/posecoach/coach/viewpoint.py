"""Which side of a person the camera sees."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.routine import View
from posecoach.motion.columns import Column, columns
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

FRONTAL_SHOULDERS: Final = 0.5
"""Width of the shoulders over the length of the torso, from which a view is from the front.

Across a standing adult it is about 0.75; cos(48 degrees) of that is left at this limit.
"""
BOTH_SEEN: Final = 0.3
"""Weight of the less certain shoulder, below which the nearer one hides it."""
OTHER_SIDE: Final = 0.15
"""Share of a movement that is seen from another side, from which turning belongs to it."""

_SHOULDERS: Final = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
_EARS: Final = [Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]


def viewpoint(xy: Array, weights: Array) -> View:
    """The view of a movement.

    Args:
        xy: ``(time, 17, 2)`` in torso lengths.
        weights: ``(time, 17)``.

    Returns:
        `View.LEFT` when the person's left side is towards the camera, so that they face the left of
        the picture.
    """
    widths, both = shoulder_widths(xy, weights)
    if both.mean() >= BOTH_SEEN and np.average(widths, weights=both) >= FRONTAL_SHOULDERS:
        return View.FRONT
    faces, seen = faces_right(xy, weights)
    return View.LEFT if np.average(faces, weights=seen + 1e-9) < 0 else View.RIGHT


def turns_itself(reference: PoseSequence) -> bool:
    """Whether the person of a reference is seen from more than one side in the course of it."""
    widths, both = shoulder_widths(reference.xy, reference.weights)
    frontal = float(((widths >= FRONTAL_SHOULDERS) & (both >= BOTH_SEEN)).mean())
    return OTHER_SIDE < frontal < 1.0 - OTHER_SIDE


def shoulder_widths(xy: Array, weights: Array) -> tuple[Array, Array]:
    """``(time,)`` distance of the shoulders in the picture, and the weight of the less certain one."""
    apart = xy[..., Keypoint.LEFT_SHOULDER, 0] - xy[..., Keypoint.RIGHT_SHOULDER, 0]
    return np.abs(apart), weights[..., _SHOULDERS].min(axis=-1)


def pose_shoulder_width(xy: Array, weights: Array) -> tuple[float, float]:
    """The same of one pose, ``(17, 2)`` and ``(17,)``."""
    left, right = _SHOULDERS
    return abs(float(xy[left, 0]) - float(xy[right, 0])), min(float(weights[left]), float(weights[right]))


def faces_right(xy: Array, weights: Array) -> tuple[Array, Array]:
    """``(time,)`` how far the nose is before the ears, and its weight.

    In torso lengths, across the trunk: positive towards the right of the picture in somebody upright,
    and still so in the same person bent down to the feet.
    """
    up = _middle(xy, weights, _SHOULDERS) - _middle(xy, weights, _HIPS)
    before = xy[..., Keypoint.NOSE, :] - _middle(xy, weights, _EARS)
    length = np.maximum(np.sqrt((up * up).sum(axis=-1)), 1e-6)
    across = (up[..., 0] * before[..., 1] - up[..., 1] * before[..., 0]) / length
    seen = np.minimum(weights[..., Keypoint.NOSE], weights[..., _EARS].max(axis=-1))
    return np.asarray(across), np.asarray(seen)


def pose_faces_right(xy: Array, weights: Array) -> tuple[float, float]:
    """The same of one pose, ``(17, 2)`` and ``(17,)``."""
    (x, y), shown = columns(xy), weights.tolist()
    (top_x, top_y), (low_x, low_y), (ear_x, ear_y) = (
        _middle_of(x, y, shown, pair) for pair in (_SHOULDERS, _HIPS, _EARS)
    )
    up_x, up_y = top_x - low_x, top_y - low_y
    before_x, before_y = x[Keypoint.NOSE] - ear_x, y[Keypoint.NOSE] - ear_y
    across = (up_x * before_y - up_y * before_x) / max(math.sqrt(up_x * up_x + up_y * up_y), 1e-6)
    return across, min(shown[Keypoint.NOSE], max(shown[ear] for ear in _EARS))


def _middle_of(x: Column, y: Column, weights: Column, pair: list[Keypoint]) -> tuple[float, float]:
    one, other = pair
    share, other_share = weights[one] + 1e-9, weights[other] + 1e-9
    total = share + other_share
    return (x[one] * share + x[other] * other_share) / total, (
        y[one] * share + y[other] * other_share
    ) / total


def _middle(xy: Array, weights: Array, pair: list[Keypoint]) -> Array:
    shares = weights[..., pair] + 1e-9
    return np.asarray((xy[..., pair, :] * shares[..., None]).sum(axis=-2) / shares.sum(axis=-1)[..., None])
