"""Sessions, repetitions and holds as a history keeps them."""

from __future__ import annotations

from posecoach.coach.named_person import NamedPerson
from posecoach.coach.records import (
    AskedStep,
    HoldRecord,
    RepRecord,
    SessionStart,
    SessionSummary,
)
from posecoach.coach.view import Verdict

START = SessionStart("squat", "left", 1_790_000_000.25, "boot-1", "1.2.3")
GOOD = RepRecord(
    index=0,
    start_s=1.5,
    end_s=4.25,
    verdict=Verdict.GOOD,
    score=91.5,
    range_of_motion_deg={"left_knee": 92.5},
    tempo=1.05,
    coverage=0.98,
)
ATTEMPT = RepRecord(
    index=1,
    start_s=4.25,
    end_s=6.0,
    verdict=Verdict.ATTEMPT,
    score=40.0,
    reason="not deep enough: 20 degrees short",
    faults=({"limb": "left_leg", "phase": "turn", "degrees": 20.0, "text": "go 20° deeper"},),
    tempo=1.3,
)
UNJUDGED = RepRecord(
    index=2, start_s=6.0, end_s=9.0, verdict=Verdict.NOT_JUDGED, score=None, reason="left side hidden"
)
HOLD = HoldRecord(index=0, start_s=9.0, end_s=20.0, verdict=Verdict.GOOD, score=80.0, step=1, held_s=10.2)
SUMMARY = SessionSummary(score=65.75, coverage=0.9, reason="", duration_s=20.0)


ANNA = NamedPerson("Anna Müller")
OF_ANNA = SessionStart("squat", "left", 1_790_000_000.25, "boot-1", "1.2.3", ANNA, "Squat with arms")
ASKED = AskedStep("reps", 10, None, {"left_knee": 112.0}, {"left_leg": 1.0})
