"""Subsequence dynamic time warping: where in an endless stream something like a reference goes by.

Every sample of the stream may begin a match, so the column of accumulated costs is entered from
outside at no cost, and each cell remembers where its path came in::

    accumulated[t, i] = cost[t, i] + min(accumulated[t, i-1], accumulated[t-1, i], accumulated[t-1, i-1])
    accumulated[t, -1] = 0

The step inside a column would make it a loop; written as prefix sums it is a running minimum,
``accumulated[t, i] = S[i] + min over j <= i of (entered[j] - S[j-1])``, where S are the sums of the
column's costs: one sample is a dozen vector operations whatever has gone before, and what is kept is
two columns. Of matches that overlap only the cheapest is reported, as soon as nothing under way can
still undercut it; what has begun within it ends with it.
Source: Sakurai, Faloutsos, Yamamuro, "Stream monitoring under the time warping distance" (SPRING),
ICDE 2007: disjoint queries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Match:
    """A part of the stream that is like the reference.

    Attributes:
        start: Number of its first sample, counted from 0 at the beginning of the stream.
        end: Number of its last sample, included.
        total_cost: Sum of the local cost along its warping path.
    """

    start: int
    end: int
    total_cost: float


class SubsequenceDtw:
    """Spot a reference in a stream."""

    def __init__(self, reference_length: int, most_cost: float) -> None:
        """Start before the first sample.

        Args:
            reference_length: Number of reference samples, at least 1.
            most_cost: Greatest `Match.total_cost` of a match. A path has at least `reference_length`
                cells, so it is commonly a mean local cost times that.

        Raises:
            ShapeError: `reference_length` is below 1, or `most_cost` is negative or no number.
        """
        if reference_length < 1 or not most_cost >= 0.0:
            raise ShapeError(
                f"reference_length must be at least 1 and most_cost not negative: "
                f"{reference_length}, {most_cost}"
            )
        self._most_cost = most_cost
        self._rows = np.arange(reference_length)
        # With one row more in front: where paths enter from outside.
        self._accumulated = np.full(reference_length + 1, np.inf)
        self._starts = np.zeros(reference_length + 1, dtype=np.int64)
        self._sums = np.zeros(reference_length + 1)
        self._taken = 0
        self._best: Match | None = None

    @property
    def cheapest_end(self) -> Match | None:
        """The cheapest path to the end of the reference that ends in the newest sample.

        `None` before the first sample, and while every such path overlaps what was reported.
        """
        cost = float(self._accumulated[-1])
        if not np.isfinite(cost):
            return None
        return Match(int(self._starts[-1]), self._taken - 1, cost)

    def advance(self, local_cost: NDArray[np.floating]) -> Match | None:
        """Consume one sample of the stream.

        Args:
            local_cost: ``(reference_length,)``; distance of the sample to each reference sample,
                finite and not negative.

        Returns:
            A match that is now certain, mostly one that ended some samples ago.

        Raises:
            ShapeError: `local_cost` does not cover the reference exactly.
        """
        if local_cost.shape != self._rows.shape:
            raise ShapeError(f"local_cost must have shape {self._rows.shape}, got {local_cost.shape}")
        self._enter(local_cost)
        certain = self._certain()
        here = self.cheapest_end
        if (
            here is not None
            and here.total_cost <= self._most_cost
            and (self._best is None or here.total_cost < self._best.total_cost)
        ):
            self._best = here
        return certain

    def close(self) -> Match | None:
        """Take it that nothing more comes; the match that was still waiting for a better one."""
        best, self._best = self._best, None
        return best

    def _enter(self, local_cost: NDArray[np.floating]) -> None:
        """The column of the newest sample."""
        self._accumulated[0], self._starts[0] = 0.0, self._taken
        stays = self._accumulated[1:] <= self._accumulated[:-1]
        entered = np.where(stays, self._accumulated[1:], self._accumulated[:-1])
        starts = np.where(stays, self._starts[1:], self._starts[:-1])
        np.cumsum(local_cost, out=self._sums[1:])
        relative = entered - self._sums[:-1]
        least = np.minimum.accumulate(relative)
        # Which row the running minimum comes from: the last one at which it fell.
        fell = np.zeros(len(relative), dtype=np.intp)
        fell[1:] = np.where(relative[1:] < least[:-1], self._rows[1:], 0)
        origin = np.maximum.accumulate(fell)
        # From the row of its own the sum is exact; no difference of large sums then.
        own = origin == self._rows
        self._accumulated[1:] = np.where(own, entered + local_cost, self._sums[1:] + least)
        self._starts[1:] = starts[origin]
        self._taken += 1

    def _certain(self) -> Match | None:
        """The best match so far if no path under way that overlaps it can become cheaper."""
        best = self._best
        if best is None:
            return None
        overlapping = self._starts[1:] <= best.end
        if (self._accumulated[1:][overlapping] < best.total_cost).any():
            return None
        # What has begun within it is no match of its own.
        self._accumulated[1:][overlapping] = np.inf
        self._best = None
        return best
