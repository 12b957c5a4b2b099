"""``posecoach history``."""

from __future__ import annotations

import argparse
import csv
import io
import json
from pathlib import Path

import pytest

from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli import history as command
from posecoach.coach.records import HoldRecord, RepRecord, SessionStart, SessionSummary
from posecoach.coach.view import Verdict
from posecoach.errors import HistoryError, InputMissing, OutputError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def filled(home: Path) -> Path:
    """Session 1 finished, session 2 cut off on a box without a clock, session 3 without a repetition."""
    fault = {"limb": "left_leg", "phase": "turn", "degrees": 20.0, "text": 'go deeper, "now"'}
    with SqliteHistory(home / "history.sqlite3") as history:
        first = history.begin(SessionStart("squat", "left", 1_790_000_000.0, "boot-1", "1.0"))
        history.add_rep(
            first, RepRecord(0, 1.0, 3.0, Verdict.GOOD, 91.0, range_of_motion_deg={"left_knee": 92.5})
        )
        history.add_rep(first, RepRecord(1, 3.0, 5.0, Verdict.ATTEMPT, 40.0, "too shallow", (fault,)))
        history.add_hold(first, HoldRecord(0, 6.0, 16.0, Verdict.GOOD, 80.0, step=1, held_s=9.5))
        history.finish(first, SessionSummary(70.3, 0.95, "", 17.0))
        second = history.begin(SessionStart("warrior", "front", 3_600.0, "boot-2", "1.0"))
        history.add_rep(second, RepRecord(0, 0.0, 2.0, Verdict.NOT_JUDGED, None, "left side hidden"))
        history.begin(SessionStart("squat", "left", 1_790_000_100.0, "boot-3", "1.0"))
    return home


def posecoach(*arguments: object) -> int:
    top = argparse.ArgumentParser(prog="posecoach")
    command.add_parser(top.add_subparsers(required=True))
    parsed = top.parse_args(["history", *map(str, arguments)])
    code: int = parsed.run(parsed)
    return code


def test_the_list_has_the_newest_first_with_counts_and_doubts(filled, capsys):
    assert posecoach("list") == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["3", "2", "1"]
    assert "not finished" in lines[1]
    assert "?" in lines[2]
    assert lines[3].split()[3:] == ["squat", "left", "70", "1/2", "1"]
    assert lines[4] == "?: the clock of this box was not set then"


def test_the_list_as_json_tells_the_same_to_a_program(filled, capsys):
    assert posecoach("list", "--json", "--limit", 2) == 0

    third, second = json.loads(capsys.readouterr().out)
    assert (third["id"], third["finished"], third["score"], third["clock_set"]) == (3, False, None, True)
    assert (second["routine"], second["clock_set"]) == ("warrior", False)
    assert second["counts"] == {"reps": 1, "good_reps": 0, "holds": 0}
    assert second["started"] == "1970-01-01T01:00:00Z"


def test_one_session_is_shown_in_words(filled, capsys):
    assert posecoach("show", 1) == 0

    shown = capsys.readouterr().out
    assert "score 70, coverage 95%, 17 s" in shown
    assert "rep 1: good, score 91, 1.0 to 3.0 s" in shown
    assert "rep 2: attempt, score 40, 3.0 to 5.0 s: too shallow" in shown
    assert 'go deeper, "now"' in shown
    assert "hold 1: good, score 80" in shown


def test_a_session_that_was_cut_off_is_shown_as_such(filled, capsys):
    assert posecoach("show", 2) == 0

    shown = capsys.readouterr().out
    assert "not finished" in shown
    assert "rep 1: not judged, 0.0 to 2.0 s: left side hidden" in shown


def test_repetitions_look_in_json_as_score_tells_them(filled, capsys):
    assert posecoach("show", 1, "--json") == 0

    shown = json.loads(capsys.readouterr().out)
    assert shown["reps"][0] == {
        "step": 0,
        "index": 0,
        "start_s": 1.0,
        "end_s": 3.0,
        "verdict": "good",
        "score": 91.0,
        "reason": None,
        "coverage": None,
        "faults": [],
        "range_of_motion_deg": {"left_knee": 92.5},
        "tempo": None,
    }
    assert shown["holds"][0]["held_s"] == 9.5


def test_the_table_has_a_row_for_each_part_and_for_each_session_without_one(filled, capsys):
    assert posecoach("export") == 0

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["session"], row["kind"], row["index"]) for row in rows] == [
        ("1", "rep", "0"),
        ("1", "rep", "1"),
        ("1", "hold", "0"),
        ("2", "rep", "0"),
        ("3", "", ""),
    ]
    assert rows[0]["range_of_motion_deg"] == "left_knee=92.5"
    assert rows[1]["faults"] == 'go deeper, "now"'
    assert (rows[3]["score"], rows[3]["clock_set"], rows[3]["finished"]) == ("", "0", "0")
    assert rows[2]["held_s"] == "9.5"


def test_everything_can_be_exported_to_a_file_as_json(filled, tmp_path, capsys):
    assert posecoach("export", "--format", "json", "-o", tmp_path / "all.json") == 0

    whole = json.loads((tmp_path / "all.json").read_text())
    assert (whole["format"], whole["version"]) == ("posecoach-history", 1)
    assert [session["id"] for session in whole["sessions"]] == [1, 2, 3]
    assert [len(session["reps"]) for session in whole["sessions"]] == [2, 1, 0]
    assert "3 sessions" in capsys.readouterr().out


def test_an_export_that_cannot_be_written_is_said(filled, tmp_path):
    with pytest.raises(OutputError, match="No such file or directory"):
        posecoach("export", "-o", tmp_path / "nowhere" / "all.csv")


def test_deleting_removes_all_that_were_named(filled, capsys):
    assert posecoach("delete", 1, 3, 1) == 0

    assert capsys.readouterr().out == "Deleted 1, 3.\n"
    with SqliteHistory(filled / "history.sqlite3") as history:
        assert [session.id for session in history.sessions()] == [2]


def test_deleting_one_that_does_not_exist_deletes_none(filled):
    with pytest.raises(InputMissing, match="no session 9"):
        posecoach("delete", 1, 9)

    with SqliteHistory(filled / "history.sqlite3") as history:
        assert len(history.sessions()) == 3


@pytest.mark.parametrize(
    ("arguments", "out"),
    [(["list"], ""), (["list", "--json"], "[]\n"), (["export", "--json"], None)],
)
def test_looking_where_nothing_was_done_leaves_nothing_behind(home, capsys, arguments, out):
    assert posecoach(*arguments) == 0

    printed = capsys.readouterr().out
    assert printed == out or json.loads(printed)["sessions"] == []
    assert list(home.iterdir()) == []


def test_a_damaged_history_is_said_and_not_moved(home):
    (home / "history.sqlite3").write_bytes(b"no database " * 100)

    with pytest.raises(HistoryError, match="damaged"):
        posecoach("list")
    assert [path.name for path in home.iterdir()] == ["history.sqlite3"]


def test_another_database_can_be_named(filled, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "elsewhere"))

    assert posecoach("list", "--json", "--database", filled / "history.sqlite3") == 0
    assert len(json.loads(capsys.readouterr().out)) == 3


def test_a_list_of_nothing_cannot_be_asked_for(home, capsys):
    with pytest.raises(SystemExit) as ended:
        posecoach("list", "--limit", "0")

    assert ended.value.code == 2
    assert "expected 1 or more" in capsys.readouterr().err
