"""The last samples of a step, by their number in it."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Final

from posecoach.motion.hindsight import in_hindsight
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import PoseSequence, sequence_of

LONGEST_REP_S: Final = 30.0
"""Samples older than this are forgotten: nobody takes longer over one repetition."""


class RecentSamples:
    """Keep samples for as long as a repetition can last; the oldest stands for all before it."""

    def __init__(self) -> None:
        """Start before the first sample."""
        self._samples: deque[NormalisedPose] = deque(maxlen=int(LONGEST_REP_S * SAMPLE_RATE_HZ))
        self._taken = 0
        self._cut: tuple[int, int, PoseSequence] | None = None

    def take(self, sample: NormalisedPose) -> None:
        """Take the next sample."""
        self._samples.append(sample)
        self._taken += 1

    @property
    def first(self) -> int:
        """Number of the oldest sample that is kept."""
        return self._taken - len(self._samples)

    @property
    def last(self) -> int:
        """Number of the newest sample; -1 before the first."""
        return self._taken - 1

    def at(self, number: int) -> NormalisedPose:
        """One of them."""
        return self._samples[max(number - self.first, 0)]

    def between(self, start: int, end: int) -> PoseSequence:
        """Those from one to another, inclusive, as they are believed `in_hindsight`.

        The same object as before where the same is asked for again: what was worked out of it is known.
        """
        begin, stop = max(start - self.first, 0), end - self.first + 1
        if self._cut is None or self._cut[:2] != (self.first + begin, self.first + stop):
            cut = in_hindsight(sequence_of([*islice(self._samples, begin, stop)]))
            self._cut = self.first + begin, self.first + stop, cut
        return self._cut[2]
