"""The history back from JSON: onto a new box, or from a copy that was kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from posecoach.cli.history_export import FORMAT
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.records import (
    AskedStep,
    HoldRecord,
    PlannedSet,
    RepRecord,
    SessionRecord,
    SessionStart,
    SessionSummary,
)
from posecoach.coach.view import Verdict
from posecoach.errors import ExportError, InputMissing, PosecoachError

Stored = tuple[SessionRecord, tuple[RepRecord, ...], tuple[HoldRecord, ...]]

_LARGEST_BYTES: Final = 1 << 28


def read_export(path: Path) -> list[Stored]:
    """The sessions of a file that ``history export --format json`` wrote, in its order.

    Raises:
        InputMissing: There is no such file.
        ExportError: It is something else, or a session in it makes no sense; says which.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ExportError(f"{path}: larger than {_LARGEST_BYTES >> 20} MiB; this is no history")
        whole = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        if isinstance(error, PosecoachError):
            raise
        raise ExportError(f"{path}: not JSON: {error}") from error
    except OSError as error:
        raise InputMissing(f"{path}: cannot be read: {error.strerror}") from error
    if not isinstance(whole, dict) or (whole.get("format"), whole.get("version")) != (FORMAT, 1):
        raise ExportError(f"{path}: not a history; expected what `posecoach history export --json` writes")
    stored = []
    for number, session in enumerate(whole.get("sessions", []), start=1):
        try:
            stored.append(_stored(session))
        except (PosecoachError, KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else error
            raise ExportError(f"{path}: session {number}: {what}") from error
    return stored


def _stored(facts: Mapping[str, Any]) -> Stored:
    start = SessionStart(
        routine_id=str(facts["routine"]),
        view=str(facts["view"]),
        started_unix_s=float(facts["started_unix_s"]),
        boot_id=str(facts["boot_id"]),
        app_version=str(facts["app_version"]),
        person=None if facts["person"] is None else NamedPerson(facts["person"]),
        routine_name=facts["routine_name"] or "",
        planned=PlannedSet(**facts["planned"]) if facts.get("planned") else None,
    )
    summary = None
    if facts["finished"]:
        summary = SessionSummary(
            score=facts["score"],
            coverage=float(facts["coverage"]),
            reason=facts["reason"] or "",
            duration_s=float(facts["duration_s"]),
            asked=tuple(AskedStep(**step) for step in facts["asked"]),
        )
    reps = tuple(RepRecord(**_part(rep)) for rep in facts["reps"])
    holds = tuple(HoldRecord(**_part(hold), held_s=float(hold["held_s"])) for hold in facts["holds"])
    counts = facts["counts"]
    session = SessionRecord(
        int(facts["id"]),
        str(facts["uuid"]),
        start,
        summary,
        counts["reps"],
        counts["good_reps"],
        counts["holds"],
    )
    return session, reps, holds


def _part(facts: Mapping[str, Any]) -> dict[str, Any]:
    same = ("index", "start_s", "end_s", "score", "range_of_motion_deg", "tempo", "step", "coverage", "limbs")
    return {
        **{name: facts[name] for name in same},
        "verdict": Verdict(facts["verdict"]),
        "reason": facts["reason"] or "",
        "faults": tuple(facts["faults"]),
    }
