"""On the way into a held pose: when to say what is missing, and when to let somebody move."""

from __future__ import annotations

from collections import deque
from typing import Final

from posecoach.motion.resample import LONGEST_GAP_S

STAYED_S: Final = 1.0
"""How long somebody must stay as they are before they are told what is missing."""
STAYED: Final = 0.06
"""Torso lengths by which the distance to the pose may change meanwhile."""
SET_OUT: Final = 0.85
"""Share of the distance from rest to the pose, below which somebody has begun to go into it."""


class Approach:
    """How far somebody is from a pose that they do not hold.

    Who only stands there is told nothing: they know that they have not begun. Who has come nearer is told
    once they stop.
    """

    def __init__(self) -> None:
        """Start before the first sample."""
        self._recent: deque[tuple[float, float]] = deque()
        self._rest: float | None = None

    @property
    def begun(self) -> bool:
        """Whether somebody is nearer than while they rested, or was never seen to rest."""
        return self._rest is None or (bool(self._recent) and self._recent[-1][1] <= SET_OUT * self._rest)

    def look(self, at_s: float, distance: float) -> bool:
        """Take the next distance to the pose; whether to say now what is missing.

        Args:
            at_s: Seconds on the camera's clock.
            distance: In torso lengths.
        """
        if self._recent and at_s - self._recent[-1][0] > LONGEST_GAP_S:
            self._recent.clear()
        self._recent.append((at_s, distance))
        while at_s - self._recent[0][0] > STAYED_S + 1e-6:
            self._recent.popleft()
        distances = [each for _, each in self._recent]
        if (
            at_s - self._recent[0][0] < STAYED_S - LONGEST_GAP_S / 2
            or max(distances) - min(distances) > STAYED
        ):
            return False
        if self._rest is None or distance > SET_OUT * self._rest:
            self._rest = distance
            return False
        return True
