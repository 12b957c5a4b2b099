"""Keeping sessions: every event goes into the history before the screen shows it."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Self

import posecoach
from posecoach.adapters.boot import boot_id
from posecoach.adapters.data_home import HISTORY, data_home
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli.outcomes import last_outcome, local_day, outcome_of, today, trend_of
from posecoach.coach.adherence import Parts, Week, done_of, sets_done, week_of
from posecoach.coach.asked import asked_of
from posecoach.coach.events import Event, PartFinished, Started
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.outcome import last_time
from posecoach.coach.programme import Programme
from posecoach.coach.progress import Part
from posecoach.coach.records import (
    PlannedSet,
    SessionRecord,
    SessionStart,
    SessionSummary,
    hold_record,
    rep_record,
)
from posecoach.coach.routine import Routine
from posecoach.coach.trend import Trend, monday_of
from posecoach.coach.view import LastTime
from posecoach.ports import Closes
from posecoach.service.board import Board
from posecoach.service.steady_history import AnyHistory, SteadyHistory

LOCK_WAIT_S: Final = 0.3
"""The longest wait of a screen that moves for somebody else who writes."""
FULL_BYTES: Final = 256 * 1024


def steady_history(board: Board) -> SteadyHistory:
    """The history of this box, for a coach that goes on when it cannot be written."""
    folder = data_home()
    path = folder / HISTORY

    def make_copy() -> None:
        with SqliteHistory(path, set_damaged_aside=False, lock_wait_s=LOCK_WAIT_S) as history:
            history.keep_copy()

    return SteadyHistory(
        lambda: SqliteHistory(path, lock_wait_s=LOCK_WAIT_S),
        board,
        make_copy=make_copy,
        full=lambda: is_full(folder),
    )


def broken_off(history: AnyHistory) -> bool:
    """Whether the newest session came to no end since this machine was started: the coach died in it."""
    newest = history.sessions(1)
    return bool(newest) and newest[0].summary is None and newest[0].start.boot_id == boot_id() != ""


def is_full(folder: Path) -> bool:
    """Whether nothing more can be written there for want of room."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < FULL_BYTES


MOST_SETS: Final = 400
"""Of the newest sessions so many are looked through for what was done this week."""
MOST_SHOWN: Final = 60
"""Sessions of a trend on the screen, which has room for few and must not wait."""


class Keeper(Closes):
    """Stores what sessions leave behind."""

    def __init__(self, history: AnyHistory, person: NamedPerson | None = None) -> None:
        """Keep what `person` does in `history`, which is closed with the keeper."""
        self._history = history
        self._person = person

    @classmethod
    def open(cls, person: NamedPerson | None = None) -> Self:
        """Keep in the history of this box."""
        return cls(SqliteHistory(data_home() / HISTORY), person)

    def session(self, routine: Routine, planned: PlannedSet | None = None) -> Callable[[Event], None]:
        """What to call with every event of one session, which may be a set of a programme."""
        return _Kept(self._history, routine, self._person, planned).store

    def done_today(self, programme: str) -> Mapping[int, float]:
        """How much of each set of a programme this person has done today."""
        return done_of(self._of_days(programme, today(), today()))

    def week(self, plan: Programme, since: date | None) -> Week:
        """How this week of a programme has gone for this person."""
        now = today()
        by_day: dict[date, list[tuple[SessionRecord, Parts]]] = defaultdict(list)
        for kept in self._of_days(plan.id, monday_of(now), now):
            by_day[local_day(kept[0].start.started_unix_s)].append(kept)
        return week_of({day: sets_done(kept) for day, kept in by_day.items()}, now, plan, since)

    def _of_days(self, programme: str, first: date, last: date) -> list[tuple[SessionRecord, Parts]]:
        """The sessions of a programme from one day to another, with their parts, newest first."""
        found: list[tuple[SessionRecord, Parts]] = []
        for session in self._history.sessions(MOST_SETS, person=self._person):
            start = session.start
            if not start.clock_set or start.person != self._person or start.planned is None:
                continue
            day = local_day(start.started_unix_s)
            if day < first - timedelta(days=1):
                break
            if start.planned.programme == programme and first <= day <= last:
                found.append((session, outcome_of(self._history, session).parts))
        return found

    def last_time(self, routine: Routine) -> LastTime | None:
        """How the same person did the same routine last; `None` of nobody in particular and at first."""
        last = last_outcome(self._history, self._person, routine.id) if self._person else None
        return last_time(last) if last else None

    @property
    def knows_somebody(self) -> bool:
        """Whether it is known whose sessions these are."""
        return self._person is not None

    def trend(self) -> Trend | None:
        """How this person got on lately; `None` of nobody in particular."""
        return trend_of(self._history, self._person, today(), MOST_SHOWN) if self._person else None

    def close(self) -> None:
        """Let the history go; a second call does nothing."""
        self._history.close()


class _Kept:
    """One session in the history; nothing is stored of a session that never began."""

    def __init__(
        self,
        history: AnyHistory,
        routine: Routine,
        person: NamedPerson | None,
        planned: PlannedSet | None,
    ) -> None:
        self._history = history
        self._planned = planned
        self._routine = routine
        self._person = person
        self._id: int | None = None
        self._started_at = 0.0

    def store(self, event: Event) -> None:
        if isinstance(event, Started):
            start = SessionStart(
                self._routine.id,
                event.view,
                time.time(),
                boot_id(),
                posecoach.__version__,
                self._person,
                self._routine.name,
                self._planned,
            )
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
                self._id,
                SessionSummary(
                    done.score, min(done.coverage, 1.0), done.reason, done.duration_s, asked_of(done)
                ),
            )

    def _since_start(self, part: Part) -> Part:
        """The part with times since the session began: the camera's clock means nothing tomorrow."""
        start_s, end_s = (max(at_s - self._started_at, 0.0) for at_s in (part.start_s, part.end_s))
        return replace(part, start_s=start_s, end_s=end_s)
