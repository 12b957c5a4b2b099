"""Scores that mean what they say: perfect, another body, half done, standing still, another exercise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from evaluation.performances import athlete, parts_of, routine, sight, track
from evaluation.rows import Effort, Row
from posecoach.cli.score import scored
from posecoach.coach.routine import View
from posecoach.coach.view import StepKind
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.motions import MOTIONS

PEOPLE, QUICK_PEOPLE = 12, 2
STILL_S = 12.0
ROUNDING = 0.1
"""A score has one decimal; so much more is no more."""
LADDERS: dict[str, tuple[float, ...]] = {
    "shallow": (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9),
    "low_arm": (0.0, 15.0, 30.0, 45.0, 60.0, 80.0),
    "lean": (0.0, 8.0, 16.0, 24.0, 32.0, 40.0),
    "asymmetry.left": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
}
"""Each fault from none to far too much, all else equal."""
ARMED = frozenset(
    {
        "shoulder_abduction",
        "shoulder_flexion",
        "shoulder_press",
        "seated_arm_raise",
        "tree",
        "warrior_two",
        "chair",
    }
)
ONE_SIDED = frozenset(
    {"shoulder_abduction", "shoulder_flexion", "shoulder_press", "side_leg_raise", "knee_raise",
     "seated_arm_raise", "seated_knee_extension"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One performance that is scored by a routine.

    Attributes:
        what: ``perfect``, ``body``, ``half``, ``still``, ``other``, or the name of a ladder.
        routine: By which it is scored.
        view: From where it is seen.
        person: Who does it; `None` for the body that the reference was made with.
        motion: What is done.
        amount: Of the fault of the ladder.
    """

    what: str
    routine: str
    view: View
    person: int | None
    motion: str
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said of it: the session's score, those of its parts, and how many parts were good."""

    task: Task
    score: float | None
    parts: tuple[float | None, ...]
    good: int
    reason: str


def judged(task: Task) -> Outcome:
    """Perform and score."""
    faults = []
    if task.what == "half":
        faults = [Fault.parse("shallow:0.5")]
    elif task.what in LADDERS and task.amount:
        faults = [Fault.parse(f"{task.what}:{task.amount}")]
    reps = 3 if MOTIONS[task.motion].kind is StepKind.REPS else None
    varied = task.what in ("body", "half", "other", "still")
    performer = athlete(
        task.motion, task.view, task.person, faults, reps=reps, variation=1.0 if varied else 0.0
    )
    if task.what == "still":
        performer = athlete(task.motion, task.view, task.person, [Fault.parse("shallow:1")], reps=reps)
    seen = sight(0 if task.person is None or task.what in LADDERS else task.person)
    report = scored(track(performer, seen, task.person or 0), routine(task.routine))
    parts = parts_of(report)
    return Outcome(
        task,
        report["score"],
        tuple(part["score"] for part in parts),
        sum(part["verdict"] == "good" for part in parts),
        report["reason"] or "",
    )


def tasks(people: int, ladder_people: int) -> Iterator[Task]:
    """Every performance of the table, in the views that the routines recommend."""
    for name in MOTIONS:
        for view in routine(name).steps[0].best_views:
            yield Task("perfect", name, view, None, name)
            for person in range(people):
                yield Task("body", name, view, person, name)
                yield Task("half", name, view, person, name)
            for person in range(ladder_people):
                yield Task("still", name, view, person, name)
                for ladder, amounts in LADDERS.items():
                    if suits(ladder, name, view):
                        yield from (Task(ladder, name, view, person, name, amount) for amount in amounts)
        view = routine(name).steps[0].best_views[0]
        for number, other in enumerate(MOTIONS):
            if other != name:
                yield Task("other", name, view, number, other)


def suits(ladder: str, motion: str, view: View) -> bool:
    """Whether a fault can be in a motion, and be seen."""
    if ladder == "low_arm":
        return motion in ARMED
    if ladder == "asymmetry.left":
        return motion in ONE_SIDED and view is not View.RIGHT
    return ladder != "lean" or (view is not View.FRONT)


def rows(effort: Effort) -> Iterator[Row]:
    """The table."""
    people, ladder_people = (QUICK_PEOPLE, 1) if effort.quick else (PEOPLE, 3)
    found = list(effort.each(judged, tasks(people, ladder_people)))
    by = {what: [each for each in found if each.task.what == what] for what in ("perfect", "body", "half")}
    yield _floor("perfect imitation", by["perfect"], 98.0)
    yield _floor("another body doing it right", by["body"], 85.0)
    moving = [each for each in by["half"] if MOTIONS[each.task.motion].kind is not StepKind.HOLD]
    held = [each for each in by["half"] if MOTIONS[each.task.motion].kind is StepKind.HOLD]
    yield _between("half depth, of a movement", moving, 40.0, 75.0)
    yield Row(
        "half of a held pose: does not count as held",
        f"{np.mean([each.good == 0 for each in held]):.0%}, at most {_most(held):.1f}",
        f"{len(held)}",
    )
    yield _ceiling("standing still", [each for each in found if each.task.what == "still"], 10.0)
    others = [each for each in found if each.task.what == "other"]
    yield _ceiling("another exercise", others, 20.0)
    worst = sorted(others, key=lambda each: -(each.score or 0.0))[:4]
    pairs = [f"{each.task.motion} as {each.task.routine} {each.score or 0.0:.0f}" for each in worst]
    yield Row("of these the furthest above", "; ".join(pairs))
    for ladder in LADDERS:
        yield _monotone(ladder, [each for each in found if each.task.what == ladder])


def _most(found: list[Outcome]) -> float:
    return max((each.score or 0.0 for each in found), default=0.0)


def _floor(measure: str, found: list[Outcome], bar: float) -> Row:
    scores = [each.score for each in found if each.score is not None]
    met = sum(score >= bar for score in scores)
    value = f"mean {np.mean(scores):.1f}, least {min(scores):.1f}"
    if met < len(found):
        value += f", {met / len(found):.0%} of them"
    return Row(measure, value, f"{len(found)}", f">= {bar:.0f}", met == len(found))


def _ceiling(measure: str, found: list[Outcome], bar: float) -> Row:
    scores = [each.score or 0.0 for each in found]
    met = sum(score <= bar for score in scores)
    value = f"mean {np.mean(scores):.1f}, most {max(scores):.1f}"
    if met < len(found):
        value += f", {met / len(found):.1%} of them"
    return Row(measure, value, f"{len(found)}", f"<= {bar:.0f}", met == len(found))


def _between(measure: str, found: list[Outcome], least: float, most: float) -> Row:
    scores = [each.score or 0.0 for each in found]
    met = sum(least <= score <= most for score in scores)
    value = (
        f"mean {np.mean(scores):.1f}, {min(scores):.1f} to {max(scores):.1f}, {met / len(found):.0%} inside"
    )
    return Row(measure, value, f"{len(found)}", f"{least:.0f} to {most:.0f}", met == len(found))


def _monotone(ladder: str, found: list[Outcome]) -> Row:
    """No step of a ladder scores higher than the one before; not seeing the movement any more is 0."""
    ladders: dict[tuple[str, View, int | None], list[Outcome]] = {}
    for each in found:
        ladders.setdefault((each.task.routine, each.task.view, each.task.person), []).append(each)
    rises = [
        (after.score or 0.0) - (before.score or 0.0)
        for steps in ladders.values()
        for before, after in pairwise(sorted(steps, key=lambda each: each.task.amount))
    ]
    met = sum(rise <= ROUNDING for rise in rises)
    name = ladder.partition(".")[0].replace("_", " ")
    return Row(
        f"monotone: more {name} never scores higher",
        f"{met / len(rises):.1%} of steps, worst rise {max(0.0, *rises):.1f}",
        f"{len(rises)} steps",
        "100 %",
        met == len(rises),
    )
