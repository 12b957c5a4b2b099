"""How somebody got on: session after session, routine by routine, day by day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from posecoach.coach.named_person import NamedPerson
from posecoach.coach.outcome import Outcome
from posecoach.coach.summary import mean


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One session of a routine.

    Attributes:
        session_id: Its number.
        day: When; `None` where the clock was not set.
        score: 0..100, or `None`.
        good, parts: How many were good, of how many.
        left_deg, right_deg: How far `RoutineTrend.joint` went on each side; `None` where not judged.
        tempo: 1 is the reference's pace.
        held_s: How long a hold lasted on average; `None` where there was none.
    """

    session_id: int
    day: date | None
    score: float | None
    good: int
    parts: int
    left_deg: float | None
    right_deg: float | None
    tempo: float | None
    held_s: float | None = None


@dataclass(frozen=True, slots=True)
class RoutineTrend:
    """All sessions of one routine.

    Attributes:
        routine_id: Of the routine.
        name: In words, as it was called last.
        points: Oldest first; at least one.
        joint: The kind of joint that moves most in it, such as ``knee``; `None` where none was judged.
        reference_deg: How far it goes in the reference; `None` where that was not kept.
    """

    routine_id: str
    name: str
    points: tuple[TrendPoint, ...]
    joint: str | None
    reference_deg: float | None

    @property
    def scores(self) -> tuple[float, ...]:
        """Those there are, oldest first."""
        return tuple(point.score for point in self.points if point.score is not None)


@dataclass(frozen=True, slots=True)
class Trend:
    """What somebody did.

    Attributes:
        person: Who; `None` of everybody together.
        routines: What was done most often first.
        days: How many sessions on each day; those without a clock are in none.
        until: The last day that is looked at.
        sessions: How many there are.
    """

    person: NamedPerson | None
    routines: tuple[RoutineTrend, ...]
    days: dict[date, int]
    until: date
    sessions: int

    @property
    def without_date(self) -> int:
        """How many sessions are in no day."""
        return self.sessions - sum(self.days.values())

    def days_in(self, weeks: int) -> int:
        """On how many days of the last weeks, the current one among them, something was done."""
        since = monday_of(self.until) - timedelta(weeks=weeks - 1)
        return sum(since <= day <= self.until for day in self.days)


def trend(
    person: NamedPerson | None, outcomes: Sequence[Outcome], day_of: Callable[[float], date], until: date
) -> Trend:
    """Put sessions together.

    Args:
        person: Whose they are.
        outcomes: Oldest first.
        day_of: The day at this box of a Unix time.
        until: Today.
    """
    days: dict[date, int] = {}
    by_routine: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_routine.setdefault(outcome.session.start.routine_id, []).append(outcome)
        day = _day(outcome, day_of)
        if day is not None:
            days[day] = days.get(day, 0) + 1
    routines = [_routine(routine_id, each, day_of) for routine_id, each in by_routine.items()]
    # As often: the one done last. Its number tells: not every box has a clock.
    routines.sort(key=lambda routine: (len(routine.points), routine.points[-1].session_id), reverse=True)
    return Trend(person, tuple(routines), days, until, len(outcomes))


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def _routine(routine_id: str, outcomes: Sequence[Outcome], day_of: Callable[[float], date]) -> RoutineTrend:
    joint = _main_joint(outcomes)
    wanted = None
    points = []
    for outcome in outcomes:
        ranges = {each.joint: each for each in outcome.ranges}
        left, right = ranges.get(f"left_{joint}"), ranges.get(f"right_{joint}")
        wanted = mean(side.reference_deg for side in (left, right) if side) or wanted
        points.append(
            TrendPoint(
                session_id=outcome.session.id,
                day=_day(outcome, day_of),
                score=outcome.score,
                good=outcome.good,
                parts=len(outcome.parts),
                left_deg=left.mean_deg if left else None,
                right_deg=right.mean_deg if right else None,
                tempo=outcome.tempo,
                held_s=outcome.held_s,
            )
        )
    names = [outcome.session.start.routine_name for outcome in outcomes]
    name = next((name for name in reversed(names) if name), "")
    return RoutineTrend(routine_id, name or routine_words(routine_id), tuple(points), joint, wanted)


def routine_words(routine_id: str) -> str:
    """A routine's id as words, for one whose name was not kept."""
    words = routine_id.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _main_joint(outcomes: Sequence[Outcome]) -> str | None:
    """The kind of joint that goes furthest in the newest session that tells of any."""
    for outcome in reversed(outcomes):
        if outcome.ranges:
            return outcome.ranges[0].joint.partition("_")[2]
    return None


def _day(outcome: Outcome, day_of: Callable[[float], date]) -> date | None:
    start = outcome.session.start
    return day_of(start.started_unix_s) if start.clock_set else None
