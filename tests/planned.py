"""A programme that the tests plan, walk through, and are told of."""

from __future__ import annotations

from posecoach.coach.named_person import NamedPerson
from posecoach.coach.programme import Exercise, Programme
from posecoach.coach.records import RepRecord
from posecoach.coach.view import Verdict

ANNA = NamedPerson("Anna")
PLAN = Programme(
    "knee",
    "After the knee",
    (Exercise("arms", 2, reps=2, rest_s=20.0), Exercise("hold", 1, hold_s=2.0)),
    ("mon", "wed"),
)


def good(count: int, verdict: Verdict = Verdict.GOOD) -> tuple[RepRecord, ...]:
    """So many repetitions, all of one verdict."""
    return tuple(RepRecord(i, float(i), i + 1.0, verdict, 90.0) for i in range(count))
