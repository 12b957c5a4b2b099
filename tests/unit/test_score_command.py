"""``posecoach score``: what it refuses, the metrics by name, and bodies that differ."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from builders import (
    arm_raise_track,
    cycle_track,
    empty_track,
    front_pose,
    hold_track,
    joined,
    learned,
    side_pose,
    squat_track,
    still_track,
)
from posecoach.adapters.track_file import write_track
from posecoach.cli import main
from posecoach.cli.score import scored
from posecoach.coach.named_scores import METRICS
from posecoach.coach.seen_from import views_seen
from posecoach.coach.view import StepKind
from posecoach.errors import TrackError
from posecoach.skeleton import Keypoint
from posecoach.track import PoseTrack
from refusals import only_line


@pytest.fixture(scope="module")
def arms():
    return learned(arm_raise_track(reps=2))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A box with two routines: arms from the front, squats from the left."""
    folder = tmp_path_factory.mktemp("box")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSECOACH_DATA", str(folder / "data"))
        for name, track in (("arms", arm_raise_track(reps=2)), ("squats", squat_track(reps=2))):
            recording = folder / f"{name}.json"
            write_track(recording, track)
            assert main(["routine", "import", str(recording), "--name", name, "--kind", "reps"]) == 0
    return folder


@pytest.fixture
def box(filled, tmp_path, monkeypatch):
    """That box, to be changed."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys, *arguments):
    """The one line of a refusal."""
    capsys.readouterr()
    assert main(["score", *arguments]) == 65
    return only_line(capsys)


def edited(box, routine, old, new):
    file = box / "data" / "routines" / routine / "routine.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


# -- refusals --


def test_a_side_that_the_routine_was_not_recorded_from_is_refused(box, capsys):
    err = refused(capsys, "squats.json", "--routine", "arms")

    assert "squats.json: seen from the left, but 'arms' was recorded from the front: face the camera" in err

    err = refused(capsys, "arms.json", "--routine", "squats")
    assert "seen from the front, but 'squats' was recorded from the left: turn your left side" in err


def test_the_others_of_several_are_scored(box, capsys):
    capsys.readouterr()
    assert main(["score", "squats.json", "arms.json", "--routine", "arms", "--json"]) == 65
    out, err = capsys.readouterr()
    assert json.loads(out)["score"] >= 98
    assert "squats.json" in err


@pytest.mark.parametrize(("yaw_deg", "fair"), [(0, True), (30, True), (80, False)])
def test_a_person_who_has_turned_a_little_is_scored(arms, yaw_deg, fair):
    """What is across the picture narrows as they turn."""
    narrow = np.array([np.cos(np.radians(yaw_deg)), 1.0])

    def movement(share):
        degrees = 10 + 160 * share
        return front_pose(left_arm_deg=degrees, right_arm_deg=degrees) * narrow

    track = cycle_track(movement)
    if fair:
        assert scored(track, arms)["score"] >= 60
    else:
        with pytest.raises(TrackError, match="recorded from the front"):
            scored(track, arms)


def test_somebody_who_walks_in_from_the_side_is_scored(arms):
    track = joined(still_track(side_pose(), duration_s=4.0), arm_raise_track())

    assert scored(track, arms)["score"] is not None
    assert views_seen(track)["front"] > 0.5


def test_who_bends_forward_is_still_seen_from_the_side():
    """Bending towards the camera shortens the torso in the picture, not the shoulders."""
    shares = views_seen(hold_track())

    assert shares == {"front": 1.0}
    assert set(views_seen(squat_track())) == {"left"}
    assert set(views_seen(squat_track(faces_left=False))) == {"right"}
    assert views_seen(empty_track()) == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("reps = 10", "reps = 0", "steps[0].reps: must be a whole number"),
        ("[[steps]]", "[[steps]]\n[[steps]]", "steps[0].kind is missing"),
        ("[[steps]]", "[[others]]", "others: unknown key"),
        ('kind = "reps"', 'kind = "dance"', "steps[0].kind: unknown 'dance'"),
        ('front = "step1-front.track.json"', "", "steps[0]: a step needs the track of at least one view"),
        ("[[steps]]", '[[steps]]\nwithout = ["wing"]', "steps[0].without: 'wing' cannot be left out"),
        ("[[steps]]", "[[steps]]\nwithout = [3]", "steps[0].without: must be names"),
        (
            "[[steps]]",
            '[[steps]]\nwithout = ["left_arm", "right_arm", "head", "trunk", "left_leg", "right_leg"]',
            "shows nothing of the limbs that matter",
        ),
    ],
)
def test_a_routine_with_an_empty_step_is_refused(box, capsys, old, new, words):
    edited(box, "arms", old, new)

    assert words in refused(capsys, "arms.json", "--routine", "arms")


def test_a_routine_of_no_step_is_refused(box, capsys):
    file = box / "data" / "routines" / "arms" / "routine.toml"
    file.write_text(file.read_text().split("[[steps]]")[0] + "steps = []\n")

    assert "has no step" in refused(capsys, "arms.json", "--routine", "arms")


@pytest.mark.parametrize("frames", [1, 40])
def test_a_reference_in_which_nothing_moves_is_refused(box, capsys, frames):
    still = still_track(duration_s=2.0)
    write_track(
        box / "data" / "routines" / "arms" / "step1-front.track.json",
        PoseTrack(still.image_wh, still.frames[:frames]),
    )

    err = refused(capsys, "arms.json", "--routine", "arms")
    assert "the front track shows no movement" in err
    assert "routine.toml" in err


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "none",
            '{"format":"posecoach-track","version":1,"image_size":[640,480],"frames":[]}',
            "at least one",
        ),
        ("bytes", "", "not JSON"),
    ],
)
def test_a_track_of_no_length_is_refused(box, capsys, name, text, words):
    (box / f"{name}.json").write_text(text)

    err = refused(capsys, f"{name}.json", "--routine", "arms")
    assert words in err
    assert f"{name}.json" in err


@pytest.mark.parametrize(
    ("name", "track", "words"),
    [
        ("one", arm_raise_track(reps=1, rate_hz=30.0), "no length"),
        ("slow", arm_raise_track(rate_hz=1.0), "1.0 frames a second"),
        ("rare", arm_raise_track(rate_hz=30.0), "1.0 frames a second"),
    ],
)
def test_a_track_that_shows_no_movement_is_refused(box, capsys, name, track, words):
    """Rare: pictures are many, somebody is found in one a second."""
    frames = list(track.frames)
    if name == "one":
        frames = frames[:1]
    if name == "rare":
        frames = [
            replace(frame, pose=frame.pose if number % 30 == 0 else None)
            for number, frame in enumerate(frames)
        ]
    write_track(box / f"{name}.json", PoseTrack(track.image_wh, frames))

    err = refused(capsys, f"{name}.json", "--routine", "arms")
    assert words in err
    assert f"{name}.json" in err


def test_a_recording_with_a_long_pause_in_it_is_scored(arms):
    """A mean of frames a second would take it for a slow one."""
    track = joined(arm_raise_track(reps=2), arm_raise_track(reps=2), gap_s=600.0)

    assert len(scored(track, arms)["reps"]) == 4


def test_the_slowest_track_that_is_scored(arms):
    assert scored(arm_raise_track(rate_hz=3.5), arms)["reps"]


def test_nobody_in_the_track_is_no_score_but_a_reason(arms):
    outcome = scored(empty_track(), arms)

    assert outcome["score"] is None
    assert outcome["reason"]


def test_whose_hips_are_hidden_most_of_the_time_hears_that(arms):
    """Thighs hide the hips of whoever sits facing the camera; what is seen while they leave tells nothing."""
    hips = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
    seated = arm_raise_track(reps=3, rest_s=2.0, hidden=hips)
    leaving = still_track(duration_s=2.0)

    outcome = scored(joined(seated, leaving), arms)

    assert outcome["score"] is None
    assert outcome["reason"].startswith("your hips or your shoulders are hidden: ")


def test_hips_that_are_hidden_for_a_while_are_not_what_is_said(arms):
    hips = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]

    outcome = scored(joined(arm_raise_track(reps=1, hidden=hips), still_track(duration_s=9.0)), arms)

    assert outcome["score"] == 0.0
    assert outcome["reason"] == "no repetition was seen"


# -- metrics --


def test_metrics_come_beside_what_was_there(arms):
    track = arm_raise_track(top_deg=130.0)

    plain, with_metrics = scored(track, arms), scored(track, arms, metrics=list(METRICS))

    metrics = with_metrics.pop("metrics")
    assert with_metrics == plain
    assert list(metrics) == list(METRICS)
    assert metrics["coach"] == {"value": plain["score"], "parts": [rep["score"] for rep in plain["reps"]]}
    assert all(len(told["parts"]) == 3 for told in metrics.values())
    assert set(metrics["keypoint_dtw"]["keypoints"]) == {keypoint.part for keypoint in Keypoint}


def test_every_metric_tells_a_good_movement_from_a_poor_one(arms):
    values = [
        {name: told["value"] for name, told in scored(track, arms, metrics=list(METRICS))["metrics"].items()}
        for track in (arm_raise_track(), arm_raise_track(top_deg=140), arm_raise_track(top_deg=100))
    ]

    for name in METRICS:
        good, fair, poor = (each[name] for each in values)
        if name.endswith("distance"):
            good, fair, poor = -good, -fair, -poor
        assert good > fair > poor, name
    assert values[0]["cosine_similarity"] > 0.999
    assert values[0]["keypoint_dtw"] > 98


def test_a_keypoint_that_was_not_seen_has_no_score_and_costs_nothing(arms):
    hidden = [Keypoint.LEFT_ANKLE, Keypoint.LEFT_EYE]
    told = scored(arm_raise_track(hidden=hidden), arms, metrics=["keypoint_dtw", "cosine_similarity"])

    keypoints = told["metrics"]["keypoint_dtw"]["keypoints"]
    assert keypoints["leftAnkle"] is None
    assert keypoints["leftEye"] is None
    assert keypoints["rightAnkle"] > 95
    assert told["metrics"]["keypoint_dtw"]["value"] > 95
    assert told["metrics"]["cosine_similarity"]["value"] > 0.999


def test_with_nothing_done_there_is_nothing_to_measure(arms):
    metrics = scored(still_track(), arms, metrics=list(METRICS))["metrics"]

    assert {told["value"] for told in metrics.values()} == {None}
    assert metrics["keypoint_dtw"] == {"value": None, "parts": []}


@pytest.mark.parametrize("kind", [StepKind.HOLD, StepKind.FLOW])
def test_holds_and_flows_have_metrics_as_well(kind):
    track = hold_track()
    routine = learned(track, kind=kind)

    metrics = scored(track, routine, metrics=list(METRICS))["metrics"]

    assert metrics["cosine_similarity"]["value"] > 0.99
    assert metrics["keypoint_dtw"]["value"] > 90


def test_metrics_on_the_command_line(box, capsys):
    capsys.readouterr()
    asked = ["--metric", "cosine_distance", "--metric", "keypoint_dtw"]
    assert main(["score", "arms.json", "--routine", "arms", "--json", *asked]) == 0
    assert list(json.loads(capsys.readouterr().out)["metrics"]) == ["cosine_distance", "keypoint_dtw"]

    assert main(["score", "arms.json", "--routine", "arms", "--metric", "all"]) == 0
    said = capsys.readouterr().out
    for name in METRICS:
        assert name in said
    assert "leftWrist 100" in said


# -- bodies --


def test_what_is_left_out_is_said(box, capsys):
    capsys.readouterr()
    command = ["score", "arms.json", "--routine", "arms"]
    assert main([*command, "--json"]) == 0
    assert "without" not in json.loads(capsys.readouterr().out)
    assert main([*command, "--json", "--without", "left_arm,right_knee"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["without"] == ["left_arm", "right_knee"]
    assert outcome["limbs"]["left_arm"] is None
    assert outcome["limbs"]["right_arm"] >= 98
    assert main([*command, "--seated"]) == 0
    assert "left out: legs" in capsys.readouterr().out


def test_a_body_from_a_file_and_more(box, capsys):
    (box / "me.toml").write_text('without = ["left_arm"]\nseated = true\n')
    capsys.readouterr()

    arguments = ["--body", "me.toml", "--without", "head", "--json"]
    assert main(["score", "arms.json", "--routine", "arms", *arguments]) == 0

    assert json.loads(capsys.readouterr().out)["without"] == ["head", "left_arm", "left_leg", "right_leg"]


def test_an_exercise_of_what_is_missing_is_refused(box, capsys):
    err = refused(capsys, "arms.json", "--routine", "arms", "--without", "left_arm,right_arm")
    assert "arms: without arms too little of it is left to judge" in err
    assert "without legs" in refused(capsys, "squats.json", "--routine", "squats", "--seated")
    (box / "me.toml").write_text("wings = 2")
    assert "wings" in refused(capsys, "arms.json", "--routine", "arms", "--body", "me.toml")
    with pytest.raises(SystemExit) as left:
        main(["score", "arms.json", "--routine", "arms", "--without", "wing"])
    assert left.value.code == 2
    assert "'wing' cannot be left out" in capsys.readouterr().err


def test_live_it_is_refused_before_a_camera_is_opened(box, capsys):
    capsys.readouterr()
    assert main(["run", "--camera", "file:missing.mp4", "--routine", "squats", "--seated"]) == 65
    assert "without legs" in capsys.readouterr().err
    assert main(["run", "--camera", "file:missing.mp4", "--routine", "arms", "--seated"]) == 66


def test_a_view_that_shows_only_what_is_missing_is_refused(capsys, tmp_path, monkeypatch):
    """From the left the near leg is all there is of a squat."""
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    write_track(tmp_path / "squats.json", squat_track(reps=2))

    err = refused(capsys, str(tmp_path / "squats.json"), "--routine", "squat", "--without", "left_leg")

    assert (
        "seen from the left, but without left leg 'Squat' can only be judged from the front and the right"
        in err
    )


def test_a_step_of_a_routine_can_leave_out_parts(box, capsys):
    edited(box, "arms", "[[steps]]", '[[steps]]\nwithout = ["left_elbow"]')
    assert main(["routine", "show", "arms"]) == 0
    assert "nothing is asked of left elbow" in capsys.readouterr().out

    assert main(["score", "arms.json", "--routine", "arms", "--json"]) == 0

    outcome = json.loads(capsys.readouterr().out)
    assert outcome["keypoints"]["leftWrist"] is None
    assert outcome["keypoints"]["leftElbow"] >= 98
    assert outcome["score"] >= 98
