"""How somebody kept to a programme."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from planned import ANNA, PLAN, good
from posecoach.coach.adherence import adherence, sets_done, week_of
from posecoach.coach.records import HoldRecord, PlannedSet, SessionRecord, SessionStart
from posecoach.coach.view import Verdict
from posecoach.errors import ShapeError

MONDAY = date(2026, 11, 16)


def session(day, number, parts, *, programme="knee", asked=2.0, kind="reps", of=3):
    at_s = datetime(day.year, day.month, day.day, 12).timestamp()
    planned = PlannedSet(programme, "After the knee", number, of, asked, kind)
    start = SessionStart("arms", "front", at_s, "boot", "1.0", ANNA, "Arms", planned)
    return SessionRecord(1, "uuid", start, None), parts


def day_of(unix_s):
    return datetime.fromtimestamp(unix_s).date()


def test_only_good_repetitions_and_whole_sets_count():
    held = HoldRecord(0, 0.0, 3.0, Verdict.GOOD, 90.0, held_s=1.97)

    assert sets_done([session(MONDAY, 0, good(2)), session(MONDAY, 1, good(1))]) == 1
    assert sets_done([session(MONDAY, 0, good(2, Verdict.ATTEMPT))]) == 0
    assert sets_done([session(MONDAY, 0, good(1)), session(MONDAY, 0, good(1))]) == 1
    assert sets_done([session(MONDAY, 2, (held,), kind="hold")]) == 1
    assert sets_done([session(MONDAY, 2, (replace(held, held_s=1.5),), kind="hold")]) == 0
    assert sets_done([session(MONDAY, 2, good(1, Verdict.ATTEMPT), kind="flow", asked=1.0)]) == 1


def test_planned_and_done_by_day_and_by_week():
    done = [
        *(session(MONDAY, number, good(2)) for number in range(3)),
        session(MONDAY + timedelta(days=1), 0, good(2), programme="other"),
        session(MONDAY + timedelta(days=2), 0, good(2)),
        session(MONDAY + timedelta(days=4), 0, good(2)),
    ]

    kept = adherence("knee", done, day_of, MONDAY + timedelta(days=8), plan=PLAN, since=MONDAY)

    days = [(day.planned, day.done) for day in kept.days]
    assert days == [(3, 3), (0, 0), (3, 1), (0, 0), (3, 1), (0, 0), (0, 0), (3, 0), (0, 0)]
    assert [(week.day, week.planned, week.done) for week in kept.weeks] == [
        (MONDAY, 9, 5), (MONDAY + timedelta(days=7), 3, 0),
    ]  # fmt: skip
    assert kept.share == pytest.approx(5 / 12)


def test_without_the_programme_only_the_days_are_known_on_which_something_was_done():
    done = [session(MONDAY, 0, good(2)), session(MONDAY + timedelta(days=2), 0, good(2))]

    kept = adherence("knee", done, day_of, MONDAY + timedelta(days=3))

    assert [(day.planned, day.done) for day in kept.days] == [(3, 1), (0, 0), (3, 1), (0, 0)]
    assert kept.name == "After the knee"
    assert adherence("other", done, day_of, MONDAY) is None


def test_the_week_has_seven_days_and_plans_none_before_it_was_given():
    week = week_of({MONDAY: 2}, MONDAY + timedelta(days=2), PLAN, since=MONDAY + timedelta(days=1))

    assert [day.planned for day in week.days] == [0, 0, 3, 0, 0, 0, 0]
    assert [day.done for day in week.days] == [2, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("number", "of", "asked"), [(3, 3, 1.0), (-1, 3, 1.0), (0, 3, 0.0), (0, 3, math.nan)]
)
def test_a_set_that_makes_no_sense_is_refused(number, of, asked):
    with pytest.raises(ShapeError):
        PlannedSet("knee", "Knee", number, of, asked)
