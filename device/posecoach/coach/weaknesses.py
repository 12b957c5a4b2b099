"""What is weak about a routine, in words that say what would make it stronger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from posecoach.coach.learn_rules import TOLERANCE_CEILING
from posecoach.coach.likeness import another, unlikeness
from posecoach.coach.measure import measure
from posecoach.coach.routine import TOLERANCE_FLOOR, Routine, Step, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.support import unsupported
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Limb

ENOUGH: Final = 3
"""Performances from which on their variation tells something."""
MOST_TEMPO: Final = 2.0
"""Times as fast as the slowest that the fastest recording may be."""
LEAST_SEEN: Final = 0.65
"""Share of what matters that a view should show."""
MATTERS: Final = 0.5
"""Emphasis from which a limb is what a step is about."""
TOO_LIKE: Final = 85.0
"""Points that each of two routines gives the other, from which nobody can tell them apart."""

_FAR: Final[dict[View, list[int]]] = {
    View.FRONT: [],
    View.LEFT: [*LIMB_KEYPOINTS[Limb.RIGHT_ARM], *LIMB_KEYPOINTS[Limb.RIGHT_LEG]],
    View.RIGHT: [*LIMB_KEYPOINTS[Limb.LEFT_ARM], *LIMB_KEYPOINTS[Limb.LEFT_LEG]],
}
"""What the body itself hides, which is no fault of a recording."""
_ONE: Final = {StepKind.REPS: "repetition", StepKind.HOLD: "held pose", StepKind.FLOW: "sequence"}


def weaknesses(routine: Routine) -> list[str]:
    """A sentence for each weakness, step by step; none of a routine without one."""
    several = len(routine.steps) > 1
    return [
        f"step {number}: {reason}" if several else reason
        for number, step in enumerate(routine.steps, 1)
        for reason in _of_step(step)
    ]


def too_like(routine: Routine, others: Iterable[Routine]) -> list[str]:
    """The ids of other routines that cannot be told from this one, in any view that both know."""
    return [
        other.id
        for other in others
        if other.id != routine.id
        and len(other.steps) == len(routine.steps)
        and all(_alike(one, another) for one, another in zip(routine.steps, other.steps, strict=True))
    ]


def _of_step(step: Step) -> Iterator[str]:
    yield from _of_what_was_recorded(step)
    if len(step.views) == 1:
        view = next(iter(step.views))
        yield f"known only from the {view}: it is scored from there only; import one from elsewhere as well"
    for view in step.views:
        yield from _of_view(step, view)
    unseen = [limb for limb, rule in step.limbs.items() if rule.emphasis == 0 and limb not in step.without]
    if unseen:
        names = ", ".join(limb.replace("_", " ") for limb in unseen)
        yield f"nothing is asked of {names}: not seen in the recordings, or emphasis set to 0"
    for limb, rule in step.limbs.items():
        if rule.emphasis >= MATTERS and rule.tolerance >= TOLERANCE_CEILING:
            yield (
                f"{limb.replace('_', ' ')}: a tolerance of {rule.tolerance:.2f} torso lengths forgives "
                "nearly everything; do all recordings show the same?"
            )
    slowest, fastest = step.tempo
    if fastest >= MOST_TEMPO * slowest:
        yield (
            f"tempo varies from {slowest:.2f} to {fastest:.2f} times that of the reference: hardly anybody "
            "will be told to slow down"
        )


def _of_what_was_recorded(step: Step) -> Iterator[str]:
    what = _ONE[step.kind]
    if step.origin is None:
        if all(rule.tolerance <= TOLERANCE_FLOOR for rule in step.limbs.values()):
            yield "tolerances are the floor; import several recordings to learn them"
        return
    number = sum(step.origin.performances.values())
    if number == 1:
        yield f"only one {what}: tolerances are the floor; import three or more to learn how much it varies"
    elif number < ENOUGH:
        yield f"only {number} {what}s: three or more tell how much it varies"
    if step.origin.recordings == 1:
        yield "one recording, and so one person: others may do it another way; import some of theirs as well"
    elif number > 1:
        for view, count in step.origin.performances.items():
            if count == 1 and len(step.origin.performances) > 1:
                yield f"only one {what} seen from the {view}"


def _of_view(step: Step, view: View) -> Iterator[str]:
    reference = step.views[view]
    emphasis = np.where(np.isin(np.arange(NUM_KEYPOINTS), _FAR[view]), 0.0, step.emphasis())
    seen = float((reference.weights.mean(axis=0) * emphasis).sum() / max(float(emphasis.sum()), 1e-9))
    if seen < LEAST_SEEN:
        yield f"{view}: only {seen:.0%} of what matters is seen in the recording"
    if advice := unsupported(step, view):
        yield f"{view}: {advice}"
    if step.kind is StepKind.HOLD:
        return
    zero = yardstick(step, view).zero
    moves = {limb: float(np.mean(zero[list(keypoints)])) for limb, keypoints in LIMB_KEYPOINTS.items()}
    for limb, rule in step.limbs.items():
        most = moves[limb] >= MATTERS * max(moves.values()) and rule.emphasis >= MATTERS
        if most and rule.tolerance >= max(moves[limb], 2 * TOLERANCE_FLOOR):
            yield (
                f"{view}: the {limb.replace('_', ' ')} may be {rule.tolerance:.2f} torso lengths off and "
                f"moves by {moves[limb]:.2f} on average: whoever stands still does it well"
            )


def _alike(one: Step, other: Step) -> bool:
    """Whether two steps give each other nearly full marks wherever both can be seen, or as mirror images."""
    shared = [view for view in one.views if view in other.views]
    if one.kind is not other.kind or not shared:
        return False
    as_it_is = all(_points(one, other, view) >= TOO_LIKE for view in shared)
    turned = other.mirrored()
    mirrored = [view for view in one.views if view in turned.views]
    return as_it_is or (bool(mirrored) and all(_points(one, turned, view) >= TOO_LIKE for view in mirrored))


def _points(one: Step, other: Step, view: View) -> float:
    """The less of what each gives the other."""
    found = (_given(done.views[view], yardstick(asked, view)) for done, asked in ((one, other), (other, one)))
    return min(found)


def _given(performed: PoseSequence, ruler: Yardstick) -> float:
    if ruler.kind is StepKind.REPS:
        home = NormalisedPose(0.0, performed.xy[0], performed.weights[0], np.zeros(2), 1.0)
        reach = float(ruler.reaches(performed).max())
        off = unlikeness(performed, home, ruler, reach)
        if off is None or another(off, reach):
            return 0.0
    return measure(performed, ruler).score or 0.0
