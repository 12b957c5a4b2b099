"""How far one pose is from others: positions and directions, weighted.

A keypoint's distance is that of its position, in torso lengths, averaged with that of the bone
which ends in it (the chord between the two unit directions times the bone's share). Positions see a
limb displaced as a whole, directions do not mind another body's proportions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.columns import LISTS, Column, Layout
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

_K = Keypoint
# The bone that ends in each keypoint starts here; the head is judged by its position alone.
_BONE_START: Final = {
    _K.LEFT_ELBOW: _K.LEFT_SHOULDER,
    _K.RIGHT_ELBOW: _K.RIGHT_SHOULDER,
    _K.LEFT_WRIST: _K.LEFT_ELBOW,
    _K.RIGHT_WRIST: _K.RIGHT_ELBOW,
    _K.LEFT_KNEE: _K.LEFT_HIP,
    _K.RIGHT_KNEE: _K.RIGHT_HIP,
    _K.LEFT_ANKLE: _K.LEFT_KNEE,
    _K.RIGHT_ANKLE: _K.RIGHT_KNEE,
}
BONES: Final = tuple((int(start), int(end)) for end, start in _BONE_START.items())
"""The eight bones of arms and legs: where each starts and ends, upper ones before what hangs on them."""
ENDS: Final = np.array(list(_BONE_START), dtype=np.intp)
"""``(8,)`` the keypoints in which the bones end."""
_STARTS: Final = np.array(list(_BONE_START.values()), dtype=np.intp)
BONE_SHARE: Final = 0.75
"""A direction wrong by one radian counts like a position wrong by this many torso lengths."""


def bone_directions(xy: Array) -> Array:
    """Unit directions of the bones of arms and legs.

    Args:
        xy: ``(..., 17, 2)``.

    Returns:
        ``(..., 8, 2)``; zero where a bone has no length.
    """
    bones = xy[..., ENDS, :] - xy[..., _STARTS, :]
    lengths = _lengths(bones)[..., None]
    return np.asarray(np.divide(bones, lengths, out=np.zeros_like(bones), where=lengths > 1e-9))


def keypoint_distances(xy: Array, directions: Array, to_xy: Array, to_directions: Array) -> Array:
    """Distance of each keypoint to its counterpart, in torso lengths.

    Args:
        xy: ``(..., 17, 2)`` normalised positions.
        directions: ``(..., 8, 2)`` their `bone_directions`.
        to_xy: ``(..., 17, 2)``; leading axes broadcast.
        to_directions: ``(..., 8, 2)``.

    Returns:
        ``(..., 17)``, not negative.
    """
    distances = _lengths(xy - to_xy)
    chords = _lengths(directions - to_directions)
    distances[..., ENDS] = 0.5 * (distances[..., ENDS] + BONE_SHARE * chords)
    return distances


def pose_distances(xy: Array, to_xy: Array) -> Array:
    """``(17,)`` the same of one pose, ``(17, 2)``, to one other."""
    compare, layout = fastest_compare()
    distances = layout.kept([0.0] * len(xy))
    compare(*layout.columns(xy), *layout.columns(to_xy), *_bone_ends(layout), BONE_SHARE, distances)
    return np.asarray(distances)


def compare(
    x: Column,
    y: Column,
    to_x: Column,
    to_y: Column,
    starts: list[int],
    ends: list[int],
    bone_share: float,
    distances: Column,
) -> None:
    """Compare two poses; columns are lists, or arrays where this is compiled.

    Args:
        x: ``(17,)`` of the one, normalised.
        y: Likewise.
        to_x: Of the other.
        to_y: Likewise.
        starts: ``(bones,)`` the keypoint in which each bone starts.
        ends: And in which it ends.
        bone_share: As `BONE_SHARE`.
        distances: ``(17,)``; written to.
    """
    for k in range(len(x)):
        aside, down = x[k] - to_x[k], y[k] - to_y[k]
        distances[k] = math.sqrt(aside * aside + down * down)
    for bone in range(len(ends)):
        start, end = starts[bone], ends[bone]
        across, down = x[end] - x[start], y[end] - y[start]
        to_across, to_down = to_x[end] - to_x[start], to_y[end] - to_y[start]
        length = math.sqrt(across * across + down * down)
        to_length = math.sqrt(to_across * to_across + to_down * to_down)
        unit = 1.0 / length if length > 1e-9 else 0.0
        to_unit = 1.0 / to_length if to_length > 1e-9 else 0.0
        turn_x, turn_y = across * unit - to_across * to_unit, down * unit - to_down * to_unit
        chord = math.sqrt(turn_x * turn_x + turn_y * turn_y)
        distances[end] = 0.5 * (distances[end] + bone_share * chord)


@cache
def _bone_ends(layout: Layout) -> tuple[Any, Any]:
    """The keypoints in which bones start, and in which they end."""
    return layout.kept(_STARTS.tolist()), layout.kept(ENDS.tolist())


@cache
def fastest_compare() -> tuple[Callable[..., None], Layout]:
    """`compare`, compiled where its kernel was built for this machine, and what columns it takes.

    Loading it takes a moment, once.
    """
    from posecoach.motion.columns_compiled import compiled_compare

    return compiled_compare() or (compare, LISTS)


def _lengths(vectors: Array) -> Array:
    # Numpy is slow at summing over an axis of two.
    x, y = vectors[..., 0], vectors[..., 1]
    return np.asarray(np.sqrt(x * x + y * y))


def weighted_mean(distances: Array, weights: Array) -> Array:
    """Mean over the last axis by weight; 0 where all weights are 0 (ask the coverage before using it)."""
    total = weights.sum(axis=-1)
    return np.asarray(
        np.divide((distances * weights).sum(axis=-1), total, out=np.zeros_like(total), where=total > 1e-9)
    )
