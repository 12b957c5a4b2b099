"""Spotting a movement in an endless stream of somebody who does anything: another way than counting.

The counter of repetitions follows how far into a movement somebody is; this compares their whole body
with the whole reference, by subsequence DTW, and knows neither turning points nor a starting pose. The
two share nothing but the reference, so the one checks the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from posecoach.coach.yardstick import LEAST_COVERAGE, Yardstick
from posecoach.motion.floor_level import FloorLevel
from posecoach.motion.local_cost import LocalCost
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.subsequence_dtw import Match, SubsequenceDtw

NEAR_ENOUGH: Final = 0.5
"""As a share of the distance that somebody comes to who stands still in the starting pose."""


@dataclass(frozen=True, slots=True)
class Spotted:
    """Where a movement went by.

    Attributes:
        start_s, end_s: Seconds on the camera's clock.
        off: Mean distance from the reference, as a share of standing still: 0 is alike.
    """

    start_s: float
    end_s: float
    off: float


class Spotter:
    """Spot a movement; what a sample costs does not depend on how long it has gone on."""

    def __init__(self, yardstick: Yardstick) -> None:
        """Start before the first sample.

        Args:
            yardstick: How the movement is measured; of one that is held nothing can be spotted.
        """
        reference = yardstick.reference
        self._yardstick = yardstick
        self._cost = LocalCost(reference, yardstick.emphasis)
        still = self._cost.column(reference.xy[0], reference.weights[0], reference.directions[0])
        self._still = float(still.mean())
        self._hidden = np.full(len(reference), 2.0 * float(still.max()))
        self._dtw = SubsequenceDtw(len(reference), NEAR_ENOUGH * self._still)
        self._level = FloorLevel()
        self._at_s: list[float] = []
        self._first = 0

    def advance(self, sample: NormalisedPose) -> Spotted | None:
        """Take the next sample; what is now certain to have gone by. Somebody hidden does nothing."""
        self._at_s.append(sample.captured_at)
        if self._yardstick.rise:
            sample = self._level.raised(sample)
        seen = self._yardstick.coverage(sample.weights) >= LEAST_COVERAGE
        found = self._dtw.advance(self._cost.column(sample.xy, sample.weights) if seen else self._hidden)
        spotted = self._spotted(found)
        self._forget()
        return spotted

    def close(self) -> Spotted | None:
        """Take it that nothing more comes; what was still waiting to be undercut."""
        return self._spotted(self._dtw.close())

    def _spotted(self, found: Match | None) -> Spotted | None:
        if found is None:
            return None
        start_s, end_s = (self._at_s[number - self._first] for number in (found.start, found.end))
        return Spotted(start_s, end_s, found.mean_cost / max(self._still, 1e-9))

    def _forget(self) -> None:
        """Keep no more times than a match that may still come can begin at."""
        needed = self._dtw.earliest_start
        if needed - self._first > len(self._at_s) // 2:
            del self._at_s[: needed - self._first]
            self._first = needed


def spot(samples: Iterable[NormalisedPose], yardstick: Yardstick) -> list[Spotted]:
    """Every time that a movement goes by in some samples."""
    spotter = Spotter(yardstick)
    found = [spotter.advance(sample) for sample in samples]
    return [each for each in (*found, spotter.close()) if each is not None]
