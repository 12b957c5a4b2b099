"""Programmes by their command line."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from planned import ANNA, good
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli import main
from posecoach.coach.records import PlannedSet, SessionStart


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    return tmp_path


def told(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_make_assign_show_and_remove(home, capsys):
    made = told(
        capsys, "programme", "make", "knee", "squat:3x10", "tree:2x20s@each", "--days", "Monday,wed",
        "--rest", "45",
    )  # fmt: skip
    assert (home / "programmes" / "knee.toml").is_file()
    assert (made["sets"], made["days"], made["name"]) == (7, ["mon", "wed"], "Knee")
    assert made["exercises"][1] == {
        "routine": "tree", "sets": 2, "reps": None, "hold_s": 20.0, "rest_s": 45.0, "side": "each",
    }  # fmt: skip
    assert told(capsys, "programme", "check")[0]["ok"]
    assert told(capsys, "programme", "assign", "knee", "--person", "Anna")["changed"]
    shown = told(capsys, "programme", "show", "knee", "--person", "anna")
    assert shown["adherence"]["programme"] == "knee"
    assert [each["id"] for each in told(capsys, "programme", "list", "--person", "Anna")] == ["knee"]
    assert told(capsys, "programme", "remove", "knee")["taken_from"] == ["anna"]
    assert told(capsys, "programme", "list") == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("make", "knee", "squad:3x10"), 65, "did you mean 'squat'?"),
        (("make", "Knee!", "squat"), 65, "cannot name a programme"),
        (("make", "knee", "tree:2x5"), 65, "exercises[0].reps"),
        (("show", "none"), 66, "no programme 'none'"),
        (("assign", "none", "--person", "Anna"), 66, "no programme 'none'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(home, capsys, arguments, code, said):
    assert main(["programme", *arguments]) == code
    assert said in capsys.readouterr().err


def test_one_is_not_overwritten_unless_that_is_meant(home, capsys):
    assert main(["programme", "make", "knee", "squat"]) == 0
    assert main(["programme", "make", "knee", "tree"]) == 65
    assert "--force" in capsys.readouterr().err
    assert main(["programme", "make", "knee", "tree", "--force"]) == 0
    capsys.readouterr()
    assert told(capsys, "programme", "show", "knee")["exercises"][0]["routine"] == "tree"


def test_the_history_tells_and_takes_the_programme_to_another_box(home, capsys, tmp_path):
    planned = PlannedSet("knee", "After the knee", 1, 3, 2.0, "reps")
    with SqliteHistory(home / "history.sqlite3") as history:
        number = history.begin(
            SessionStart("arms", "front", 1_790_000_000.0, "boot", "1.0", ANNA, "Arms", planned)
        )
        for rep in good(2):
            history.add_rep(number, rep)

    assert told(capsys, "history", "list")[0]["planned"]["number"] == 1
    assert main(["history", "show", str(number)]) == 0
    assert "programme knee, set 2 of 3" in capsys.readouterr().out
    assert main(["history", "export"]) == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    row = dict(zip(head.split(","), first.split(","), strict=False))
    assert head.endswith("programme,programme_set,programme_sets")
    assert first.endswith("knee,2,3")
    assert row["routine"] == "arms"
    export = tmp_path / "all.json"
    assert main(["history", "export", "--json", "-o", str(export)]) == 0
    with SqliteHistory(tmp_path / "other.sqlite3"):
        pass
    assert main(["history", "import", str(export), "--database", str(tmp_path / "other.sqlite3")]) == 0
    with SqliteHistory(tmp_path / "other.sqlite3") as other:
        assert other.sessions()[0].start.planned == planned


def test_the_report_says_how_somebody_kept_to_it(home, capsys):
    main(["programme", "make", "knee", "shoulder_abduction:2x2"])
    main(["programme", "assign", "knee", "--person", "Anna"])
    with SqliteHistory(home / "history.sqlite3") as history:
        planned = PlannedSet("knee", "Knee", 0, 2, 2.0, "reps")
        now_s = datetime.now().timestamp()
        number = history.begin(
            SessionStart("shoulder_abduction", "front", now_s, "boot", "1.0", ANNA, "Arms", planned)
        )
        for rep in good(2):
            history.add_rep(number, rep)
    capsys.readouterr()

    (kept,) = told(capsys, "history", "report", "--person", "Anna")["programmes"]

    assert kept["programme"] == "knee"
    assert [(day["planned"], day["done"]) for day in kept["days"]] == [(2, 1)]
    assert kept["share"] == 0.5
    assert main(["programme", "show", "knee", "--person", "Anna"]) == 0
    assert "Anna: 50% of what was planned" in capsys.readouterr().out


def test_deleting_a_person_takes_what_they_were_given(home, capsys):
    main(["programme", "make", "knee", "squat"])
    main(["programme", "assign", "knee", "--person", "Anna"])
    capsys.readouterr()

    assert told(capsys, "history", "delete", "--person", "Anna")["deleted_programmes"]
    assert told(capsys, "programme", "list", "--person", "Anna") == []


def test_a_programme_needs_somebody_before_a_camera(home, capsys):
    main(["programme", "make", "knee", "squat"])

    assert main(["run", "--programme", "knee", "--camera", "synthetic:squat"]) == 65
    assert "needs a live camera" in capsys.readouterr().err
