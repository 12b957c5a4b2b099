"""What a programme's file says: read with everything that is wrong told at once, and written for people."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from posecoach.coach.programme import DAYS, REST_S, Exercise, Programme, Side
from posecoach.errors import ProgrammeError

FORMAT: Final = "posecoach-programme"
VERSION: Final = 1
ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MOST_EXERCISES: Final = 50
_MOST_SETS: Final = 50
_LONGEST_NAME: Final = 60
_LONGEST_NOTE: Final = 200
_KEYS: Final = ("format", "version", "name", "note", "days", "exercises")
_EXERCISE_KEYS: Final = ("routine", "sets", "reps", "hold_s", "rest_s", "side")


def read_programme(programme: str, document: Mapping[str, Any], where: str) -> Programme:
    """The programme that a document describes.

    Args:
        programme: Its id.
        document: Of TOML.
        where: The file, for the message.

    Raises:
        ProgrammeError: Something is missing or wrong; tells everything that is, each with its key.
    """
    wrong: list[str] = list(_header(document))
    name = _words(document.get("name"), "name", _LONGEST_NAME, wrong)
    note = _words(document["note"], "note", _LONGEST_NOTE, wrong) if "note" in document else ""
    days = document.get("days", [])
    if not isinstance(days, list) or not all(day in DAYS for day in days):
        wrong.append(f"days: must be a list of {', '.join(DAYS)}, got {days!r}")
        days = []
    listed = document.get("exercises")
    exercises: list[Exercise] = []
    if not isinstance(listed, list) or not 1 <= len(listed) <= _MOST_EXERCISES:
        wrong.append(f"exercises: must be 1 to {_MOST_EXERCISES} tables, [[exercises]] each")
    else:
        exercises = [_exercise(each, f"exercises[{number}]", wrong) for number, each in enumerate(listed)]
    if wrong:
        raise ProgrammeError("\n  ".join([f"{where}:", *wrong]))
    return Programme(programme, name, tuple(exercises), tuple(dict.fromkeys(days)), note)


def programme_text(programme: Programme) -> str:
    """A programme as text for people. JSON strings, numbers and lists of strings are TOML as well."""
    lines = [
        "# A posecoach programme: what somebody does on a day. Edit it, then run: posecoach programme check",
        f'format = "{FORMAT}"',
        f"version = {VERSION}",
        f"name = {_quoted(programme.name)}",
        *([f"note = {_quoted(programme.note)}  # for whoever does it"] if programme.note else []),
        f"days = {_quoted(list(programme.days))}  # of {', '.join(DAYS)}; empty is every day",
        "",
        "# For each exercise, in order:",
        "#   sets    how often, 1 if left out",
        "#   reps    repetitions of each set, or hold_s seconds, if other than the routine's own",
        f"#   rest_s  how long to rest after each set, {REST_S:g} if left out",
        "#   side    where either side of the body may be used: shown (as recorded), other, each (every set",
        "#           twice, first the one, then the other); left out it is as somebody likes",
    ]
    for exercise in programme.exercises:
        lines += ["", "[[exercises]]", f"routine = {_quoted(exercise.routine)}", f"sets = {exercise.sets}"]
        lines += [f"reps = {exercise.reps}"] if exercise.reps is not None else []
        lines += [f"hold_s = {exercise.hold_s:g}"] if exercise.hold_s is not None else []
        lines += [f"rest_s = {exercise.rest_s:g}"]
        lines += [f'side = "{exercise.side}"'] if exercise.side is not Side.FREE else []
    return "\n".join([*lines, ""])


def _header(document: Mapping[str, Any]) -> Iterator[str]:
    if document.get("format") != FORMAT:
        yield f'format: must be "{FORMAT}", got {document.get("format")!r}'
    if document.get("version") != VERSION:
        yield f"version: this program reads {VERSION}, got {document.get('version')!r}"
    yield from _unknown(document, _KEYS, "")


def _exercise(table: Any, where: str, wrong: list[str]) -> Exercise:
    if not isinstance(table, dict):
        wrong.append(f"{where}: must be a table, [[exercises]]")
        return Exercise("")
    wrong += _unknown(table, _EXERCISE_KEYS, f"{where}.")
    routine = table.get("routine")
    if not isinstance(routine, str) or not ID.fullmatch(routine):
        wrong.append(f"{where}.routine: must be the id of a routine, got {routine!r}")
        routine = ""
    side = table.get("side", Side.FREE.value)
    if side not in set(Side):
        wrong.append(f"{where}.side: must be one of {', '.join(Side)}, got {side!r}")
        side = Side.FREE
    reps, hold_s = table.get("reps"), table.get("hold_s")
    return Exercise(
        routine,
        int(_number(table.get("sets", 1), 1, _MOST_SETS, f"{where}.sets", wrong, whole=True)),
        None if reps is None else int(_number(reps, 1, 10_000, f"{where}.reps", wrong, whole=True)),
        None if hold_s is None else _number(hold_s, 0.5, 3600.0, f"{where}.hold_s", wrong),
        _number(table.get("rest_s", REST_S), 0.0, 3600.0, f"{where}.rest_s", wrong),
        Side(side),
    )


def _number(
    value: Any, least: float, most: float, key: str, wrong: list[str], *, whole: bool = False
) -> float:
    kinds = (int,) if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
        kind = "a whole number" if whole else "a number"
        wrong.append(f"{key}: must be {kind} from {least:g} to {most:g}, got {value!r}")
        return float(least)
    return float(value)


def _words(value: Any, key: str, longest: int, wrong: list[str]) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > longest:
        wrong.append(f"{key}: must be words on one line, {longest} letters at most, got {str(value)[:60]!r}")
        return ""
    return value


def _unknown(table: Mapping[str, Any], known: Sequence[str], prefix: str) -> Iterator[str]:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
            yield f"{prefix}{key}: unknown key{hint}"


def _quoted(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
