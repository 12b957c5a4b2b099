"""Banded dynamic time warping of two finished sequences: one warping path for the whole body.

Steps are the classic three, each cell counted once::

    accumulated[i, j] = cost[i, j] + min(accumulated[i-1, j-1], accumulated[i-1, j], accumulated[i, j-1])

Both ends are anchored. The band is Sakoe and Chiba's, around the straight line between the two ends:
cell (i, j) is inside when ``abs(i * (m - 1) - j * (n - 1)) <= band_radius * max(n - 1, m - 1)``, so a
radius counts samples of the shorter sequence at most; it is widened to 1 so that a path always exists.
Cells of one anti-diagonal do not depend on each other, so each is one vector operation.
Source: Sakoe, Chiba, "Dynamic programming algorithm optimization for spoken word recognition", 1978.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError


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
    padded = np.full((n, m), np.inf)
    inside = _band(n, m, band_radius)
    padded[inside] = cost[inside]
    accumulated = np.full((n + 1, m + 1), np.inf)
    accumulated[0, 0] = 0.0
    for diagonal in range(n + m - 1):
        i = np.arange(max(0, diagonal - m + 1), min(n, diagonal + 1))
        j = diagonal - i
        best = np.minimum(accumulated[i, j], np.minimum(accumulated[i, j + 1], accumulated[i + 1, j]))
        accumulated[i + 1, j + 1] = padded[i, j] + best
    query, reference = _walk_back(accumulated)
    return WarpingPath(query, reference, float(accumulated[n, m]))


def _band(n: int, m: int, band_radius: float | None) -> NDArray[np.bool_]:
    if band_radius is None:
        return np.ones((n, m), dtype=bool)
    off_line = np.abs(np.arange(n)[:, None] * (m - 1) - np.arange(m)[None, :] * (n - 1))
    return np.asarray(off_line <= max(band_radius, 1.0) * max(n - 1, m - 1))


def _walk_back(accumulated: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    i, j = accumulated.shape[0] - 1, accumulated.shape[1] - 1
    pairs = [(i - 1, j - 1)]
    while (i, j) != (1, 1):
        steps = ((i - 1, j - 1), (i - 1, j), (i, j - 1))
        i, j = min(steps, key=lambda cell: accumulated[cell])
        pairs.append((i - 1, j - 1))
    path = np.array(pairs[::-1], dtype=np.intp)
    return path[:, 0], path[:, 1]
