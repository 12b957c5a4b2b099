"""Subsequence dynamic time warping: where in an endless stream something like a reference goes by.

Every sample of the stream may begin a match, and each cell of the column of accumulated costs remembers
where its path came in. One sample of the stream goes through at most ``max_advance`` more samples of the
reference, so that somebody who stands still for a moment has not done all of it, and leaves none out.
Each sample counts once of the stream and once of the reference (Sakoe and Chiba's symmetric weights)::

    accumulated[t, i] = cost[t, i] + min over a in 0..max_advance of
                        accumulated[t-1, i-a] + cost[t, i-a+1] + ... + cost[t, i]
    accumulated[t, 0] = min(that, 2 * cost[t, 0])    begins here

No cell depends on its own column: one sample is a few vector operations whatever has gone before
(`many_subsequences`). Of matches that overlap only the cheapest is reported, as soon as nothing under way can
still undercut it; what has begun within it ends with it.
Source: Sakurai, Faloutsos, Yamamuro, "Stream monitoring under the time warping distance" (SPRING),
ICDE 2007: disjoint queries; the slope limit is ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError
from posecoach.motion.many_subsequences import ManySubsequences


@dataclass(frozen=True, slots=True)
class Match:
    """A part of the stream that is like the reference.

    Attributes:
        start: Number of its first sample, counted from 0 at the beginning of the stream.
        end: Number of its last sample, included.
        total_cost: Sum of the weighted local cost along its warping path.
        mean_cost: The same per weight of a match at the reference's own pace, in the unit of the local
            cost. Not by its own length: standing still at the end would then make any match a good one.
    """

    start: int
    end: int
    total_cost: float
    mean_cost: float


class SubsequenceDtw:
    """Spot a reference in a stream."""

    def __init__(self, reference_length: int, most_mean_cost: float, *, max_advance: int = 3) -> None:
        """Start before the first sample.

        Args:
            reference_length: Number of reference samples, at least 1.
            most_mean_cost: Greatest `Match.mean_cost` of a match, not negative.
            max_advance: Most reference samples that one sample of the stream may go on by, at least 1.

        Raises:
            ShapeError: One of them is less than that, or no number.
        """
        if reference_length < 1 or max_advance < 1 or not most_mean_cost >= 0.0:
            raise ShapeError(
                "reference_length and max_advance must be at least 1 and most_mean_cost not negative: "
                f"{reference_length}, {max_advance}, {most_mean_cost}"
            )
        self._most_mean_cost = most_mean_cost
        self._paths = ManySubsequences([reference_length], max_advance=max_advance)
        self._best: Match | None = None

    @property
    def cheapest_end(self) -> Match | None:
        """The cheapest path to the end of the reference that ends in the newest sample.

        `None` where no path has come as far, or only one that overlaps what was reported.
        """
        paths = self._paths
        cost = float(paths.accumulated[-1])
        if not np.isfinite(cost):
            return None
        return Match(int(paths.starts[-1]), paths.taken - 1, cost, cost / (2 * len(paths.starts)))

    @property
    def earliest_start(self) -> int:
        """No match that is still to come begins before this sample."""
        paths = self._paths
        first = paths.taken if self._best is None else self._best.start
        return min(first, int(paths.starts.min(initial=first, where=np.isfinite(paths.accumulated))))

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
        self._paths.advance(local_cost)
        certain = self._certain()
        here = self.cheapest_end
        if (
            here is not None
            and here.mean_cost <= self._most_mean_cost
            and (self._best is None or here.total_cost < self._best.total_cost)
        ):
            self._best = here
        return certain

    def close(self) -> Match | None:
        """Take it that nothing more comes; the match that was still waiting for a better one."""
        best, self._best = self._best, None
        return best

    def _certain(self) -> Match | None:
        """The best match so far if no path under way that overlaps it can become cheaper."""
        best = self._best
        if best is None:
            return None
        overlapping = self._paths.starts <= best.end
        if (self._paths.accumulated[overlapping] < best.total_cost).any():
            return None
        self._paths.accumulated[overlapping] = np.inf  # what has begun within it is no match of its own
        self._best = None
        return best
