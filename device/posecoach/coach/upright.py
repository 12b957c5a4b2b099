"""How far the camera is turned about its line of sight, as somebody who stands upright shows it."""

from __future__ import annotations

import math
from typing import Final

from posecoach.coach.perception import Percept
from posecoach.motion.columns import Column, columns
from posecoach.skeleton import Keypoint

_SURE: Final = 0.5
_LEAST_WIDE: Final = 0.25
"""Torso lengths between two shoulders, or hips, from which their line has a direction."""
_MOST_DEG: Final = 40.0
"""Nobody's camera is further off than that; whoever seems to be is bent down."""
_K = Keypoint


def roll_deg(percept: Percept) -> float | None:
    """How far a body is turned clockwise in the picture, as all of it agrees; `None` where it cannot tell.

    Somebody who leans has their hips level, and a picture from above or below has people aslant at its sides
    but their shoulders level: only what upright and level lines have in common is the camera's.
    """
    if percept.pose is None:
        return None
    (x, y), weights = columns(percept.keypoints_xy), percept.weights.tolist()
    upright = _upright_deg(x, y, weights)
    if upright is None or abs(upright) > _MOST_DEG:
        return None
    level = [
        deg
        for left, right in ((_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER), (_K.LEFT_HIP, _K.RIGHT_HIP))
        if (deg := _level_deg(x, y, weights, left, right, _LEAST_WIDE * percept.pose.torso_px)) is not None
    ]
    if len(level) < 2:
        return None
    beside = sum(level) / len(level)
    if upright * beside <= 0.0:
        return 0.0
    return math.copysign(min(abs(upright), abs(beside)), upright)


def _upright_deg(x: Column, y: Column, weights: Column) -> float | None:
    """From the feet, or the hips of whoever shows no feet, up to the shoulders; clockwise from upright."""
    top = _middle(x, y, weights, _K.LEFT_SHOULDER, _K.RIGHT_SHOULDER)
    low = _middle(x, y, weights, _K.LEFT_ANKLE, _K.RIGHT_ANKLE) or _middle(
        x, y, weights, _K.LEFT_HIP, _K.RIGHT_HIP
    )
    if top is None or low is None:
        return None
    return math.degrees(math.atan2(top[0] - low[0], low[1] - top[1]))


def _middle(x: Column, y: Column, weights: Column, one: int, other: int) -> tuple[float, float] | None:
    if min(weights[one], weights[other]) < _SURE:
        return None
    return 0.5 * (x[one] + x[other]), 0.5 * (y[one] + y[other])


def _level_deg(x: Column, y: Column, weights: Column, left: int, right: int, least_px: float) -> float | None:
    """Clockwise from level; whichever way somebody faces."""
    if min(weights[left], weights[right]) < _SURE or abs(x[left] - x[right]) < least_px:
        return None
    first, last = (right, left) if x[right] < x[left] else (left, right)
    return math.degrees(math.atan2(y[last] - y[first], x[last] - x[first]))
