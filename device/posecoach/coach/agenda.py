"""A routine's steps, one after the other: which is under way, what each came to."""

from __future__ import annotations

from typing import Final

from posecoach.coach.flow_run import FlowRun
from posecoach.coach.hold_run import HoldRun
from posecoach.coach.progress import Part, StepProgress
from posecoach.coach.reps_run import RepsRun
from posecoach.coach.routine import Routine, Step, View
from posecoach.coach.step_run import StepRun
from posecoach.coach.summary import StepOutcome
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick, yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import PoseSequence

NOTHING: Final = StepProgress()


class Agenda:
    """Go through the steps of a routine."""

    def __init__(self, routine: Routine, view: View, *, open_ended: bool) -> None:
        """Begin the first step.

        Args:
            routine: What is to be done.
            view: The side the person is seen from; a step that does not have it uses its first.
            open_ended: Whether the last step goes on past what it asks for.
        """
        self._routine = routine
        self._view = view
        self._open_ended = open_ended
        self._outcomes: list[StepOutcome] = []
        self._taken = 0
        self._run: StepRun | None = None
        self._begin()

    @property
    def outcomes(self) -> tuple[StepOutcome, ...]:
        """What became of the steps that are over."""
        return tuple(self._outcomes)

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        return self._run is None

    @property
    def step(self) -> Step:
        """The step under way, or the last one."""
        return self._routine.steps[min(len(self._outcomes), len(self._routine.steps) - 1)]

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is finished of that step."""
        return self._run.parts if self._run else self._outcomes[-1].parts

    @property
    def reference(self) -> PoseSequence | None:
        """The reference of the step under way."""
        return self._yardstick.reference if self._run else None

    def progress(self, now: float) -> StepProgress:
        """Where the step under way is."""
        return self._run.progress(now) if self._run else NOTHING

    def advance(self, sample: NormalisedPose) -> list[tuple[int, Part]]:
        """Take the next sample; the parts that it finishes, each with the number of its step."""
        if self._run is None:
            return []
        self._run.advance(sample)
        finished = self._new_parts()
        if self._run.complete:
            finished += self.end_step()
            if len(self._outcomes) < len(self._routine.steps):
                self._begin()
        return finished

    def end_step(self) -> list[tuple[int, Part]]:
        """Take it that nothing more of this step comes; the parts that this finishes."""
        if self._run is None:
            return []
        self._run.close()
        finished = self._new_parts()
        run, self._run = self._run, None
        self._outcomes.append(
            StepOutcome(
                self._routine.steps[len(self._outcomes)],
                run.parts,
                run.reason,
                run.coverage,
                run.enough,
                run.said,
            )
        )
        return finished

    def _begin(self) -> None:
        number = len(self._outcomes)
        step = self._routine.steps[number]
        self._yardstick = yardstick(step, best_view(step, self._view))
        self._taken = 0
        last = number == len(self._routine.steps) - 1
        self._run = _run_of(step, self._yardstick, asked=not (self._open_ended and last))

    def _new_parts(self) -> list[tuple[int, Part]]:
        assert self._run is not None
        parts = self._run.parts
        new = [(len(self._outcomes), part) for part in parts[self._taken :]]
        self._taken = len(parts)
        return new


def best_view(step: Step, seen: View) -> View:
    """The view the person is seen from where the step has it, else its first."""
    return seen if seen in step.views else next(iter(step.views))


def _run_of(step: Step, measured_by: Yardstick, *, asked: bool) -> StepRun:
    if step.kind is StepKind.REPS:
        return RepsRun(measured_by, step.reps if asked else None)
    if step.kind is StepKind.HOLD:
        return HoldRun(measured_by, step.hold_s if asked else None)
    return FlowRun(measured_by)
