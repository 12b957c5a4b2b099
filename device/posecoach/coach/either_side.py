"""Which side of the body a step is done with, where it may be either: nobody has to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from posecoach.coach.step_run import StepRun
from posecoach.motion.normalise import NormalisedPose

TELLING_SCORE: Final = 35.0
"""Score of a part that tells the side; a poorer one may be a fidget with the other."""
ALIKE_SCORE: Final = 5.0
"""Points that two sides may differ by and still fit alike: the distance decides then."""
ENOUGH_PARTS: Final = 2
"""So many tell it, however poor they are."""
PATIENCE_S: Final = 4.0
"""How long what one side has finished waits for what is under way on the other."""
CALMED_S: Final = 0.7
"""Over how long the distance to a reference is averaged."""
CLEARLY: Final = 0.8
"""Share of the leader's distance below which the other side takes the lead."""
CLOSE: Final = 0.02
"""Torso lengths that are no difference."""


class EitherSide:
    """A step as recorded and its mirror image, both being done until it is clear which one it is.

    Until then the one that is nearer to the person leads: it is what is shown and said. What is finished
    decides, by its score; until it does it is held back.
    """

    def __init__(self, runs: Sequence[StepRun]) -> None:
        """Start before the first sample.

        Args:
            runs: The step as recorded; behind it its mirror image, where it may be done as that.
        """
        self._runs = tuple(runs)
        self._lead = 0
        self._decided = len(self._runs) == 1
        self._costs = np.zeros(len(self._runs))
        self._at_s: float | None = None
        self._first_finished_s: float | None = None

    @property
    def run(self) -> StepRun:
        """The side that was decided on; until then the one that leads."""
        return self._runs[self._lead]

    @property
    def lead(self) -> int:
        """Its number."""
        return self._lead

    @property
    def decided(self) -> bool:
        """Whether it will not change any more."""
        return self._decided

    def advance(self, sample: NormalisedPose) -> None:
        """Take the next sample."""
        for run in self._runs if not self._decided else (self.run,):
            run.advance(sample)
        if not self._decided:
            self._follow(sample)
            if self._told(sample.captured_at):
                self._decide()

    @property
    def runs(self) -> tuple[StepRun, ...]:
        """The step as recorded, and behind it its mirror image where there is one."""
        return self._runs

    def carry_on(self, runs: Sequence[StepRun]) -> None:
        """Go on with other runs of the same step, because the person has turned; what is known stays."""
        for run, earlier in zip(runs, self._runs, strict=True):
            run.carry_on(earlier)
        self._runs = tuple(runs)

    def close(self) -> None:
        """Take it that nothing more comes."""
        for run in self._runs if not self._decided else (self.run,):
            run.close()
        if not self._decided:
            self._decide()

    def _follow(self, sample: NormalisedPose) -> None:
        """Let the nearer one lead."""
        now = np.array([run.cost_here(sample) for run in self._runs])
        elapsed_s = CALMED_S if self._at_s is None else sample.captured_at - self._at_s
        gain = 1.0 if self._at_s is None else 1.0 - np.exp(-elapsed_s / CALMED_S)
        self._costs += gain * (now - self._costs)
        self._at_s = sample.captured_at
        nearest = int(np.argmin(self._costs))
        if self._costs[nearest] < CLEARLY * self._costs[self._lead] - CLOSE:
            self._lead = nearest

    def _told(self, now: float) -> bool:
        """Whether what is finished tells the side, and nothing is under way that could tell better."""
        telling = [
            len(run.parts) >= ENOUGH_PARTS or (run.achieved or 0.0) >= TELLING_SCORE for run in self._runs
        ]
        if not any(telling):
            return False
        if self._first_finished_s is None:
            self._first_finished_s = now
        waiting = any(run.under_way and not told for run, told in zip(self._runs, telling, strict=True))
        return not waiting or now - self._first_finished_s > PATIENCE_S

    def _decide(self) -> None:
        """As recorded, unless the mirror image is clearly better."""
        recorded, mirrored = (run.achieved for run in self._runs)
        nearest = [run.nearest for run in self._runs]
        if mirrored is None and recorded is None and abs(nearest[1] - nearest[0]) > ALIKE_SCORE:
            better = nearest[1] > nearest[0]
        elif mirrored is None:
            better = recorded is None and self._runs[1].enough and not self._runs[0].enough
        elif recorded is None or abs(mirrored - recorded) > ALIKE_SCORE:
            better = mirrored > (-1.0 if recorded is None else recorded)
        else:
            better = self._costs[1] < CLEARLY * self._costs[0]
        self._lead = int(better)
        self._decided = True
