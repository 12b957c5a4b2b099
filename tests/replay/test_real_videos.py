"""The main job on real input: what a visitor does first, through the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli import main
from posecoach.track import PoseTrack, TrackFrame, track_pose

pytestmark = pytest.mark.shared
NOISE_PX = 2.0
SCORE_MARGIN = 3.0


@pytest.fixture(scope="module")
def box(shared, tmp_path_factory):
    """A box on which the squat has been learned from the video, with the video's track."""
    folder = tmp_path_factory.mktemp("box")
    before = os.environ.get("POSECOACH_DATA")
    os.environ["POSECOACH_DATA"] = str(folder)
    video = str(shared / "data" / "video" / "tfjs" / "pose_squats.mp4")
    assert main(["track", video, "-o", str(folder / "pose_squats.json")]) == 0
    assert main(["routine", "import", video, "--name", "squat", "--kind", "reps"]) == 0
    yield folder
    if before is None:
        del os.environ["POSECOACH_DATA"]
    else:
        os.environ["POSECOACH_DATA"] = before


def score(capsys, *recordings):
    capsys.readouterr()
    assert main(["score", *map(str, recordings), "--routine", "squat", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def changed(track: PoseTrack, place=lambda xy: xy, pace: float = 1.0) -> PoseTrack:
    """The track with every keypoint moved by `place`, played at `pace` times its speed."""
    return PoseTrack(
        track.image_wh,
        [
            TrackFrame(
                frame.at_s / pace,
                frame.pose and track_pose(place(frame.pose.keypoints_xy), frame.pose.keypoint_scores),
            )
            for frame in track
        ],
    )


def test_the_video_a_routine_was_learned_from_scores_full_marks_and_its_track_the_same(box, shared, capsys):
    outcome, from_track = score(
        capsys, shared / "data" / "video" / "tfjs" / "pose_squats.mp4", box / "pose_squats.json"
    )

    assert [rep["verdict"] for rep in outcome["reps"]] == ["good", "good"]
    assert outcome["score"] >= 97
    assert outcome["coverage"] >= 0.9
    assert from_track == outcome


def test_another_movement_scores_next_to_nothing_and_says_why(box, shared, capsys):
    [outcome] = score(capsys, shared / "data" / "video" / "tfjs" / "pose_1.mp4")

    assert outcome["score"] is None or outcome["score"] <= 30
    assert outcome["reason"] or outcome["reps"][0]["reason"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"place": lambda xy: xy + np.array([35.0, -50.0])}, id="shifted"),
        pytest.param({"place": lambda xy: xy + np.array([900.0, 400.0])}, id="shifted-far"),
        pytest.param({"place": lambda xy: xy * 0.6}, id="scaled"),
        pytest.param({"pace": 0.7}, id="slower"),
        pytest.param(
            {"place": lambda xy: xy + np.random.default_rng(3).normal(0, NOISE_PX, xy.shape)}, id="noisy"
        ),
    ],
)
def test_place_size_pace_and_noise_do_not_change_the_score(box, capsys, tmp_path, change):
    track = read_track(box / "pose_squats.json")
    write_track(tmp_path / "changed.json", changed(track, **change))

    original, other = score(capsys, box / "pose_squats.json", tmp_path / "changed.json")

    assert len(other["reps"]) == len(original["reps"]) == 2
    assert other["score"] == pytest.approx(original["score"], abs=SCORE_MARGIN)


def test_another_process_prints_the_same_bytes(box, capsys):
    """With a hash seed of its own, so that no set decides."""
    capsys.readouterr()
    command = ["score", str(box / "pose_squats.json"), "--routine", "squat", "--json"]
    assert main(command) == 0
    here = capsys.readouterr().out
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    there = subprocess.run(
        [sys.executable, "-m", "posecoach", *command],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    ).stdout

    assert len(here) > 200
    assert there == here


def test_a_whole_session_is_recorded_and_kept(box, shared, tmp_path, capsys):
    """Camera to screen to history: the film lasts as long as the session, and both repetitions are kept."""
    film = tmp_path / "out.mp4"
    video = shared / "data" / "video" / "tfjs" / "pose_squats.mp4"

    code = main(
        [
            "run",
            "--camera",
            f"file:{video}",
            "--routine",
            "squat",
            "--display",
            "headless",
            "--record-screen",
            str(film),
        ]
    )

    assert code == 0
    import av

    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        length_s = float(stream.duration * stream.time_base)
        assert (stream.width, stream.height) == (1280, 720)
    assert length_s == pytest.approx(13.0 + 4.4 + 6.0, abs=1.0)  # the video, the count-in, the summary
    capsys.readouterr()
    assert main(["history", "list", "--json"]) == 0
    sessions = json.loads(capsys.readouterr().out)
    assert len(sessions) == 1
    assert sessions[0]["routine"] == "squat"


def test_the_demo_coaches_a_recording_of_somebody(shared, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    video = shared / "data" / "video" / "tfjs" / "pose_squats.mp4"

    assert main(["demo", "--camera", f"file:{video}", "--output", str(tmp_path / "demo")]) == 0

    said = capsys.readouterr().out
    assert "100 of 100" in said
    assert "2 good" in said
    for name in ("session.mp4", "session.png"):
        assert (tmp_path / "demo" / name).stat().st_size > 50_000
        assert name in said


def test_nothing_is_written_for_a_video_without_a_person(shared, tmp_path, capsys, monkeypatch):
    from posecoach.adapters.mp4_writer import Mp4Writer

    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    empty = tmp_path / "empty.mp4"
    with Mp4Writer(empty, wh=(320, 240), rate_hz=10) as writer:
        for _ in range(10):
            writer.write(np.full((240, 320, 3), 90, dtype=np.uint8))

    assert main(["track", str(empty), "-o", str(tmp_path / "empty.json")]) == 65
    assert main(["routine", "import", str(empty), "--name", "none", "--kind", "reps"]) == 65

    assert "nobody found in 10 frames" in capsys.readouterr().err
    assert not (tmp_path / "empty.json").exists()
    assert not (tmp_path / "data").exists()
