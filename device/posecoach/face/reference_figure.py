"""The reference as a small moving figure: what an exercise is, told without a word."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.compose_body import outlined
from posecoach.coach.page import Page
from posecoach.coach.scene import Box, Ink
from posecoach.coach.view import StepKind
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

_SHOWN: Final = 0.3  # weight
_BESIDE_AND_OVER: Final = np.array([0.25, 0.5])  # torso lengths: half a limb, and the head over the eyes
_BESIDE_AND_UNDER: Final = np.array([0.25, 0.2])
_FILL: Final = 0.5
_WHOLE: Final = 0.5  # weight
_LIMBS: Final = [
    [Keypoint[f"{side}_{joint}"] for joint in chain]
    for side in ("LEFT", "RIGHT")
    for chain in (("SHOULDER", "ELBOW", "WRIST"), ("HIP", "KNEE", "ANKLE"))
]
_REST_S: Final = 0.8
_SLOWEST_S: Final = 8.0
_QUICKEST_S: Final = 1.5


def reference_figure(
    page: Page,
    box: Box,
    movement: PoseSequence,
    kind: StepKind,
    now: float,
    *,
    mirrored: bool,
    moving: bool,
) -> None:
    """Draw the reference in `box`, as large as all of its movement fits.

    Args:
        page: To draw on.
        box: Where.
        movement: The reference.
        kind: How it is counted: what is held does not move.
        now: Seconds; of what moves.
        mirrored: Whether it is shown as in a mirror.
        moving: Whether it moves, or shows the moment that is furthest from the first.
    """
    room = _room(movement)
    if room is None:
        return
    low, high, furthest = room
    xy, weights = movement.xy, movement.weights
    size = min(box.w / (high[0] - low[0]), box.h / (high[1] - low[1]))
    index = _index(movement, kind, now) if moving else furthest
    placed = (xy[index] - (low + high) / 2) * size
    if mirrored:
        placed = placed * (-1.0, 1.0)
    placed = placed + box.centre
    strokes, discs = outlined([(float(x), float(y)) for x, y in placed], _whole(weights[index]), size)
    if strokes:
        page.silhouette(strokes, discs, Ink.GHOST, 0.045 * size, _FILL)


def _whole(weights: Array) -> Array:
    """Weights with which a limb whose end is seen is drawn from its beginning: no shin without a thigh."""
    weights = weights.copy()
    for chain in _LIMBS:
        if weights[chain[-1]] > _SHOWN:
            weights[chain] = np.maximum(weights[chain], _WHOLE)
    return weights


def _index(movement: PoseSequence, kind: StepKind, now: float) -> int:
    """Where in the reference it is; a moment's rest between one time and the next."""
    if kind is StepKind.HOLD or len(movement) < 2:
        return len(movement) // 2
    lasts_s = min(max(movement.duration_s, _QUICKEST_S), _SLOWEST_S)
    share = math.fmod(max(now, 0.0), lasts_s + _REST_S) / lasts_s
    return min(int(share * len(movement)), len(movement) - 1)


@lru_cache(maxsize=64)
def _room(movement: PoseSequence) -> tuple[Array, Array, int] | None:
    """``(2,)`` left and top, right and bottom of all of a movement, in torso lengths; `None` of nothing seen.

    And the moment that differs most from the first: what tells one exercise from another. Found once for each
    reference: tiles are drawn again for every picture.
    """
    xy, seen = movement.xy, movement.weights.max(axis=0) > _SHOWN
    if not seen.any():
        return None
    low, high = xy[:, seen].min(axis=(0, 1)), xy[:, seen].max(axis=(0, 1))
    moved = np.linalg.norm(xy - xy[0], axis=2) * (movement.weights > _SHOWN)
    return low - _BESIDE_AND_OVER, high + _BESIDE_AND_UNDER, int(moved.sum(axis=1).argmax())
