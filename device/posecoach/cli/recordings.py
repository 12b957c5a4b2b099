"""What several commands share: a model, and recordings as tracks whatever they are stored as."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from posecoach.adapters.data_home import data_home
from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.progress_bar import ProgressBar
from posecoach.coach.person import PersonChoice
from posecoach.errors import InputMissing, TrackError
from posecoach.ports import PoseEstimator, StagedEstimator
from posecoach.track import PoseTrack, TrackFrame, track_pose

if TYPE_CHECKING:  # not needed by a command that runs no network
    from posecoach.adapters.model_store import StoredModel

_MOST_THREADS: Final = 64
_TPU: Final = re.compile(r"(usb|pci)(:\d+)?|:\d+")


class ModelChoice(NamedTuple):
    """What a command line says about the network.

    Attributes:
        name: An id of the manifest or a path; `None` is the default for the camera.
        num_threads: Of the interpreter; `None` is one per core, at most 4.
        tpu: Which Edge TPU; `None` is any, if the model is compiled for one.
        camera: Where the pictures come from, if that is chosen too.
    """

    name: str | None = None
    num_threads: int | None = None
    tpu: str | None = None
    camera: str = ""


def add_model_option(command: argparse.ArgumentParser) -> None:
    """Add ``--model``, and where it runs: ``--threads`` and ``--tpu``."""
    command.add_argument(
        "--model",
        metavar="ID|PATH",
        help="a model of the manifest or a .tflite file "
        "(default: PoseNet 481x641; posecoach-athlete for the synthetic camera)",
    )
    command.add_argument(
        "--threads",
        type=_threads,
        metavar="N",
        help="threads of the processor for the network (default: one per core, at most 4)",
    )
    command.add_argument(
        "--tpu",
        type=_tpu,
        metavar="usb|pci|:N",
        help="which Edge TPU, for a model whose id ends in -edgetpu (default: any); usb:1 is the second",
    )


def model_choice(arguments: argparse.Namespace) -> ModelChoice:
    """What the options of `add_model_option` say."""
    camera = getattr(arguments, "camera", None) or ""
    return ModelChoice(arguments.model, arguments.threads, arguments.tpu, camera)


def stored_model(choice: ModelChoice) -> StoredModel:
    """The model that is chosen, from the disk.

    Raises:
        ModelUnavailable: The model is not on this box.
        ModelError: The file is not a model.
    """
    from posecoach.adapters.model_store import ModelStore, default_model_id

    return ModelStore().resolve(choice.name or default_model_id(choice.camera))


def open_estimator(choice: ModelChoice, *, probe: bool = True) -> StagedEstimator:
    """The estimator for what is chosen.

    Args:
        choice: What a command line says.
        probe: Try an Edge TPU in a throw-away process first; not where this is one.

    Raises:
        ModelUnavailable: The model, or what runs it, is not on this box.
        ModelError: The file is not a model that can be used.
    """
    from posecoach import app

    stored = stored_model(choice)
    return app.open_estimator(
        stored.content, stored.model_id, num_threads=choice.num_threads, tpu=choice.tpu, probe=probe
    )


def routines() -> RoutineFolders:
    """The routines on this box, and the starter routines behind them."""
    return RoutineFolders(
        data_home() / "routines", read_track=read_track, write_track=write_track, shipped=STARTER
    )


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
            chosen = choice.choose(frame.captured_at, poses, wh)
            pose = track_pose(chosen.keypoints_xy, np.asarray(chosen.keypoint_scores)) if chosen else None
            frames.append(TrackFrame(round(frame.captured_at, 6), pose))
            bar.advance(frame.captured_at)
        bar.close()
    if not any(frame.pose for frame in frames):
        raise TrackError(
            f"{path}: nobody found in {len(frames)} frames; light the person well and show all of them"
        )
    return PoseTrack(wh, frames)


def _threads(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= _MOST_THREADS:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {_MOST_THREADS}, got {text!r}")
    return number


def _tpu(text: str) -> str:
    if not _TPU.fullmatch(text):
        raise argparse.ArgumentTypeError(f"must be usb, pci, usb:N, pci:N or :N, got {text!r}")
    return text
