"""``posecoach history``."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import kept_sessions as kept
from posecoach.adapters.person_file import body_path
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli import history as command
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.records import HoldRecord, RepRecord, SessionStart, SessionSummary
from posecoach.coach.view import Verdict
from posecoach.errors import ExportError, HistoryError, InputMissing, OutputError


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
        "limbs": {},
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


ANNA = NamedPerson("Anna Müller")


@pytest.fixture
def annas(filled: Path) -> Path:
    """The same, and two sessions of Anna and one of Bob."""
    with SqliteHistory(filled / "history.sqlite3") as history:
        for outcome in (kept.LAST, kept.outcome(), kept.outcome(person=NamedPerson("Bob"))):
            record = replace(outcome.session, uuid=f"uuid-{len(history.sessions())}")
            history.restore(record, list(outcome.parts), [])
    return filled


def test_the_list_of_a_person_is_theirs(annas, capsys):
    assert posecoach("list", "--person", "anna MÜLLER") == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["5", "4"]
    assert all(line.endswith("Anna Müller") for line in lines[1:])


def test_a_name_that_is_none_is_a_mistake_of_usage(home, capsys):
    with pytest.raises(SystemExit) as ended:
        posecoach("list", "--person", "../../etc")

    assert ended.value.code == 2
    assert "a person's name has letters" in capsys.readouterr().err


def test_a_row_for_each_session_has_what_it_came_to(annas, capsys):
    assert posecoach("export", "--rows", "sessions", "--person", "Anna Müller") == 0

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["person"], row["session_score"], row["reps"], row["good_reps"]) for row in rows] == [
        ("Anna Müller", "78.0", "10", "7"),
        ("Anna Müller", "84.0", "10", "7"),
    ]


def test_the_table_has_limbs_and_joints_in_columns_of_their_own(annas, capsys):
    assert posecoach("export", "--person", "Bob") == 0

    row = next(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    part = kept.rep(0)
    assert row["limb_left_leg"] == str(part.limbs["left_leg"])
    assert row["limb_right_arm"] == ""
    assert float(row["range_left_knee_deg"]) == pytest.approx(part.range_of_motion_deg["left_knee"])
    assert (row["routine_name"], row["person"]) == ("Squat", "Bob")


def test_a_name_is_no_formula_for_a_spreadsheet(home, capsys):
    with SqliteHistory(home / "history.sqlite3") as history:
        history.begin(SessionStart("squat", "left", 1.8e9, "boot", "1", NamedPerson("=1+1")))
    assert posecoach("export") == 0

    assert next(csv.DictReader(io.StringIO(capsys.readouterr().out)))["person"] == "'=1+1"


def test_what_was_exported_as_json_comes_back_as_it_was(annas, tmp_path, monkeypatch, capsys):
    copy, new = tmp_path / "copy.json", tmp_path / "new box"
    assert posecoach("export", "--json", "-o", copy) == 0
    monkeypatch.setenv("POSECOACH_DATA", str(new))

    assert posecoach("import", copy, "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"added": [1, 2, 3, 4, 5, 6], "known": 0}
    assert posecoach("import", copy) == 0
    assert "0 sessions added, 6 were here already" in capsys.readouterr().out
    with SqliteHistory(annas / "history.sqlite3") as old, SqliteHistory(new / "history.sqlite3") as other:
        assert other.sessions() == old.sessions()
        for session in old.sessions():
            assert other.reps(session.id) == old.reps(session.id)
            assert other.holds(session.id) == old.holds(session.id)
    assert posecoach("export", "--json", "-o", tmp_path / "again.json") == 0
    assert (tmp_path / "again.json").read_bytes() == copy.read_bytes()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("nonsense", "not JSON"),
        ("[]", "not a history"),
        ('{"format": "posecoach-history", "version": 2}', "not a history"),
        (
            '{"format": "posecoach-history", "version": 1, "sessions": [{}]}',
            "session 1: 'routine' is missing",
        ),
        ('{"format": "posecoach-history", "version": 1, "sessions": [7]}', "session 1: "),
    ],
)
def test_what_is_no_export_is_refused_and_nothing_taken_over(home, tmp_path, content, says):
    (tmp_path / "file.json").write_text(content)

    with pytest.raises(ExportError, match=re.escape(says)):
        posecoach("import", tmp_path / "file.json")
    with pytest.raises(InputMissing):
        posecoach("import", tmp_path / "none.json")


def test_a_score_that_is_none_in_an_export_is_refused(annas, tmp_path):
    assert posecoach("export", "--json", "-o", tmp_path / "copy.json") == 0
    spoiled = json.loads((tmp_path / "copy.json").read_text())
    spoiled["sessions"][3]["reps"][0]["score"] = 1e9
    (tmp_path / "copy.json").write_text(json.dumps(spoiled))

    with pytest.raises(ExportError, match="session 4: score must be"):
        posecoach("import", tmp_path / "copy.json")


def test_a_person_is_deleted_with_what_is_said_of_their_body(annas, capsys):
    body = body_path(annas, ANNA)
    body.parent.mkdir()
    body.write_text("seated = true\n")
    (annas / "history.sqlite3.damaged-1").write_bytes(b"Anna")

    assert posecoach("delete", "--person", "anna müller") == 0

    told = capsys.readouterr().out
    assert "Deleted 2 sessions of anna müller and what was said of their body" in told
    assert "damaged-1" in told
    left = b"".join(
        file.read_bytes() for file in annas.rglob("*") if file.is_file() and "damaged" not in file.name
    )
    assert "Müller".encode() not in left
    assert not body.exists()
    with SqliteHistory(annas / "history.sqlite3") as history:
        assert [person.name for person in history.persons()] == ["Bob"]


def test_deleting_somebody_unknown_names_who_is_known(annas):
    with pytest.raises(InputMissing, match="nothing is kept of 'Ana'; there are: Bob, Anna Müller"):
        posecoach("delete", "--person", "Ana")


@pytest.mark.parametrize("arguments", [[], ["4", "--person", "Anna Müller"]])
def test_what_to_delete_has_to_be_said_one_way(annas, arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        posecoach("delete", *arguments)

    assert ended.value.code == 2
    with SqliteHistory(annas / "history.sqlite3") as history:
        assert len(history.sessions()) == 6


def test_the_figures_of_a_page_are_told_to_a_program(annas, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert posecoach("report", 5, "--json") == 0

    facts = json.loads(capsys.readouterr().out)
    assert (facts["person"], facts["score"], facts["best"], facts["worst"]) == (
        "Anna Müller", 84.0, "left_arm", "left_leg",
    )  # fmt: skip
    assert facts["range_of_motion_deg"]["left_knee"]["reference"] == 112.0
    assert facts["faults"][0]["times"] == 2
    assert (facts["last_time"]["id"], facts["last_time"]["score"]) == (4, 78.0)
    assert list(tmp_path.glob("*.pdf")) == [], "as JSON no file is written unless one is named"

    assert posecoach("report", "--person", "Anna Müller", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [point["score"] for point in facts["routines"][0]["sessions"]] == [78.0, 84.0]


def test_nobody_in_particular_is_compared_with_nobody(annas, capsys):
    assert posecoach("report", 3, "--json") == 0

    assert json.loads(capsys.readouterr().out)["last_time"] is None


def test_a_page_is_written_here_or_where_it_is_wanted(annas, tmp_path, monkeypatch, capsys):
    pytest.importorskip("fpdf", reason="fpdf2 is not installed: make install")
    pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed: make install")
    monkeypatch.chdir(tmp_path)

    assert posecoach("report", 5) == 0
    assert (tmp_path / "session-5.pdf").read_bytes().startswith(b"%PDF-1.")
    assert capsys.readouterr().out == "session-5.pdf\n"
    assert posecoach("report", "--person", "Anna Müller", "--paper", "letter") == 0
    assert (tmp_path / "anna müller.pdf").exists()
    assert posecoach("report", 2, "-o", tmp_path / "page.PNG") == 0
    assert (tmp_path / "page.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(OutputError):
        posecoach("report", 5, "-o", tmp_path / "nowhere" / "page.pdf")


@pytest.mark.parametrize("arguments", [[], ["5", "--person", "Bob"], ["5", "-o", "page.docx"]])
def test_a_report_of_something_else_is_a_mistake_of_usage(annas, arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        posecoach("report", *arguments)

    assert ended.value.code == 2


def test_a_report_of_nobody_names_who_there_is(annas):
    with pytest.raises(InputMissing, match="there are: Bob, Anna Müller"):
        posecoach("report", "--person", "Ann")
    with pytest.raises(InputMissing, match="no session 99"):
        posecoach("report", 99)
