"""What steps of every kind have in common while they are being done."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from posecoach.coach.advice import Advisor
from posecoach.coach.beside import seen_in_first_pose
from posecoach.coach.follow import Follower
from posecoach.coach.progress import Part, StepProgress
from posecoach.coach.view import CueView
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose


class StepRun(ABC):
    """One step being done: what is finished of it, what was seen, what was said."""

    def __init__(self, yardstick: Yardstick) -> None:
        """Start before the first sample.

        Args:
            yardstick: How the step is measured.
        """
        self._yardstick = yardstick
        self._follower = Follower(yardstick)
        self._advisor = Advisor()
        self._parts: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is finished, oldest first; the same object until there is more."""
        return self._parts

    @property
    def yardstick(self) -> Yardstick:
        """How the step is measured."""
        return self._yardstick

    @property
    def achieved(self) -> float | None:
        """Mean score of what is finished; `None` where nothing is, or nothing could be judged."""
        scores = [part.score for part in self._parts if part.score is not None]
        return sum(scores) / len(scores) if scores else None

    @property
    def nearest(self) -> float:
        """Points for what was seen where nothing was finished; 0 where it was nothing like it."""
        return 0.0

    @property
    def under_way(self) -> bool:
        """Whether something has begun that is not finished."""
        return False

    @property
    def begun(self) -> bool:
        """Whether something of it was done that cannot be taken up by another run."""
        return False

    def carry_on(self, earlier: StepRun) -> None:
        """Take over what another run of the step has finished and said: the person has turned."""
        self._parts, self._advisor = earlier._parts, earlier._advisor

    def cost_here(self, sample: NormalisedPose) -> float:
        """Distance of a sample to the reference pose of the moment, in torso lengths."""
        return self._follower.cost_here(sample)

    @property
    def reason(self) -> str:
        """Why there is nothing to judge, in words."""
        if self._yardstick.unsupported:
            return self._yardstick.unsupported
        return self._why_nothing() if self.enough else self._follower.hidden

    @property
    def coverage(self) -> float:
        """Share of what matters that has been seen since the start, 0..1."""
        return self._follower.coverage

    @property
    def enough(self) -> bool:
        """Whether that is enough to judge by."""
        return self._follower.enough

    @property
    def said(self) -> tuple[CueView, ...]:
        """Every cue given, oldest first."""
        return self._advisor.said

    def _turn_with(self, sample: NormalisedPose, most: float, most_reach: float = np.inf) -> bool:
        """Measure from where somebody stands, if they are in the first pose as it is seen from there.

        Args:
            sample: Their pose, which is not the first one as it was recorded.
            most: Distance from the first pose, in torso lengths, up to which it is taken for it.
            most_reach: How far into the movement it may seem to be.

        Returns:
            Whether it is.
        """
        found = seen_in_first_pose(sample, self._yardstick, most)
        reach = None if found is None else found.reach(sample.xy, sample.weights)
        if found is None or reach is None or reach > most_reach:
            return False
        self._yardstick = found
        self._follower.measure_by(found)
        return True

    @property
    @abstractmethod
    def complete(self) -> bool:
        """Whether all that was asked for has been done."""

    @abstractmethod
    def advance(self, sample: NormalisedPose) -> None:
        """Take the next sample of the performance."""

    @abstractmethod
    def close(self) -> None:
        """Take it that nothing more comes: judge what can be judged as it is."""

    @abstractmethod
    def progress(self, now: float) -> StepProgress:
        """Where the step is."""

    @abstractmethod
    def _why_nothing(self) -> str:
        """Why nothing was finished by somebody who was seen well enough."""
