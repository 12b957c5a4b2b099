"""How somebody stood before they began: what a movement has to explain better than standing still does."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.candidates import CandidateRows

Array = NDArray[np.float64]

CALM: Final = 0.12
"""Torso lengths a second that the vectors of somebody who stands still change by at most."""
LOOKED_BACK: Final = 4
"""Over how many samples that is seen."""
SETTLED_S: Final = 0.3
"""How long somebody is still before they rest there."""
MOST_KEPT: Final = 12
"""So many poses at rest are remembered: paths that began at an earlier one are as good as lost."""
AVERAGED: Final = 8
"""Samples that a pose at rest is averaged over."""


class RestPoses:
    """The poses in which somebody has rested, and what standing on in them would have cost."""

    def __init__(self, rows: CandidateRows) -> None:
        """Start before the first sample."""
        self._rows = rows
        self._recent: deque[tuple[float, Array, Array]] = deque(maxlen=LOOKED_BACK + 1)
        self._since_s: float | None = None
        self._mean = self._known = np.zeros(0)
        self._count = 0
        self._resting = False
        self._numbers: list[int] = []
        self._sums = np.zeros((MOST_KEPT, len(rows.of)))
        self._place = np.arange(len(rows.of))

    def forget(self) -> None:
        """Take it that it is somebody else, or that they have gone to stand elsewhere."""
        self.__init__(self._rows)  # type: ignore[misc]

    def look(self, number: int, at_s: float, vectors: Array, known: Array) -> None:
        """Take the next sample, with its number in the stream."""
        self._recent.append((at_s, vectors, known))
        calm = self._speed() <= CALM
        if not calm or self._since_s is None:
            self._since_s = at_s if calm else None
            self._mean, self._known, self._count = vectors.copy(), known, 1
        else:
            self._count = min(self._count + 1, AVERAGED)
            self._mean += (vectors - self._mean) / self._count
        rests = calm and self._since_s is not None and at_s - self._since_s >= SETTLED_S
        if rests or not self._numbers:
            self._keep(number)
        self._resting = rests

    def still(self, starts: NDArray[np.int64]) -> Array:
        """``(rows,)`` the cost of standing still up to each row, for who rested when its path began.

        Args:
            starts: ``(rows,)`` the sample with which the path to each begins.
        """
        which = np.maximum(np.searchsorted(self._numbers, starts, side="right") - 1, 0)
        return np.asarray(np.minimum(self._sums[which, self._place], self._rows.most))

    def furthest(self) -> Array:
        """``(candidates,)`` how far the further one of the two newest poses at rest is from each's first."""
        newest = len(self._numbers)
        return np.asarray(self._sums[max(newest - 2, 0) : newest, self._rows.first].max(axis=0))

    def _keep(self, number: int) -> None:
        sums = self._rows.summed(self._rows.costs(self._mean, self._known))
        if not self._resting:
            if len(self._numbers) == MOST_KEPT:
                del self._numbers[0]
                self._sums[:-1] = self._sums[1:]
            self._numbers.append(number)
        self._sums[len(self._numbers) - 1] = sums

    def _speed(self) -> float:
        (before_s, before, before_known), (at_s, vectors, known) = self._recent[0], self._recent[-1]
        if at_s <= before_s:
            return 0.0
        both = np.minimum(known, before_known)
        moved = float((both * ((vectors - before) ** 2).sum(axis=-1)).sum()) / max(float(both.sum()), 1e-9)
        return float(np.sqrt(moved)) / (at_s - before_s)
