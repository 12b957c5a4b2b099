"""Sets of ten repetitions with all that happens around them: is each counted once, and nothing else?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from evaluation.rows import Effort, Row
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.score import scored
from posecoach.coach.routine import Routine, View
from posecoach.coach.view import StepKind
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault, FaultKind
from posecoach.synthetic.fidgets import Fidget, FidgetKind
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame, track_pose

STARTER = Path(__file__).resolve().parents[3] / "device" / "posecoach" / "starter"
RATE_HZ = 30.0
REPS = 10
BODIES = 20
NOISE_PX = (1.5, 2.0)
"""Of every second body; the others are seen exactly."""
SMALL = (FidgetKind.SHIFT, FidgetKind.LOOK, FidgetKind.SCRATCH, FidgetKind.STRETCH, FidgetKind.ADJUST)

ATTEMPTS = (FaultKind.SHALLOW, FaultKind.EARLY)
"""Every angle less far; or the same way, but turning back before its end."""
EARLY_ONLY = ("sit_to_stand", "knee_raise")
"""Half of every angle is no half of these: somebody who has left the seat would hang in the air behind their
feet, and a foot that the athlete lifts by half would leave the floor at once."""


@dataclass(frozen=True)
class Task:
    """One set: who does what, seen from where."""

    motion: str
    view: View
    seed: int


@dataclass
class Tally:
    """What became of one set, or of several.

    Attributes:
        task: Which.
        sets, exact: How many; in how many each repetition was counted once and nothing else was.
        declined: In how many nothing was counted and a reason was given.
        reps, ghosts: Done; counted without one.
        full, as_full: Done fully and counted once; of these as good ones.
        short, as_attempt: Attempts that were counted once; of these told as attempts.
        reasons: Why sets were declined.
    """

    task: Task | None = None
    sets: int = 0
    exact: int = 0
    declined: int = 0
    reps: int = 0
    ghosts: int = 0
    full: int = 0
    as_full: int = 0
    short: int = 0
    as_attempt: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another in."""
        for name in ("sets", "exact", "declined", "reps", "ghosts", "full", "as_full", "short", "as_attempt"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.reasons.update(other.reasons)


def rows(effort: Effort) -> Iterator[Row]:
    """Count, ghosts and attempts: from the views a routine recommends, and from the others."""
    bodies = 2 if effort.quick else BODIES
    tasks = [Task(motion, view, seed) for motion in MOTIONS for view in View for seed in range(bodies)]
    tallies = list(effort.each(tally, tasks))
    best = [each for each in tallies if each.task and each.task.view in best_views(each.task.motion)]
    other = [each for each in tallies if each not in best]
    yield from _three("recommended views", best)
    yield from _three("other views", other)
    yield from _three("all views", tallies)


def best_views(motion: str) -> tuple[View, ...]:
    """The views that the routine of a motion recommends."""
    return routine(motion).steps[0].best_views


def _three(which: str, tallies: Sequence[Tally]) -> Iterator[Row]:
    judged = _sum(each for each in tallies if not each.declined)
    whole = _sum(tallies)
    reasons = ", ".join(f"{count} '{reason}'" for reason, count in whole.reasons.most_common(3))
    if whole.declined:
        yield Row(
            f"{which}: sets declined with a reason",
            f"{_percent(whole.declined, whole.sets)} ({reasons})",
            f"{whole.sets} sets",
        )
    share = judged.exact / max(judged.sets, 1)
    yield Row(
        f"{which}: rep count exact",
        f"{100 * share:.1f} % of sets{_worst(tallies)}",
        f"{judged.sets} sets",
        ">= 99 %",
        share >= 0.99,
    )
    share = judged.ghosts / max(judged.reps, 1)
    yield Row(f"{which}: ghost reps", f"{100 * share:.2f} %", f"{judged.reps} reps", "< 0.5 %", share < 0.005)
    told = judged.as_full + judged.as_attempt
    share = told / max(judged.full + judged.short, 1)
    yield Row(
        f"{which}: attempts told from reps",
        f"{100 * share:.1f} % (attempts as attempts {_percent(judged.as_attempt, judged.short)}, "
        f"full ones as good {_percent(judged.as_full, judged.full)})",
        f"{judged.full + judged.short} reps",
        ">= 95 %",
        share >= 0.95 and judged.as_attempt >= 0.95 * judged.short,
    )


def _worst(tallies: Sequence[Tally]) -> str:
    """The motions and views that miss most, in words."""
    of: dict[tuple[str, str], Tally] = {}
    for each in tallies:
        if each.task is not None and not each.declined:
            of.setdefault((each.task.motion, each.task.view), Tally()).add(each)
    missed = sorted((t.exact - t.sets, name) for name, t in of.items() if t.exact < t.sets)
    named = [
        f"{motion} {view} {of[motion, view].exact} of {of[motion, view].sets}" for _, (motion, view) in missed
    ]
    return f" (worst: {', '.join(named[:4])})" if named else ""


def _percent(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else "-"


def _sum(tallies: Iterator[Tally] | Sequence[Tally]) -> Tally:
    total = Tally()
    for each in tallies:
        total.add(each)
    return total


def tally(task: Task) -> Tally:
    """Have one set performed and scored."""
    athlete = performer(task)
    outcome = scored(seen(athlete, task), routine(task.motion))
    return compared(task, athlete, outcome)


def compared(task: Task, athlete: Athlete, outcome: dict) -> Tally:
    """What was counted beside what was done: a part belongs to the repetition its middle lies in."""
    parts = [part for part in outcome["reps"] + outcome["holds"] if part["verdict"] != "not_judged"]
    done = athlete.timeline.reps
    result = Tally(task, sets=1, reps=len(done))
    if not parts:
        declined = [part["reason"] for part in outcome["reps"] + outcome["holds"]] or [outcome["reason"]]
        result.declined = int(bool(declined[0]) and not declined[0].startswith(NOT_FOUND))
        if result.declined:
            result.reasons[declined[0]] += 1
        return result
    left = list(parts)
    once = True
    for rep in done:
        own = [part for part in left if rep.start_s <= 0.5 * (part["start_s"] + part["end_s"]) <= rep.end_s]
        left = [part for part in left if part not in own]
        if len(own) != 1:
            once = False
            result.ghosts += max(len(own) - 1, 0)
            continue
        short = any(fault.kind in ATTEMPTS and fault.in_rep(rep.number) for fault in athlete.faults)
        told = own[0]["verdict"] == ("attempt" if short else "good")
        result.short += short
        result.full += not short
        result.as_attempt += short and told
        result.as_full += not short and told
    result.ghosts += len(left)
    result.exact = int(once and not left)
    return result


NOT_FOUND = ("no repetition was seen", "the starting pose was never seen", "the pose was never held")
"""Reasons of a set in which nothing was found: that is a miss, not a set that was declined."""


def performer(task: Task) -> Athlete:
    """Somebody who comes, gets ready, does a set with a few attempts and pauses in it, and goes."""
    motion = MOTIONS[task.motion]
    rng = np.random.default_rng(
        [task.seed, list(MOTIONS).index(task.motion), list(View).index(task.view), 51]
    )
    side = ("left", "right")

    def small(after_rep: int) -> Fidget:
        kind = SMALL[int(rng.integers(len(SMALL)))]
        return Fidget(kind, after_rep, float(rng.uniform(2.2, 3.6)), side[int(rng.integers(2))])

    standing = motion.stance.seat_height is None
    reps = REPS if motion.kind is StepKind.REPS else 1
    fidgets = []
    if standing:
        kind = (FidgetKind.APPROACH, FidgetKind.SIT, None)[task.seed % 3]
        if kind is not None:
            fidgets.append(Fidget(kind, 0, float(rng.uniform(5.0, 7.0))))
    fidgets += [small(0), small(0), Fidget(FidgetKind.STAND, 0, 1.0)]
    faults = []
    if motion.kind is StepKind.REPS:
        first, second, third, pausing, *shallow = (1 + rng.permutation(REPS - 1)[:6]).tolist()
        fidgets += [small(first), small(second), small(second), Fidget(FidgetKind.STAND, third, 4.0)]
        faults = [Fault(FaultKind.PAUSE, 3.0, reps=(pausing, pausing))]
        for rep in shallow:
            early = rng.random() < 0.5 or task.motion in EARLY_ONLY
            kind = FaultKind.EARLY if early else FaultKind.SHALLOW
            faults.append(Fault(kind, float(rng.uniform(0.4, 0.6)), reps=(rep, rep)))
    fidgets += [small(reps), small(reps)]
    if standing and task.seed % 2:
        fidgets.append(Fidget(FidgetKind.APPROACH, reps, 6.0))
    return Athlete(
        motion,
        camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[task.view]),
        seed=task.seed,
        faults=faults,
        reps=reps,
        lead_s=1.5,
        walk_in_s=float(rng.uniform(4.0, 6.0)),
        walk_out_s=float(rng.uniform(3.0, 5.0)),
        fidgets=fidgets,
    )


def seen(athlete: Athlete, task: Task) -> PoseTrack:
    """Its track, exact or with noise on every coordinate."""
    track = athlete.truth(0.0, athlete.duration_s, RATE_HZ)
    if task.seed % 2 == 0:
        return track
    rng = np.random.default_rng([task.seed, 52])
    noise_px = rng.uniform(*NOISE_PX)
    frames = []
    for frame in track:
        pose = frame.pose
        if pose is not None:
            shift = rng.normal(0.0, noise_px, pose.keypoints_xy.shape)
            pose = track_pose(pose.keypoints_xy + shift, np.asarray(pose.keypoint_scores))
        frames.append(TrackFrame(frame.at_s, pose))
    return PoseTrack(track.image_wh, frames)


@cache
def routine(motion: str) -> Routine:
    """The starter routine of a motion."""
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track).load(motion)
