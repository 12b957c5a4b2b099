"""Subsequence dynamic time warping of one stream against many references at once.

The recurrence is that of `subsequence_dtw`, for all of them in the same few vector operations: the columns
lie one behind another, and no path goes from one into the next. It reports no matches; whoever compares the
references reads where the paths are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError

MAX_ADVANCE: Final = 2
"""Most samples of a reference that one sample of the stream may go on by: up to double the pace."""


class ManySubsequences:
    """The cheapest path to every sample of every reference."""

    def __init__(self, lengths: Sequence[int], *, max_advance: int = MAX_ADVANCE) -> None:
        """Start before the first sample.

        Args:
            lengths: Number of samples of each reference; at least one reference, and one sample each.
            max_advance: Most samples of a reference that one sample of the stream may go on by.

        Raises:
            ShapeError: One of them is less than that.
        """
        if not len(lengths) or min(lengths) < 1 or max_advance < 1:
            raise ShapeError(f"lengths and max_advance must be at least 1: {list(lengths)}, {max_advance}")
        rows = int(sum(lengths))
        self.first = np.cumsum([0, *lengths[:-1]])
        """``(references,)`` the row with which each begins."""
        self.of = np.repeat(np.arange(len(lengths)), lengths)
        """``(rows,)`` the reference that each row belongs to."""
        self.place = np.arange(rows) - self.first[self.of]
        """``(rows,)`` the sample of its reference that each row is."""
        self.accumulated = np.full(rows, np.inf)
        """``(rows,)`` cost of the cheapest path to each row that ends in the newest sample."""
        self.starts = np.zeros(rows, dtype=np.int64)
        """``(rows,)`` the sample of the stream with which that path begins."""
        self.taken = 0
        """How many samples there have been."""
        self._reached = [self.place >= advance for advance in range(max_advance + 1)]

    @property
    def mean_cost(self) -> NDArray[np.float64]:
        """``(rows,)`` cost of each path by its length, in the unit of the local cost."""
        return np.asarray(self.accumulated / (self.taken - self.starts + self.place + 1))

    def advance(self, local_cost: NDArray[np.floating]) -> None:
        """Consume one sample of the stream.

        Args:
            local_cost: ``(rows,)`` distance of the sample to each row, finite and not negative.

        Raises:
            ShapeError: It does not cover the references exactly.
        """
        if local_cost.shape != self.accumulated.shape:
            raise ShapeError(f"local_cost must have shape {self.accumulated.shape}, got {local_cost.shape}")
        best = self.accumulated + local_cost  # of equals the path that begins or stands still last
        starts = self.starts.copy()
        anew = 2.0 * local_cost[self.first]
        begins = self.first[anew <= best[self.first]]
        best[begins], starts[begins] = 2.0 * local_cost[begins], self.taken
        crossed = local_cost  # of each row, with the advance - 1 rows before it
        for advance in range(1, min(len(self._reached), len(best))):
            if advance > 1:
                crossed = crossed[:-1] + local_cost[advance - 1 :]
            other = self.accumulated[:-advance] + crossed[1:] + local_cost[advance:]
            cheaper = (other < best[advance:]) & self._reached[advance][advance:]
            np.copyto(best[advance:], other, where=cheaper)
            np.copyto(starts[advance:], self.starts[:-advance], where=cheaper)
        self.accumulated, self.starts = best, starts
        self.taken += 1

    def forget(self, before: int | None = None) -> None:
        """Give up the paths that begin before a sample of the stream; all of them without one."""
        if before is None:
            self.accumulated.fill(np.inf)
        else:
            self.accumulated[self.starts < before] = np.inf
