"""A programme, and how somebody kept to it: in JSON, and in lines for people."""

from __future__ import annotations

from typing import Any, Final

from posecoach.coach.adherence import Adherence
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.programme import Exercise, Programme, Side

_WEEKS: Final = 8
"""So many are shown; the JSON has all."""


def programme_facts(programme: Programme) -> dict[str, Any]:
    """A programme in JSON."""
    return {
        "id": programme.id,
        "name": programme.name,
        "note": programme.note or None,
        "days": list(programme.days),
        "sets": programme.set_count,
        "exercises": [
            {
                "routine": exercise.routine,
                "sets": exercise.sets,
                "reps": exercise.reps,
                "hold_s": exercise.hold_s,
                "rest_s": exercise.rest_s,
                "side": exercise.side.value,
            }
            for exercise in programme.exercises
        ],
    }


def adherence_facts(kept: Adherence) -> dict[str, Any]:
    """How somebody kept to a programme, in JSON."""
    share = kept.share
    return {
        "programme": kept.programme,
        "name": kept.name,
        "share": None if share is None else round(share, 3),
        "days": [
            {"day": day.day.isoformat(), "planned": day.planned, "done": day.done}
            for day in kept.days
            if day.planned or day.done
        ],
        "weeks": [
            {"monday": week.day.isoformat(), "planned": week.planned, "done": week.done}
            for week in kept.weeks
        ],
    }


def adherence_lines(kept: Adherence | None, who: NamedPerson) -> list[str]:
    """The same for people: week by week, the newest last."""
    if kept is None:
        return [f"{who.name} has done nothing of it, and was not given it."]
    share = "" if kept.share is None else f": {kept.share:.0%} of what was planned"
    lines = [f"{who.name}{share}", f"  {'week of':<12}{'done':>6}{'planned':>9}"]
    return lines + [
        f"  {week.day.isoformat():<12}{week.done:>6}{week.planned:>9}" for week in kept.weeks[-_WEEKS:]
    ]


def exercise_line(exercise: Exercise) -> str:
    """What is asked of somebody, for people."""
    each = f" of {exercise.reps}" if exercise.reps is not None else ""
    each = f" of {exercise.hold_s:g} s" if exercise.hold_s is not None else each
    sets = "1 set" if exercise.sets == 1 else f"{exercise.sets} sets"
    side = {Side.SHOWN: ", as shown", Side.OTHER: ", the other side", Side.EACH: ", with each side"}
    return f"{exercise.routine}: {sets}{each}, {exercise.rest_s:g} s rest{side.get(exercise.side, '')}"
