"""The history file when it is damaged: what is set aside, and what is made good."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from kept_records import ATTEMPT, GOOD, START, SUMMARY
from posecoach.adapters._history_schema import STEPS, migrate
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.coach.records import (
    RepRecord,
)
from posecoach.coach.view import Verdict
from posecoach.errors import HistoryError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


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
