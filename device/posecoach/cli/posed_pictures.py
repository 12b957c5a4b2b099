"""A picture with one person, of a file or of a library: for `library search`, `compare` and `mirror`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.person import PersonChoice
from posecoach.coach.scene import Scene
from posecoach.errors import MediaError
from posecoach.face.pose_picture import PosePicture
from posecoach.frame import Frame
from posecoach.library.enough import enough_seen
from posecoach.library.people import crop_around
from posecoach.library.stock import PersonFound
from posecoach.ports import PoseEstimator
from posecoach.pose import PoseEstimate


def png_path(text: str) -> Path:
    """Where a drawing goes, from a command line."""
    if Path(text).suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"must end in .png, got {text!r}")
    return Path(text)


class Posed(NamedTuple):
    """A picture and the pose of the most prominent person in it."""

    image: NDArray[np.uint8]
    pose: PoseEstimate


def posed_in(path: Path, estimator: PoseEstimator) -> Posed:
    """The most prominent person in a picture, which is reduced as those of a library are.

    Raises:
        InputMissing: There is no such picture.
        MediaError: It cannot be read, or nobody is in it.
    """
    from posecoach.adapters.pictures import read_reduced

    frame = Frame(index=0, captured_at=0.0, image=read_reduced(path).image)
    chosen = _most_prominent(frame, estimator)
    if chosen is None:
        raise MediaError(
            f"{path}: nobody found in the picture; show one person, well lit and from head to foot"
        )
    return Posed(frame.image, chosen)


def twin_of(posed: Posed, estimator: PoseEstimator) -> PoseEstimate | None:
    """The same person in the mirrored picture; `None` where the network sees nobody there."""
    return _most_prominent(Frame(0, 0.0, np.ascontiguousarray(posed.image[:, ::-1])), estimator)


def _most_prominent(frame: Frame, estimator: PoseEstimator) -> PoseEstimate | None:
    """Of those of whom enough is seen, if there are any: a library has kept no others."""
    poses = [pose.within(frame.wh) for pose in estimator.estimate(frame)]
    return PersonChoice().choose(0.0, enough_seen(poses) or poses, frame.wh)


def cut_out(posed: Posed) -> PosePicture:
    """The part of a picture that shows the person."""
    image, pose = posed
    crop = crop_around(pose, (image.shape[1], image.shape[0]))
    part = np.ascontiguousarray(image[crop.y : crop.y + crop.h, crop.x : crop.x + crop.w])
    return PosePicture(part, pose.keypoints_xy - (crop.x, crop.y), pose.keypoint_scores)


def picture_of(found: PersonFound, decode: Callable[[bytes], NDArray[np.uint8]] | None = None) -> PosePicture:
    """The small picture that a library keeps of somebody.

    Args:
        found: Who.
        decode: Makes a picture of a JPEG; by default here and now.

    Raises:
        LibraryError: It is damaged.
    """
    crop, pose = found.kept.crop, found.kept.pose
    image = (decode or _decoded_here)(found.kept.thumbnail)
    scale = np.array((image.shape[1] / crop.w, image.shape[0] / crop.h))
    return PosePicture(image, (pose.keypoints_xy - (crop.x, crop.y)) * scale, pose.keypoint_scores)


def _decoded_here(jpeg: bytes) -> NDArray[np.uint8]:
    from posecoach.adapters.thumbnails import thumbnail_picture

    return thumbnail_picture(jpeg)


def write_scene(path: Path, scene: Scene, wh: tuple[int, int]) -> None:
    """A scene as a PNG of this size.

    Raises:
        OutputError: It cannot be written.
        DisplayError: It cannot be drawn here.
    """
    from posecoach.adapters.pictures import write_png
    from posecoach.app import open_display

    with open_display("headless", wh) as display:
        display.show(scene)
        write_png(path, display.pixels())
