"""Banded dynamic time warping of two finished sequences: one warping path for the whole body.

Steps are the classic three, each cell counted once::

    accumulated[i, j] = cost[i, j] + min(accumulated[i-1, j-1], accumulated[i-1, j], accumulated[i, j-1])

Both ends are anchored. The band is Sakoe and Chiba's, around the straight line between the two ends:
cell (i, j) is inside when ``abs(i * (m - 1) - j * (n - 1)) <= band_radius * max(n - 1, m - 1)``, so a
radius counts samples of the shorter sequence at most; it is widened to 1 so that a path always exists.
Cells of one anti-diagonal do not depend on each other, so each is one vector operation; compiled, it
goes row by row.
Source: Sakoe, Chiba, "Dynamic programming algorithm optimization for spoken word recognition", 1978.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError

FindPath: TypeAlias = Callable[[NDArray[np.float64], int], tuple[NDArray[np.intp], NDArray[np.intp], float]]
"""The query and the reference indices of the cheapest path through a cost in flat memory, and its total.
The number is what the band's inequality allows at most, so that there is a path; negative for no band."""

_IN_BOTH: Final = np.int8(0)
_IN_QUERY: Final = np.int8(1)
_IN_REFERENCE: Final = np.int8(2)


@dataclass(frozen=True, slots=True, eq=False)
class WarpingPath:
    """The cheapest alignment of two sequences.

    Attributes:
        query: ``(length,)`` query indices, from 0 to the last, never falling.
        reference: ``(length,)`` the reference index paired with each.
        total_cost: Sum of the local cost along the path.
    """

    query: NDArray[np.intp]
    reference: NDArray[np.intp]
    total_cost: float

    @property
    def mean_cost(self) -> float:
        """Cost per pair, in the unit of the local cost."""
        return self.total_cost / len(self.query)


def warping_path(cost: NDArray[np.floating], *, band_radius: float | None = None) -> WarpingPath:
    """The cheapest path through a local cost matrix.

    Args:
        cost: ``(n, m)``, query by reference; finite and not negative.
        band_radius: Half-width of the band, in samples; `None` is no band.

    Returns:
        The path; of equal steps the diagonal one is taken, then the one in the query.

    Raises:
        ShapeError: `cost` has no cell.
    """
    if cost.ndim != 2 or 0 in cost.shape:
        raise ShapeError(f"cost must be (query, reference) with at least one cell, got shape {cost.shape}")
    n, m = cost.shape
    reach = -1 if band_radius is None else int(max(band_radius, 1.0) * max(n - 1, m - 1))
    query, reference, total = fastest_path()(np.require(cost, np.float64, ["C", "A", "W"]), reach)
    return WarpingPath(query, reference, total)


@cache
def fastest_path() -> FindPath:
    """The compiled way where its kernel was built for this machine, else `numpy_path`.

    Loading it takes a moment, once.
    """
    from posecoach.motion.alignment_compiled import compiled_path

    return compiled_path() or numpy_path


def numpy_path(cost: NDArray[np.float64], reach: int) -> tuple[NDArray[np.intp], NDArray[np.intp], float]:
    """The cheapest path, one anti-diagonal after another."""
    n, m = cost.shape
    flat = cost.ravel()
    chosen: list[NDArray[np.int8]] = []  # of each anti-diagonal, the steps into its cells
    firsts: list[int] = []  # and the query index of its first cell
    # Accumulated cost of the two anti-diagonals before, by query index + 1; infinite outside the band.
    before, last = np.full(n + 1, np.inf), np.full(n + 1, np.inf)
    for diagonal in range(n + m - 1):
        first, end = _band(n, m, reach, diagonal)
        local = flat[first * (m - 1) + diagonal : (end - 1) * (m - 1) + diagonal + 1 : max(m - 1, 1)]
        in_both, in_query, in_reference = before[first:end], last[first:end], last[first + 1 : end + 1]
        step = np.where(in_query < in_both, _IN_QUERY, _IN_BOTH)
        best = np.minimum(in_both, in_query)
        step[in_reference < best] = _IN_REFERENCE
        best = np.minimum(best, in_reference)
        if diagonal == 0:
            best[:] = 0.0
        here = np.full(n + 1, np.inf)
        here[first + 1 : end + 1] = local + best
        before, last = last, here
        chosen.append(step)
        firsts.append(first)
    query, reference = _walk_back(n, m, chosen, firsts)
    return query, reference, float(last[n])


def _band(n: int, m: int, reach: int, diagonal: int) -> tuple[int, int]:
    """The query indices of the cells of one anti-diagonal that are inside the band: from, and up to."""
    first, end = max(0, diagonal - m + 1), min(n, diagonal + 1)
    if reach < 0 or n + m == 2:
        return first, end
    # With j = diagonal - i, the inequality bounds i * (n + m - 2) around diagonal * (n - 1).
    middle = diagonal * (n - 1)
    return max(first, -((reach - middle) // (n + m - 2))), min(end, (middle + reach) // (n + m - 2) + 1)


def _walk_back(
    n: int, m: int, chosen: list[NDArray[np.int8]], firsts: list[int]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    i, j = n - 1, m - 1
    pairs = [(i, j)]
    while (i, j) != (0, 0):
        step = chosen[i + j][i - firsts[i + j]]
        i, j = i - (step != _IN_REFERENCE), j - (step != _IN_QUERY)
        pairs.append((i, j))
    path = np.array(pairs[::-1], dtype=np.intp)
    return path[:, 0], path[:, 1]
