"""Programmes as they can be done on this box, by whom it is for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date

from posecoach.adapters.data_home import data_home
from posecoach.adapters.programme_folder import ProgrammeFolder
from posecoach.cli.recordings import routines
from posecoach.coach.adapt import require_doable
from posecoach.coach.body_limits import AS_RECORDED, BodyDifferences
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.programme import PlannedRoutine, Programme, planned_routines, problems
from posecoach.coach.routine import Routine
from posecoach.errors import PosecoachError, ProgrammeError


@dataclass(frozen=True, slots=True, eq=False)
class DayOf:
    """A day of a programme.

    Attributes:
        programme: What it is.
        sets: What is done on it.
        since: When it was given to the person; `None` where it was not.
    """

    programme: Programme
    sets: tuple[PlannedRoutine, ...]
    since: date | None = None


def programmes() -> ProgrammeFolder:
    """The programmes of this box."""
    return ProgrammeFolder(data_home())


def day_of(programme: Programme, body: BodyDifferences = AS_RECORDED, since: date | None = None) -> DayOf:
    """A programme as it can be done here.

    Raises:
        ProgrammeError: It cannot; tells everything that keeps it from being done.
        RoutineError: One of its routines is broken.
    """
    found, wrong = _routines_of(programme)
    if not wrong:
        for number, exercise in enumerate(programme.exercises):
            try:
                require_doable(found[exercise.routine], body)
            except PosecoachError as error:
                wrong.append(f"exercises[{number}]: {error}")
    if wrong:
        raise ProgrammeError("\n  ".join([f"programme {programme.id!r} cannot be done here:", *wrong]))
    return DayOf(programme, planned_routines(programme, found), since)


def _routines_of(programme: Programme) -> tuple[dict[str, Routine], list[str]]:
    """The routines of a programme that are here, by id; and what keeps it from being done."""
    store = routines()
    known = store.ids()
    wanted = dict.fromkeys(exercise.routine for exercise in programme.exercises)
    found = {name: store.load(name) for name in wanted if name in known}
    return found, problems(programme, found, known)


def given_days(person: NamedPerson | None, body: BodyDifferences) -> list[DayOf]:
    """What a person was given to do; one that cannot be done must not keep them from the others."""
    if person is None:
        return []
    days = []
    store = programmes()
    for given in store.given_to(person):
        try:
            days.append(day_of(store.load(given.programme), body, given.since))
        except PosecoachError as error:
            print(f"posecoach: left out: {error}", file=sys.stderr, flush=True)
    return days
