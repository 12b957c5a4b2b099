"""What was deleted is in no file any more."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from kept_records import ANNA, ATTEMPT, OF_ANNA, START, SUMMARY, UNJUDGED
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.coach.named_person import NamedPerson
from posecoach.errors import HistoryError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


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
