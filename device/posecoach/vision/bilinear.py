"""Read a head between its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from posecoach.vision.heads import Head


@dataclass(frozen=True, slots=True, eq=False)
class Sampler:
    """Bilinear samples of one head, gathered from its stored values where they are asked for.

    Points are ``(2, n)`` (y, x) in cells, inside the grid (`clamped` sees to it): y first, because the
    heads have it so, and axis first, because then all steps run over contiguous memory.
    """

    _stored: NDArray[np.generic]
    _corners: NDArray[np.intp]
    _row_step: int
    _column_step: int
    _highest_cell: NDArray[np.intp]
    _highest: NDArray[np.float64]
    _scale: float
    _shift: float

    @classmethod
    def make(cls, head: Head, *, vector_gap: int | None, per: float = 1.0) -> Self:
        """Prepare to sample `head`.

        Args:
            head: Where to sample.
            vector_gap: Channels between the dy and the dx of one vector; `None` for a head of numbers.
            per: Samples are divided by this.
        """
        rows, columns, channels = head.values.shape
        row_step, column_step = columns * channels, channels
        # A grid one cell wide has no second corner: the weight there is 0, any cell will do.
        down, right = row_step * (rows > 1), column_step * (columns > 1)
        square = np.array([0, right, down, down + right], dtype=np.intp)
        gaps = np.array([0] if vector_gap is None else [0, vector_gap], dtype=np.intp)
        scale = head.scale / per
        return cls(
            head.values.reshape(-1),
            (gaps[:, np.newaxis] + square)[:, :, np.newaxis],
            row_step,
            column_step,
            # The cell below and right of a point must exist, so the last row and column belong to
            # the square before them, with weight 1.
            np.array([[max(rows - 2, 0)], [max(columns - 2, 0)]], dtype=np.intp),
            np.array([[rows - 1.0], [columns - 1.0]]),
            scale,
            -head.zero_point * scale,
        )

    def clamped(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """`at`, moved to the nearest point of the grid."""
        inside: NDArray[np.float64] = np.minimum(np.maximum(at, 0.0), self._highest)
        return inside

    def vectors(self, at: NDArray[np.float64], channel: NDArray[np.intp]) -> NDArray[np.float64]:
        """Samples ``(2, n)`` (dy, dx) at points; `channel` ``(n,)`` is that of dy."""
        cell = np.minimum(at.astype(np.intp), self._highest_cell)
        fy, fx = at - cell
        weights = np.empty((4, fy.size))
        np.multiply(fy, fx, out=weights[3])
        np.subtract(fy, weights[3], out=weights[2])
        np.subtract(fx, weights[3], out=weights[1])
        np.subtract(1.0 - fy, weights[1], out=weights[0])
        first = cell[0] * self._row_step + (cell[1] * self._column_step + channel)
        stored = self._stored.take(first + self._corners)
        samples: NDArray[np.float64] = (stored * weights).sum(axis=1) * self._scale + self._shift
        return samples

    def numbers(self, at: NDArray[np.float64], channel: NDArray[np.intp]) -> NDArray[np.float64]:
        """Samples ``(n,)`` at points of a head of numbers."""
        numbers: NDArray[np.float64] = self.vectors(at, channel)[0]
        return numbers
