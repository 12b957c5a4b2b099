"""`routine.toml` as it is written: numbers with where they came from, and what changes if they are larger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from posecoach.coach.learn import Learned
from posecoach.coach.learn_rules import LEAST_EMPHASIS, TOLERANCE_CEILING
from posecoach.coach.routine import TOLERANCE_FLOOR, LimbRule, Origin, Step, View
from posecoach.coach.view import StepKind
from posecoach.skeleton import Limb

FORMAT: Final = "posecoach-routine"
VERSION: Final = 1
TORSO_CM: Final = 50.0
"""From the hips to the shoulders of an adult, about."""

_COLUMN: Final = 20


def routine_text(
    name: str, learned: Learned, files: Mapping[View, str], summary: str, instructions: Sequence[str]
) -> str:
    """The routine as text for people. JSON strings, numbers and lists of strings are TOML as well."""
    step = learned.step
    lines = [
        "# A posecoach routine. Edit it, then run: posecoach routine check",
        f'format = "{FORMAT}"',
        f"version = {VERSION}",
        f"name = {_quoted(name)}",
        *([f"summary = {_quoted(summary)}"] if summary else []),
        *(
            ["instructions = [", *(f"  {_quoted(text)}," for text in instructions), "]"]
            if instructions
            else []
        ),
        "# How it was learned.",
        *_notes(learned.notes),
        "",
        "[[steps]]",
        *_step(step),
        "",
        "[steps.tracks]  # the reference as seen from each side",
        *(f"{view} = {_quoted(file)}" for view, file in files.items()),
        "",
    ]
    if step.cues:
        lines += ["[steps.cues]  # the coach's words, instead of its own"]
        lines += [*(f"{key} = {_quoted(words)}" for key, words in step.cues.items()), ""]
    if step.origin is not None:
        lines += [*_origin(step.origin), ""]
    lines += _legend(step)
    for limb, rule in step.limbs.items():
        lines += [f"[steps.limbs.{limb}]", *_rule(rule, step, limb), ""]
    return "\n".join(lines)


def _notes(notes: Sequence[str]) -> Iterator[str]:
    if len(notes) < 2:
        yield f"notes = {_quoted(list(notes))}"
        return
    yield "notes = ["
    for note in notes:
        yield f"  {_quoted(note)},"
    yield "]"


def _step(step: Step) -> Iterator[str]:
    yield f'kind = "{step.kind}"  # reps: a cycle that is counted; hold: a pose; flow: a sequence done once'
    if step.posture:
        yield f"posture = {step.posture}  # how far one's own starting pose may differ, in torso lengths"
    if step.reps:
        yield f"reps = {step.reps}  # how many, or how long, are asked for"
    elif step.hold_s:
        yield f"hold_s = {step.hold_s}  # how many, or how long, are asked for"
    if step.rest_s:
        yield f"rest_s = {step.rest_s}  # how long to rest after it"
    if step.tempo != (1.0, 1.0):
        yield "# The slowest and the fastest recording, in times as fast as the reference. Whoever is half as"
        yield "# fast again as the fastest is told to slow down; the slowest is only to be read."
        yield f"tempo = [{step.tempo[0]}, {step.tempo[1]}]"
    if step.seated:
        yield "seated = true"
    if step.sides != "both":
        yield f'sides = "{step.sides}"  # or the other side, as its mirror image'
    if step.best_views:
        yield f"best_views = {_quoted([view.value for view in step.best_views])}"
    if step.without:
        yield f"without = {_quoted(list(step.without))}  # what nothing is asked of"


def _origin(origin: Origin) -> Iterator[str]:
    seen = ", ".join(f"{view} = {count}" for view, count in origin.performances.items())
    yield "[steps.learned]  # what it was made from: to be read, it changes no score"
    yield f"recordings = {origin.recordings}"
    yield f"performances = {{ {seen} }}  # how many were used, by the side they are seen from"
    if origin.within is not None:
        yield f"within = {origin.within}  # how far two of one recording are usually apart, in torso lengths"
    if origin.between is not None:
        yield f"between = {origin.between}  # and two of different recordings, and so perhaps people"


def _legend(step: Step) -> Iterator[str]:
    if step.origin is None:
        yield "# emphasis: how much a limb matters, 0 to 1."
        yield "# tolerance: how far off is still perfect, in torso lengths."
        return
    yield "# emphasis: how much a limb matters, 0 to 1. Larger: it weighs more in the score, and is corrected"
    yield "#   sooner. 0: nothing is asked of it."
    yield "# tolerance: how far off is still perfect, in torso lengths (hips to shoulders, about"
    yield f"#   {TORSO_CM:.0f} cm in an adult). Larger: kinder, and small faults are no longer named."
    yield f"#   Less than {TOLERANCE_FLOOR} asks for more than a camera can see."


def _rule(rule: LimbRule, step: Step, limb: Limb) -> Iterator[str]:
    if step.origin is None:
        yield f"emphasis = {rule.emphasis}"
        yield f"tolerance = {rule.tolerance}"
        return
    yield _beside(f"emphasis = {rule.emphasis}", _why_emphasis(rule, step, limb))
    yield _beside(f"tolerance = {rule.tolerance}", _why_tolerance(rule, step))


def _why_emphasis(rule: LimbRule, step: Step, limb: Limb) -> str:
    if rule.emphasis == 0:
        return "not seen in the recordings"
    if step.kind is StepKind.HOLD:
        return "where somebody looks matters little" if limb is Limb.HEAD else "all of a held pose matters"
    if rule.emphasis >= 1:
        return "moves most, or carries the movement"
    if rule.emphasis <= LEAST_EMPHASIS:
        return "hardly moves: the least"
    return f"moves {rule.emphasis:.0%} as far as what moves most"


def _why_tolerance(rule: LimbRule, step: Step) -> str:
    about = f"about {rule.tolerance * TORSO_CM:.0f} cm"
    if rule.tolerance <= TOLERANCE_FLOOR:
        assert step.origin is not None
        one = sum(step.origin.performances.values()) == 1
        return f"{about}: the floor, {'there is only one of it' if one else 'the recordings differ by less'}"
    if rule.tolerance >= TOLERANCE_CEILING:
        return f"{about}: the most there is, the recordings differ by more"
    return f"{about}: as far as the recordings differ"


def _beside(number: str, words: str) -> str:
    return f"{number:<{_COLUMN}}# {words}"


def _quoted(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
