"""Keeping sessions: every event goes into the history before the screen shows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

import posecoach
from posecoach.adapters.boot import boot_id
from posecoach.adapters.data_home import data_home
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.coach.events import Event, PartFinished, Started
from posecoach.coach.progress import Part
from posecoach.coach.records import SessionStart, SessionSummary, hold_record, rep_record
from posecoach.coach.routine import Routine
from posecoach.ports import History


class Keeper:
    """Stores what sessions leave behind."""

    def __init__(self, history: History) -> None:
        """Keep in `history`, which is closed with the keeper."""
        self._history = history

    @classmethod
    def open(cls) -> Self:
        """Keep in the history of this box."""
        return cls(SqliteHistory(data_home() / "history.sqlite3"))

    def session(self, routine: Routine) -> Callable[[Event], None]:
        """What to call with every event of one session."""
        return _Kept(self._history, routine).store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._history.close()


class _Kept:
    """One session in the history; nothing is stored of a session that never began."""

    def __init__(self, history: History, routine: Routine) -> None:
        self._history = history
        self._routine = routine
        self._id: int | None = None
        self._started_at = 0.0

    def store(self, event: Event) -> None:
        if isinstance(event, Started):
            start = SessionStart(self._routine.id, event.view, time.time(), boot_id(), posecoach.__version__)
            self._id, self._started_at = self._history.begin(start), event.at_s
        elif self._id is None:
            return
        elif isinstance(event, PartFinished):
            part = self._since_start(event.part)
            if part.held_s is None:
                self._history.add_rep(self._id, rep_record(event.step, part))
            else:
                self._history.add_hold(self._id, hold_record(event.step, part))
        else:
            done = event.performance
            self._history.finish(
                self._id, SessionSummary(done.score, min(done.coverage, 1.0), done.reason, done.duration_s)
            )

    def _since_start(self, part: Part) -> Part:
        """The part with times since the session began: the camera's clock means nothing tomorrow."""
        start_s, end_s = (max(at_s - self._started_at, 0.0) for at_s in (part.start_s, part.end_s))
        return replace(part, start_s=start_s, end_s=end_s)
