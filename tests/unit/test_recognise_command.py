"""``posecoach recognise``, by its command line."""

from __future__ import annotations

import json

import pytest

from posecoach.adapters.track_file import write_track
from posecoach.cli import main
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.motions_gestures import GESTURES
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.track import PoseTrack

AMONG = ["--routines", "squat,shoulder_abduction"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))


def recorded(path, motion, frames=None):
    athlete = Athlete(motion, camera=ViewCamera(), seed=5, reps=2, lead_s=1.5)
    track = athlete.truth(0.0, athlete.duration_s, 15.0, hidden_score=0.25)
    write_track(path, PoseTrack(track.image_wh, list(track.frames)[:frames]))
    return str(path)


def test_what_is_done_is_told_with_what_speaks_against_the_others(tmp_path, capsys):
    path = recorded(tmp_path / "a.track.json", MOTIONS["shoulder_abduction"])

    assert main(["recognise", path, *AMONG, "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    best = told["recognised"]
    assert told["recording"] == path
    assert (best["routine"], best["view"], best["mirrored"]) == ("shoulder_abduction", "front", False)
    assert (best["decided"], best["times"], best["against"]) == (True, 2, [])
    assert 1.0 < best["from_s"] < best["known_s"] < 6.0
    assert told["ranking"][0] == best
    assert main(["recognise", path, *AMONG]) == 0
    assert f"{path}: Side arm raise, from the front; known at" in capsys.readouterr().out


@pytest.mark.parametrize("frames", [None, 1, 20], ids=["a gesture", "one frame", "a moment"])
def test_none_of_these_is_said(tmp_path, capsys, frames):
    path = recorded(tmp_path / "b.track.json", GESTURES["raise_left_hand"], frames)

    assert main(["recognise", path, *AMONG, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["recognised"] is None
    assert main(["recognise", path, *AMONG]) == 0
    assert "none of these" in capsys.readouterr().out


def test_no_more_of_the_list_is_printed_than_asked_for(tmp_path, capsys):
    path = recorded(tmp_path / "a.track.json", MOTIONS["squat"])

    assert main(["recognise", path, *AMONG, "--top", "1", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["ranking"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["missing.mp4"], 66, "no such video"),
        (["a.track.json", "--routines", "squad"], 66, "did you mean 'squat'?"),
        (["a.track.json", "--routines", "squat", "--without", "left_leg,right_leg"], 65, "nothing is left"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(tmp_path, capsys, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    recorded(tmp_path / "a.track.json", MOTIONS["squat"], 30)

    assert main(["recognise", *arguments]) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["x", "--top", "0"], ["x", "--routines", ","]])
def test_what_makes_no_sense_is_a_mistake_of_usage(arguments):
    with pytest.raises(SystemExit) as left:
        main(["recognise", *arguments])
    assert left.value.code == 2
