"""What a stored session comes to: the figures that a report, a trend and the next session tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from posecoach.coach.faults import LEAST_RANGE_DEG
from posecoach.coach.phrase_facts import phrase_of
from posecoach.coach.records import HoldRecord, RepRecord, SessionRecord
from posecoach.coach.summary import LEAST_EMPHASIS, LIMBS_APART, mean
from posecoach.coach.view import LastTime, Verdict
from posecoach.skeleton import Joint, Limb

MOST_JOINTS: Final = 8


@dataclass(frozen=True, slots=True)
class JointRange:
    """How far one joint went.

    Attributes:
        joint: As in `Joint`.
        mean_deg: On average over what was judged.
        least_deg, most_deg: In single repetitions.
        reference_deg: In the reference; `None` where it was not kept, or does not show the joint.
    """

    joint: str
    mean_deg: float
    least_deg: float
    most_deg: float
    reference_deg: float | None = None


@dataclass(frozen=True, slots=True)
class FaultCount:
    """The same fault, however often.

    Attributes:
        text: Of the time it was worst.
        degrees: How far off then; 0 of the pace.
        times: In how many repetitions or holds.
        limb: As in `Limb`; `None` where it is about the pace.
    """

    text: str
    degrees: float
    times: int
    limb: str | None


@dataclass(frozen=True)
class Outcome:
    """A stored session.

    Attributes:
        session: As it is in the history.
        parts: Its repetitions, flows and holds, in any order.
    """

    session: SessionRecord
    parts: tuple[RepRecord, ...] = field(repr=False)

    @cached_property
    def in_order(self) -> tuple[RepRecord, ...]:
        """The parts as they were done."""
        return tuple(sorted(self.parts, key=lambda part: (part.start_s, part.step, part.index)))

    @cached_property
    def judged(self) -> tuple[RepRecord, ...]:
        """The parts that have a score."""
        return tuple(part for part in self.in_order if part.score is not None)

    @property
    def score(self) -> float | None:
        """Of the whole session; of one that was cut off, the mean of what was judged until then."""
        if self.session.summary is not None:
            return self.session.summary.score
        return mean(part.score for part in self.parts)

    @property
    def good(self) -> int:
        """How many parts were good."""
        return sum(part.verdict is Verdict.GOOD for part in self.parts)

    @cached_property
    def limbs(self) -> dict[Limb, float | None]:
        """The mean score of each limb over what was judged."""
        return {limb: mean(part.limbs.get(limb.value) for part in self.judged) for limb in Limb}

    @cached_property
    def limbs_that_matter(self) -> frozenset[Limb]:
        """Those that a step is about; all but the head where that was not kept."""
        asked = self.session.summary.asked if self.session.summary else ()
        known = [step.emphasis for step in asked if step.emphasis]
        return frozenset(
            limb
            for limb in Limb
            if limb is not Limb.HEAD
            and (not known or any(step.get(limb.value, 0.0) >= LEAST_EMPHASIS for step in known))
        )

    @property
    def best_and_worst(self) -> tuple[Limb, Limb] | None:
        """The limb that was best and the one to work on; `None` where none stands out."""
        scores = {
            limb: score
            for limb, score in self.limbs.items()
            if score is not None and limb in self.limbs_that_matter
        }
        if len(scores) < 2 or max(scores.values()) - min(scores.values()) < LIMBS_APART:
            return None
        return max(scores, key=lambda limb: scores[limb]), min(scores, key=lambda limb: scores[limb])

    @cached_property
    def ranges(self) -> tuple[JointRange, ...]:
        """How far the joints went that the movement is about, the widest first, left before right."""
        seen: dict[str, list[float]] = {}
        for part in self.judged:
            if not isinstance(part, HoldRecord):
                for joint, degrees in part.range_of_motion_deg.items():
                    seen.setdefault(joint, []).append(degrees)
        wanted = _wanted(self.session)
        ranges = [
            JointRange(joint, sum(degs) / len(degs), min(degs), max(degs), wanted.get(joint))
            for joint, degs in seen.items()
        ]
        about = [each for each in ranges if _size(each) >= LEAST_RANGE_DEG]
        pairs_first = sorted(
            about, key=lambda each: (-_pair_size(each, about), each.joint.partition("_")[2], each.joint)
        )
        return tuple(pairs_first[:MOST_JOINTS])

    @cached_property
    def tempo(self) -> float | None:
        """1 is the reference's pace, 2 twice as fast; of what was judged and is no hold."""
        return mean(part.tempo for part in self.judged if not isinstance(part, HoldRecord))

    @cached_property
    def seconds_each(self) -> tuple[float, float | None] | None:
        """How long a repetition took on average, and how long the reference takes for it."""
        moved = [part for part in self.judged if not isinstance(part, HoldRecord)]
        own = mean(part.end_s - part.start_s for part in moved)
        if own is None:
            return None
        return own, mean(part.tempo * (part.end_s - part.start_s) for part in moved if part.tempo)

    @cached_property
    def held_s(self) -> float | None:
        """How long a hold lasted on average; `None` where there was none."""
        return mean(part.held_s for part in self.parts if isinstance(part, HoldRecord))

    @cached_property
    def faults(self) -> tuple[FaultCount, ...]:
        """What was wrong, what happened most first, then what was worst."""
        return count_faults(self.in_order)

    @cached_property
    def reasons(self) -> tuple[tuple[str, Verdict, int], ...]:
        """Why parts were attempts or not judged, the most frequent first."""
        found: dict[tuple[str, Verdict], int] = {}
        for part in self.in_order:
            if part.reason:
                found[part.reason, part.verdict] = found.get((part.reason, part.verdict), 0) + 1
        return tuple((*key, times) for key, times in sorted(found.items(), key=lambda item: -item[1]))


def last_time(outcome: Outcome) -> LastTime:
    """A session as the next one is compared with it."""
    return LastTime(
        score=outcome.score,
        tempo=outcome.tempo,
        range_of_motion_deg={each.joint: each.mean_deg for each in outcome.ranges},
    )


def count_faults(parts: Iterable[RepRecord]) -> tuple[FaultCount, ...]:
    """The faults of several parts, the same ones together: of the same limb, phase and change."""
    kinds: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for part in parts:
        for kind, fault in {_kind(fault): fault for fault in part.faults}.items():
            kinds.setdefault(kind, []).append(fault)
    counts = []
    for faults in kinds.values():
        worst = max(faults, key=_degrees)
        text = str(worst.get("text", ""))
        text = phrase_of(worst["said"], text) if "said" in worst else text
        counts.append(FaultCount(text, _degrees(worst), len(faults), worst.get("limb")))
    return tuple(sorted(counts, key=lambda count: (-count.times, -count.degrees, count.text)))


def _kind(fault: Mapping[str, Any]) -> tuple[Any, ...]:
    known = tuple(fault.get(name) for name in ("limb", "phase", "change", "joint", "both"))
    return known if any(known) else (fault.get("text"),)


def _degrees(fault: Mapping[str, Any]) -> float:
    return float(fault.get("degrees") or 0.0)


def _wanted(session: SessionRecord) -> dict[str, float]:
    """The widest range that a step asks for, by joint."""
    wanted: dict[str, float] = {}
    for step in session.summary.asked if session.summary else ():
        for joint, degrees in step.range_of_motion_deg.items():
            wanted[joint] = max(degrees, wanted.get(joint, 0.0))
    return wanted


def _size(each: JointRange) -> float:
    return each.mean_deg if each.reference_deg is None else each.reference_deg


def _pair_size(each: JointRange, all_of_them: list[JointRange]) -> float:
    """Left and right stand together, where the wider of them stands."""
    name = each.joint.partition("_")[2]
    return max(_size(other) for other in all_of_them if other.joint.partition("_")[2] == name)


def readable(joint: str) -> str:
    """A joint or limb in words: ``left_knee`` is left knee."""
    known = {member.value for member in (*Joint, *Limb)}
    return joint.replace("_", " ") if joint in known else joint
