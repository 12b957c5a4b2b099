"""Rows of the history as records, and records as rows."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from typing import Any, Final

from posecoach.coach.named_person import NamedPerson
from posecoach.coach.records import (
    AskedStep,
    PlannedSet,
    RepRecord,
    SessionRecord,
    SessionStart,
    SessionSummary,
)
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
            planned=_planned(row["planned"]),
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


def _planned(text: str | None) -> PlannedSet | None:
    """What `compact_json` made of a set; a field that is not known here is passed over."""
    if text is None:
        return None
    known = PlannedSet.__dataclass_fields__
    return PlannedSet(**{name: value for name, value in json.loads(text).items() if name in known})


def compact_json(value: object) -> str:
    """JSON in the fewest bytes, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


INSERT_SESSION: Final = (
    "INSERT INTO session (uuid, routine_id, view, started_unix_s, clock_set, boot_id, app_version,"
    " person, person_key, routine_name, planned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_PART: Final = (
    "INSERT INTO part (session_id, kind, step, number, start_s, end_s, held_s, verdict, score,"
    " coverage, reason, tempo, faults, range_of_motion_deg, limbs)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def session_row(start: SessionStart, name: str) -> tuple[object, ...]:
    """What `INSERT_SESSION` takes; `name` is unique among all boxes."""
    person = start.person
    return (
        name,
        start.routine_id,
        start.view,
        start.started_unix_s,
        start.clock_set,
        start.boot_id,
        start.app_version,
        person.name if person else None,
        person.key if person else None,
        start.routine_name,
        None if start.planned is None else compact_json(asdict(start.planned)),
    )


def part_row(session_id: int, kind: str, part: RepRecord, held_s: float | None) -> tuple[object, ...]:
    """What `INSERT_PART` takes."""
    return (
        session_id,
        kind,
        part.step,
        part.index,
        part.start_s,
        part.end_s,
        held_s,
        part.verdict.value,
        part.score,
        part.coverage,
        part.reason,
        part.tempo,
        compact_json([dict(fault) for fault in part.faults]),
        compact_json(dict(part.range_of_motion_deg)),
        compact_json(dict(part.limbs)),
    )
