"""Plausible sessions of a history, for tests of reports and for the gallery."""

from __future__ import annotations

from dataclasses import replace

from posecoach.coach.named_person import NamedPerson
from posecoach.coach.outcome import Outcome
from posecoach.coach.records import (
    AskedStep,
    HoldRecord,
    RepRecord,
    SessionRecord,
    SessionStart,
    SessionSummary,
)
from posecoach.coach.view import Verdict

ANNA = NamedPerson("Anna Müller")
BEGAN_UNIX_S = 1_790_000_000.0
DAY_S = 86_400.0
REFERENCE_DEG = {
    "left_knee": 112.0, "right_knee": 112.0, "left_hip": 98.0, "right_hip": 98.0,
    "left_shoulder": 84.0, "right_shoulder": 84.0, "left_elbow": 6.0, "right_elbow": 6.0,
}  # fmt: skip
ASKED = AskedStep(
    kind="reps",
    reps=10,
    range_of_motion_deg=REFERENCE_DEG,
    emphasis={
        "head": 0.2,
        "trunk": 0.6,
        "left_arm": 0.4,
        "right_arm": 0.4,
        "left_leg": 1.0,
        "right_leg": 1.0,
    },
)
DEEPER = {
    "limb": "left_leg", "phase": "turn", "degrees": 14.0, "change": "bend", "joint": "left_knee",
    "both": False, "text": "bend your left knee 14 degrees more at the bottom",
}  # fmt: skip
UPRIGHT = {
    "limb": "trunk", "phase": "turn", "degrees": 9.0, "change": "lean less", "joint": None, "both": False,
    "text": "lean forward 9 degrees less at the bottom",
}  # fmt: skip
_CYCLE = (Verdict.GOOD, Verdict.GOOD, Verdict.ATTEMPT, Verdict.GOOD, Verdict.NOT_JUDGED, Verdict.GOOD)


def rep(index, *, step=0, better=0.0):
    """Mostly good ones, with attempts and one that was hidden between them."""
    verdict = _CYCLE[index % len(_CYCLE)]
    start_s = 3.4 * index + 60 * step
    if verdict is Verdict.NOT_JUDGED:
        return RepRecord(
            index, start_s, start_s + 3.0, verdict, None, "left side hidden: turn to the camera",
            step=step, coverage=0.31, tempo=1.0,
        )  # fmt: skip
    good = verdict is Verdict.GOOD
    wobble = (index * 37 % 11) - 5
    score = min(100.0, (91.0 if good else 66.0) + wobble + better)
    limbs = {
        "head": 96.0, "trunk": score - 4, "left_arm": 94.0, "right_arm": None,
        "left_leg": max(0.0, score - 36), "right_leg": score - 17,
    }  # fmt: skip
    ranges = {
        joint: deg * (0.97 if "right" in joint else 0.84) + wobble + better
        for joint, deg in REFERENCE_DEG.items()
    }
    return RepRecord(
        index, start_s, start_s + 3.0 + 0.05 * wobble, verdict, score,
        "" if good else "14 degrees short at the bottom", () if good else (DEEPER, UPRIGHT),
        ranges, 0.92 + 0.01 * wobble, step, 0.94, limbs,
    )  # fmt: skip


def hold(index, *, step=1):
    return HoldRecord(
        index, 60.0 + 30 * index, 86.0 + 30 * index, Verdict.GOOD, 88.0, step=step, coverage=0.9, held_s=24.5,
        limbs=dict.fromkeys(("trunk", "left_leg", "right_leg"), 88.0),
    )  # fmt: skip


def outcome(
    parts=None,
    *,
    number=12,
    person=ANNA,
    score=84.0,
    routine="squat",
    name="Squat",
    days=0.0,
    better=0.0,
    **changes,
):
    """A session in which ten squats were done."""
    parts = tuple(rep(i, better=better) for i in range(10)) if parts is None else tuple(parts)
    start = SessionStart(routine, "front", BEGAN_UNIX_S + days * DAY_S, "boot", "0.1.0", person, name)
    asked = changes.pop("asked", (ASKED,))
    reason = changes.pop("reason", "")
    summary = SessionSummary(score, 0.93, reason, 83.0, asked)
    reps = [part for part in parts if not isinstance(part, HoldRecord)]
    record = SessionRecord(
        number,
        "0b8f6a4e-5c7e-4f0e-9a53-1d4f5e6a7b8c",
        start,
        summary,
        len(reps),
        sum(part.verdict is Verdict.GOOD for part in reps),
        len(parts) - len(reps),
    )
    return Outcome(replace(record, **changes), parts)


def practised(weeks=11, person=ANNA):
    """Squats three times a week and a hold now and then, oldest first, better and better but for a break."""
    sessions, number = [], 0
    for day in range(7 * weeks):
        if day % 7 not in (0, 2, 5) or 40 < day < 52:
            continue
        number += 1
        better = min(9.0, 0.3 * number) - (6.0 if 52 <= day < 60 else 0.0)
        score = min(100.0, 70.0 + 2 * better + (number * 29 % 7))
        sessions.append(
            outcome(number=number, person=person, score=score, days=day - 7 * weeks, better=better)
        )
        if day % 3 == 0:
            number += 1
            parts = (hold(0, step=0), hold(1, step=0))
            asked = (AskedStep("hold", None, 30.0),)
            sessions.append(
                outcome(parts, number=number, person=person, score=min(100.0, 80.0 + day / 10),
                        days=day - 7 * weeks + 0.01, routine="warrior-ii", name="Warrior II", asked=asked)
            )  # fmt: skip
    return sessions


LAST = outcome(number=11, score=78.0, days=-7, better=-6.0)
