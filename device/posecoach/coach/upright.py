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
_STANCE_DEG: Final = 3.0
"""How far the shoulders of somebody who stands are before or behind their feet."""
_ASLANT_DEG: Final = 34.0
"""By how much whoever is a picture's width off its middle would be aslant before a camera that looks down by
20 degrees."""
_STRETCHED: Final = 1.3
"""Torso lengths from the hips to the feet."""
_IN_LINE: Final = 0.2
_MOST_DEG: Final = 40.0
"""Nobody's camera is further off than that; whoever seems to be is bent down."""
_K = Keypoint


def roll_deg(percept: Percept, wh: tuple[int, int] | None = None) -> float | None:
    """How far a body is turned clockwise in the picture, as all of it agrees; `None` where it cannot tell.

    Somebody who leans has their hips level, and a picture from above or below has people aslant at its sides
    but their shoulders level: only what upright and level lines have in common is the camera's. From the side
    there are no level lines; what a camera that looks up or down may do to somebody aside is taken off then.

    Args:
        percept: Who.
        wh: Size of the frame, where it is known.
    """
    if percept.pose is None:
        return None
    (x, y), weights = columns(percept.keypoints_xy), percept.weights.tolist()
    upright = _upright_deg(x, y, weights)
    if upright is None or abs(upright) > _MOST_DEG:
        return None
    level: list[float] = [
        deg
        for left, right in ((_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER), (_K.LEFT_HIP, _K.RIGHT_HIP))
        if (deg := _level_deg(x, y, weights, left, right, _LEAST_WIDE * percept.pose.torso_px)) is not None
    ]
    if not level:  # from the side: nobody stands quite straight
        if not _stands(x, y, weights, percept.pose.torso_px):
            return None
        aside = 0.0 if wh is None else abs(float(percept.pose.origin_xy[0]) - 0.5 * wh[0]) / max(wh)
        excused_deg = _STANCE_DEG + _ASLANT_DEG * aside
        return math.copysign(max(abs(upright) - excused_deg, 0.0), upright)
    if len(level) < 2:
        return None
    if not all(upright * each > 0.0 for each in level):
        return 0.0
    return math.copysign(min(abs(each) for each in (upright, *level)), upright)


def _upright_deg(x: Column, y: Column, weights: Column) -> float | None:
    """From the feet, or the hips of whoever shows no feet, up to the shoulders; clockwise from upright."""
    top = _middle(x, y, weights, _K.LEFT_SHOULDER, _K.RIGHT_SHOULDER)
    low = _middle(x, y, weights, _K.LEFT_ANKLE, _K.RIGHT_ANKLE)
    low = low or _middle(x, y, weights, _K.LEFT_HIP, _K.RIGHT_HIP)
    if top is None or low is None:
        return None
    return math.degrees(math.atan2(top[0] - low[0], low[1] - top[1]))


def _middle(x: Column, y: Column, weights: Column, one: int, other: int) -> tuple[float, float] | None:
    seen = [keypoint for keypoint in (one, other) if weights[keypoint] >= _SURE]
    if not seen:
        return None
    return sum(x[keypoint] for keypoint in seen) / len(seen), sum(y[keypoint] for keypoint in seen) / len(
        seen
    )


def _stands(x: Column, y: Column, weights: Column, torso_px: float) -> bool:
    """Whether shoulders, hips and feet are in one line, with the legs stretched."""
    top = _middle(x, y, weights, _K.LEFT_SHOULDER, _K.RIGHT_SHOULDER)
    hips = _middle(x, y, weights, _K.LEFT_HIP, _K.RIGHT_HIP)
    feet = _middle(x, y, weights, _K.LEFT_ANKLE, _K.RIGHT_ANKLE)
    if top is None or hips is None or feet is None:
        return False
    legs_px = math.dist(hips, feet)
    whole_px = max(math.dist(top, feet), 1.0)
    across = (top[0] - feet[0]) * (hips[1] - feet[1]) - (top[1] - feet[1]) * (hips[0] - feet[0])
    return legs_px >= _STRETCHED * torso_px and abs(across) / whole_px <= _IN_LINE * torso_px


def _level_deg(x: Column, y: Column, weights: Column, left: int, right: int, least_px: float) -> float | None:
    """Clockwise from level; whichever way somebody faces."""
    if min(weights[left], weights[right]) < _SURE or abs(x[left] - x[right]) < least_px:
        return None
    first, last = (right, left) if x[right] < x[left] else (left, right)
    return math.degrees(math.atan2(y[last] - y[first], x[last] - x[first]))
