"""The history file: what it keeps, and what it survives."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posecoach.adapters._history_schema import STEPS, migrate
from posecoach.adapters.boot import boot_id
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.coach.extent import Extent
from posecoach.coach.fault import Change, Fault
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.progress import Part
from posecoach.coach.records import (
    AskedStep,
    HoldRecord,
    RepRecord,
    SessionStart,
    SessionSummary,
    hold_record,
    rep_record,
)
from posecoach.coach.view import Verdict
from posecoach.errors import HistoryError, InputMissing, ShapeError
from posecoach.skeleton import Joint, Limb

START = SessionStart("squat", "left", 1_790_000_000.25, "boot-1", "1.2.3")
GOOD = RepRecord(
    index=0,
    start_s=1.5,
    end_s=4.25,
    verdict=Verdict.GOOD,
    score=91.5,
    range_of_motion_deg={"left_knee": 92.5},
    tempo=1.05,
    coverage=0.98,
)
ATTEMPT = RepRecord(
    index=1,
    start_s=4.25,
    end_s=6.0,
    verdict=Verdict.ATTEMPT,
    score=40.0,
    reason="not deep enough: 20 degrees short",
    faults=({"limb": "left_leg", "phase": "turn", "degrees": 20.0, "text": "go 20° deeper"},),
    tempo=1.3,
)
UNJUDGED = RepRecord(
    index=2, start_s=6.0, end_s=9.0, verdict=Verdict.NOT_JUDGED, score=None, reason="left side hidden"
)
HOLD = HoldRecord(index=0, start_s=9.0, end_s=20.0, verdict=Verdict.GOOD, score=80.0, step=1, held_s=10.2)
SUMMARY = SessionSummary(score=65.75, coverage=0.9, reason="", duration_s=20.0)


ANNA = NamedPerson("Anna Müller")
OF_ANNA = SessionStart("squat", "left", 1_790_000_000.25, "boot-1", "1.2.3", ANNA, "Squat with arms")
ASKED = AskedStep("reps", 10, None, {"left_knee": 112.0}, {"left_leg": 1.0})


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


@pytest.mark.parametrize("content", [b"not a database " * 400, b"SQLite format 3\0" + bytes(range(256)) * 40])
def test_a_damaged_file_is_set_aside_and_a_new_history_begun(path, content):
    path.write_bytes(content)
    path.with_name("history.sqlite3.damaged-1").write_bytes(b"an earlier one")

    with SqliteHistory(path) as history:
        assert history.damaged_file == path.with_name("history.sqlite3.damaged-2")
        assert history.damaged_file.read_bytes() == content
        number = history.begin(START)
        history.add_rep(number, GOOD)
    with SqliteHistory(path) as history:
        assert history.reps(number) == [GOOD]
        assert history.damaged_file is None


def fill(history: SqliteHistory) -> None:
    for _ in range(40):
        number = history.begin(START)
        for index in range(20):
            history.add_rep(number, RepRecord(index, index, index + 1, Verdict.GOOD, 90.0))


def spoil(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(np.random.default_rng(1).bytes(8192))


def test_the_log_of_a_damaged_file_goes_with_it(path):
    # Left behind, it would be read into the new database. It is there while somebody else looks.
    with SqliteHistory(path) as writer:
        fill(writer)
    with SqliteHistory(path) as reader:
        reader.begin(START)
        spoil(path)
        with SqliteHistory(path) as history:
            assert history.damaged_file is not None
    assert path.with_name("history.sqlite3.damaged-1-wal").exists()


def test_pages_that_contradict_each_other_are_damage(path):
    with SqliteHistory(path) as history:
        fill(history)
    spoil(path)

    with SqliteHistory(path) as history:
        assert history.damaged_file is not None
        sessions = history.sessions()
        assert len(sessions) == 40
        assert 400 < sum(found.reps for found in sessions) <= 800, "what can be read is kept"


def test_a_damaged_file_is_made_good_by_its_copy_and_what_was_written_since(path):
    with SqliteHistory(path) as history:
        fill(history)
        history.keep_copy()
        since = history.begin(START)
        history.add_rep(since, ATTEMPT)
        history.finish(since, SUMMARY)
        before = history.sessions()
    spoil(path)

    with SqliteHistory(path) as history:
        assert history.damaged_file is not None
        assert history.sessions() == before
        assert history.reps(since) == [ATTEMPT]
        assert history.begin(START) > since


def test_what_was_deleted_does_not_come_back_out_of_a_copy(path):
    with SqliteHistory(path) as history:
        kept, deleted = history.begin(START), history.begin(START)
        history.add_rep(deleted, ATTEMPT)
        history.keep_copy()
        history.delete(deleted)
    path.write_bytes(path.read_bytes()[:3000])
    assert not path.with_name("history.sqlite3.copy").exists()

    with SqliteHistory(path) as history:
        assert history.damaged_file is not None
        assert [found.id for found in history.sessions()] in ([], [kept])


def test_rows_that_make_no_sense_are_left_out(path):
    with SqliteHistory(path) as history:
        number = history.begin(START)
        history.add_rep(number, GOOD)
        history.add_rep(number, ATTEMPT)
        history.keep_copy()
    with sqlite3.connect(path.with_name("history.sqlite3.copy")) as copy:
        copy.execute("UPDATE part SET faults = '[{' WHERE number = 1")
    path.write_bytes(b"not a database " * 400)

    with SqliteHistory(path) as history:
        assert history.reps(number) == [GOOD]


def test_the_copy_of_an_older_posecoach_is_good_enough(path):
    with SqliteHistory(path) as history:
        number = history.begin(START)
        history.add_rep(number, GOOD)
    with sqlite3.connect(path, isolation_level=None) as new:
        session, part = (new.execute(f"SELECT * FROM {table}").fetchone() for table in ("session", "part"))
    copy = sqlite3.connect(path.with_name("history.sqlite3.copy"), isolation_level=None)
    migrate(copy, STEPS[:1])
    for table, row in (("session", session), ("part", part)):
        there = len(copy.execute(f"PRAGMA table_info({table})").fetchall())
        copy.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * there)})", row[:there])
    copy.close()
    path.write_bytes(b"not a database " * 400)

    with SqliteHistory(path) as history:
        assert [rep.score for rep in history.reps(number)] == [GOOD.score]


def test_a_power_cut_between_two_renames_loses_nothing(path):
    with SqliteHistory(path) as history:
        number = history.begin(START)
    path.rename(path.with_name("history.sqlite3.rescued"))

    with SqliteHistory(path) as history:
        assert [found.id for found in history.sessions()] == [number]


def test_of_many_damaged_files_the_newest_are_kept(path):
    for number in range(1, 6):
        path.write_bytes(b"not a database " * 400 + bytes([number]))
        SqliteHistory(path).close()

    kept = sorted(found.name for found in path.parent.glob("*.damaged-*"))
    assert kept == [f"history.sqlite3.damaged-{number}" for number in (3, 4, 5)]


def test_somebody_who_only_looks_moves_nothing(path):
    path.write_bytes(b"not a database " * 400)

    with pytest.raises(HistoryError, match="not a database"):
        SqliteHistory(path, set_damaged_aside=False)
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_locked_file_is_not_taken_for_a_damaged_one(path):
    SqliteHistory(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(HistoryError, match="locked"):
            SqliteHistory(path, lock_wait_s=0.05)
    finally:
        other.close()
    assert [found.name for found in path.parent.iterdir() if "damaged" in found.name] == []


def test_a_newer_history_is_refused_and_not_touched(path):
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    connection.close()

    with pytest.raises(HistoryError, match="update posecoach"):
        SqliteHistory(path)
    assert [found.name for found in path.parent.iterdir() if "damaged" in found.name] == []


def test_an_older_history_takes_the_steps_it_lacks_and_keeps_its_content(path):
    with SqliteHistory(path) as history:
        history.begin(START)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        newer = (*STEPS, ("ALTER TABLE session ADD COLUMN note TEXT NOT NULL DEFAULT 'none'",))
        migrate(connection, newer)
        migrate(connection, newer)

        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS) + 1
        assert connection.execute("SELECT routine_id, note FROM session").fetchall() == [("squat", "none")]
    finally:
        connection.close()


def test_a_step_that_fails_half_way_leaves_nothing(path):
    SqliteHistory(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, (*STEPS, ("CREATE TABLE extra (a)", "CREATE nonsense")))

        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
        assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'extra'").fetchall() == []
    finally:
        connection.close()


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


OLD = Path(__file__).with_name("history_1.sql")
"""A history that the first version of the schema wrote, as SQL."""


def old_history(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(OLD.read_text())
    connection.close()


def test_a_history_of_the_first_schema_opens_with_all_that_was_in_it(path):
    old_history(path)
    with SqliteHistory(path) as history:
        unfinished, finished = history.sessions()

        assert (finished.start.routine_id, finished.reps, finished.good_reps, finished.holds) == (
            "squat",
            3,
            3,
            1,
        )
        assert (finished.start.person, finished.start.routine_name, finished.summary.asked) == (None, "", ())
        assert unfinished.summary is None
        reps = history.reps(finished.id)
        assert [rep.limbs for rep in reps] == [{}, {}, {}]
        assert reps[0].range_of_motion_deg["left_knee"] == 119.7
        assert history.persons() == []
        number = history.begin(OF_ANNA)
        history.add_rep(number, GOOD)
        assert history.session(number).start == OF_ANNA


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


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_nothing_of_a_deleted_person_is_left_in_any_file_while_the_box_goes_on(path):
    """The appliance has the history open all the time; its log must not keep what was deleted."""
    reason = "left side hidden behind the chair"
    with SqliteHistory(path) as appliance:
        kept = appliance.begin(START)
        for _ in range(30):  # pages that are freed, not only rows
            number = appliance.begin(OF_ANNA)
            for i in range(20):
                appliance.add_rep(number, replace(UNJUDGED, index=i, reason=reason))
            appliance.finish(number, SUMMARY)
        found = everything_in(path.parent)
        assert "Anna Müller".encode() in found
        assert reason.encode() in found

        with SqliteHistory(path) as history:
            assert history.delete_person(NamedPerson("ANNA MÜLLER")) == 30

        left = everything_in(path.parent)
        for trace in ("Anna Müller", "anna müller", reason, "Squat with arms"):
            assert trace.encode() not in left, trace
        assert [session.id for session in appliance.sessions()] == [kept]
        assert appliance.begin(START) > number


def test_a_deleted_session_is_not_in_the_log_either(path):
    with SqliteHistory(path) as appliance:
        number = appliance.begin(OF_ANNA)
        appliance.add_rep(number, ATTEMPT)
        appliance.delete(number)

        assert b"20 degrees short" not in everything_in(path.parent)


def test_somebody_who_reads_all_the_while_is_said_and_asked_to_be_waited_for(path):
    with SqliteHistory(path) as history:
        history.begin(OF_ANNA)
    reader = sqlite3.connect(path, isolation_level=None)
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM session").fetchone()
        with SqliteHistory(path, lock_wait_s=0.05) as history:
            with pytest.raises(HistoryError, match="another posecoach is reading"):
                history.delete_person(ANNA)
            reader.execute("COMMIT")
            assert history.delete_person(ANNA) == 0
            assert b"Anna" not in everything_in(path.parent)
    finally:
        reader.close()


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
