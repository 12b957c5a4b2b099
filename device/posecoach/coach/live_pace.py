"""How fast somebody is while they move, against the reference: for the gauge that is always on the screen."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from posecoach.coach.yardstick import Yardstick

BEFORE_S: Final = 0.8
"""Seconds of a repetition that the pace before it counts as much as: the first steps tell little."""
SETTLES_S: Final = 0.2
"""Within which time what is shown follows what is measured."""
AT_TURN: Final = 0.9
"""Share of the way from which somebody is where it turns, for as long as the reference stays there."""
TURNED: Final = 0.06
"""Reach below the furthest from which they are on the way back."""
LEAST: Final = 0.1
"""Slower is not told from standing still."""


class LivePace:
    """The pace of repetitions: of the one under way, and between two of the one before; pure but for itself.

    Where somebody is follows from how far they have come, there or back; of a movement to one side and to
    the other each side counts by itself.
    """

    def __init__(self, yardstick: Yardstick) -> None:
        """Start before the first repetition."""
        reach, at_s = yardstick.reaches(yardstick.reference), yardstick.reference.at_s
        lap = slice(0, max(yardstick.middle, 2))
        self._at_s, share = at_s[lap] - at_s[0], reach[lap] / max(float(reach[lap].max()), 1e-6)
        turn = int(share.argmax())
        self._there = np.maximum.accumulate(share[: turn + 1])
        self._back = np.maximum.accumulate(share[turn:][::-1])[::-1]
        self._stays_until_s = self._place_s(AT_TURN, back=True)
        self._begun: tuple[float, float] | None = None
        self._place = self._furthest = self._seen_s = 0.0
        self._settled: float | None = None
        self.pace: float | None = None
        """1 is as fast as shown, 2 twice as fast; `None` until somebody has moved."""

    def follow(self, now: float, reach: float) -> None:
        """Take how far somebody has come in a repetition under way.

        Args:
            now: Seconds on the camera's clock.
            reach: As `Yardstick.reach` gives it.
        """
        if self._begun is None:
            self._place, self._furthest = self._place_s(reach, back=False), reach
            self._begun, self._seen_s = (now, self._place), now
        self._furthest = max(self._furthest, reach)
        if reach < self._furthest - TURNED:
            place_s = self._place_s(reach / self._furthest, back=True)
        elif reach >= AT_TURN:
            place_s = min(self._place + now - self._seen_s, self._stays_until_s)
        else:
            place_s = self._place_s(reach, back=False)
        self._place = max(self._place, place_s)
        before = 1.0 if self._settled is None else self._settled
        shown_s = self._place - self._begun[1] + before * BEFORE_S
        self._show(now, max(shown_s / (now - self._begun[0] + BEFORE_S), LEAST))

    def rest(self, now: float) -> None:
        """Nothing is under way."""
        self._begun = None
        if self._settled is not None:
            self._show(now, self._settled)

    def settle(self, tempo: float) -> None:
        """Take how fast a repetition was, now that all of it is known."""
        self._settled = max(tempo, LEAST)

    def _show(self, now: float, pace: float) -> None:
        before = pace if self.pace is None else self.pace
        share = 1.0 - math.exp(min(self._seen_s - now, 0.0) / SETTLES_S)
        self.pace, self._seen_s = before * (pace / before) ** share, now

    def _place_s(self, share: float, *, back: bool) -> float:
        """When the reference is so far, in seconds of it: on its way there, or back."""
        turn = len(self._there) - 1
        if back:
            return float(np.interp(-share, -self._back, self._at_s[turn:]))
        return float(np.interp(share, self._there, self._at_s[: turn + 1]))
