"""Repetitions spotted by subsequence DTW in an endless stream, beside the coach's count of the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaluation.performances import athlete, routine, sight, track
from evaluation.rows import Effort, Row
from posecoach.cli.score import scored
from posecoach.coach.named_scores import samples_of
from posecoach.coach.routine import View
from posecoach.coach.spotting import spot
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.synthetic.motions import MOTIONS

REPS = 5
OTHERS = 3
"""So many other exercises are looked through for each."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Who does what, seen from where, and what is looked for in it."""

    motion: str
    sought: str
    view: View
    person: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was spotted, what was counted, and how far apart the two put the same, in seconds."""

    trial: Trial
    spotted: int
    counted: int
    apart_s: tuple[float, ...]


def tried(trial: Trial) -> Outcome:
    performer = athlete(trial.motion, trial.view, trial.person, reps=REPS)
    seen = track(performer, sight(trial.person), trial.person)
    by = yardstick(routine(trial.sought).steps[0], trial.view)
    found = spot(samples_of(seen), by)
    if trial.sought != trial.motion:
        return Outcome(trial, len(found), 0, ())
    counted = scored(seen, routine(trial.motion))["reps"]
    both = zip(found, counted, strict=False) if len(found) == len(counted) else ()
    apart_s = [
        off
        for one, other in both
        for off in (abs(one.start_s - other["start_s"]), abs(one.end_s - other["end_s"]))
    ]
    return Outcome(trial, len(found), len(counted), tuple(apart_s))


def rows(effort: Effort) -> Iterator[Row]:
    """Found in its own exercise, agreement with the count, and found in another."""
    people = range(1 if effort.quick else 8)
    names = [name for name, motion in MOTIONS.items() if motion.kind is StepKind.REPS]
    own, others = [], []
    for number, name in enumerate(names):
        view = routine(name).steps[0].best_views[0]
        own += [Trial(name, name, view, person) for person in people]
        for step in range(1, OTHERS + 1):
            other = names[(number + 5 * step) % len(names)]
            others += [Trial(other, name, view, person) for person in people]
    done = list(effort.each(tried, own))
    exact = sum(each.spotted == REPS for each in done)
    agree = sum(each.spotted == each.counted for each in done)
    missing = sorted({each.trial.motion for each in done if each.spotted != REPS})
    apart_s = [off for each in done for off in each.apart_s]
    of = f"{len(done)} sets of {REPS}"
    yield Row("spotted exactly, by subsequence DTW alone", f"{exact / len(done):.1%}", of)
    yield Row("... not in", ", ".join(missing) or "none", of)
    yield Row("the coach counts as many", f"{agree / len(done):.1%}", of)
    yield Row(
        "... and has start and end, median apart", f"{np.median(apart_s):.2f} s", f"{len(apart_s)} ends"
    )
    elsewhere = list(effort.each(tried, others))
    ghosts = sum(each.spotted > 0 for each in elsewhere)
    which = sorted({f"{each.trial.sought} in {each.trial.motion}" for each in elsewhere if each.spotted})
    yield Row(
        "sets of another exercise in which it is spotted",
        f"{ghosts / len(elsewhere):.1%}",
        f"{len(elsewhere)} sets",
    )
    yield Row("... which", ", ".join(which) or "none", "")
