"""What was planned and what was done: of a programme on a day, day by day, and week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from posecoach.coach.programme import Programme
from posecoach.coach.records import HoldRecord, PlannedSet, RepRecord, SessionRecord
from posecoach.coach.trend import monday_of
from posecoach.coach.view import Verdict

HELD: Final = 0.98
"""Share of the seconds asked for that is all of them: they are kept with one decimal."""

Parts = Sequence[RepRecord | HoldRecord]


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a programme.

    Attributes:
        day: Which.
        planned: How many sets the day asked for; 0 where it was not one of its days.
        done: How many of them were done.
    """

    day: date
    planned: int
    done: int


@dataclass(frozen=True, slots=True)
class Week:
    """This week of a programme.

    Attributes:
        days: From Monday to Sunday.
        today: Which of them it is.
    """

    days: tuple[PlannedDay, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Adherence:
    """How somebody kept to a programme.

    Attributes:
        programme: Its id.
        name: In words.
        days: Every day from the first one on, oldest first.
    """

    programme: str
    name: str
    days: tuple[PlannedDay, ...]

    @property
    def weeks(self) -> tuple[PlannedDay, ...]:
        """The same week by week, each by its Monday."""
        found: dict[date, list[PlannedDay]] = defaultdict(list)
        for day in self.days:
            found[monday_of(day.day)].append(day)
        return tuple(
            PlannedDay(monday, sum(day.planned for day in days), sum(day.done for day in days))
            for monday, days in sorted(found.items())
        )

    @property
    def share(self) -> float | None:
        """Of what was planned, what was done: 0..1; `None` where nothing was planned yet."""
        planned = sum(day.planned for day in self.days)
        done = sum(min(day.done, day.planned) for day in self.days)
        return done / planned if planned else None


def week_of(done: Mapping[date, int], today: date, plan: Programme, since: date | None = None) -> Week:
    """The week of a day.

    Args:
        done: How many sets were done on each day of it.
        today: The day.
        plan: The programme.
        since: When it was given to the person; days before are not planned.
    """
    monday = monday_of(today)
    days = [monday + timedelta(days=number) for number in range(7)]
    return Week(
        tuple(
            PlannedDay(
                day,
                plan.set_count if plan.on(day) and (since is None or day >= since) else 0,
                done.get(day, 0),
            )
            for day in days
        ),
        today,
    )


def amount_done(parts: Parts, planned: PlannedSet) -> float:
    """How much of a set some parts are, in what it counts: only good repetitions are any."""
    judged = [part for part in parts if part.verdict is not Verdict.NOT_JUDGED]
    if planned.kind == "hold":
        held_s = sum(part.held_s for part in judged if isinstance(part, HoldRecord))
        return planned.asked if held_s >= HELD * planned.asked else held_s
    if planned.kind == "steps":
        return float(len({part.step for part in judged}))
    if planned.kind == "flow":
        return float(len(judged))
    return float(sum(part.verdict is Verdict.GOOD for part in judged))


def done_of(sessions: Iterable[tuple[SessionRecord, Parts]]) -> Mapping[int, float]:
    """How much was done of each set, by its number, in sessions of one programme and one day."""
    done: dict[int, float] = defaultdict(float)
    for session, parts in sessions:
        if (planned := session.start.planned) is not None:
            done[planned.number] += amount_done(parts, planned)
    return dict(done)


def sets_done(sessions: Sequence[tuple[SessionRecord, Parts]]) -> int:
    """How many sets were done to their end, in sessions of one programme and one day."""
    asked = {
        session.start.planned.number: session.start.planned.asked
        for session, _ in sessions
        if session.start.planned is not None
    }
    return sum(amount >= asked[number] for number, amount in done_of(sessions).items())


def adherence(
    programme: str,
    sessions: Sequence[tuple[SessionRecord, Parts]],
    day_of: Callable[[float], date],
    until: date,
    *,
    plan: Programme | None = None,
    since: date | None = None,
) -> Adherence | None:
    """How somebody kept to a programme.

    Args:
        programme: Its id.
        sessions: All of this person's, oldest first; those of another programme, and without a date, are
            passed over.
        day_of: The day of a time, where the box stands.
        until: The last day.
        plan: The programme as it is now; without, only the days on which something was done are known
            to have been planned.
        since: When it was given to the person.

    Returns:
        `None` where nothing was done of it and nobody was given it.
    """
    by_day: dict[date, list[tuple[SessionRecord, Parts]]] = defaultdict(list)
    name = plan.name if plan else ""
    for session, parts in sessions:
        planned = session.start.planned
        if planned is None or planned.programme != programme or not session.start.clock_set:
            continue
        by_day[day_of(session.start.started_unix_s)].append((session, parts))
        name = plan.name if plan else planned.name
    first = min([*by_day, *([since] if since else [])], default=None)
    if first is None:
        return None
    days = []
    for number in range(max((until - first).days, 0) + 1):
        day = first + timedelta(days=number)
        found = by_day.get(day, [])
        wanted = plan.set_count if plan is not None and plan.on(day) and since and day >= since else 0
        if not wanted and found:  # as it was asked for then
            wanted = max(session.start.planned.of for session, _ in found if session.start.planned)
        days.append(PlannedDay(day, wanted, sets_done(found)))
    return Adherence(programme, name or programme, tuple(days))
