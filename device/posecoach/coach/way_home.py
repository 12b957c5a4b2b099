"""Coming home by a way of its own: a repetition that looks over, and is not home yet.

Who sits down leans forward first. Hips and knees are then nearly as they began, and the reach is as low as at
home; the trunk is not, and the repetition is over only when it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posecoach.coach.home_pose import HOME_AGAIN, LEFT_HOME, away_from, far_from_home
from posecoach.coach.reps import AT_REST, RepSpan
from posecoach.coach.way import displaced
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import PoseSequence, sequence_of

LONGEST: Final = round(2.0 * SAMPLE_RATE_HZ)
"""Samples for which somebody may take that way; who takes longer stays there."""
STOPS: Final = 5
"""And for which they come no nearer, where they have arrived."""


class WayHome:
    """Hold a repetition back until whoever does it is home; only where the reference has such a way."""

    def __init__(self, yardstick: Yardstick) -> None:
        """Start before the first repetition."""
        self._yardstick = yardstick
        self._exists = _exists(yardstick)
        self._held: RepSpan | None = None
        self._furthest = self._nearest = 0.0
        self._nearest_at = 0

    @property
    def waits(self) -> bool:
        """Whether a repetition is held back."""
        return self._held is not None

    def hold_back(self, span: RepSpan, performed: PoseSequence, home: NormalisedPose) -> bool:
        """Hold a repetition back that was counted and has not come home; whether it is."""
        if not self._exists:
            return False
        away = away_from(home, performed, self._yardstick)
        if not far_from_home(away[-1], away.max()):
            return False
        self._held, self._furthest = span, float(away.max())
        self._nearest, self._nearest_at = float(away[-1]), span.end
        return True

    def ended(
        self, number: int, sample: NormalisedPose, home: NormalisedPose, *, sets_out: bool
    ) -> RepSpan | None:
        """Take the next sample; the repetition up to there once it is home, or as it was if it is not coming.

        Args:
            number: Of the sample.
            sample: What is seen.
            home: The pose that somebody stood in before.
            sets_out: Whether the next repetition has begun.
        """
        held = self._held
        if held is None:
            return None
        away = float(away_from(home, sequence_of([sample]), self._yardstick)[0])
        if away < self._nearest:
            self._nearest, self._nearest_at = away, number
        near = not far_from_home(away, self._furthest)
        if near and (away <= HOME_AGAIN * self._furthest or number - self._nearest_at >= STOPS):
            self._held = None
            return replace(held, end=self._nearest_at)
        if sets_out or number - held.end > LONGEST:
            return self.give_up()
        return None

    def give_up(self) -> RepSpan | None:
        """The repetition that was held back, as it was counted."""
        held, self._held = self._held, None
        return held


def _exists(yardstick: Yardstick) -> bool:
    """Whether the reference is far from how it began after its turn, where its reach says that it is back."""
    if yardstick.rise or yardstick.other_turn is not None:
        return False
    away = displaced(yardstick.reference, yardstick.emphasis)
    looks_over = yardstick.reaches(yardstick.reference) <= AT_REST
    looks_over[: yardstick.turn] = False
    return bool((away[looks_over] > LEFT_HOME * away.max()).any())
