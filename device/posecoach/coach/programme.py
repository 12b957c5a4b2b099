"""A programme: which routines somebody does on a day, how many sets of each, and what comes between."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from posecoach.coach.records import PlannedSet
from posecoach.coach.routine import Routine, Sides
from posecoach.coach.view import StepKind

REST_S: Final = 30.0
"""Between two sets, where nobody has said how long."""


class Side(StrEnum):
    """With which side of the body a set is done, where it may be either."""

    SHOWN = "shown"
    """The one that the routine was recorded with."""
    OTHER = "other"
    EACH = "each"
    """Every set twice: first the one, then the other."""
    FREE = "free"
    """As somebody likes."""


DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As `date.weekday` counts them."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One routine of a programme.

    Attributes:
        routine: Its id.
        sets: How often.
        reps: Repetitions of each set; `None` as the routine has it.
        hold_s: Seconds of each set; likewise.
        rest_s: How long to rest after each set.
        side: With which side of the body.
    """

    routine: str
    sets: int = 1
    reps: int | None = None
    hold_s: float | None = None
    rest_s: float = REST_S
    side: Side = Side.FREE


@dataclass(frozen=True, slots=True)
class Programme:
    """What somebody does on a day.

    Attributes:
        id: Name of its file.
        name: In words.
        exercises: In order; at least one.
        days: On which days, of `DAYS`; all of them where empty.
        note: Of whoever wrote it, for whoever does it; may be empty.
    """

    id: str
    name: str
    exercises: tuple[Exercise, ...]
    days: tuple[str, ...] = ()
    note: str = ""

    def on(self, day: date) -> bool:
        """Whether it is planned for a day."""
        return not self.days or DAYS[day.weekday()] in self.days

    @property
    def set_count(self) -> int:
        """How many sets a day has."""
        return sum(each.sets * (2 if each.side is Side.EACH else 1) for each in self.exercises)


@dataclass(frozen=True, slots=True, eq=False)
class PlannedRoutine:
    """One set, ready to be done.

    Attributes:
        routine: What is done, as often and with the side that the programme asks for.
        planned: Its place in the programme, as the history keeps it.
        rest_s: How long to rest after it.
        set_of: Which of how many sets of its exercise it is, counted from 1.
    """

    routine: Routine
    planned: PlannedSet
    rest_s: float
    set_of: tuple[int, int]


def planned_routines(programme: Programme, routines: Mapping[str, Routine]) -> tuple[PlannedRoutine, ...]:
    """The sets of a day, in order.

    Args:
        programme: What is to be done.
        routines: By id; all that it names.
    """
    sets = [
        (exercise, number, of, _asked(routines[exercise.routine], exercise, side))
        for exercise in programme.exercises
        for number, of, side in _sides(exercise)
    ]
    return tuple(
        PlannedRoutine(
            routine,
            PlannedSet(programme.id, programme.name, place, len(sets), *_amount(routine)),
            exercise.rest_s,
            (number, of),
        )
        for place, (exercise, number, of, routine) in enumerate(sets)
    )


def problems(programme: Programme, routines: Mapping[str, Routine], known: Sequence[str]) -> list[str]:
    """What keeps a programme from being done here: routines there are not, and what they cannot be asked.

    Args:
        programme: As it was read.
        routines: Those of it that there are, by id.
        known: All that there are.
    """
    found = []
    for number, exercise in enumerate(programme.exercises):
        where = f"exercises[{number}]"
        routine = routines.get(exercise.routine)
        if routine is None:
            near = difflib.get_close_matches(exercise.routine, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            found.append(f"{where}.routine: no routine {exercise.routine!r} on this box{hint}")
            continue
        step = routine.steps[0]
        if exercise.reps is not None and step.kind is not StepKind.REPS:
            found.append(f"{where}.reps: {routine.name} is not counted; it is a {step.kind}")
        if exercise.hold_s is not None and step.kind is not StepKind.HOLD:
            found.append(f"{where}.hold_s: {routine.name} is not held; it is of kind {step.kind}")
        if exercise.side is not Side.FREE and step.sides is not Sides.EITHER:
            found.append(f"{where}.side: {routine.name} is done with both sides")
    return found


def left_to_do(planned: PlannedRoutine, done: float) -> PlannedRoutine:
    """What is left of a set of which something was done before the lights went out.

    Args:
        planned: The set.
        done: Repetitions, or seconds, less than it asks for.
    """
    step = planned.routine.steps[0]
    if len(planned.routine.steps) > 1:
        return planned  # from its beginning
    if step.kind is StepKind.REPS and step.reps:
        step = replace(step, reps=max(1, step.reps - int(done)))
    elif step.kind is StepKind.HOLD and step.hold_s:
        step = replace(step, hold_s=max(1.0, step.hold_s - done))
    routine = replace(planned.routine, steps=(step, *planned.routine.steps[1:]))
    return replace(planned, routine=routine)


def _amount(routine: Routine) -> tuple[float, str]:
    """How much a routine asks for, and of what."""
    step = routine.steps[0]
    if len(routine.steps) > 1:
        return float(len(routine.steps)), "steps"
    if step.kind is StepKind.REPS:
        return float(step.reps or 1), "reps"
    return (float(step.hold_s or 1.0), "hold") if step.kind is StepKind.HOLD else (1.0, "flow")


def _sides(exercise: Exercise) -> Iterator[tuple[int, int, Side]]:
    """Number and count, and the side, of every set of an exercise."""
    each = (Side.SHOWN, Side.OTHER) if exercise.side is Side.EACH else (exercise.side,)
    of = exercise.sets * len(each)
    for number in range(of):
        yield number + 1, of, each[number % len(each)]


def _asked(routine: Routine, exercise: Exercise, side: Side) -> Routine:
    """The routine as a set of it is done; what it asks for beyond its first step stays."""
    step = routine.steps[0]
    if side is Side.OTHER:
        step = replace(step.mirrored(), sides=Sides.BOTH)
    elif side is Side.SHOWN:
        step = replace(step, sides=Sides.BOTH)
    if exercise.reps is not None:
        step = replace(step, reps=exercise.reps)
    if exercise.hold_s is not None:
        step = replace(step, hold_s=exercise.hold_s)
    return replace(routine, steps=(step, *routine.steps[1:]))
