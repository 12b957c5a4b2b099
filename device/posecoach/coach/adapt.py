"""A step as it is asked of a body that differs: what is left of it, in which views, on which side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.body_limits import BodyDifferences, in_words, left_out
from posecoach.coach.routine import Routine, Sides, Step, View, shown
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.errors import RoutineError
from posecoach.skeleton import Keypoint

LEAST_LEFT: Final = 0.4
"""Share of what a step is about that must be left of it: without one of two arms half is, without the legs
of a squat a third, and that is only the rest of the body going along."""

_FEET: Final = (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """One of the ways in which a step may be done.

    Attributes:
        step: What is asked for.
        mirrored: Whether that is the mirror image of what was recorded.
    """

    step: Step
    mirrored: bool = False


def variants(step: Step, body: BodyDifferences) -> tuple[Variant, ...]:
    """The ways in which somebody can do a step: as recorded first, then its mirror image.

    A way, and a view of it, of which too little is left is none.

    Raises:
        RoutineError: Nothing is left; says without what.
    """
    sides = (step, step.mirrored()) if step.sides is Sides.EITHER else (step,)
    adapted = [_adapted(each, body) for each in sides]
    found = [Variant(left, bool(number)) for number, left in enumerate(adapted) if left is not None]
    if not found:
        parts = in_words(body.parts(seated_step=step.seated))
        raise RoutineError(f"without {parts} too little of it is left to judge; choose another exercise")
    if len(found) < len(sides):  # the one side is all there is
        found = [replace(variant, step=replace(variant.step, sides=Sides.BOTH)) for variant in found]
    return tuple(found)


def require_doable(routine: Routine, body: BodyDifferences) -> None:
    """Say at once that a routine has a step of which a body can do nothing.

    Raises:
        RoutineError: There is one; names it.
    """
    for number, step in enumerate(routine.steps):
        try:
            variants(step, body)
        except RoutineError as error:
            where = f", steps[{number}]" if len(routine.steps) > 1 else ""
            raise RoutineError(f"{routine.name}{where}: {error}") from error


def doable(routine: Routine, body: BodyDifferences) -> bool:
    """Whether a body can do something of every step of a routine."""
    try:
        require_doable(routine, body)
    except RoutineError:
        return False
    return True


def _adapted(step: Step, body: BodyDifferences) -> Step | None:
    """The step without what is left out, in the views where enough is left; `None` where in none."""
    parts = body.parts(seated_step=step.seated)
    if not parts:
        return step
    views = {view: each for view, each in step.views.items() if _left(step, view, parts) >= LEAST_LEFT}
    if not views:
        return None
    best_views = tuple(view for view in step.best_views if view in views)
    without = tuple(dict.fromkeys((*step.without, *parts)))
    return replace(step, views=views, best_views=best_views, without=without)


def _left(step: Step, view: View, parts: tuple[str, ...]) -> float:
    """Share of what a step is about, in a view, that is left without some parts, 0..1.

    Of a movement, how far its keypoints come, each by its emphasis; of a held pose the emphasis alone.
    One that goes down and up on the feet is of the legs, whatever the arms do meanwhile.
    """
    reference = step.views[view]
    ignored, feet = left_out(parts), [foot for foot in _FEET if shown(reference)[foot]]
    if step.kind is StepKind.REPS and ignored[feet].all() and yardstick(step, view).on_both_feet:
        return 0.0
    about: NDArray[np.float64] = step.emphasis() * shown(reference)
    if step.kind is not StepKind.HOLD:
        away = np.hypot(*np.moveaxis(reference.xy - reference.xy[0], -1, 0))
        known = reference.weights * reference.weights[0]
        about = about * (away * known).max(axis=0)
    return float(about[~ignored].sum() / max(about.sum(), 1e-9))
