"""Finding repetitions in the stream of reaches: one definition for counting and for learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AT_REST: Final = 0.15
"""Reach up to which somebody is back in the starting pose."""
UNDER_WAY: Final = 0.35
"""Reach from which a repetition is under way."""
TURNED_BACK: Final = 0.5
"""Share of the furthest reach below which a new rise begins the next repetition, without a rest between."""

SETTLED: Final = 9
"""Samples without coming lower, after turning back, that are taken for a rest of one's own."""


@dataclass(frozen=True, slots=True)
class RepSpan:
    """One repetition, as sample numbers of the stream.

    Attributes:
        start: Last sample in the starting pose before it.
        turn: Sample of the furthest reach.
        end: First sample back in the starting pose, inclusive.
        best_reach: The furthest reach.
    """

    start: int
    turn: int
    end: int
    best_reach: float


class RepCounter:
    """Cut a stream of reaches into repetitions.

    A repetition leaves the starting pose (reach over `UNDER_WAY`), turns, and comes back (reach at
    most `AT_REST`); or comes most of the way back and settles there, or sets out again, which ends one
    and starts the next. Nothing counts before the starting pose was seen once: walking into place is no
    repetition.
    """

    def __init__(self) -> None:
        """Start before the first sample."""
        self._start: int | None = None  # last sample at rest; None until the starting pose was seen
        self._best = 0.0
        self._turn = 0
        self._low = 0.0  # lowest reach since the turn, and where
        self._low_at = 0

    @property
    def under_way(self) -> bool:
        """Whether a repetition has begun and is not finished."""
        return self._best > 0.0

    @property
    def best_reach(self) -> float:
        """The furthest reach of the repetition under way, 0 between repetitions."""
        return self._best

    @property
    def armed(self) -> bool:
        """Whether the starting pose has been seen."""
        return self._start is not None

    def push(self, sample: int, reach: float, *, in_starting_pose: bool = True) -> RepSpan | None:
        """Take the next sample; the repetition that it finishes, if it does.

        Args:
            sample: Its number; samples in which nothing could be seen may be left out.
            reach: 0 at rest, 1 at the turning point of the reference.
            in_starting_pose: Whether a low reach here really is the starting pose, and not a
                different pose that happens to lie at its height.
        """
        if not self.under_way:
            if reach <= AT_REST:
                if in_starting_pose:
                    self._start = sample
            elif reach > UNDER_WAY and self._start is not None:
                self._set_out(sample, reach)
            return None
        if reach > self._best:
            self._set_out(sample, reach)
        elif reach < self._low:
            self._low, self._low_at = reach, sample
        if reach <= AT_REST:
            return self._finish(sample)
        if self._low < TURNED_BACK * self._best:
            if reach > self._low + 0.5 * (self._best - self._low):
                span = self._finish(self._low_at)
                self._set_out(sample, reach)
                return span
            if sample - self._low_at >= SETTLED:
                return self._finish(self._low_at)
        return None

    def _set_out(self, sample: int, reach: float) -> None:
        self._best = self._low = reach
        self._turn = self._low_at = sample

    def _finish(self, end: int) -> RepSpan:
        assert self._start is not None  # a repetition sets out from a starting pose
        span = RepSpan(self._start, self._turn, end, self._best)
        self._start = end
        self._best = 0.0
        return span
