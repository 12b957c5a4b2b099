"""Performances of the built-in athlete, as a network that errs by a stated amount would see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.score import scored
from posecoach.coach.routine import Routine, View
from posecoach.skeleton import MIRROR
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.body import Body
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame, track_pose

STARTER = Path(__file__).resolve().parents[3] / "device" / "posecoach" / "starter"
LEAD_S = 1.5
"""How long somebody stands ready before and after."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a performance is seen: frames a second, and by how much keypoints are wrong.

    Attributes:
        rate_hz: Frames a second.
        noise_px: Standard deviation of every coordinate.
        hidden_score: Of keypoints that the body itself hides; a network guesses them.
    """

    rate_hz: float = 30.0
    noise_px: float = 0.0
    hidden_score: float = 0.25


SIGHTS = (Seen(), Seen(15.0, 1.5), Seen(15.0), Seen(30.0, 1.5))
"""Exact and with noise, at 15 and at 30 frames a second: the bodies take turns."""


def sight(person: int) -> Seen:
    """How the performance of a person, by number, is seen."""
    return SIGHTS[person % len(SIGHTS)]


@cache
def routine(name: str) -> Routine:
    """A starter routine."""
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track).load(name)


def athlete(
    motion: str,
    view: View,
    person: int | None,
    faults: Sequence[Fault] = (),
    *,
    reps: int | None = None,
    variation: float = 1.0,
) -> Athlete:
    """Somebody who does a motion in one view; `None` is the body that the references were made with."""
    return Athlete(
        MOTIONS[motion],
        camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[view]),
        body=Body.average() if person is None else None,
        faults=faults,
        reps=reps,
        seed=person or 0,
        variation=variation,
        lead_s=LEAD_S,
    )


def track(performer: Athlete, seen: Seen, seed: int, until_s: float | None = None) -> PoseTrack:
    """What is seen of somebody from the beginning on."""
    exact = performer.truth(
        0.0, performer.duration_s if until_s is None else until_s, seen.rate_hz,
        hidden_score=seen.hidden_score,
    )  # fmt: skip
    if not seen.noise_px:
        return exact
    rng = np.random.default_rng([seed, 7])
    frames = []
    for frame in exact:
        pose = frame.pose
        if pose is not None:
            xy = pose.keypoints_xy + rng.normal(0.0, seen.noise_px, pose.keypoints_xy.shape)
            pose = track_pose(xy, np.asarray(pose.keypoint_scores))
        frames.append(TrackFrame(frame.at_s, pose))
    return PoseTrack(exact.image_wh, frames)


def mirror_image(seen: PoseTrack) -> PoseTrack:
    """The same done with the other side of the body, and seen from the other side."""
    width, _ = seen.image_wh
    frames = []
    for frame in seen:
        pose = frame.pose
        if pose is not None:
            xy = np.array(pose.keypoints_xy)[MIRROR]
            xy[:, 0] = width - 1 - xy[:, 0]
            pose = track_pose(xy, np.asarray(pose.keypoint_scores)[MIRROR])
        frames.append(TrackFrame(frame.at_s, pose))
    return PoseTrack(seen.image_wh, frames)


def report_of(performer: Athlete, seen: Seen, seed: int, routine_id: str | None = None) -> dict[str, Any]:
    """What ``posecoach score --json`` says of it; without another routine's id, by its own."""
    return scored(track(performer, seen, seed), routine(routine_id or performer.motion.name))


def parts_of(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The repetitions, the flow or the holds of a report."""
    return report["reps"] or report["holds"]
