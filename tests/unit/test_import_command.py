"""``posecoach routine import`` and ``check`` as somebody uses them: many recordings, bad ones among them."""

from __future__ import annotations

import json
import shutil

import pytest

from builders import (
    LONG_LIMBED,
    arm_raise_track,
    cycle_track,
    empty_track,
    front_pose,
    knee_lift,
    squat_track,
)
from posecoach.adapters.track_file import write_track
from posecoach.cli import main
from posecoach.cli.routine_import import id_of
from posecoach.errors import RoutineError
from refusals import only_line


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """Recordings of two people, and of other things."""
    folder = tmp_path_factory.mktemp("recordings")
    write_track(folder / "anna.json", arm_raise_track(reps=2))
    write_track(folder / "ben.json", arm_raise_track(reps=1, top_deg=150.0, body=LONG_LIMBED))
    write_track(folder / "squat.json", squat_track(reps=1))
    write_track(folder / "nobody.json", empty_track(duration_s=1.0))
    (folder / "broken.json").write_text("{")
    return folder


@pytest.fixture
def box(taken, tmp_path, monkeypatch):
    """A box with them."""
    shutil.copytree(taken, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def imported(*recordings, name="Arms", kind="reps", more=()):
    return main(["routine", "import", *recordings, "--name", name, "--kind", kind, *more])


def text_of(box, routine="arms"):
    return (box / "data" / "routines" / routine / "routine.toml").read_text(encoding="utf-8")


def test_what_was_found_is_told_recording_by_recording(box, capsys):
    assert imported("anna.json", "ben.json", "squat.json", "nobody.json", "broken.json") == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("anna.json    front  2 complete repetitions  1.")
    assert lines[1].startswith("ben.json     front  1 complete repetition  1.")
    assert lines[2] == "squat.json   left out: shows another movement than the others"
    assert lines[3].startswith("nobody.json  left out: nobody is in the recording")
    assert lines[4].startswith("broken.json  left out: not a pose track")
    assert "weak: known only from the front" in "\n".join(lines)


def test_the_same_as_json(box, capsys):
    assert imported("anna.json", "ben.json", "squat.json", more=["--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["id"] == "arms"
    assert [row["view"] for row in told["recordings"]] == ["front", "front", "left"]
    assert [len(row["performances"]) for row in told["recordings"]] == [2, 1, 0]
    assert told["recordings"][2]["left_out"].startswith("shows another movement")
    assert told["limbs"]["left_arm"]["emphasis"] == 1.0
    assert set(told) == {
        *("id", "path", "kind", "views", "sides", "tempo", "posture", "limbs"),
        *("recordings", "kept", "weak", "notes"),
    }


def test_no_name_of_a_file_is_kept(box):
    """It may be that of a person, and routines are given away."""
    imported("anna.json", "squat.json", "ben.json")

    assert "anna" not in text_of(box)
    assert "recording 2: left out: shows another movement" in text_of(box)


def test_it_says_of_each_side_that_some_did_the_other(box, capsys):
    write_track(box / "left.json", cycle_track(lambda share: front_pose(left_arm_deg=10 + 150 * share)))
    write_track(
        box / "right.json", cycle_track(lambda share: front_pose(right_arm_deg=10 + 150 * share), reps=1)
    )

    assert imported("left.json", "right.json") == 0
    assert "1 complete repetition, 1 on the other side" in capsys.readouterr().out
    assert 'sides = "either"' in text_of(box)


@pytest.mark.parametrize(
    ("recordings", "code", "words"),
    [
        (["nobody.json"], 65, "nobody.json: nobody is in the recording"),
        (["broken.json"], 65, "broken.json: not a pose track"),
        (["nobody.json", "broken.json"], 65, "nobody.json: nobody is in the recording"),
        (["anna.json", "gone.json"], 66, "gone.json: no such"),
        (
            ["anna.json", "squat.json", "lift.json"],
            65,
            "different movements (anna.json one, squat.json, lift.json",
        ),
    ],
)
def test_where_nothing_can_be_learned_one_line_says_why_and_nothing_is_stored(
    box, capsys, recordings, code, words
):
    write_track(box / "lift.json", cycle_track(knee_lift, reps=1))

    assert imported(*recordings) == code
    assert words in only_line(capsys)
    assert not (box / "data" / "routines").exists()


def test_a_file_given_twice_counts_once(box, capsys):
    assert imported("anna.json", "anna.json", f"{box}/anna.json") == 0

    out = capsys.readouterr().out
    assert "recordings = 1" in text_of(box)
    assert "left out: the same file as anna.json" in out


def test_of_many_repetitions_the_first_and_the_last_are_told(box, capsys):
    write_track(box / "many.json", arm_raise_track(reps=9, rep_s=1.5, rate_hz=15.0))

    assert imported("many.json") == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith("many.json  front  9 complete repetitions  ")
    assert line.count(", ") == 5
    assert ", ..., " in line


# -- names --


@pytest.mark.parametrize(
    ("name", "routine_id"),
    [
        ("Deep Squat", "deep-squat"),
        ("Ärme heben, Größe 2", "arme-heben-grosse-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 100, "x" * 64),
        ("a" * 63 + "--b", "a" * 63),
    ],
)
def test_an_id_is_made_from_the_name(name, routine_id):
    assert id_of(name) == routine_id


def test_a_name_without_a_letter_that_can_stand_in_one_needs_an_id(box, capsys):
    with pytest.raises(RoutineError, match="add --id"):
        id_of("体操")
    assert imported("anna.json", name="体操", more=["--id", "taiso"]) == 0
    assert 'name = "体操"' in text_of(box, "taiso")
    capsys.readouterr()
    assert imported("anna.json", more=["--id", "../x"]) == 65
    assert "cannot name a routine" in only_line(capsys)


def test_a_name_that_is_taken_is_refused_before_anything_is_read(box, capsys):
    imported("anna.json")
    before = text_of(box)
    capsys.readouterr()

    assert imported("gone.json") == 65
    assert "add --replace" in only_line(capsys)
    assert text_of(box) == before


def test_one_that_ships_is_hidden_and_said_so(box, capsys):
    assert imported("squat.json", name="Squat") == 0
    assert "hides the squat that ships; posecoach routine remove squat" in capsys.readouterr().out
    assert main(["routine", "remove", "squat"]) == 0
    assert main(["routine", "show", "squat"]) == 0, "the one that ships is there again"


def test_what_a_person_wrote_is_taken_over_and_what_is_learned_is_learned_anew(box, capsys):
    imported("anna.json")
    file = box / "data" / "routines" / "arms" / "routine.toml"
    text = file.read_text(encoding="utf-8").replace("reps = 10", "reps = 7\nrest_s = 30.0")
    text = text.replace("[[steps]]", 'summary = "Both arms up."\n\n[[steps]]', 1)
    text = text.replace("[steps.learned]", '[steps.cues]\nraise_arm = "to the sky"\n\n[steps.learned]')
    file.write_text(text.replace("tolerance = 0.08 ", "tolerance = 0.3 "), encoding="utf-8")
    capsys.readouterr()

    assert imported("anna.json", "ben.json", more=["--replace"]) == 0

    assert (
        "kept from the one before, which is now arms~: summary, reps, rest_s, cues" in capsys.readouterr().out
    )
    for kept in (
        "reps = 7",
        "rest_s = 30.0",
        '"Both arms up."',
        'raise_arm = "to the sky"',
        "recordings = 2",
    ):
        assert kept in text_of(box)
    assert "tolerance = 0.3 " not in text_of(box)
    assert "tolerance = 0.3 " in text_of(box, "arms~")


def test_a_broken_one_can_be_replaced(box):
    imported("anna.json")
    (box / "data" / "routines" / "arms" / "routine.toml").write_text("{")

    assert imported("anna.json", more=["--replace"]) == 0
    assert main(["routine", "check", "arms"]) == 0


# -- check --


def test_check_says_what_is_weak_and_what_would_help(box, capsys):
    imported("ben.json", name="Once")
    capsys.readouterr()

    assert main(["routine", "check", "once"]) == 0
    told = capsys.readouterr().out
    assert "once: whole, weak" in told
    assert "weak: only one repetition: tolerances are the floor; import three or more" in told
    assert "weak: one recording, and so one person" in told
    assert main(["routine", "check", "once", "--strict"]) == 1


def test_check_names_another_routine_that_cannot_be_told_from_it(box, capsys):
    imported("anna.json")
    imported("anna.json", "ben.json", name="The same")
    imported("squat.json", name="Mine")
    capsys.readouterr()

    assert main(["routine", "check", "--json"]) == 0
    told = {each["id"]: each["weak"] for each in json.loads(capsys.readouterr().out)}
    assert "cannot be told from 'the-same': who does the one does the other" in told["arms"]
    assert not any("cannot be told from" in reason for reason in told["mine"])


@pytest.mark.parametrize(
    ("old", "new", "weak"),
    [
        ("tempo = [1.0, 1.0]", "tempo = [0.5, 1.9]", "tempo varies from 0.50 to 1.90"),
        ("emphasis = 1.0 ", "emphasis = 0 ", "nothing is asked of left arm"),
        ("tolerance = 0.08 ", "tolerance = 0.5 ", "forgives nearly everything"),
        ("tolerance = 0.08 ", "tolerance = 1.5 ", "whoever stands still does it well"),
    ],
)
def test_an_edit_that_makes_it_weak_is_explained(box, capsys, old, new, weak):
    imported("anna.json")
    file = box / "data" / "routines" / "arms" / "routine.toml"
    text = file.read_text(encoding="utf-8")
    if old.startswith("tempo"):
        text = text.replace("reps = 10", f"reps = 10\n{old}")
    limb = text.index("[steps.limbs.left_arm]") if "tempo" not in old else 0
    file.write_text(text[:limb] + text[limb:].replace(old, new, 1), encoding="utf-8")
    capsys.readouterr()

    assert main(["routine", "check", "arms"]) == 0
    assert weak in capsys.readouterr().out


def test_a_broken_one_is_told_with_the_others_and_fails(box, capsys):
    imported("anna.json")
    shutil.copytree(box / "data" / "routines" / "arms", box / "data" / "routines" / "bad")
    (box / "data" / "routines" / "bad" / "routine.toml").write_text("reps = [")
    capsys.readouterr()

    assert main(["routine", "check", "--json"]) == 65
    arms, bad = json.loads(capsys.readouterr().out)
    assert (arms["whole"], bad["whole"]) == (True, False)
    assert "not TOML" in bad["error"]


def test_a_box_without_routines_of_its_own_says_so(box, capsys):
    assert main(["routine", "check"]) == 0
    assert "no routine of your own" in capsys.readouterr().out
