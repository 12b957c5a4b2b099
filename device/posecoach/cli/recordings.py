"""What several commands share: a model, and recordings as tracks whatever they are stored as."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from posecoach.adapters.data_home import data_home
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.progress_bar import ProgressBar
from posecoach.coach.person import PersonChoice
from posecoach.errors import InputMissing, TrackError
from posecoach.ports import PoseEstimator
from posecoach.track import PoseTrack, TrackFrame, track_pose

if TYPE_CHECKING:  # an interpreter is loaded only by a command that runs a network
    from posecoach.adapters.litert_estimator import LiteRtEstimator


def add_model_option(command: argparse.ArgumentParser) -> None:
    """Add ``--model``."""
    command.add_argument(
        "--model",
        metavar="ID|PATH",
        help="a model of the manifest or a .tflite file (default: PoseNet 481x641)",
    )


def open_estimator(model: str | None) -> LiteRtEstimator:
    """The estimator for ``--model``.

    Raises:
        ModelUnavailable: The model, or an interpreter to run it, is not on this box.
        ModelError: The file is not a model that can be used.
    """
    from posecoach.adapters.litert_estimator import LiteRtEstimator
    from posecoach.adapters.model_store import ModelStore, default_model_id

    stored = ModelStore().resolve(model or default_model_id())
    return LiteRtEstimator(stored.content, model_id=stored.model_id)


def routines() -> RoutineFolders:
    """The routines on this box."""
    return RoutineFolders(data_home() / "routines", read_track=read_track, write_track=write_track)


def track_of(path: Path, estimator: Callable[[], PoseEstimator]) -> PoseTrack:
    """A recording as a track: read if it is one, made from the pictures if it is a video.

    Args:
        path: A track, or anything a camera can play.
        estimator: Asked for only when there are pictures.
    """
    if path.suffix.lower() == ".json":
        return read_track(path)
    require_recording(path)
    return track_video(path, estimator())


def require_recording(path: Path) -> None:
    """Say that a recording is missing before anything is loaded for it.

    Raises:
        InputMissing: There is no such file.
    """
    if not path.exists():
        raise InputMissing(f"{path}: no such video, folder of pictures or track")


def track_video(path: Path, estimator: PoseEstimator) -> PoseTrack:
    """The poses of one person through a video or a folder of pictures.

    Raises:
        InputMissing: There is no such file.
        MediaError: It holds no readable picture.
        TrackError: Nobody is in it.
    """
    from posecoach.adapters.file_camera import FileCamera

    frames: list[TrackFrame] = []
    choice = PersonChoice()
    wh = (0, 0)
    with FileCamera(path) as camera:
        bar = ProgressBar(path.name, camera.duration_s)
        for frame in camera.frames():
            wh = frame.wh
            poses = [pose.within(wh) for pose in estimator.estimate(frame)]
            chosen = choice.choose(frame.captured_at, poses)
            pose = track_pose(chosen.keypoints_xy, np.asarray(chosen.keypoint_scores)) if chosen else None
            frames.append(TrackFrame(round(frame.captured_at, 6), pose))
            bar.advance(frame.captured_at)
        bar.close()
    if not any(frame.pose for frame in frames):
        raise TrackError(
            f"{path}: nobody found in {len(frames)} frames; light the person well and show all of them"
        )
    return PoseTrack(wh, frames)
