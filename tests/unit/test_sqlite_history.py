"""The history file: what it keeps, and what it survives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kept_records import ANNA, ASKED, ATTEMPT, GOOD, HOLD, OF_ANNA, START, SUMMARY, UNJUDGED
from posecoach.adapters.boot import boot_id
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.coach.extent import Extent
from posecoach.coach.fault import Change, Fault
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.progress import Part
from posecoach.coach.records import (
    AskedStep,
    RepRecord,
    SessionStart,
    hold_record,
    rep_record,
)
from posecoach.coach.view import Verdict
from posecoach.errors import HistoryError, InputMissing, ShapeError
from posecoach.skeleton import Joint, Limb


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


def test_what_was_stored_is_found_after_opening_again(path):
    with SqliteHistory(path) as history:
        number = history.begin(START)
        for rep in (GOOD, ATTEMPT, UNJUDGED):
            history.add_rep(number, rep)
        history.add_hold(number, HOLD)
        history.finish(number, SUMMARY)

    with SqliteHistory(path) as history:
        (found,) = history.sessions()

        assert found == history.session(number)
        assert (found.start, found.summary) == (START, SUMMARY)
        assert (found.reps, found.good_reps, found.holds) == (3, 1, 1)
        assert found.finished
        assert history.reps(number) == [GOOD, ATTEMPT, UNJUDGED]
        assert history.holds(number) == [HOLD]
        assert history.damaged_file is None


def test_a_session_that_never_ended_says_so(path):
    with SqliteHistory(path) as history:
        number = history.begin(START)
        history.add_rep(number, GOOD)

    with SqliteHistory(path) as history:
        assert not history.session(number).finished
        assert history.session(number).summary is None
        assert history.reps(number) == [GOOD]


def test_sessions_are_ordered_by_number_because_a_box_without_a_clock_repeats_its_times(path):
    with SqliteHistory(path) as history:
        numbers = [
            history.begin(SessionStart("squat", "left", unix_s, boot, "1"))
            for unix_s, boot in ((1.79e9, "a"), (3600.0, "b"), (3600.0, "c"))
        ]

        assert [found.id for found in history.sessions()] == numbers[::-1]
        assert [found.start.clock_set for found in history.sessions()] == [False, False, True]
        assert [found.id for found in history.sessions(2)] == numbers[:0:-1]
        assert len({found.uuid for found in history.sessions()}) == 3


def test_a_deleted_session_is_gone_with_all_of_it_and_its_number_is_not_used_again(path):
    with SqliteHistory(path) as history:
        kept, deleted = history.begin(START), history.begin(START)
        history.add_rep(deleted, ATTEMPT)
        history.add_rep(kept, GOOD)
        history.delete(deleted)

        assert [found.id for found in history.sessions()] == [kept]
        assert history.reps(deleted) == []
        assert history.reps(kept) == [GOOD]
        assert history.begin(START) > deleted
    assert "20° deeper".encode() not in path.read_bytes()


@pytest.mark.parametrize("ask", [SqliteHistory.session, SqliteHistory.delete])
def test_a_session_that_does_not_exist_is_missing_input(path, ask):
    with SqliteHistory(path) as history, pytest.raises(InputMissing, match="no session 7"):
        ask(history, 7)


def test_finishing_a_session_that_does_not_exist_is_missing_input(path):
    with SqliteHistory(path) as history, pytest.raises(InputMissing, match="no session 7"):
        history.finish(7, SUMMARY)


def test_a_repetition_of_no_session_or_stored_twice_is_refused(path):
    with SqliteHistory(path) as history:
        with pytest.raises(HistoryError, match="cannot be written"):
            history.add_rep(7, GOOD)
        number = history.begin(START)
        history.add_rep(number, GOOD)
        with pytest.raises(HistoryError, match="cannot be written"):
            history.add_rep(number, GOOD)
        assert history.reps(number) == [GOOD]


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.coach.records import RepRecord, SessionStart
from posecoach.coach.view import Verdict
history = SqliteHistory(Path(sys.argv[1]))
number = history.begin(SessionStart("squat", "left", 1.79e9, "boot", "1"))
for index in range(3):
    history.add_rep(number, RepRecord(index, index, index + 1, Verdict.GOOD, 90.0))
print("stored", flush=True)
sys.stdin.read()
"""


def test_a_repetition_is_still_there_when_the_writer_is_killed_right_after(path):
    command = [sys.executable, "-c", WRITER, str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as writer:
        assert writer.stdout.readline() == "stored\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait(timeout=10)

    with SqliteHistory(path) as history:
        (found,) = history.sessions()

        assert history.damaged_file is None
        assert [rep.index for rep in history.reps(found.id)] == [0, 1, 2]
        assert not found.finished


def test_every_repetition_is_written_through_to_the_disk(path):
    with SqliteHistory(path) as history:
        ask = history._open.execute

        assert ask("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert ask("PRAGMA synchronous").fetchone()[0] == 2  # FULL


def test_somebody_may_read_while_a_session_is_written(path):
    with SqliteHistory(path) as writer, SqliteHistory(path) as reader:
        number = writer.begin(START)
        writer.add_rep(number, GOOD)

        assert reader.reps(number) == [GOOD]


def test_missing_folders_are_made(tmp_path):
    with SqliteHistory(tmp_path / "a" / "b" / "history.sqlite3") as history:
        assert history.sessions() == []


def test_a_place_that_is_no_place_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(HistoryError, match="cannot be made"):
        SqliteHistory(tmp_path / "file" / "history.sqlite3")
    (tmp_path / "folder").mkdir()
    with pytest.raises(HistoryError, match="cannot be opened"):
        SqliteHistory(tmp_path / "folder")


def test_a_closed_history_says_so_and_closes_twice(path):
    history = SqliteHistory(path)
    history.close()
    history.close()

    with pytest.raises(HistoryError, match="is closed"):
        history.sessions()
    with pytest.raises(HistoryError, match="is closed"):
        history.begin(START)


@pytest.mark.parametrize(
    "change",
    [
        {"score": float("nan")},
        {"score": 100.1},
        {"start_s": float("nan")},
        {"end_s": 1.0},
        {"end_s": float("inf")},
        {"coverage": 1.5},
        {"tempo": float("inf")},
        {"index": -1},
        {"step": -1},
    ],
)
def test_a_record_holds_no_nonsense(change):
    facts = {"index": 0, "start_s": 2.0, "end_s": 3.0, "verdict": Verdict.GOOD, "score": 90.0}

    with pytest.raises(ShapeError):
        RepRecord(**{**facts, **change})


FAULT_FACTS = {"limb": "left_leg", "phase": "turn", "degrees": 14.0, "text": "bend more", "change": "bend"}


def test_a_finished_part_becomes_a_record_with_the_rounding_of_the_report():
    part = Part(
        index=2,
        start_s=1.00049,
        end_s=3.3,
        verdict=Verdict.ATTEMPT,
        score=71.26,
        reason="too shallow",
        coverage=0.87654,
        faults=(Fault(Limb.LEFT_LEG, "turn", 14.04, "bend more", 3.0, Change.BEND),),
        joints={Joint.LEFT_KNEE: Extent(70.06, 110.0)},
        tempo=0.987,
        limbs={},
        keypoints=(),
        held_s=1.23456,
    )
    rep, hold = rep_record(1, part), hold_record(1, part)

    assert (rep.step, rep.index, rep.start_s, rep.score, rep.tempo) == (1, 2, 1.0, 71.3, 0.99)
    assert rep.reason == "too shallow"
    assert rep.coverage == 0.877
    assert [dict(fault).items() >= FAULT_FACTS.items() for fault in rep.faults] == [True]
    assert rep.range_of_motion_deg == {"left_knee": 70.1}
    assert hold.held_s == 1.235
    assert type(rep) is RepRecord


def test_the_boot_id_is_read_where_there_is_one(tmp_path):
    (tmp_path / "boot_id").write_text("0b0e\n")

    assert boot_id(tmp_path / "boot_id") == "0b0e"
    assert boot_id(tmp_path / "none") == ""


def test_what_a_report_needs_is_kept(path):
    rep = replace(GOOD, limbs={"left_leg": 61.5, "right_arm": None})
    summary = replace(SUMMARY, asked=(ASKED, AskedStep("hold", hold_s=30.0)))
    with SqliteHistory(path) as history:
        number = history.begin(OF_ANNA)
        history.add_rep(number, rep)
        history.finish(number, summary)

    with SqliteHistory(path) as history:
        assert history.session(number).start == OF_ANNA
        assert history.session(number).summary == summary
        assert history.reps(number) == [rep]


def test_sessions_of_a_person_of_a_routine_and_before_one(path):
    with SqliteHistory(path) as history:
        first = history.begin(OF_ANNA)
        history.begin(START)
        other = history.begin(replace(OF_ANNA, routine_id="lunge"))
        last = history.begin(replace(OF_ANNA, person=NamedPerson("anna MÜLLER")))
        bob = history.begin(replace(OF_ANNA, person=NamedPerson("Bob")))

        def ids(**which):
            return [session.id for session in history.sessions(**which)]

        assert ids(person=ANNA) == [last, other, first]
        assert ids(person=ANNA, routine_id="squat") == [last, first]
        assert ids(person=ANNA, routine_id="squat", before=last) == [first]
        assert history.sessions(1, person=ANNA)[0].id == last
        assert [person.name for person in history.persons()] == ["Bob", "anna MÜLLER"]
        assert ids(person=NamedPerson("Nobody")) == []
        assert ids()[0] == bob


def test_a_session_of_another_box_is_taken_over_once(path, tmp_path):
    with SqliteHistory(path) as history:
        history.begin(START)
        number = history.begin(OF_ANNA)
        history.add_rep(number, GOOD)
        history.add_hold(number, HOLD)
        history.finish(number, SUMMARY)
        stored = (history.session(number), history.reps(number), history.holds(number))

    with SqliteHistory(tmp_path / "new.sqlite3") as other:
        taken = other.restore(*stored)
        assert other.restore(*stored) is None
        assert replace(other.session(taken), id=number) == stored[0]
        assert (other.reps(taken), other.holds(taken)) == stored[1:]


def test_a_session_that_cannot_be_taken_over_whole_is_not_taken_over(path, tmp_path):
    with SqliteHistory(path) as history:
        number = history.begin(OF_ANNA)
        record = history.session(number)
    with SqliteHistory(tmp_path / "new.sqlite3") as other:
        with pytest.raises(HistoryError):
            other.restore(record, [GOOD, GOOD], [])
        assert other.sessions() == []
        assert other.begin(START)
