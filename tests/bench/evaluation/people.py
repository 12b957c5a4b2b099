"""Correct and incorrect repetitions of ten people: does the score tell them apart?

UI-PRMD (Vakanski et al., Data 2018, 3(1), 2), movements m02 (hurdle step) and m08 (standing shoulder
extension), recorded by a Kinect. Healthy people act the errors: the figures are as strong as that.
Each sequence becomes a pose track of 13 keypoints seen from the front, or turned about the vertical.

*own*: the routine is imported from the person's first correct repetition, and scores the other 9 correct
and 10 incorrect. *others*: it is imported from repetition 5 of the nine other people, and scores all 20.
The figure is the area under the ROC curve of a person, and its mean over the people; the interval is a
bootstrap over the people. A sequence without a score counts as the lowest of all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evaluation.rows import Effort, Row
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.score import scored
from posecoach.coach.learn import learn
from posecoach.coach.routine import Routine
from posecoach.coach.view import StepKind
from posecoach.errors import TrackError
from posecoach.motion.warping_path import warping_path
from posecoach.skeleton import NUM_KEYPOINTS, Keypoint
from posecoach.track import PoseTrack, TrackFrame, track_pose

Array = NDArray[np.float64]
Take = tuple[int, int, bool]
"""Person and number of the repetition, both from 1, and whether it is correct."""

CHECKOUT: Final = Path(__file__).resolve().parents[3]
DATA: Final = "data/skeleton/uiprmd/derived"
MOVEMENTS: Final = {"m02": "hurdle step", "m08": "shoulder extension"}
YAWS_DEG: Final = (0.0, 30.0)
SIDE_DEG: Final = 90.0
"""Seen from the side, to tell what the front view cannot show."""
BARS: Final = {"own": 0.98, "others": 0.80}
MOST_LOST: Final = 0.05
PUBLISHED: Final = {"m02": "0.966 (accuracy)", "m08": "0.930 (accuracy)"}
"""Best of nine deep networks trained on other people, in three dimensions (DeepRehabPile)."""
MODEL_REP: Final = 5
REPS: Final = range(1, 11)
RATE_HZ: Final = 30.0
WH: Final = (1280, 720)
CM_PX: Final = 3.0
KEYPOINTS: Final = {
    "Head": Keypoint.NOSE,
    "LeftUpperArm": Keypoint.LEFT_SHOULDER,
    "RightUpperArm": Keypoint.RIGHT_SHOULDER,
    "LeftForearm": Keypoint.LEFT_ELBOW,
    "RightForearm": Keypoint.RIGHT_ELBOW,
    "LeftHand": Keypoint.LEFT_WRIST,
    "RightHand": Keypoint.RIGHT_WRIST,
    "LeftUpperLeg": Keypoint.LEFT_HIP,
    "RightUpperLeg": Keypoint.RIGHT_HIP,
    "LeftLowerLeg": Keypoint.LEFT_KNEE,
    "RightLowerLeg": Keypoint.RIGHT_KNEE,
    "LeftFoot": Keypoint.LEFT_ANKLE,
    "RightFoot": Keypoint.RIGHT_ANKLE,
}
_MAPPED: Final = sorted(KEYPOINTS.values())


@dataclass(frozen=True, slots=True)
class Trial:
    """One person's repetitions of one movement, seen from one direction, against one routine.

    Attributes:
        movement: ``m02`` or ``m08``.
        yaw_deg: How far the person is turned about the vertical.
        person: From 1.
        models: Whose repetitions the routine is learned from: ``own`` or ``others``.
    """

    movement: str
    yaw_deg: float
    person: int
    models: str


@dataclass(frozen=True, slots=True)
class Told:
    """How well a trial's correct and incorrect repetitions were told apart.

    Attributes:
        trial: Which.
        auc: Of the score.
        floor_auc: Of plain DTW on the same sequences.
        unscored: Sequences without a score.
        sequences: All.
    """

    trial: Trial
    auc: float
    floor_auc: float
    unscored: int
    sequences: int


def shared() -> Path:
    """The folder of the data, as the tests know it."""
    return Path(os.environ.get("POSECOACH_SHARED", CHECKOUT.parent / "shared"))


@cache
def takes(movement: str) -> dict[Take, Array]:
    """Every sequence of a movement: ``(time, 17, 3)`` in cm, y up; 0 for what is not known."""
    stored = np.load(shared() / DATA / f"{movement}_kinect_xyz.npz")
    columns = [list(stored["joints"]).index(name) for name in KEYPOINTS]
    ends = np.cumsum(stored["length"])[:-1]
    found = {}
    for number, joints in enumerate(np.split(stored["xyz"], ends)):
        keypoints = np.zeros((len(joints), NUM_KEYPOINTS, 3))
        keypoints[:, list(KEYPOINTS.values())] = joints[:, columns]
        who = int(stored["subject"][number]), int(stored["episode"][number]), bool(stored["correct"][number])
        found[who] = keypoints
    return found


def projected(keypoints: Array, yaw_deg: float) -> Array:
    """``(time, 17, 2)`` as a distant camera sees somebody who has turned about the vertical; y down."""
    yaw = np.radians(yaw_deg)
    across = keypoints[..., 0] * np.cos(yaw) + keypoints[..., 2] * np.sin(yaw)
    return np.stack([across, -keypoints[..., 1]], axis=-1)


def track(keypoints: Array, yaw_deg: float) -> PoseTrack:
    """The sequence as a network would have found it, the person in the middle of the picture."""
    xy = projected(keypoints, yaw_deg) * CM_PX
    seen = xy[:, _MAPPED]
    xy = xy - 0.5 * (seen.min(axis=(0, 1)) + seen.max(axis=(0, 1))) + 0.5 * np.array(WH)
    scores = np.isin(np.arange(NUM_KEYPOINTS), _MAPPED) * 1.0
    xy[:, scores == 0] = 0.0
    return PoseTrack(
        WH, [TrackFrame(number / RATE_HZ, track_pose(pose, scores)) for number, pose in enumerate(xy)]
    )


def told_apart(trial: Trial) -> Told:
    """Import the routine of a trial, as the command does, and score its sequences."""
    found = takes(trial.movement)
    if trial.models == "own":
        models = [(trial.person, 1, True)]
    else:
        models = [(person, MODEL_REP, True) for person, rep, _ in found if rep == MODEL_REP]
        models = sorted({take for take in models if take[0] != trial.person})
    tried = [(trial.person, rep, right) for right in (True, False) for rep in REPS]
    tried = [take for take in tried if take not in models]
    routine = imported([track(found[take], trial.yaw_deg) for take in models])
    scores = [score_of(track(found[take], trial.yaw_deg), routine) for take in tried]
    right = [take[2] for take in tried]
    flat = [flattened(projected(found[take], trial.yaw_deg)) for take in (*models, *tried)]
    plain = [-plain_distance(each, flat[: len(models)]) for each in flat[len(models) :]]
    return Told(
        trial,
        auc([-1.0 if score is None else score for score in scores], right),
        auc(plain, right),
        sum(score is None for score in scores),
        len(tried),
    )


def score_of(performed: PoseTrack, routine: Routine) -> float | None:
    """The score, `None` where there is none or the track is refused."""
    try:
        score: float | None = scored(performed, routine)["score"]
    except TrackError:
        return None
    return score


def imported(recordings: list[PoseTrack]) -> Routine:
    """What `posecoach routine import --kind reps` makes of recordings, read back from its folder."""
    with tempfile.TemporaryDirectory() as made:
        store = RoutineFolders(Path(made), read_track=read_track, write_track=write_track)
        store.save("movement", "Movement", learn(recordings, StepKind.REPS))
        return store.load("movement")


def flattened(xy: Array) -> Array:
    """``(time, 26)`` positions from the middle of the hips, in lengths of the torso."""
    hips = xy[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=1)
    shoulders = xy[:, [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]].mean(axis=1)
    length = np.median(np.linalg.norm(shoulders - hips, axis=1))
    return np.asarray(((xy - hips[:, None]) / length)[:, _MAPPED].reshape(len(xy), -1))


def plain_distance(sequence: Array, models: list[Array]) -> float:
    """Mean DTW distance to the three nearest models, or to the only one."""
    apart = sorted(
        warping_path(np.linalg.norm(sequence[:, None] - model, axis=-1)).mean_cost for model in models
    )
    return float(np.mean(apart[:3]))


def auc(scores: list[float], right: list[bool]) -> float:
    """Chance that a correct repetition scores more than an incorrect one; a tie is half of it."""
    values, correct = np.array(scores), np.array(right)
    apart = values[correct][:, None] - values[~correct]
    return float(((apart > 0) + 0.5 * (apart == 0)).mean())


def rows(effort: Effort) -> Iterator[Row]:
    """The rows of this section; none but a reason where the data is not there."""
    if not (shared() / DATA).is_dir():
        yield Row(f"not measured: no {DATA} in {shared().name} (POSECOACH_SHARED says where)", "-")
        return
    people = range(1, 4) if effort.quick else range(1, 11)
    trials = [
        Trial(movement, yaw_deg, person, models)
        for models in BARS
        for yaw_deg in YAWS_DEG
        for movement in MOVEMENTS
        for person in people
    ]
    side = [Trial("m08", SIDE_DEG, person, "others") for person in people]
    told = list(effort.each(told_apart, trials + side))
    front: dict[str, float] = {}
    for models, bar in BARS.items():
        for yaw_deg in YAWS_DEG:
            where = "front" if not yaw_deg else f"turned by {yaw_deg:.0f} degrees"
            chosen = [each for each in told if (each.trial.models, each.trial.yaw_deg) == (models, yaw_deg)]
            for movement, words in MOVEMENTS.items():
                some = [each for each in chosen if each.trial.movement == movement]
                yield told_row(f"{models}, {words}, {where}", some, published=PUBLISHED[movement])
            both = [each for each in chosen if each.trial.movement in MOVEMENTS]
            mean = float(np.mean([each.auc for each in both]))
            front.setdefault(models, mean)
            least = bar if not yaw_deg else front[models] - MOST_LOST
            yield told_row(f"{models}, mean, {where}", both, least=least)
    yield told_row(
        "others, shoulder extension, from the side", [t for t in told if t.trial.yaw_deg == SIDE_DEG]
    )
    same = sum(as_the_command_says(Trial(movement, 0.0, 1, "own")) for movement in MOVEMENTS)
    yield Row(
        "the command says the same",
        f"{same} of {len(MOVEMENTS)}",
        bar=f"{len(MOVEMENTS)}",
        met=same == len(MOVEMENTS),
    )


def told_row(measure: str, told: list[Told], *, least: float | None = None, published: str = "") -> Row:
    """How well some trials were told apart, beside plain DTW."""
    mean, floor = (
        float(np.mean(values)) for values in zip(*((t.auc, t.floor_auc) for t in told), strict=True)
    )
    low, high = interval(told)
    return Row(
        f"AUC, {measure}",
        f"{mean:.3f} ({low:.3f}-{high:.3f})",
        f"{sum(t.sequences for t in told)} sequences, {sum(t.unscored for t in told)} without a score",
        "" if least is None else f">= {least:.3f}",
        None if least is None else mean >= least,
        f"{floor:.3f}",
        published,
    )


def interval(told: list[Told]) -> tuple[float, float]:
    """From where to where the mean lies in 95 of 100 draws of as many people, each with all their trials."""
    rng = np.random.default_rng(20)
    people = sorted({each.trial.person for each in told})
    mine = np.array([[each.auc for each in told if each.trial.person == person] for person in people])
    drawn = mine[rng.integers(len(people), size=(2000, len(people)))].mean(axis=(1, 2))
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def as_the_command_says(trial: Trial) -> bool:
    """Whether `posecoach routine import` and `score --json` in a process of their own say what we do."""
    found = takes(trial.movement)
    model, tried = track(found[trial.person, 1, True], trial.yaw_deg), found[trial.person, 2, False]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        write_track(here / "model.track.json", model)
        write_track(here / "tried.track.json", track(tried, trial.yaw_deg))
        command = [sys.executable, "-m", "posecoach"]
        environment = {**os.environ, "POSECOACH_DATA": folder, "PYTHONPATH": str(CHECKOUT / "device")}
        named = ["--name", "Movement", "--kind", "reps"]
        said = [
            subprocess.run(
                [*command, *arguments], env=environment, capture_output=True, text=True, check=True
            )
            for arguments in (
                ["routine", "import", str(here / "model.track.json"), *named],
                ["score", str(here / "tried.track.json"), "--routine", "movement", "--json"],
            )
        ]
        expected = scored(
            read_track(here / "tried.track.json"), imported([read_track(here / "model.track.json")])
        )
    return bool(json.loads(said[1].stdout) == json.loads(json.dumps(expected)))
