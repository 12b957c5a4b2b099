"""MoveNet on Google's test picture, against Google's recorded result."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from posecoach.frame import Frame
from posecoach.skeleton import NUM_KEYPOINTS
from posecoach.vision.letterbox import Resize

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters.movenet_estimator import MoveNetEstimator
from posecoach.adapters.pictures import read_picture

pytestmark = pytest.mark.shared

# The official test allows 0.4 of the picture for places and scores alike; two kernels of one interpreter
# differ by 0.01 and 0.2 on this picture, with the hidden arm's scores by 0.5.
POSITION = 0.05
MEAN_SCORE = 0.2


@pytest.mark.parametrize("resize", Resize)
def test_the_squat_is_where_google_recorded_it(shared, resize):
    folder = shared / "data" / "images" / "coral"
    reference = folder / "test_data_reference" / "movenet_single_pose_lightning_ptq_reference.csv"
    with reference.open(newline="") as file:
        rows = [
            [float(row[f"keypoint_{column}"]) for column in ("x", "y", "score")]
            for row in csv.DictReader(file)
        ]
    image = read_picture(folder / "squat.bmp")
    model = (shared / "models" / "movenet_single_pose_lightning_ptq.tflite").read_bytes()
    with MoveNetEstimator(model, model_id="movenet-lightning", resize=resize) as estimator:
        frame = Frame(0, 0.0, image)
        # One look, as the official test has; `estimate` would take a second one, closer.
        poses = estimator.place(estimator.decode(estimator.infer(estimator.prepare(frame))), frame)
    expected = np.array(rows)
    assert expected.shape == (NUM_KEYPOINTS, 3)
    [pose] = poses
    places = pose.keypoints_xy / (image.shape[1], image.shape[0])
    assert places == pytest.approx(expected[:, :2], abs=POSITION)
    assert np.abs(pose.keypoint_scores - expected[:, 2]).mean() < MEAN_SCORE
