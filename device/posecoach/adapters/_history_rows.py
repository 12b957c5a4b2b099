"""Rows of the history as records."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from posecoach.coach.named_person import NamedPerson
from posecoach.coach.records import AskedStep, SessionRecord, SessionStart, SessionSummary
from posecoach.coach.view import Verdict


def session_record(row: sqlite3.Row) -> SessionRecord:
    """A session, of a row with its counts."""
    return SessionRecord(
        id=row["id"],
        uuid=row["uuid"],
        start=SessionStart(
            routine_id=row["routine_id"],
            view=row["view"],
            started_unix_s=row["started_unix_s"],
            boot_id=row["boot_id"],
            app_version=row["app_version"],
            person=None if row["person"] is None else NamedPerson(row["person"]),
            routine_name=row["routine_name"],
        ),
        summary=SessionSummary(
            row["score"], row["coverage"], row["reason"], row["duration_s"], asked_steps(row["asked"])
        )
        if row["finished"]
        else None,
        reps=row["reps"],
        good_reps=row["good_reps"],
        holds=row["holds"],
    )


def part_facts(row: sqlite3.Row) -> dict[str, Any]:
    """What repetitions and holds have in common."""
    return {
        "index": row["number"],
        "start_s": row["start_s"],
        "end_s": row["end_s"],
        "verdict": Verdict(row["verdict"]),
        "score": row["score"],
        "reason": row["reason"],
        "faults": tuple(json.loads(row["faults"])),
        "range_of_motion_deg": json.loads(row["range_of_motion_deg"]),
        "tempo": row["tempo"],
        "step": row["step"],
        "coverage": row["coverage"],
        "limbs": json.loads(row["limbs"]),
    }


def asked_steps(text: str) -> tuple[AskedStep, ...]:
    """What `compact_json` made of steps; a field that is not known here is passed over."""
    known = AskedStep.__dataclass_fields__
    return tuple(
        AskedStep(**{name: value for name, value in step.items() if name in known})
        for step in json.loads(text)
    )


def compact_json(value: object) -> str:
    """JSON in the fewest bytes, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
