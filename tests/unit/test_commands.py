"""The command line on tracks: no network, no shared data."""

from __future__ import annotations

import json

import numpy as np
import pytest

from builders import squat_track
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli import main, parser
from refusals import only_line

COMMANDS_OF_THE_README = ("demo", "run", "pose", "compare", "track", "score", "routine", "history", "bench")


@pytest.fixture
def box(tmp_path, monkeypatch):
    """A box with a recording of three squats."""
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    write_track(tmp_path / "squats.json", squat_track(reps=3))
    return tmp_path


def learn(box, *more):
    return main(
        ["routine", "import", str(box / "squats.json"), "--name", "Deep Squat", "--kind", "reps", *more]
    )


def test_a_routine_is_learned_listed_shown_and_checked(box, capsys):
    assert learn(box) == 0
    assert "3 complete repetitions" in capsys.readouterr().out

    assert main(["routine", "list", "--json"]) == 0
    [row] = [row for row in json.loads(capsys.readouterr().out) if row["origin"] == "own"]
    assert (row["id"], row["name"], row["steps"][0]["kind"]) == ("deep-squat", "Deep Squat", "reps")
    assert main(["routine", "list"]) == 0
    assert "10 reps" in capsys.readouterr().out
    assert main(["routine", "show", "deep-squat"]) == 0
    assert "left leg" in capsys.readouterr().out
    assert main(["routine", "check"]) == 0
    assert "deep-squat: whole" in capsys.readouterr().out


def test_a_routine_scores_its_own_recording_full(box, capsys):
    learn(box)
    capsys.readouterr()

    assert main(["score", "squats.json", "squats.json", "--routine", "deep-squat", "--json"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    outcome = json.loads(first)
    assert outcome["score"] >= 98
    assert [rep["verdict"] for rep in outcome["reps"]] == ["good"] * 3
    keys = "routine view mirrored score coverage reason reps holds limbs keypoints symmetry cues"
    assert set(outcome) == set(keys.split())
    assert len(outcome["keypoints"]) == 17


def test_scores_for_people_say_the_same(box, capsys):
    learn(box)
    capsys.readouterr()

    assert main(["score", "squats.json", "--routine", "deep-squat"]) == 0

    said = capsys.readouterr().out
    assert "100 of 100" in said
    assert said.count("good") == 3


def test_one_bad_recording_among_several_does_not_stop_the_others(box, capsys):
    learn(box)
    capsys.readouterr()

    assert main(["score", "missing.json", "squats.json", "--routine", "deep-squat", "--json"]) == 66

    out, err = capsys.readouterr()
    assert json.loads(out)["score"] >= 98
    assert "missing.json" in err


def test_learning_again_keeps_what_was_there(box):
    learn(box)
    folder = box / "data" / "routines"
    (folder / "deep-squat" / "routine.toml").write_text(
        (folder / "deep-squat" / "routine.toml").read_text().replace("reps = 10", "reps = 7")
    )

    assert learn(box) == 65
    assert learn(box, "--replace") == 0

    assert "reps = 7" in (folder / "deep-squat~" / "routine.toml").read_text()
    assert "reps = 7" in (folder / "deep-squat" / "routine.toml").read_text()


def test_a_new_box_has_the_starter_routines(box, capsys):
    assert main(["routine", "list", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert len(rows) == 16
    assert {row["origin"] for row in rows.values()} == {"starter"}
    assert rows["squat"]["instructions"][0].startswith("Stand side-on")
    assert rows["squat"]["steps"][0]["best_views"] == ["left", "right"]
    assert rows["seated_arm_raise"]["steps"][0]["seated"] is True

    assert main(["routine", "show", "lunge"]) == 0
    shown = capsys.readouterr().out
    for words in ("Split lunge", "hands on your hips", "from the left or right", "on the other side as well"):
        assert words in shown
    assert "bend left knee: bend your front knee" in shown

    assert main(["score", "squats.json", "--routine", "squat", "--json"]) == 0
    assert [rep["verdict"] for rep in json.loads(capsys.readouterr().out)["reps"]] == ["good"] * 3


def test_ones_own_routine_takes_the_place_of_a_starter(box, capsys):
    learn(box)
    (box / "data" / "routines" / "deep-squat").rename(box / "data" / "routines" / "squat")
    capsys.readouterr()

    assert main(["routine", "list"]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("squat ")]
    assert "own" in line
    assert "Deep Squat" in line
    assert main(["routine", "check"]) == 0
    assert capsys.readouterr().out.count(": whole") == 1


def test_to_run_one_has_to_say_which_routine_unless_one_is_ones_own(box, capsys):
    assert main(["run", "--camera", "file:missing.mp4"]) == 66
    assert "--routine ID is needed; there are: chair, " in capsys.readouterr().err
    learn(box)
    capsys.readouterr()

    assert main(["run", "--camera", "file:missing.mp4"]) == 66
    assert "missing.mp4" in capsys.readouterr().err


def test_a_broken_routine_is_named_and_the_others_are_still_listed(box, capsys):
    learn(box)
    broken = box / "data" / "routines" / "broken"
    broken.mkdir()
    (broken / "routine.toml").write_text("format = 'something'")
    capsys.readouterr()

    assert main(["routine", "list"]) == 0
    listed = capsys.readouterr().out
    assert "deep-squat" in listed
    assert "posecoach-routine" in listed
    assert main(["routine", "check"]) == 65
    out, err = capsys.readouterr()
    assert "deep-squat: whole" in out
    assert "broken" in err


def test_a_track_of_one_frame_or_of_one_frame_a_second_is_no_performance(box, capsys):
    learn(box)
    track = read_track(box / "squats.json")
    for name, frames in {"one": track.frames[:1], "slow": track.frames[::30]}.items():
        write_track(box / f"{name}.json", type(track)(track.image_wh, frames))
        capsys.readouterr()
        assert main(["score", f"{name}.json", "--routine", "deep-squat"]) == 65
        assert "needed" in only_line(capsys) or name == "one"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(
            ["score", "squats.json", "--routine", "nobody"], 66, "no routine 'nobody'", id="no-routine"
        ),
        pytest.param(["score", "missing.mp4", "--routine", "deep-squat"], 66, "missing.mp4", id="no-video"),
        pytest.param(["score", "empty.json", "--routine", "deep-squat"], 65, "not JSON", id="empty-track"),
        pytest.param(["routine", "show", "../squats"], 66, "no routine", id="path-as-id"),
        pytest.param(
            ["routine", "import", "still.json", "--name", "x", "--kind", "reps"],
            65,
            "no complete repetition",
            id="still",
        ),
        pytest.param(
            ["routine", "import", "squats.json", "--name", "!!", "--kind", "reps"],
            65,
            "no letter or digit",
            id="name",
        ),
        pytest.param(
            ["run", "--camera", "file:missing.mp4", "--routine", "deep-squat", "--display", "headless"],
            66,
            "missing.mp4",
            id="no-camera-file",
        ),
        pytest.param(
            ["run", "--camera", "telescope", "--routine", "deep-squat", "--display", "headless"],
            66,
            "no camera 'telescope'",
            id="no-such-camera",
        ),
        pytest.param(["track", "missing.mp4", "-o", "x.json"], 66, "missing.mp4", id="track-nothing"),
    ],
)
def test_bad_input_is_one_line_and_an_exit_code(box, capsys, monkeypatch, tiny_model, arguments, code, says):
    monkeypatch.setenv("POSECOACH_MODELS", str(box))
    learn(box)
    (box / "empty.json").touch()
    still = read_track(box / "squats.json")
    frozen = [type(frame)(frame.at_s, still.frames[0].pose) for frame in still.frames]
    write_track(box / "still.json", type(still)(still.image_wh, frozen))
    capsys.readouterr()
    model = ["--model", str(tiny_model)] if arguments[0] in ("run", "track") else []

    assert main([*arguments, *model]) == code

    assert says in only_line(capsys)
    assert not (box / "x.json").exists()
    assert not (box / "data" / "routines" / "x").exists()


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")
    from tiny_posenet import tiny_posenet

    path = tmp_path_factory.mktemp("models") / "tiny.tflite"
    path.write_bytes(tiny_posenet())
    return path


def test_every_command_explains_itself(capsys):
    actions = parser()._subparsers._group_actions[0].choices
    assert set(actions) == {
        *COMMANDS_OF_THE_README,
        "models",
        "doctor",
        "config",
        "library",
        "mirror",
        "programme",
        "recognise",
    }
    for name in actions:
        with pytest.raises(SystemExit) as left:
            main([name, "--help"])
        assert left.value.code == 0
        assert len(capsys.readouterr().out) > 100


def test_the_readme_names_every_command():
    from conftest import CHECKOUT

    readme = (CHECKOUT / "README.md").read_text()
    for name in COMMANDS_OF_THE_README:
        assert f"posecoach {name}" in readme or f"make {name}" in readme, name
    assert len(readme.splitlines()) < 120


def test_a_track_written_twice_has_the_same_bytes(box):
    track = read_track(box / "squats.json")
    write_track(box / "again.json", track)

    assert (box / "again.json").read_bytes() == (box / "squats.json").read_bytes()
    assert np.isclose(track.frames[0].at_s, 0.0)
