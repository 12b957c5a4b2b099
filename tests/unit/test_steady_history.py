"""A history that goes on while its disk is full, its file damaged, or somebody else writes."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.coach.records import HoldRecord, RepRecord, SessionStart, SessionSummary
from posecoach.coach.view import Verdict
from posecoach.errors import HistoryError
from posecoach.service.board import Board
from posecoach.service.steady_history import REMEMBERED, SAY_S, TRY_EVERY_S, SteadyHistory
from steadied import codes

START = SessionStart("squat", "left", 1_790_000_000.25, "boot-1", "1.2.3")
REPS = [RepRecord(index, index, index + 1.0, Verdict.GOOD, 90.0) for index in range(6)]
HOLD = HoldRecord(0, 7.0, 9.0, Verdict.GOOD, 80.0, held_s=2.0)
SUMMARY = SessionSummary(90.0, 1.0, "", 9.0)


class Disk:
    """Where the history is: can be full, and unwritable."""

    def __init__(self, path):
        self.path = path
        self.full = self.shut = False
        self.now = 100.0
        self.opened = 0

    def open(self):
        self.opened += 1
        if self.shut:
            raise HistoryError("it cannot be opened")
        return Failing(self)

    def steady(self, board):
        return SteadyHistory(
            self.open, board, make_copy=self.copy, full=lambda: self.full, clock=lambda: self.now
        )

    def copy(self):
        with SqliteHistory(self.path, set_damaged_aside=False) as history:
            history.keep_copy()

    def stored(self):
        """What somebody else reads in the file: repetitions and holds of each session, oldest first."""
        with SqliteHistory(self.path, set_damaged_aside=False) as history:
            sessions = history.sessions()[::-1]
            return [history.reps(each.id) + history.holds(each.id) for each in sessions]


class Failing(SqliteHistory):
    """The real one, on a disk that can be full."""

    def __init__(self, disk):
        self.disk = disk
        super().__init__(disk.path)

    def _add(self, *args, **options):
        if self.disk.full:
            raise HistoryError("database or disk is full")
        super()._add(*args, **options)


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path / "history.sqlite3")


def test_a_repetition_is_in_the_file_when_it_is_told(disk, board):
    with disk.steady(board) as history:
        number = history.begin(START)
        history.add_rep(number, REPS[0])
        assert disk.stored() == [[REPS[0]]]
        history.add_hold(number, HOLD)
        history.finish(number, SUMMARY)

        assert disk.stored() == [[REPS[0], HOLD]]
        assert codes(board) == []


def test_while_the_disk_is_full_it_is_said_and_later_all_of_it_is_written(disk, board):
    with disk.steady(board) as history:
        number = history.begin(START)
        history.add_rep(number, REPS[0])
        disk.full = True
        for part in REPS[1:3]:
            history.add_rep(number, part)
            assert codes(board) == ["H1"], "said before the repetition is shown"
        history.add_hold(number, HOLD)
        assert (disk.stored(), history.unsaved) == ([REPS[:1]], 3)
        disk.full = False
        history.tend()
        assert history.unsaved == 3, "it is not tried at every picture"
        disk.now += TRY_EVERY_S
        history.tend()

        assert (disk.stored(), history.unsaved) == ([[*REPS[:3], HOLD]], 0)
        assert codes(board) == []
        assert disk.opened == 1, "on a full disk there may be no room to open it again"


def test_a_history_that_cannot_be_opened_does_not_stop_the_coach(disk, board):
    disk.shut = True
    with disk.steady(board) as history:
        number = history.begin(START)
        history.add_rep(number, REPS[0])
        history.finish(number, SUMMARY)
        assert codes(board) == ["H2"]
        disk.shut = False
        disk.now += TRY_EVERY_S
        history.tend()

        assert disk.stored() == [REPS[:1]]
        assert codes(board) == []


def test_what_cannot_be_saved_to_the_end_is_said_in_the_log(disk, board, caplog):
    disk.shut = True
    with disk.steady(board) as history:
        history.add_rep(history.begin(START), REPS[0])

    assert "1 finished repetitions could not be saved" in caplog.text


def test_a_file_that_is_destroyed_meanwhile_is_set_aside_and_written_again(disk, board):
    with disk.steady(board) as history:
        earlier = history.begin(START)
        history.add_rep(earlier, REPS[0])
        history.finish(earlier, SUMMARY)
        number = history.begin(replace(START, view="right"))
        for part in REPS[:4]:
            history.add_rep(number, part)
        for name in ("history.sqlite3", "history.sqlite3-wal"):
            path = disk.path.with_name(name)
            path.write_bytes(b"\xa5" * max(path.stat().st_size, 8192))
        history.add_rep(number, REPS[4])
        history.finish(number, SUMMARY)

        assert disk.stored() == [REPS[:1], REPS[:5]]
        assert codes(board) == ["H3"]
        disk.now += SAY_S
        history.tend()
        assert codes(board) == []
    assert disk.path.with_name("history.sqlite3.damaged-1").exists()


def test_a_file_found_damaged_at_the_start_is_said_and_replaced_by_its_copy(disk, board):
    with disk.steady(Board()) as history:
        history.add_rep(history.begin(START), REPS[0])
    with disk.steady(Board()):
        pass  # to open it makes the copy
    disk.path.write_bytes(b"\xa5" * 8192)
    with disk.steady(board) as history:
        assert codes(board) == ["H3"]
        history.add_rep(history.begin(START), REPS[1])

        assert disk.stored() == [[REPS[0]], [REPS[1]]]


def test_what_was_done_in_a_session_is_in_the_copy_when_it_is_over(disk, board):
    with disk.steady(board) as history:
        number = history.begin(START)
        history.add_rep(number, REPS[0])
        history.finish(number, SUMMARY)
    disk.path.write_bytes(b"\xa5" * 8192)
    with disk.steady(board):
        assert disk.stored() == [[REPS[0]]]


def test_a_session_that_somebody_has_deleted_stays_deleted(disk, board):
    with disk.steady(board) as history:
        for part in REPS[:2]:
            number = history.begin(START)
            history.add_rep(number, part)
            history.finish(number, SUMMARY)
        with SqliteHistory(disk.path) as other:
            other.delete(other.sessions()[-1].id)
        number = history.begin(START)
        history.finish(number, SUMMARY)

        assert disk.stored() == [[REPS[1]], []]


def test_a_session_deleted_while_it_is_done_begins_again(disk, board):
    with disk.steady(board) as history:
        number = history.begin(START)
        history.add_rep(number, REPS[0])
        with SqliteHistory(disk.path) as other:
            other.delete(other.sessions()[0].id)
        history.add_rep(number, REPS[1])

        assert disk.stored() == [REPS[:2]]
        assert codes(board) == []


def test_somebody_else_who_writes_is_waited_for_without_holding_the_screen_up(disk, board):
    with disk.steady(board) as history:
        number = history.begin(START)
        other = sqlite3.connect(disk.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        history._file._open.execute("PRAGMA busy_timeout = 1")
        disk.shut = True  # and to open it again does not help
        history.add_rep(number, REPS[0])
        assert codes(board) == ["H2"]
        other.execute("ROLLBACK")
        other.close()
        disk.shut = False
        disk.now += TRY_EVERY_S
        history.tend()

        assert disk.stored() == [REPS[:1]]


def test_old_sessions_that_are_stored_are_not_kept_in_memory_for_ever(disk, board):
    with disk.steady(board) as history:
        for _ in range(REMEMBERED + 5):
            history.begin(START)

        assert len(history._sessions) == REMEMBERED
