"""The history as JSON and as tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from posecoach.coach.records import HoldRecord, RepRecord, SessionRecord
from posecoach.skeleton import Joint, Limb

Everything = Iterable[tuple[SessionRecord, Sequence[RepRecord], Sequence[HoldRecord]]]

FORMAT: Final = "posecoach-history"

_PLANNED_COLUMNS: Final = ("programme", "programme_set", "programme_sets")
_SESSION_COLUMNS: Final = ("person", "routine_name", "app_version", "duration_s", "session_reason")
SESSION_COLUMNS: Final = (
    *("session", "uuid", "started", "clock_set", "boot_id", "routine", "view", "finished"),
    *("session_score", "session_coverage", *_SESSION_COLUMNS, "reps", "good_reps", "holds"),
    *_PLANNED_COLUMNS,
)
"""Of the table with a row for each session."""
COLUMNS: Final = (
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
    *_SESSION_COLUMNS,
    *(f"limb_{limb.value}" for limb in Limb),
    *(f"range_{joint.value}_deg" for joint in Joint),
    *_PLANNED_COLUMNS,
)
"""Of the table with a row for each repetition and hold."""


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
        "routine_name": session.start.routine_name or None,
        "person": session.start.person.name if session.start.person else None,
        "planned": asdict(session.start.planned) if session.start.planned else None,
        "view": session.start.view,
        "started": _iso(session.start.started_unix_s),
        "started_unix_s": session.start.started_unix_s,
        "clock_set": session.start.clock_set,
        "boot_id": session.start.boot_id,
        "app_version": session.start.app_version,
        "finished": session.finished,
        "score": summary.score if summary else None,
        "coverage": summary.coverage if summary else None,
        "reason": (summary.reason or None) if summary else None,
        "duration_s": summary.duration_s if summary else None,
        "asked": [asdict(step) for step in summary.asked] if summary else [],
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
    whole = {"format": FORMAT, "version": 1, "sessions": sessions}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def as_csv(everything: Everything) -> str:
    """A table of `COLUMNS`: a row for each repetition and hold, one for a session without any."""
    rows: list[dict[str, Any]] = []
    for session, reps, holds in everything:
        facts = _session_cells(session)
        parts = [{"kind": "rep", **_part_facts(rep)} for rep in reps]
        parts += [{"kind": "hold", **_part_facts(hold), "held_s": hold.held_s} for hold in holds]
        rows += [{**facts, **_flat(part)} for part in parts or [{}]]
    return _table(COLUMNS, rows)


def as_session_csv(sessions: Iterable[SessionRecord]) -> str:
    """A table of `SESSION_COLUMNS`: a row for each session."""
    counted = ("reps", "good_reps", "holds")
    rows = [
        {**_session_cells(session), **{name: getattr(session, name) for name in counted}}
        for session in sessions
    ]
    return _table(SESSION_COLUMNS, rows)


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(
        text, columns, restval="", extrasaction="ignore", lineterminator="\r\n"
    )  # RFC 4180
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is told apart: somebody chose their own name."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _session_cells(session: SessionRecord) -> dict[str, Any]:
    summary, start = session.summary, session.start
    return {
        "session": session.id,
        "uuid": session.uuid,
        "started": _iso(start.started_unix_s),
        "clock_set": int(start.clock_set),
        "boot_id": start.boot_id,
        "routine": start.routine_id,
        "view": start.view,
        "finished": int(session.finished),
        "session_score": summary.score if summary else None,
        "session_coverage": summary.coverage if summary else None,
        "person": start.person.name if start.person else None,
        "routine_name": start.routine_name,
        "app_version": start.app_version,
        "duration_s": summary.duration_s if summary else None,
        "session_reason": summary.reason if summary else None,
        "programme": start.planned.programme if start.planned else None,
        "programme_set": start.planned.number + 1 if start.planned else None,
        "programme_sets": start.planned.of if start.planned else None,
    }


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
        "limbs": dict(part.limbs),
    }


def _flat(part: dict[str, Any]) -> dict[str, Any]:
    if not part:
        return {}
    faults = "; ".join(str(fault.get("text", fault)) for fault in part["faults"])
    ranges = "; ".join(f"{joint}={deg:g}" for joint, deg in part["range_of_motion_deg"].items())
    limbs = {f"limb_{limb}": score for limb, score in part["limbs"].items()}
    joints = {f"range_{joint}_deg": deg for joint, deg in part["range_of_motion_deg"].items()}
    return {**part, **limbs, **joints, "faults": faults, "range_of_motion_deg": ranges}


def _iso(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, tz=UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
