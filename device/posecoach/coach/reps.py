"""Finding repetitions in the stream of reaches: one definition for counting and for learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AT_REST: Final = 0.15
"""Reach up to which somebody is back in the starting pose."""
UNDER_WAY: Final = 0.15
"""Reach above the rest before it from which a repetition is under way."""
LEAST_UNDER_WAY: Final = 0.1
"""And above the starting pose, of somebody who rests below it."""
TURNED_BACK: Final = 0.5
"""Share of the furthest reach below which a new rise begins the next repetition, without a rest between."""
SMALL: Final = 0.35
"""Furthest reach of a small movement, of which a shift of posture has to be told."""
COME_BACK: Final = 0.4
"""Share of its way that a small one may lack to be back."""
SHIFTED: Final = 30
"""Samples at its furthest after which a small one is a rest of another posture."""
STILL: Final = 0.01
"""Change of reach from one sample to the next that is no movement any more."""
NEAR_REST: Final = 0.02
"""Reach above the lowest while resting at which a repetition has not yet set out."""
RESETTLING: Final = 0.003
"""How far that lowest rises with every sample: a rest slowly becomes that of whoever stays above it."""
SETTLED: Final = 9
"""Samples without coming lower by `STILL`, after turning back, that are taken for a rest of one's own."""


@dataclass(frozen=True, slots=True)
class RepSpan:
    """One repetition, as sample numbers of the stream.

    Attributes:
        start: Last sample at rest before it.
        turn: Sample of the furthest reach.
        end: First sample at rest behind it, inclusive.
        best_reach: The furthest reach.
    """

    start: int
    turn: int
    end: int
    best_reach: float


class RepCounter:
    """Cut a stream of reaches into repetitions.

    A repetition leaves the starting pose (reach `UNDER_WAY` above its rest), turns, and comes back: to a
    reach of at most `AT_REST`, and to where it falls no further; or it comes most of the way back and settles
    there, or sets out again, which ends one and starts the next. It is cut from where it left its rest
    to where it found one, so that its duration and range are the whole of it. Nothing counts before the
    starting pose was seen once: walking into place is no repetition.
    """

    def __init__(self, under_way: float = UNDER_WAY) -> None:
        """Start before the first sample.

        Args:
            under_way: Reach above the rest before it from which a repetition is under way.
        """
        self._under_way = under_way
        self._start: int | None = None  # last sample at rest; None until the starting pose was seen
        self._rest = 0.0  # reach of that rest
        self._best = 0.0
        self._turn = 0
        self._low = 0.0  # lowest reach since the turn, and where
        self._low_at = 0
        self._sunk = 0.0  # the same, but for less than STILL
        self._sunk_at = 0

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
            self._wait(sample, reach, in_starting_pose)
            return None
        falling = reach < self._low - STILL
        if reach > self._best:
            self._set_out(sample, reach)
        elif reach < self._low:
            self._low, self._low_at = reach, sample
        if reach < self._sunk - STILL:
            self._sunk, self._sunk_at = reach, sample
        if self._back and not falling:
            return self._finish(self._low_at)
        if self._best < SMALL and sample - self._turn > SHIFTED and reach > 0.5 * self._best:
            self._start, self._rest, self._best = sample, reach, 0.0
            return None
        if self._low < TURNED_BACK * self._best:
            if reach > self._low + 0.5 * (self._best - self._low):
                span = self._finish(self._low_at)
                self._set_out(sample, reach)
                return span
            if sample - self._sunk_at >= SETTLED:
                return self._finish(self._low_at)
        return None

    def close(self) -> RepSpan | None:
        """Take it that nothing more comes: a repetition that is back in the starting pose is finished."""
        return (
            self._finish(self._low_at)
            if self.under_way and self._low <= min(AT_REST, COME_BACK * self._best)
            else None
        )

    def abandon(self, sample: int) -> RepSpan | None:
        """Take it that a repetition under way will not be finished; what there is of it."""
        return self._finish(sample) if self.under_way else None

    def arm(self, sample: int, reach: float) -> None:
        """Take it that somebody stands ready, at a rest of their own."""
        if self._start is None:
            self._start, self._rest = sample, reach

    def disarm(self) -> None:
        """Forget the starting pose, and with it what is under way: somebody has walked."""
        self._start, self._best = None, 0.0

    @property
    def _back(self) -> bool:
        """Whether the repetition under way has come back to the starting pose."""
        if self._best >= SMALL:
            return self._low <= AT_REST
        return self._low <= min(AT_REST, self._rest + COME_BACK * (self._best - self._rest))

    def _wait(self, sample: int, reach: float, in_starting_pose: bool) -> None:
        if self._start is None:
            if reach <= AT_REST and in_starting_pose:
                self._start, self._rest = sample, reach
        elif reach > max(self._rest + self._under_way, LEAST_UNDER_WAY):
            self._set_out(sample, reach)
        elif reach > AT_REST or in_starting_pose:
            self._rest = min(self._rest + RESETTLING, reach)
            if reach <= self._rest + NEAR_REST:
                self._start = sample

    def _set_out(self, sample: int, reach: float) -> None:
        self._best = self._low = self._sunk = reach
        self._turn = self._low_at = self._sunk_at = sample

    def _finish(self, end: int) -> RepSpan:
        assert self._start is not None  # a repetition sets out from a starting pose
        span = RepSpan(self._start, self._turn, end, self._best)
        self._start, self._rest = end, self._low
        self._best = 0.0
        return span
