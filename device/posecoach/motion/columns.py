"""Keypoints as columns: one list of numbers for x, one for y, one for each thing that is known of them.

For seventeen of anything a call of numpy costs more than the sums it does. What is done with one pose
a frame is therefore done in loops over lists, which is several times as fast; many poses are arrays.
A loop that is compiled takes arrays as its columns, and is written so that it does with both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

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


@dataclass(frozen=True, slots=True)
class Layout:
    """What columns are made of, for loops that do with either.

    Attributes:
        columns: Points ``(n, 2)`` as two columns; those that are arrays are views, not to be kept.
        column: Numbers or marks ``(n,)`` as a column; likewise.
        kept: A list as a column that may be kept and written to.
        listed: A column as a list.
        points: Two columns as points ``(n, 2)``, always an array of their own.
    """

    columns: Callable[[NDArray[np.float64]], tuple[Any, Any]]
    column: Callable[[NDArray[Any]], Any]
    kept: Callable[[list[Any]], Any]
    listed: Callable[[Any], list[Any]]
    points: Callable[[Any, Any], NDArray[np.float64]]


def _joined(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    xy = np.empty((len(x), 2))
    xy[:, 0], xy[:, 1] = x, y
    return xy


LISTS: Final = Layout(columns, np.ndarray.tolist, list, list, points)
ARRAYS: Final = Layout(
    lambda xy: (xy[:, 0], xy[:, 1]), lambda each: each, np.array, np.ndarray.tolist, _joined
)
