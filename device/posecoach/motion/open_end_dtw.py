"""Open-end dynamic time warping: where in the reference a live performance is.

The query is what the person has done so far; the reference is the whole movement. Only the start is
anchored: the query begins with the reference and may end anywhere inside it, and that end is the
person's position. Steps are asymmetric: each query sample counts once while the reference stands
still or moves on by at most ``max_advance`` samples::

    accumulated[i, j] = cost[i, j] + min(accumulated[i-1, j - a] for a in 0..max_advance)

No cell depends on its own row, so one sample costs a few vector operations, and the cost divided by
the number of query samples can be compared over time.
Source: Tormene et al., "Matching incomplete time series with dynamic time warping", 2009.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """Where the cheapest warping path ends after the newest query sample.

    Attributes:
        reference_index: Reference sample matched to it.
        mean_cost: Path cost per query sample, in the unit of the local cost.
    """

    reference_index: int
    mean_cost: float


class OpenEndDtw:
    """Follow a live query through a reference of known length."""

    def __init__(self, reference_length: int, *, max_advance: int = 3) -> None:
        """Start before the first query sample.

        Args:
            reference_length: Number of reference samples, at least 1.
            max_advance: Most reference samples that one query sample may cross, at least 1.
        """
        if reference_length < 1 or max_advance < 1:
            raise ShapeError(
                f"reference_length and max_advance must be at least 1: {reference_length}, {max_advance}"
            )
        self._max_advance = max_advance
        self._accumulated = np.empty(reference_length)
        self.reset()

    def reset(self) -> None:
        """Go back to the start of the reference."""
        self._query_length = 0
        self._accumulated.fill(np.inf)

    def advance(self, local_cost: NDArray[np.floating]) -> OpenEnd:
        """Consume one query sample.

        Args:
            local_cost: ``(reference_length,)``; distance of the sample to each reference sample,
                finite and not negative.

        Returns:
            The cheapest end; of equals, the earliest.

        Raises:
            ShapeError: `local_cost` does not cover the reference exactly.
        """
        if local_cost.shape != self._accumulated.shape:
            raise ShapeError(f"local_cost must have shape {self._accumulated.shape}, got {local_cost.shape}")
        if self._query_length == 0:
            self._accumulated[0] = local_cost[0]
        else:
            cheapest = self._accumulated.copy()
            for step in range(1, self._max_advance + 1):
                np.minimum(cheapest[step:], self._accumulated[:-step], out=cheapest[step:])
            np.add(cheapest, local_cost, out=self._accumulated)
        self._query_length += 1
        end = int(np.argmin(self._accumulated))
        return OpenEnd(end, float(self._accumulated[end]) / self._query_length)
