"""What is heard of a session: how late, how much of what it should be, and whether it agrees with the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from evaluation.performances import routine as starter
from evaluation.rows import Effort, Row
from posecoach.coach.report import report
from posecoach.coach.routine import View
from posecoach.coach.session import Session
from posecoach.coach.speaker import Speaker
from posecoach.coach.speaking_rules import RULES
from posecoach.coach.utterance import WITHIN_S, Dropped, Kind, Said, usual_length_s
from posecoach.pose import PoseEstimate
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.scenario import Scenario

SEEDS = 4
LOOKS_HZ, DRAWS_HZ = 15.0, 30.0
LATENCIES_S = (0.0, 0.1, 0.25)
"""From a frame to what is known of it: a recording, an Edge TPU with the camera's own, a busy processor."""
FAULT = "shallow:0.4@3"


@dataclass(frozen=True)
class Task:
    """One session."""

    motion: str
    seed: int
    latency_s: float


@dataclass
class Heard:
    """What was said, what was not, and what the session has stored."""

    task: Task
    said: list[Said] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    log: dict[str, Any] = field(default_factory=dict)


def rows(effort: Effort) -> Iterator[Row]:
    """A table of each latency."""
    seeds = range(1 if effort.quick else SEEDS)
    tasks = [Task(motion, 100 + seed, late) for late in LATENCIES_S for motion in MOTIONS for seed in seeds]
    everything = list(effort.each(measure, tasks))
    yield from _promises(everything)
    for latency_s in LATENCIES_S:
        some = [heard for heard in everything if heard.task.latency_s == latency_s]
        yield from _shares(some, f"{1000 * latency_s:.0f} ms after the frame")


def measure(task: Task) -> Heard:
    """One session of the athlete, seen exactly, known some time later, drawn at the screen's rate."""
    routine = starter(task.motion)
    step = routine.steps[0]
    view = step.best_views[0] if step.best_views else View.FRONT
    fault = f",fault={FAULT}" if step.reps else ""
    athlete = Scenario.parse(f"{task.motion},reps=6,seed={task.seed},view={view}{fault}").athlete()
    session, heard = Session(routine), Heard(task)
    speaker = Speaker(routine)
    waiting = list(_frames(athlete))
    over_s = waiting[-1][0] + 1.0
    for turn in range(int(over_s * DRAWS_HZ)):
        now = turn / DRAWS_HZ
        while waiting and waiting[0][0] + task.latency_s <= now:
            at_s, pose = waiting.pop(0)
            session.advance(at_s, [pose])
        if not waiting:
            session.finish(session.now)
        for event in session.take_events():
            speaker.note(event)
        heard.said += speaker.heed(session.view(now))
        heard.dropped += speaker.dropped
    heard.log = report(session.finish(over_s))
    return heard


def _frames(athlete: Athlete) -> Iterator[tuple[float, PoseEstimate]]:
    """Somebody who stands until they are counted in, and then does what the athlete does."""
    frames = list(athlete.truth(0.0, athlete.duration_s, LOOKS_HZ, hidden_score=0.25))
    stands = int(4.4 * LOOKS_HZ)
    yield from ((index / LOOKS_HZ, frames[0].pose) for index in range(stands))
    yield from ((stands / LOOKS_HZ + frame.at_s, frame.pose) for frame in frames)


def _promises(everything: list[Heard]) -> Iterator[Row]:
    said = [each for heard in everything for each in heard.said]
    late_s = np.array([each.late_s for each in said])
    late = int((late_s > WITHIN_S + 1e-9).sum())
    of = f"{len(said)} of {len(everything)} sessions"
    yield Row("said later than 0.7 s after its cause", f"{late}", of, "0", late == 0)
    yield Row(
        "after its cause, median, 95 %, most",
        f"{np.median(late_s):.2f} s, {np.percentile(late_s, 95):.2f} s, {late_s.max():.2f} s",
        of,
    )
    cut = two = 0
    for heard in everything:
        words = [each for each in heard.said if each.utterance.text]
        for one, next_ in pairwise(words):
            over = next_.at_s < one.at_s + usual_length_s(one.utterance)
            cut += over
            two += over and not _takes_its_place(one, next_)
    yield Row("two voices at once", f"{two}", of, "0", two == 0)
    yield Row("cut off for something more important or newer", f"{cut}", of)
    wrong = sum(_disagrees(heard) for heard in everything)
    yield Row("sheets that disagree with the log", f"{wrong}", f"{len(everything)}", "0", wrong == 0)


def _takes_its_place(one: Said, next_: Said) -> bool:
    mine, theirs = RULES[next_.utterance.kind], RULES[one.utterance.kind]
    return mine.priority > theirs.priority or (mine.renews and next_.utterance.kind is one.utterance.kind)


def _disagrees(heard: Heard) -> bool:
    """Whether a repetition, its verdict, its number or a cue is in one and not in the other."""
    log, told = heard.log, [*heard.said, *heard.dropped]
    reps = [*log["reps"], *log["holds"]]
    counted = [rep for rep in log["reps"] if rep["verdict"] != "not_judged"]
    signs = {"good": "good", "attempt": "attempt", "not_judged": "unjudged"}
    of_reps = sorted(
        (round(each.utterance.cause_s, 2), each.utterance.earcon.value)
        for each in told
        if each.utterance.earcon is not None and each.utterance.earcon.value in signs.values()
    )
    is_hold = bool(log["holds"])
    expected = sorted(
        (round(rep["end_s"], 2), signs[rep["verdict"]])
        for rep in reps
        if not is_hold or rep["verdict"] == "good"
    )
    numbers = [int(each.utterance.text) for each in told if each.utterance.kind is Kind.COUNT]
    flow = starter(heard.task.motion).steps[0].reps is None
    cues = sorted(each.utterance.text for each in told if each.utterance.kind in (Kind.CUE, Kind.PRAISE))
    logged = sorted(cue["text"] for cue in log["cues"])
    close = len(of_reps) == len(expected) and all(
        abs(a[0] - b[0]) < 0.02 and a[1] == b[1] for a, b in zip(of_reps, expected, strict=True)
    )
    return not close or (not flow and sorted(numbers) != list(range(1, len(counted) + 1))) or cues != logged


def _shares(some: list[Heard], when: str) -> Iterator[Row]:
    for kinds, name in (
        ((Kind.SIGN,), "signs"),
        ((Kind.COUNT,), "numbers"),
        ((Kind.CUE,), "cues"),
        ((Kind.PRAISE,), "praises"),
        ((Kind.SUMMARY,), "summaries"),
    ):
        said = sum(each.utterance.kind in kinds for heard in some for each in heard.said)
        unsaid = sum(each.utterance.kind in kinds for heard in some for each in heard.dropped)
        share = said / (said + unsaid) if said + unsaid else 1.0
        yield Row(f"{name} that are heard, known {when}", f"{100 * share:.1f} %", f"{said + unsaid}")
