"""What the steps of a session asked for, to be kept beside what was done."""

from __future__ import annotations

from posecoach.coach.records import AskedStep
from posecoach.coach.routine import Step, View
from posecoach.coach.summary import Performance, reference_ranges
from posecoach.coach.view import StepKind


def asked_of(performance: Performance) -> tuple[AskedStep, ...]:
    """Each step that was begun, as it was done: of one done with the other side, its mirror image."""
    return tuple(_asked(outcome.step, performance.view) for outcome in performance.steps)


def _asked(step: Step, view: View) -> AskedStep:
    return AskedStep(
        kind=step.kind.value,
        reps=step.reps if step.kind is StepKind.REPS else None,
        hold_s=step.hold_s if step.kind is StepKind.HOLD else None,
        range_of_motion_deg={
            joint.value: round(degrees, 1) + 0.0 for joint, degrees in reference_ranges(step, view).items()
        },
        emphasis={limb.value: round(rule.emphasis, 3) for limb, rule in step.limbs.items()},
    )
