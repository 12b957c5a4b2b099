"""Turns in space, many at once.

Axes are x forward, y to the subject's left, z up, right-handed; lengths in metres, angles in degrees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def about_x(deg: Array) -> Array:
    """``(..., 3, 3)`` turns about the forward axis; positive takes left to up."""
    return _turn(deg, 1, 2)


def about_y(deg: Array) -> Array:
    """``(..., 3, 3)`` turns about the axis to the left; positive takes up to forward."""
    return _turn(deg, 2, 0)


def about_z(deg: Array) -> Array:
    """``(..., 3, 3)`` turns about the vertical; positive takes forward to left."""
    return _turn(deg, 0, 1)


def turned(rotation: Array, vector: Array) -> Array:
    """``(..., 3)``: each vector turned by its rotation; either may be a single one."""
    product: Array = (rotation @ vector[..., None])[..., 0]
    return product


def unit(vector: Array) -> Array:
    """Vectors of length one along the last axis; a zero vector stays zero."""
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.maximum(length, 1e-9))


def orthonormal(matrix: Array) -> Array:
    """The turn next to a blend of turns: its x axis is kept, y is straightened (Gram-Schmidt)."""
    x = unit(matrix[..., :, 0])
    y = matrix[..., :, 1]
    y = unit(y - (x * y).sum(axis=-1, keepdims=True) * x)
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def frame_of(along: Array, forward: Array) -> Array:
    """The turn whose z axis points against `along` and whose x axis is as near to `forward` as can be.

    A limb hangs down its own z axis, so `along` is where the limb goes.
    """
    z = -unit(along)
    x = unit(forward - (forward * z).sum(axis=-1, keepdims=True) * z)
    return np.stack([x, np.cross(z, x), z], axis=-1)


def bent_between(start: Array, end: Array, upper: float, lower: float, pole: Array) -> tuple[Array, Array]:
    """Where a two-bone chain bends, and where it ends.

    Args:
        start: ``(..., 3)`` the fixed joint.
        end: ``(..., 3)`` where the chain should end; brought nearer where it is out of reach.
        upper: Length of the first bone.
        lower: Length of the second.
        pole: ``(..., 3)`` the side the middle joint goes to.

    Returns:
        The middle joint and the end, both ``(..., 3)``; the bones keep their lengths exactly.
    """
    reach = end - start
    distance = np.linalg.norm(reach, axis=-1, keepdims=True)
    along = reach / np.maximum(distance, 1e-9)
    distance = np.clip(distance, abs(upper - lower) + 1e-6, upper + lower - 1e-9)
    share = (distance**2 + upper**2 - lower**2) / (2.0 * distance)
    aside = unit(pole - (pole * along).sum(axis=-1, keepdims=True) * along)
    middle = start + along * share + aside * np.sqrt(np.maximum(upper**2 - share**2, 0.0))
    return middle, start + along * distance


def _turn(deg: Array, first: int, second: int) -> Array:
    """Turns that take axis `first` towards axis `second`."""
    angle = np.radians(np.asarray(deg, dtype=np.float64))
    turn = np.zeros((*angle.shape, 3, 3))
    turn[..., range(3), range(3)] = 1.0
    turn[..., first, first] = turn[..., second, second] = np.cos(angle)
    turn[..., second, first] = np.sin(angle)
    turn[..., first, second] = -np.sin(angle)
    return turn
