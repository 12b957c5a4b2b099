"""The whole estimator on Google's test picture, against Google's recorded results."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.skeleton import Keypoint
from posecoach.vision.letterbox import Letterbox, Resize

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters.litert_estimator import LiteRtEstimator
from posecoach.adapters.model_store import ModelStore
from posecoach.adapters.pictures import read_picture

SIZES = ["353x481", "481x641", "721x1281"]

# The official test's tolerances, in network pixels.
POSITION_PX = 4.0
SCORE = 0.1

# A letterboxed picture is a smaller picture, seen undistorted; in heights of the picture.
LETTERBOX_HEIGHTS = 0.02

Place = tuple[float, float, float]  # x, y, score
Wh = tuple[float, float]

pytestmark = pytest.mark.shared


@cache
def picture(shared: Path):
    return read_picture(shared / "data" / "images" / "coral" / "test_couple.jpg")


def open_estimator(shared: Path, size: str, resize: Resize) -> LiteRtEstimator:
    store = ModelStore(environ={"POSECOACH_MODELS": str(shared / "models"), "HOME": "/nowhere"})
    stored = store.resolve(f"posenet-mobilenet-075-{size}")
    return LiteRtEstimator(stored.content, model_id=stored.model_id, resize=resize)


@cache
def estimates(shared: Path, size: str, resize: Resize) -> tuple[list[PoseEstimate], tuple[int, int]]:
    """The poses, and the size of the network's input."""
    with open_estimator(shared, size, resize) as estimator:
        return estimator.estimate(Frame(0, 0.0, picture(shared))), estimator.input_wh


def recorded(shared: Path, size: str, suffix: str = "") -> list[tuple[float, dict[Keypoint, Place]]]:
    """Instance score and keypoints (x, y, score) of each recorded pose, in network pixels."""
    folder = shared / "data" / "images" / "coral" / "project-posenet_reference"
    name = f"posenet_mobilenet_v1_075_{size.replace('x', '_')}_quant_decoder{suffix}_reference.csv"
    poses: dict[str, tuple[float, dict[Keypoint, Place]]] = {}
    with (folder / name).open(newline="") as file:
        for row in csv.DictReader(file):
            _, keypoints = poses.setdefault(row["pose_id"], (float(row["pose_score"]), {}))
            x, y, score = (float(row[f"keypoint_{column}"]) for column in ("x", "y", "score"))
            keypoints[Keypoint[row["keypoint_label"].replace(" ", "_")]] = (x, y, score)
    return list(poses.values())


def missed(pose: PoseEstimate, official: dict[Keypoint, Place], scale: Wh) -> set[Keypoint]:
    """Keypoints further from their record than the official test allows; `scale` to network pixels."""
    assert len(official) == len(Keypoint)
    return {
        keypoint
        for keypoint, (x, y, score) in official.items()
        if np.abs(pose.keypoints_xy[keypoint] * scale - (x, y)).max() > POSITION_PX
        or abs(pose.keypoint_scores[keypoint] - score) > SCORE
    }


@pytest.mark.parametrize("size", SIZES)
def test_the_couple_is_where_google_recorded_it(shared, size):
    # The very pixels of the official test: the picture as its JPEG library and Pillow's resize give it.
    rows, columns = size.split("x")
    with np.load(shared / "golden" / f"test_couple__{rows}_{columns}.npz", allow_pickle=False) as golden:
        frame = Frame(0, 0.0, golden["input"])
    with open_estimator(shared, size, Resize.STRETCH) as estimator:
        poses = estimator.estimate(frame)
    expected = recorded(shared, size)
    assert len(poses) == len(expected) == 2
    for pose, (score, official) in zip(poses, expected, strict=True):
        assert pose.score == pytest.approx(score, abs=SCORE)
        assert missed(pose, official, (1, 1)) == set()


@pytest.mark.parametrize("size", SIZES)
def test_from_the_file_the_couple_is_where_google_recorded_it(shared, size):
    poses, input_wh = estimates(shared, size, Resize.STRETCH)
    expected = recorded(shared, size)
    assert len(poses) == len(expected) == 2
    height, width, _ = picture(shared).shape
    scale = (input_wh[0] / width, input_wh[1] / height)
    for pose, (score, official) in zip(poses, expected, strict=True):
        assert pose.score == pytest.approx(score, abs=SCORE)
        assert missed(pose, official, scale) == set()


@pytest.mark.parametrize("size", SIZES)
def test_letterboxed_the_couple_is_in_the_same_place(shared, size):
    poses, input_wh = estimates(shared, size, Resize.LETTERBOX)
    expected = recorded(shared, size)
    assert len(poses) == len(expected) == 2
    height, width, _ = picture(shared).shape
    for pose, (_, official) in zip(poses, expected, strict=True):
        places = np.array([official[keypoint][:2] for keypoint in Keypoint])
        apart = np.hypot(*(pose.keypoints_xy - places * (width / input_wh[0], height / input_wh[1])).T)
        assert apart.max() < LETTERBOX_HEIGHTS * height


def test_the_network_s_input_is_the_one_the_references_were_made_with(shared):
    # A BMP decodes alike everywhere, so the resize is compared bit for bit.
    for name in ("test_image", "squat"):
        image = read_picture(shared / "data" / "images" / "coral" / f"{name}.bmp")
        height, width, _ = image.shape
        for rows, columns in ((353, 481), (481, 641), (721, 1281)):
            with np.load(shared / "golden" / f"{name}__{rows}_{columns}.npz", allow_pickle=False) as golden:
                letterbox = Letterbox.make((width, height), (columns, rows), Resize.STRETCH)
                assert np.array_equal(letterbox.fit(image), golden["input"])
