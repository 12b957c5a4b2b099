"""The history file of an older posecoach, and of a newer one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kept_records import GOOD, OF_ANNA, START
from posecoach.adapters._history_schema import STEPS, migrate
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.errors import HistoryError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


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
