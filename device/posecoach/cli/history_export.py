"""The history as JSON and as a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from posecoach.coach.records import HoldRecord, RepRecord, SessionRecord

Everything = Iterable[tuple[SessionRecord, Sequence[RepRecord], Sequence[HoldRecord]]]

COLUMNS = (
    "session",
    "uuid",
    "started",
    "clock_set",
    "boot_id",
    "routine",
    "view",
    "finished",
    "session_score",
    "session_coverage",
    "kind",
    "step",
    "index",
    "start_s",
    "end_s",
    "held_s",
    "verdict",
    "score",
    "coverage",
    "reason",
    "tempo",
    "faults",
    "range_of_motion_deg",
)


def session_facts(
    session: SessionRecord,
    reps: Sequence[RepRecord] | None = None,
    holds: Sequence[HoldRecord] | None = None,
) -> dict[str, Any]:
    """One session as JSON; repetitions and holds in it look as in ``score --json``."""
    summary = session.summary
    facts: dict[str, Any] = {
        "id": session.id,
        "uuid": session.uuid,
        "routine": session.start.routine_id,
        "view": session.start.view,
        "started": _iso(session.start.started_unix_s),
        "clock_set": session.start.clock_set,
        "boot_id": session.start.boot_id,
        "app_version": session.start.app_version,
        "finished": session.finished,
        "score": summary.score if summary else None,
        "coverage": summary.coverage if summary else None,
        "reason": (summary.reason or None) if summary else None,
        "duration_s": summary.duration_s if summary else None,
        "counts": {"reps": session.reps, "good_reps": session.good_reps, "holds": session.holds},
    }
    if reps is not None:
        facts["reps"] = [_part_facts(rep) for rep in reps]
    if holds is not None:
        facts["holds"] = [{**_part_facts(hold), "held_s": hold.held_s} for hold in holds]
    return facts


def as_json(everything: Everything) -> str:
    """All sessions as one JSON object."""
    sessions = [session_facts(session, reps, holds) for session, reps, holds in everything]
    whole = {"format": "posecoach-history", "version": 1, "sessions": sessions}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def as_csv(everything: Everything) -> str:
    """A table of `COLUMNS`: a row for each repetition and hold, one for a session without any."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")  # RFC 4180
    table.writeheader()
    for session, reps, holds in everything:
        summary = session.summary
        facts = {
            "session": session.id,
            "uuid": session.uuid,
            "started": _iso(session.start.started_unix_s),
            "clock_set": int(session.start.clock_set),
            "boot_id": session.start.boot_id,
            "routine": session.start.routine_id,
            "view": session.start.view,
            "finished": int(session.finished),
            "session_score": summary.score if summary else None,
            "session_coverage": summary.coverage if summary else None,
        }
        parts = [{"kind": "rep", **_part_facts(rep)} for rep in reps]
        parts += [{"kind": "hold", **_part_facts(hold), "held_s": hold.held_s} for hold in holds]
        for part in parts or [{}]:
            table.writerow({**facts, **_flat(part)})
    return text.getvalue()


def _part_facts(part: RepRecord) -> dict[str, Any]:
    return {
        "step": part.step,
        "index": part.index,
        "start_s": part.start_s,
        "end_s": part.end_s,
        "verdict": part.verdict.value,
        "score": part.score,
        "reason": part.reason or None,
        "coverage": part.coverage,
        "faults": [dict(fault) for fault in part.faults],
        "range_of_motion_deg": dict(part.range_of_motion_deg),
        "tempo": part.tempo,
    }


def _flat(part: dict[str, Any]) -> dict[str, Any]:
    if not part:
        return {}
    faults = "; ".join(str(fault.get("text", fault)) for fault in part["faults"])
    ranges = "; ".join(f"{joint}={deg:g}" for joint, deg in part["range_of_motion_deg"].items())
    return {**part, "faults": faults, "range_of_motion_deg": ranges}


def _iso(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, tz=UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
