"""A routine's steps, one after the other: which is under way, what each came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.adapt import Variant, variants
from posecoach.coach.body_limits import AS_RECORDED, BodyDifferences, unweighted
from posecoach.coach.either_side import EitherSide
from posecoach.coach.flow_run import FlowRun
from posecoach.coach.hold_run import HoldRun
from posecoach.coach.progress import Part, StepProgress
from posecoach.coach.reps_run import RepsRun
from posecoach.coach.routine import Routine, Step, View
from posecoach.coach.step_run import StepRun
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.summary import StepOutcome
from posecoach.coach.view import StepKind
from posecoach.coach.viewpoint import turns_itself
from posecoach.motion.floor_level import FloorLevel, risen
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import PoseSequence

NOTHING: Final = StepProgress()


class Agenda:
    """Go through the steps of a routine."""

    def __init__(
        self, routine: Routine, view: View, *, open_ended: bool, body: BodyDifferences = AS_RECORDED
    ) -> None:
        """Begin the first step.

        Args:
            routine: What is to be done.
            view: The side the person is seen from; a step that does not have it uses its first.
            open_ended: Whether the last step goes on past what it asks for.
            body: What is not asked of the person.
        """
        self._routine = routine
        self._view = view
        self._open_ended = open_ended
        self._body = body
        self._outcomes: list[StepOutcome] = []
        self._first_view: View | None = None
        self._taken = 0
        self._sides: EitherSide | None = None
        self._begin()

    @property
    def outcomes(self) -> tuple[StepOutcome, ...]:
        """What became of the steps that are over."""
        return tuple(self._outcomes)

    @property
    def view(self) -> View:
        """The view in which the first step is measured."""
        if self._first_view is None:
            assert self._sides is not None  # a routine has a first step
            return self._sides.run.yardstick.view
        return self._first_view

    @property
    def seen_from(self) -> View:
        """The side the person is seen from."""
        return self._view

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        return self._sides is None

    @property
    def number(self) -> int:
        """Of the step under way, or of the last one; from 0."""
        return min(len(self._outcomes), len(self._routine.steps) - 1)

    @property
    def step(self) -> Step:
        """The step under way, or the last one."""
        return self._routine.steps[self.number]

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is finished of that step."""
        if self._sides is None:
            return self._outcomes[-1].parts
        return self._sides.run.parts if self._sides.decided else ()

    @property
    def left_out(self) -> NDArray[np.bool_]:
        """``(17,)`` the keypoints that nothing is asked of in the step under way."""
        return self._left_out

    @property
    def reference(self) -> PoseSequence | None:
        """The reference of the step under way."""
        return self._sides.run.yardstick.reference if self._sides else None

    def progress(self, now: float) -> StepProgress:
        """Where the step under way is."""
        return self._sides.run.progress(now) if self._sides else NOTHING

    def rise_ahead(self, index: int) -> float:
        """How much further the whole body has risen in a reference pose, in torso lengths."""
        if self._sides is None or not self._sides.run.yardstick.rise:
            return 0.0
        reference = self._sides.run.yardstick.reference
        return (risen(reference.xy[index], reference.weights[index]) or 0.0) - self._level.risen

    @property
    def unsupported(self) -> str:
        """What to do where the person is seen from a side that does not show the step under way."""
        return self._sides.run.yardstick.unsupported if self._sides else ""

    @property
    def judged(self) -> bool:
        """Whether anything was judged yet."""
        if self._outcomes or self._sides is None:
            return bool(self._outcomes)
        return any(run.parts for run in self._sides.runs)

    def measured_from(self, seen: View) -> tuple[View, ...]:
        """The views by which the step under way is measured for somebody seen from a side.

        The one that it is measured by already where that cannot change any more: in a sequence that is
        under way, and in a movement that turns itself.
        """
        if self._sides is None:
            return ()
        current = tuple(run.yardstick.view for run in self._sides.runs)
        if self._turns or any(run.begun for run in self._sides.runs):
            return current
        return views_of(self._variants, seen)

    def turn(self, seen: View) -> None:
        """Go on with somebody who is seen from another side now; what they have done stays."""
        measured = self.measured_from(seen)
        self._view = seen
        if self._sides is None or measured == tuple(run.yardstick.view for run in self._sides.runs):
            return
        self._first_view = self._first_view or (self.view if self.judged else None)
        self._level = FloorLevel()
        self._sides.carry_on(self._runs())

    def advance(self, sample: NormalisedPose) -> list[tuple[int, Part]]:
        """Take the next sample; the parts that it finishes, each with the number of its step."""
        if self._sides is None:
            return []
        if self._left_out.any():
            sample = replace(sample, weights=np.where(self._left_out, 0.0, sample.weights))
        rises = self._sides.run.yardstick.rise > 0
        self._sides.advance(self._level.raised(sample) if rises else sample)
        finished = self._new_parts()
        if self._sides.decided and self._sides.run.complete:
            finished += self.end_step()
            if len(self._outcomes) < len(self._routine.steps):
                self._begin()
        return finished

    def end_step(self) -> list[tuple[int, Part]]:
        """Take it that nothing more of this step comes; the parts that this finishes."""
        if self._sides is None:
            return []
        self._sides.close()
        finished = self._new_parts()
        sides, self._sides = self._sides, None
        run, variant = sides.run, self._variants[sides.lead]
        self._first_view = self._first_view or run.yardstick.view
        self._outcomes.append(
            StepOutcome(
                variant.step,
                run.parts,
                run.reason,
                run.coverage,
                run.enough and not run.yardstick.unsupported,
                run.said,
                variant.mirrored,
                run.nearest,
            )
        )
        return finished

    def _begin(self) -> None:
        self._taken = 0
        self._level = FloorLevel()
        self._turns = any(turns_itself(reference) for reference in self.step.views.values())
        self._left_out = unweighted(self._body.parts(seated_step=self.step.seated))
        self._variants = variants(self.step, self._body)
        self._sides = EitherSide(self._runs())

    def _runs(self) -> list[StepRun]:
        """New runs of the step under way, one for each way in which it may be done."""
        last = len(self._outcomes) == len(self._routine.steps) - 1
        return [
            _run_of(variant.step, best_view(variant.step, self._view), asked=not (self._open_ended and last))
            for variant in self._variants
        ]

    def _new_parts(self) -> list[tuple[int, Part]]:
        parts = self.parts
        new = [(len(self._outcomes), part) for part in parts[self._taken :]]
        self._taken = len(parts)
        return new


def best_view(step: Step, seen: View) -> View:
    """The view the person is seen from where the step has it, else its first."""
    return seen if seen in step.views else next(iter(step.views))


def views_of(variants_of_step: Sequence[Variant], seen: View) -> tuple[View, ...]:
    """The view by which each way of doing a step is measured for somebody seen from a side."""
    return tuple(best_view(variant.step, seen) for variant in variants_of_step)


def _run_of(step: Step, view: View, *, asked: bool) -> StepRun:
    measured_by = yardstick(step, view)
    if step.kind is StepKind.REPS:
        return RepsRun(measured_by, step.reps if asked else None)
    if step.kind is StepKind.HOLD:
        return HoldRun(measured_by, step.hold_s if asked else None)
    return FlowRun(measured_by)
