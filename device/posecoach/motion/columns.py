"""Keypoints as columns: one list of numbers for x, one for y, one for each thing that is known of them.

For seventeen of anything a call of numpy costs more than the sums it does. What is done with one pose
a frame is therefore done in loops over lists, which is several times as fast; many poses are arrays.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = list[float]
Marks: TypeAlias = list[bool]


def columns(xy: NDArray[np.floating]) -> tuple[Column, Column]:
    """Points ``(n, 2)`` as two columns."""
    flat: Column = xy.ravel().tolist()
    return flat[::2], flat[1::2]


def points(x: Column, y: Column) -> NDArray[np.float64]:
    """Two columns as points ``(n, 2)``."""
    flat = [0.0] * (2 * len(x))
    flat[::2], flat[1::2] = x, y
    return np.array(flat).reshape(-1, 2)
