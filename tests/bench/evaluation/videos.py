"""Real videos: what is found in them, against what others found."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from evaluation.performances import routine
from evaluation.rows import Effort, Row
from posecoach.cli.recordings import ModelChoice, open_estimator, require_recording, track_of
from posecoach.cli.score import scored
from posecoach.coach.learn import learn
from posecoach.coach.perception import Perception
from posecoach.coach.routine import Routine, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.errors import PosecoachError
from posecoach.track import PoseTrack

CHECKOUT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("POSECOACH_SHARED", CHECKOUT.parent / "shared"))
VIDEOS = SHARED / "data" / "video"
SMALLER = "posenet-mobilenet-075-353x481"
"""A network that is quicker and sees less than the one that is used unless another is chosen."""
NEAR_S = 0.2
"""How far from the reference's lowest moment ours may be: one frame of that video."""
FURTHEST: Final = 0.95
"""Share of the furthest reach at which somebody who stays down for a while is at their lowest."""
HIPS, KNEES, ANKLES = (23, 24), (25, 26), (27, 28)
"""Landmarks of BlazePose."""
LEAST_BEND_DEG = 40.0


@cache
def seen(name: str, model: str | None = None) -> PoseTrack:
    """A video as the published PoseNet sees it that `posecoach score` uses, or another one."""
    require_recording(VIDEOS / name)
    with open_estimator(ModelChoice(model)) as estimator:
        return track_of(VIDEOS / name, lambda: estimator)


def lowest_moments_s(landmarks: np.ndarray, at_s: np.ndarray) -> list[float]:
    """When the knees of a reference are bent most: its minima, one between two stretches of straight legs."""
    xy = landmarks[..., :2]
    angles = []
    for hip, knee, ankle in zip(HIPS, KNEES, ANKLES, strict=True):
        up, down = xy[:, hip] - xy[:, knee], xy[:, ankle] - xy[:, knee]
        cosine = (up * down).sum(axis=1) / (np.hypot(*up.T) * np.hypot(*down.T))
        angles.append(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    knee_deg = np.mean(angles, axis=0)
    bent = knee_deg < np.percentile(knee_deg, 90) - LEAST_BEND_DEG
    edges = np.flatnonzero(np.diff(np.concatenate([[False], bent, [False]]).astype(int))).reshape(-1, 2)
    # One that is still under way when the video ends is no repetition.
    return [float(at_s[first + np.argmin(knee_deg[first:end])]) for first, end in edges if end < len(at_s)]


def turns_s(track: PoseTrack, what: Routine, report: dict) -> list[float]:
    """The middle of the time that each repetition of a report was at its furthest, by the coach's reach."""
    ruler, perception = yardstick(what.steps[0], View(report["view"])), Perception()
    reaches = []
    for frame in track:
        percept = perception.perceive(frame.at_s, [frame.pose] if frame.pose else [])
        for sample in percept.samples if percept else ():
            reach = ruler.reach(sample.xy, sample.weights)
            if reach is not None:
                reaches.append((sample.captured_at, reach))
    turns = []
    for rep in report["reps"]:
        within = [each for each in reaches if rep["start_s"] <= each[0] <= rep["end_s"]]
        furthest = max(reach for _, reach in within)
        turns.append(float(np.mean([at_s for at_s, reach in within if reach >= FURTHEST * furthest])))
    return turns


def rows(effort: Effort) -> Iterator[Row]:
    del effort
    try:
        both = {"": seen("tfjs/pose_squats.mp4"), ", seen by a smaller network": seen(
            "tfjs/pose_squats.mp4", SMALLER
        )}  # fmt: skip
    except PosecoachError as missing:
        yield Row("real videos", "not measured", bar=str(missing))
        return
    for how, squats in both.items():
        own = Routine("squat", "Squat", (learn([squats], StepKind.REPS).step,))
        for whose, what in (("its own routine", own), ("the starter routine", routine("squat"))):
            yield _squats(f"{whose}{how}", squats, what)
    yield _tree(scored(seen("tfjs/pose_1.mp4"), routine("tree")))
    passer = seen("sports2d/demo.mp4")
    counts = {name: len(scored(passer, routine(name))["reps"]) for name in ("squat", "lunge", "knee_raise")}
    yield Row(
        "repetitions counted of somebody who walks past (squat, lunge, knee raise)",
        ", ".join(str(count) for count in counts.values()),
        str(len(counts)),
        "0",
        not any(counts.values()),
    )


def _squats(whose: str, squats: PoseTrack, what: Routine) -> Row:
    """How far from each lowest moment of the reference the nearest of ours is; or why there is none."""
    landmarks = np.array(json.loads((VIDEOS / "tfjs" / "pose_squats.full.json").read_text()))
    wanted = lowest_moments_s(landmarks, np.array([frame.at_s for frame in squats]))
    report = scored(squats, what)
    found = turns_s(squats, what, report)
    apart = [min((abs(each - turn) for turn in found), default=np.inf) for each in wanted]
    judged = sum(rep["score"] is not None for rep in report["reps"])
    reason = report["reason"] or ""
    value = f"{len(found)}, apart {', '.join(f'{each:.2f}' for each in apart)} s" if found else "none"
    return Row(
        f"squats of a real person, by {whose}: lowest moments found, against the knees of BlazePose",
        f"{value} ({judged} judged{f': {reason!r}' if reason else ''})",
        str(len(wanted)),
        f"all, within {NEAR_S} s",
        len(found) == len(wanted) and max(apart) <= NEAR_S + 1e-6,
    )


def _tree(report: dict) -> Row:
    held_s = [hold["held_s"] for hold in report["holds"]]
    score = "not judged" if report["score"] is None else f"score {report['score']}"
    reason = f": {report['reason']!r}" if report["reason"] else ""
    seen_as = f"{', '.join(f'{each:.1f} s' for each in held_s)}, " if held_s else ""
    return Row(
        "a rendered person in tree pose, hands overhead for 1.4 of 4 s: held",
        f"{seen_as}{score}{reason}",
        "1",
        "seen as a hold",
        bool(held_s),
    )
