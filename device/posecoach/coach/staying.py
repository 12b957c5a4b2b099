"""Poses that are held: who stays in one, and is not only passing, stopping, or standing about."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.candidates import BETTER_THAN_STILL, NEAR, CandidateRows
from posecoach.motion.resample import SAMPLE_RATE_HZ

Array = NDArray[np.float64]

STAYS_S: Final = 1.5
"""How long somebody stays in a pose that is held; at a turning point nobody stays as long."""
POSE_APART: Final = 0.13
"""Mean square of torso lengths between a pose that is held and standing about, where no start is known."""
SWAYS: Final = 0.01
"""The same by which that changes meanwhile, at most: who passes through gets near, and away again."""
TELLING: Final = 0.004
"""The same, from which somebody has gone into the pose from one in which they rested."""


class Staying:
    """How near somebody has stayed to each candidate that is held: at worst."""

    def __init__(self, rows: CandidateRows) -> None:
        """Start before the first sample."""
        self._numbers = np.flatnonzero(rows.holds)
        self._firsts = rows.first[rows.holds]
        self._apart = np.array([_from_starts(rows, int(which)) for which in self._numbers])
        self._recent: deque[tuple[float, Array]] = deque()
        self.forget()

    @property
    def since_s(self) -> float:
        """From when on they have stayed."""
        return self._recent[0][0]

    def forget(self) -> None:
        """Take it that it is somebody else, or that they have gone to stand elsewhere."""
        self._recent.clear()
        self.off = self._share = np.full(len(self._numbers), np.inf)
        """``(holds,)`` mean square of torso lengths; infinite where they have not stayed in it."""

    def look(self, at_s: float, costs: Array, turned_so: NDArray[np.bool_], rested: Array) -> None:
        """Take the next sample.

        Args:
            at_s: Its time.
            costs: ``(rows,)`` how far it is from every row.
            turned_so: ``(holds,)`` whether each is seen from where the person is.
            rested: ``(candidates,)`` how far they were from each when they rested before.
        """
        self._recent.append((at_s, costs[self._firsts]))
        while at_s - self.since_s > STAYS_S + 1e-6:
            self._recent.popleft()
        if at_s - self.since_s < STAYS_S - 1.5 / SAMPLE_RATE_HZ or not len(self._numbers):
            self.off = self._share = np.full(len(self._numbers), np.inf)
            return
        lately = np.array([each for _, each in self._recent])
        off = lately.max(axis=0)
        like = turned_so & (off <= NEAR) & (off - lately.min(axis=0) <= SWAYS)
        self.off = np.where(like & (off <= BETTER_THAN_STILL * self._apart), off, np.inf)
        gone = rested[self._numbers]
        share = off / np.maximum(gone, 1e-9)
        went = like & (gone >= TELLING) & (share <= BETTER_THAN_STILL)
        self._share = np.where(went, share, np.inf)

    def faintly(self) -> Iterator[tuple[int, float]]:
        """Candidates that somebody has only gone nearer to from where they rested, each by its number.

        With how far they still are from it, as a share of how far they were.
        """
        for place in np.flatnonzero(np.isfinite(self._share) & ~np.isfinite(self.off)):
            yield int(self._numbers[place]), float(self._share[place])


def _from_starts(rows: CandidateRows, which: int) -> float:
    """How far a pose that is held is from the nearest pose that a movement begins with."""
    pose = rows.all[which]
    from_it = rows.costs(pose.vectors[0], pose.known[0])[rows.first[~rows.holds]]
    return float(min([POSE_APART, *from_it.tolist()]))
