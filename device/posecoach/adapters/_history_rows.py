"""Rows of the history as records."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from posecoach.coach.records import SessionRecord, SessionStart, SessionSummary
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
        ),
        summary=SessionSummary(row["score"], row["coverage"], row["reason"], row["duration_s"])
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
    }


def compact_json(value: object) -> str:
    """JSON in the fewest bytes, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
