"""What is kept of a session: scores and reasons, no pictures and no keypoints."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from posecoach.coach.named_person import NamedPerson
from posecoach.coach.phrase_facts import phrase_facts
from posecoach.coach.progress import Part
from posecoach.coach.report import limb_report, part_report
from posecoach.coach.view import Verdict
from posecoach.errors import ShapeError

CLOCK_SET_FROM_UNIX_S: Final = 1_704_067_200.0
"""2024-01-01, 00:00 UTC. A box that believes in an earlier time has not been told the time yet (S8)."""


@dataclass(frozen=True, slots=True)
class PlannedSet:
    """Which set of a programme a session is, as it was planned then.

    Attributes:
        programme: Its id.
        name: In words.
        number: Of the set, from 0.
        of: How many sets the day has.
        asked: Repetitions or seconds that all of the set asks for; 1 of a flow, or how many steps.
        kind: What `asked` counts: ``reps``, ``hold``, ``flow`` or ``steps``.
    """

    programme: str
    name: str
    number: int
    of: int
    asked: float
    kind: str = "reps"

    def __post_init__(self) -> None:
        if not 0 <= self.number < self.of or not 0 < self.asked < math.inf:
            raise ShapeError(
                f"a set has a number below how many there are, and asks for more than nothing, got "
                f"{self.number} of {self.of}, {self.asked}"
            )


@dataclass(frozen=True, slots=True)
class SessionStart:
    """The facts at the beginning of a session.

    Attributes:
        routine_id: What is done.
        view: The side it is seen from.
        started_unix_s: Wall time; a label only, sessions are ordered by their numbers.
        boot_id: Names this run of the machine; empty where unknown.
        app_version: Of posecoach.
        person: Who does it; `None` where nobody said.
        routine_name: In words; empty in a history from before it was kept.
        planned: Which set of a programme it is; `None` of what somebody just did.
    """

    routine_id: str
    view: str
    started_unix_s: float
    boot_id: str
    app_version: str
    person: NamedPerson | None = None
    routine_name: str = ""
    planned: PlannedSet | None = None

    @property
    def clock_set(self) -> bool:
        """Whether the wall time can be believed."""
        return self.started_unix_s >= CLOCK_SET_FROM_UNIX_S


@dataclass(frozen=True, slots=True)
class AskedStep:
    """What a step asked for, as it was then: the routine may be another by the time somebody reads of it.

    Attributes:
        kind: ``reps``, ``hold`` or ``flow``.
        reps: How many; of a step of that kind only.
        hold_s: How long; of a hold only.
        range_of_motion_deg: How far each joint goes in the reference, from the side it was seen from.
        emphasis: How much each limb matters, 0..1.
    """

    kind: str
    reps: int | None = None
    hold_s: float | None = None
    range_of_motion_deg: Mapping[str, float] = field(default_factory=dict)
    emphasis: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """The facts at the end of a session.

    Attributes:
        score: 0..100, or `None` with `reason`.
        coverage: Share of what matters that was seen, 0..1.
        reason: Why there is no score; empty where there is one.
        duration_s: How long it took.
        asked: What each step that was begun asked for; empty in a history from before it was kept.
    """

    score: float | None
    coverage: float
    reason: str
    duration_s: float
    asked: tuple[AskedStep, ...] = ()

    def __post_init__(self) -> None:
        _require_share("coverage", self.coverage)
        _require_score(self.score)
        _require_time("duration_s", self.duration_s)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session in the history.

    Attributes:
        id: Its number on this box, counting up; never used again.
        uuid: Its name among the sessions of all boxes.
        start: What was known at the beginning.
        summary: What was known at the end; `None` where it never came to one (power cut, fault).
        reps, good_reps, holds: How many are stored.
    """

    id: int
    uuid: str
    start: SessionStart
    summary: SessionSummary | None
    reps: int = 0
    good_reps: int = 0
    holds: int = 0

    @property
    def finished(self) -> bool:
        """Whether the session came to its end."""
        return self.summary is not None


@dataclass(frozen=True, slots=True)
class RepRecord:
    """One finished repetition or flow.

    Attributes:
        index: Its number within the step, from 0.
        start_s, end_s: Session seconds.
        verdict: What became of it.
        score: 0..100, or `None` where it was not judged.
        reason: Why it was an attempt or not judged; empty for a good one.
        faults: What was wrong, as `score --json` has it: ``limb``, ``phase``, ``degrees``, ``text``...
        range_of_motion_deg: By joint.
        tempo: 1 is the reference's pace, 2 twice as fast; `None` where unknown.
        step: Number of the step in the routine, from 0.
        coverage: Share of what matters that was seen, 0..1; `None` where unknown.
        limbs: Score of each limb, `None` where it was not judged; empty in a history from before it was kept.
    """

    index: int
    start_s: float
    end_s: float
    verdict: Verdict
    score: float | None
    reason: str = ""
    faults: tuple[Mapping[str, Any], ...] = ()
    range_of_motion_deg: Mapping[str, float] = field(default_factory=dict)
    tempo: float | None = None
    step: int = 0
    coverage: float | None = None
    limbs: Mapping[str, float | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.index < 0 or self.step < 0:
            raise ShapeError(f"index and step count from 0, got {self.index} and {self.step}")
        _require_time("start_s", self.start_s)
        if not self.start_s <= self.end_s < math.inf:
            raise ShapeError(f"end_s must not be before start_s, got {self.start_s} to {self.end_s}")
        _require_score(self.score)
        if self.coverage is not None:
            _require_share("coverage", self.coverage)
        if self.tempo is not None:
            _require_time("tempo", self.tempo)
        for score in self.limbs.values():
            _require_score(score)


@dataclass(frozen=True, slots=True)
class HoldRecord(RepRecord):
    """One finished hold.

    Attributes:
        held_s: Time in the pose.
    """

    held_s: float = 0.0

    def __post_init__(self) -> None:
        super(HoldRecord, self).__post_init__()  # slots: super() alone finds the class before them
        _require_time("held_s", self.held_s)


def rep_record(step: int, part: Part) -> RepRecord:
    """A finished repetition or flow, rounded as in `score --json`."""
    return RepRecord(**_facts(step, part))


def hold_record(step: int, part: Part) -> HoldRecord:
    """A finished hold, rounded as in `score --json`."""
    return HoldRecord(**_facts(step, part), held_s=part_report(part).get("held_s", 0.0))


def _facts(step: int, part: Part) -> dict[str, Any]:
    reported = part_report(part)
    for not_stored in ("held_s", "symmetry"):  # the one has its own place, the other follows from the ranges
        reported.pop(not_stored, None)
    return {
        **reported,
        "step": step,
        "verdict": part.verdict,
        "reason": part.reason,
        "faults": tuple(
            {**told, **_said(fault.text)} for told, fault in zip(reported["faults"], part.faults, strict=True)
        ),
        "limbs": limb_report(part.limbs),
    }


def _said(text: str) -> dict[str, Any]:
    """How it is said in other languages, where that is known."""
    facts = phrase_facts(text)
    return {} if facts is None else {"said": facts}


def _require_score(score: float | None) -> None:
    # Not written as two comparisons joined by "or": a NaN must fail as well.
    if score is not None and not 0 <= score <= 100:
        raise ShapeError(f"score must be in [0, 100] or None, got {score}")


def _require_share(name: str, share: float) -> None:
    if not 0 <= share <= 1:
        raise ShapeError(f"{name} must be in [0, 1], got {share}")


def _require_time(name: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ShapeError(f"{name} must be a finite number not below 0, got {value}")
