"""What `routine.toml` says: read with the key named where it is wrong; `_routine_text` writes it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Set
from typing import Any, Final, TypeVar

from posecoach.adapters._brief import brief
from posecoach.adapters._routine_text import FORMAT, VERSION
from posecoach.coach.body_limits import left_out
from posecoach.coach.routine import LimbRule, Origin, Routine, Sides, Step, View
from posecoach.coach.view import StepKind
from posecoach.errors import BodyError, RoutineError
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Limb

_LONGEST_SENTENCE: Final = 200
_LONGEST_CUE: Final = 60
_MOST_INSTRUCTIONS: Final = 12
_LONGEST_NOTE: Final = 10_000  # it is for people; a longer one is shown in part
_MOST_STEPS: Final = 50
LONGEST_NAME: Final = 100
"""Of a routine, in letters."""
_STEP_KEYS: Final = frozenset(
    (
        "kind",
        "reps",
        "hold_s",
        "rest_s",
        "seated",
        "sides",
        "posture",
        "tempo",
        "learned",
        "best_views",
        "without",
        "tracks",
        "cues",
        "limbs",
    )
)

Reference = Callable[[Any, str], PoseSequence]
"""Reads the track of a file's name; the key it stands under is for the message."""
_Choice = TypeVar("_Choice", StepKind, View, Limb, Sides)


def read_routine(routine_id: str, document: Mapping[str, Any], reference: Reference) -> Routine:
    """The routine that a `routine.toml` describes.

    Raises:
        RoutineError: Something is missing or wrong; names the key.
    """
    if document.get("format") != FORMAT:
        raise RoutineError(f'expected format = "{FORMAT}", got {_shown(document.get("format"))}')
    if document.get("version") != VERSION:
        raise RoutineError(
            f"version is {_shown(document.get('version'))}, this program reads version {VERSION}"
        )
    _only(document, {"format", "version", "name", "summary", "instructions", "notes", "steps"}, "")
    steps = _typed(document, "steps", list, "")
    if len(steps) > _MOST_STEPS:
        raise RoutineError(f"steps: at most {_MOST_STEPS}, got {len(steps)}")
    instructions = _typed(document, "instructions", list, "", [])
    if len(instructions) > _MOST_INSTRUCTIONS:
        raise RoutineError(f"instructions: at most {_MOST_INSTRUCTIONS} sentences, got {len(instructions)}")
    notes = _typed(document, "notes", list, "", [])
    return Routine(
        id=routine_id,
        name=_words(_typed(document, "name", str, ""), LONGEST_NAME, "name"),
        steps=tuple(_step(step, f"steps[{number}]", reference) for number, step in enumerate(steps)),
        notes=tuple(brief(note, _LONGEST_NOTE) for note in notes),
        summary=_words(document["summary"], _LONGEST_SENTENCE, "summary") if "summary" in document else "",
        instructions=tuple(
            _words(sentence, _LONGEST_SENTENCE, f"instructions[{number}]")
            for number, sentence in enumerate(instructions)
        ),
    )


def _shown(value: Any) -> str:
    """A value that may be anything, as a piece of a message."""
    return brief(value if isinstance(value, list | dict | int | float) else repr(value), 80)


def _step(step: Any, where: str, reference: Reference) -> Step:
    if not isinstance(step, dict):
        raise RoutineError(f"{where}: must be a table")
    dot = f"{where}."
    _only(
        step,
        _STEP_KEYS,
        dot,
    )
    kind = _choice(StepKind, _typed(step, "kind", str, dot), f"{where}.kind")
    views = {}
    for view, file in _typed(step, "tracks", dict, dot).items():
        key = f"{where}.tracks.{view}"
        views[_choice(View, view, key)] = reference(file, key)
    rules = {
        _choice(Limb, limb, f"{where}.limbs.{limb}"): _rule(rule, f"{where}.limbs.{limb}")
        for limb, rule in _typed(step, "limbs", dict, dot).items()
    }
    reps, hold_s = step.get("reps"), step.get("hold_s")
    if reps is not None and (type(reps) is not int or not 1 <= reps <= 10_000):
        raise RoutineError(f"{where}.reps: must be a whole number from 1 to 10000, got {_shown(reps)}")
    if hold_s is not None:
        hold_s = _number(hold_s, 0.5, 3600.0, f"{where}.hold_s")
    cues = {
        key: _words(words, _LONGEST_CUE, f"{where}.cues.{key}")
        for key, words in _typed(step, "cues", dict, dot, {}).items()
    }
    best_views = _typed(step, "best_views", list, dot, [])
    without = _typed(step, "without", list, dot, [])
    if not all(isinstance(part, str) for part in without):
        raise RoutineError(f"{where}.without: must be names of parts of the body, got {_shown(without)}")
    try:
        left_out(without)
    except BodyError as error:
        raise RoutineError(f"{where}.without: {error}") from error
    try:
        return Step(
            kind=kind,
            views=views,
            limbs=rules,
            reps=reps,
            hold_s=hold_s,
            cues=cues,
            seated=_typed(step, "seated", bool, dot, False),
            sides=_choice(Sides, _typed(step, "sides", str, dot, Sides.BOTH.value), f"{where}.sides"),
            rest_s=_number(step.get("rest_s", 0.0), 0.0, 3600.0, f"{where}.rest_s"),
            posture=_number(step.get("posture", 0.0), 0.0, 1.0, f"{where}.posture"),
            tempo=_tempo(step.get("tempo", [1.0, 1.0]), f"{where}.tempo"),
            origin=_origin(step.get("learned"), f"{where}.learned"),
            best_views=tuple(_choice(View, view, f"{where}.best_views") for view in best_views),
            without=tuple(without),
        )
    except RoutineError as error:
        raise RoutineError(f"{where}: {error}") from error


def _rule(rule: Any, where: str) -> LimbRule:
    if not isinstance(rule, dict):
        raise RoutineError(f"{where}: must be a table with emphasis and tolerance")
    _only(rule, {"emphasis", "tolerance"}, f"{where}.")
    for key in ("emphasis", "tolerance"):
        if key not in rule:
            raise RoutineError(f"{where}.{key} is missing")
    emphasis = _number(rule["emphasis"], 0.0, 1.0, f"{where}.emphasis")
    return LimbRule(emphasis, _number(rule["tolerance"], 0.01, 2.0, f"{where}.tolerance"))


def _tempo(value: Any, key: str) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise RoutineError(f"{key}: must be two numbers, the slowest and the fastest, got {_shown(value)}")
    return _number(value[0], 0.1, 1.0, f"{key}[0]"), _number(value[1], 1.0, 10.0, f"{key}[1]")


def _origin(table: Any, where: str) -> Origin | None:
    if table is None:
        return None
    if not isinstance(table, dict):
        raise RoutineError(f"{where}: must be a table")
    dot = f"{where}."
    _only(table, {"recordings", "performances", "within", "between"}, dot)
    performances = {
        _choice(View, view, f"{dot}performances.{view}"): _count(count, f"{dot}performances.{view}")
        for view, count in _typed(table, "performances", dict, dot).items()
    }
    within, between = (
        None if key not in table else _number(table[key], 0.0, 10.0, f"{dot}{key}")
        for key in ("within", "between")
    )
    return Origin(_count(table.get("recordings"), f"{dot}recordings"), performances, within, between)


def _count(value: Any, key: str) -> int:
    if type(value) is not int or not 1 <= value <= 1_000_000:
        raise RoutineError(f"{key}: must be a whole number from 1 to 1000000, got {_shown(value)}")
    return value


def _number(value: Any, least: float, most: float, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise RoutineError(f"{key}: must be a number from {least:g} to {most:g}, got {_shown(value)}")
    return float(value)


def _words(value: Any, longest: int, key: str) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > longest:
        raise RoutineError(
            f"{key}: must be words on one line, {longest} letters at most, got {_shown(value)}"
        )
    return value


def _typed(table: Mapping[str, Any], key: str, kind: type, prefix: str, default: Any = None) -> Any:
    value = table.get(key, default)
    if value is None:
        raise RoutineError(f"{prefix}{key} is missing")
    if not isinstance(value, kind):
        raise RoutineError(f"{prefix}{key}: must be a {kind.__name__}, got {type(value).__name__}")
    return value


def _choice(kinds: type[_Choice], value: str, key: str) -> _Choice:
    try:
        return kinds(value)
    except ValueError:
        known = ", ".join(kind.value for kind in kinds)
        raise RoutineError(f"{key}: unknown {_shown(value)}; known: {known}") from None


def _only(table: Mapping[str, Any], known: Set[str], prefix: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"
            raise RoutineError(f"{prefix}{key}: unknown key{hint}")
