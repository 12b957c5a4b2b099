"""MoveNet through a video, against the keypoints that its authors' own tracker gave for every frame."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from posecoach.skeleton import Keypoint

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters.file_camera import FileCamera
from posecoach.adapters.movenet_estimator import MoveNetEstimator
from posecoach.adapters.track_file import read_track
from posecoach.cli import main

pytestmark = pytest.mark.shared

FRAMES = 40
# In torso lengths; measured on all 120 frames: 0.052 and 0.163, and 0.104 and 0.414 in the whole picture.
MEDIAN = 0.07
P95 = 0.22
FOLLOWING_GAINS = 1.5


@pytest.fixture(scope="module")
def model(shared):
    return shared / "models" / "movenet_single_pose_lightning_ptq.tflite"


@pytest.fixture(scope="module")
def reference(shared):
    frames = json.loads((shared / "data/video/tfjs/pose_1.json").read_text(encoding="utf-8"))
    places = [[frame[keypoint.name.lower()] for keypoint in Keypoint] for frame in frames]
    return np.array([[[place["x"], place["y"]] for place in frame] for frame in places])


def errors(shared, model, reference, *, following):
    """Distance of every keypoint to its reference in torso lengths: ``(frames, 17)``."""
    shoulders, hips = reference[:, [5, 6]].mean(axis=1), reference[:, [11, 12]].mean(axis=1)
    torso_px = np.hypot(*(shoulders - hips).T).mean()
    apart = []
    with (
        MoveNetEstimator(model.read_bytes(), model_id="movenet-lightning") as estimator,
        FileCamera(shared / "data/video/tfjs/pose_1.mp4") as camera,
    ):
        for frame, places in zip(islice(camera.frames(), FRAMES), reference, strict=False):
            # A frame that comes no later is looked at whole; stage by stage, once.
            given = frame if following else replace(frame, captured_at=0.0)
            if following:
                [pose] = estimator.estimate(given)
            else:
                [pose] = estimator.place(estimator.decode(estimator.infer(estimator.prepare(given))), given)
            apart.append(np.hypot(*(pose.keypoints_xy - places).T))
    assert len(apart) == FRAMES
    return np.array(apart) / torso_px


def test_the_keypoints_are_where_the_reference_has_them(shared, model, reference):
    assert reference.shape == (120, 17, 2)
    followed = errors(shared, model, reference, following=True)
    whole = errors(shared, model, reference, following=False)
    assert np.median(followed) < MEDIAN
    assert np.percentile(followed, 95) < P95
    assert np.median(whole) > FOLLOWING_GAINS * np.median(followed)


def test_the_commands_run_it(shared, model, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    video, track = shared / "data/video/tfjs/pose_squats.mp4", tmp_path / "squats.json"
    chosen = ["--model", str(model), "--threads", "1"]
    assert main(["track", str(video), "-o", str(track), *chosen]) == 0
    assert sum(frame.pose is not None for frame in read_track(track)) == 65
    assert main(["routine", "import", str(track), "--name", "squat", "--kind", "reps"]) == 0
    capsys.readouterr()

    assert main(["score", str(video), "--routine", "squat", "--json", *chosen]) == 0

    outcome = json.loads(capsys.readouterr().out)
    assert [rep["verdict"] for rep in outcome["reps"]] == ["good", "good"]
    assert outcome["score"] > 90
