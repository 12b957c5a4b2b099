"""Seen from beside the recorded view, only in part, or from a view that another exercise needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from evaluation.rows import Effort, Row
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.score import scored
from posecoach.coach.body_limits import BodyDifferences
from posecoach.coach.routine import Routine, View
from posecoach.coach.view import StepKind
from posecoach.skeleton import LIMB_KEYPOINTS, Limb
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame, track_pose

STARTER = Path(__file__).resolve().parents[3] / "device" / "posecoach" / "starter"
YAWS_DEG = (0.0, -10.0, 10.0, -20.0, 20.0, -30.0, 30.0, -45.0, 45.0)
REPS = 3
HIDDEN_SCORE = 0.4
"""Score of a keypoint that a network guesses behind the body: between seen and not."""
FAIR_SCORE = 85.0
"""What another body that does it right is worth at least."""
LEGS = [*LIMB_KEYPOINTS[Limb.LEFT_LEG], *LIMB_KEYPOINTS[Limb.RIGHT_LEG]]


@dataclass(frozen=True)
class Trial:
    """Somebody who does a motion well, judged by a routine, seen from a number of degrees beside a view."""

    motion: str
    view: View
    off_deg: float
    seed: int
    routine: str = ""
    legs_cut: bool = False
    seated: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was said about a trial."""

    trial: Trial
    score: float | None
    parts: int
    good: int
    wrong_cues: int
    declined: bool
    limbs: dict[str, float | None]
    leg_cues: int


@cache
def routine(name: str) -> Routine:
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track).load(name)


def tried(trial: Trial) -> Outcome:
    motion = MOTIONS[trial.motion]
    athlete = Athlete(
        motion,
        camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[trial.view] + trial.off_deg),
        seed=trial.seed,
        reps=REPS if motion.kind is StepKind.REPS else None,
        lead_s=2.0,
    )
    track = athlete.truth(0.0, athlete.duration_s, 30.0, hidden_score=HIDDEN_SCORE)
    if trial.legs_cut:
        track = without(track, LEGS)
    said = scored(track, routine(trial.routine or trial.motion), body=BodyDifferences(seated=trial.seated))
    parts = said["reps"] or said["holds"]
    faults = [fault for part in parts for fault in part["faults"]]
    return Outcome(
        trial,
        said["score"],
        len(parts),
        sum(part["verdict"] == "good" for part in parts),
        sum(bool(part["faults"]) for part in parts),
        said["score"] is None,
        said["limbs"],
        sum((fault["limb"] or "").endswith("leg") for fault in faults),
    )


def without(track: PoseTrack, keypoints: list[int]) -> PoseTrack:
    """The same with some keypoints outside the picture."""
    frames = []
    for frame in track:
        pose = frame.pose
        if pose is not None:
            scores = pose.keypoint_scores.copy()
            scores[keypoints] = 0.0
            pose = track_pose(pose.keypoints_xy, scores)
        frames.append(TrackFrame(frame.at_s, pose))
    return PoseTrack(track.image_wh, frames)


def asked(name: str) -> int:
    return REPS if MOTIONS[name].kind is StepKind.REPS else 1


def rows(effort: Effort) -> Iterator[Row]:
    seeds = range(1) if effort.quick else range(4)
    names = list(MOTIONS)
    beside = [
        Trial(name, view, off_deg, seed)
        for name in names
        for view in routine(name).steps[0].best_views
        for off_deg in YAWS_DEG
        for seed in seeds
    ]
    outcomes = list(effort.each(tried, beside))
    for size_deg in sorted({abs(off_deg) for off_deg in YAWS_DEG}):
        yield from _beside(size_deg, [each for each in outcomes if abs(each.trial.off_deg) == size_deg])
    yield from _upper_body(effort, list(seeds))
    yield from _seated(effort, list(seeds))


def _beside(size_deg: float, outcomes: list[Outcome]) -> Iterator[Row]:
    where = f"{size_deg:.0f} degrees beside the recorded view" if size_deg else "from the recorded view"
    judged = [each for each in outcomes if not each.declined]
    fair = [
        each
        for each in judged
        if each.score is not None and each.score >= FAIR_SCORE and each.good == asked(each.trial.motion)
    ]
    wrong = sum(each.wrong_cues for each in judged)
    parts = sum(each.parts for each in judged)
    scores = [each.score for each in judged if each.score is not None]
    bar = "" if size_deg > 30 else "100 %"
    share = (len(fair) + len(outcomes) - len(judged)) / len(outcomes)
    yield Row(
        f"a good performance {where}: all counted and at least {FAIR_SCORE:.0f} points, or declined",
        f"{share:.1%} ({1 - len(judged) / len(outcomes):.0%} declined)",
        str(len(outcomes)),
        bar,
        None if not bar else share == 1.0,
    )
    if scores:
        yield Row(
            f"its score {where}, mean and least",
            f"{np.mean(scores):.0f}, {min(scores):.0f}",
            str(len(scores)),
        )
        quiet = 1.0 - wrong / max(parts, 1)
        yield Row(
            f"no fault told {where} of a part without one",
            f"{quiet:.1%}",
            str(parts),
            bar and ">= 98 %",
            None if not bar else quiet >= 0.98,
        )


def _upper_body(effort: Effort, seeds: list[int]) -> Iterator[Row]:
    names = [name for name in MOTIONS if name.startswith("shoulder_")]
    trials = [
        Trial(name, view, 0.0, seed, legs_cut=True)
        for name in names
        for view in routine(name).steps[0].best_views
        for seed in seeds
    ]
    outcomes = list(effort.each(tried, trials))
    right = [
        each
        for each in outcomes
        if each.good == REPS
        and (each.score or 0.0) >= FAIR_SCORE
        and each.limbs["left_leg"] is None
        and each.limbs["right_leg"] is None
        and each.leg_cues == 0
    ]
    yield Row(
        "only the upper body in view: arms scored, legs not judged, no leg cue",
        f"{len(right) / len(outcomes):.1%}",
        str(len(outcomes)),
        "100 %",
        len(right) == len(outcomes),
    )


def _seated(effort: Effort, seeds: list[int]) -> Iterator[Row]:
    for what, trials in (
        (
            "a seated person in a seated routine: all counted, at least 85 points",
            [
                Trial(name, view, 0.0, seed)
                for name in MOTIONS
                if name.startswith("seated_")
                for view in routine(name).steps[0].best_views
                for seed in seeds
            ],
        ),
        (
            "a seated person, said to be so, in an arm routine recorded standing: all counted",
            [
                Trial("seated_arm_raise", view, 0.0, seed, routine="shoulder_flexion", seated=True)
                for view in routine("shoulder_flexion").steps[0].best_views
                for seed in seeds
            ],
        ),
    ):
        outcomes = list(effort.each(tried, trials))
        right = [each for each in outcomes if each.good == REPS and (each.score or 0.0) >= 50.0]
        if "85" in what:
            right = [each for each in right if (each.score or 0.0) >= FAIR_SCORE]
        yield Row(
            what,
            f"{len(right) / len(outcomes):.1%}",
            str(len(outcomes)),
            "100 %",
            len(right) == len(outcomes),
        )
