"""Sessions of the history with all that belongs to them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from posecoach.coach.adherence import Adherence, adherence
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.outcome import Outcome
from posecoach.coach.programme import Programme
from posecoach.coach.records import SessionRecord
from posecoach.coach.trend import Trend, trend
from posecoach.service.steady_history import AnyHistory

MOST_LOOKED_AT: Final = 20
"""So many sessions are looked through for one with a score to compare with."""


def outcome_of(history: AnyHistory, session: SessionRecord) -> Outcome:
    """A session with its repetitions and holds."""
    return Outcome(session, (*history.reps(session.id), *history.holds(session.id)))


def last_outcome(
    history: AnyHistory, person: NamedPerson, routine_id: str, before: int | None = None
) -> Outcome | None:
    """The newest session of a person and routine that has a score; of those before a number, if given."""
    for session in history.sessions(MOST_LOOKED_AT, person=person, routine_id=routine_id, before=before):
        if session.summary is not None and session.summary.score is not None:
            return outcome_of(history, session)
    return None


def trend_of(history: AnyHistory, person: NamedPerson, until: date, most: int) -> Trend:
    """How a person got on, over their newest `most` sessions; without routines where there is none."""
    sessions = history.sessions(most, person=person)[::-1]
    written_last = sessions[-1].start.person if sessions else None
    outcomes = [outcome_of(history, session) for session in sessions]
    return trend(written_last or person, outcomes, local_day, until)


def adherence_of(
    history: AnyHistory,
    person: NamedPerson,
    programme: str,
    *,
    plan: Programme | None = None,
    since: date | None = None,
) -> Adherence | None:
    """How a person kept to a programme until today, see `adherence`."""
    sessions = [
        (session, outcome_of(history, session).parts)
        for session in history.sessions(person=person)[::-1]
        if session.start.planned is not None and session.start.planned.programme == programme
    ]
    return adherence(programme, sessions, local_day, today(), plan=plan, since=since)


def today() -> date:
    """The day here, as far as this box knows."""
    return datetime.now(tz=UTC).astimezone().date()


def local_day(unix_s: float) -> date:
    """The day here, which is not everywhere the same."""
    return datetime.fromtimestamp(unix_s, tz=UTC).astimezone().date()
