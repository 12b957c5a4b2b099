"""What a session comes to: scores, limbs, ranges of motion, in numbers and in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from posecoach.coach.body_words import in_words, whose_of
from posecoach.coach.extent import Extent, Symmetry, joint_extents, mean_extents, symmetries
from posecoach.coach.fault import Fault
from posecoach.coach.faults import LEAST_FAULT_DEG, LEAST_RANGE_DEG
from posecoach.coach.phrase import Phrase
from posecoach.coach.progress import Part
from posecoach.coach.routine import Routine, Step, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import CueView, LastTime, StepKind, SummaryView, Verdict
from posecoach.coach.words import capitalised
from posecoach.skeleton import Joint, Limb

LEAST_EMPHASIS: Final = 0.3
"""Emphasis of a limb that is named as the best or the one to work on."""
LEAST_PARTS: Final = 2
"""Judged repetitions from which a difference between left and right is told."""
LIMBS_APART: Final = 3.0
"""Points between the best limb and the worst from which they are told."""
UNEVEN_SHARE: Final = 0.1
"""Share of the wider range by which left and right must differ to be told apart."""


@dataclass(frozen=True, slots=True, eq=False)
class StepOutcome:
    """What became of one step.

    Attributes:
        step: What was asked for.
        parts: The repetitions, holds or the flow, oldest first.
        reason: Why there is nothing to judge, where there is not.
        coverage: Share of what matters that was seen.
        enough: Whether that is enough to judge by.
        cues: Every cue given.
        mirrored: Whether it was done as the mirror image of what was recorded; `step` then is that.
        nearest: Points for what was seen, where there are no parts.
    """

    step: Step
    parts: tuple[Part, ...]
    reason: str
    coverage: float
    enough: bool
    cues: tuple[CueView, ...]
    mirrored: bool = False
    nearest: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """A finished session.

    Attributes:
        routine: What was done.
        view: The side it was seen from.
        steps: Outcome of each step that was begun; empty where nobody came.
        duration_s: From the start of coaching to the end.
        hidden: What to do about a torso that was hidden most of the time; empty where it was seen.
    """

    routine: Routine
    view: View
    steps: tuple[StepOutcome, ...]
    duration_s: float
    hidden: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """All repetitions, holds and flows."""
        return tuple(part for outcome in self.steps for part in outcome.parts)

    @property
    def mirrored(self) -> bool:
        """Whether a step was done as the mirror image of what was recorded."""
        return any(outcome.mirrored for outcome in self.steps)

    @property
    def coverage(self) -> float:
        """Share of what matters that was seen, 0..1."""
        return mean(outcome.coverage for outcome in self.steps) or 0.0

    @property
    def score(self) -> float | None:
        """Mean over all judged parts.

        Where somebody was seen well enough but never did the movement it is how near they came to it, which
        is 0 or little; `None`, with a reason, where nobody or too little was seen.
        """
        judged = mean(part.score for part in self.parts)
        if self.hidden and not self.parts:
            return None
        if judged is None and self.steps and not self.parts and all(step.enough for step in self.steps):
            return mean(step.nearest for step in self.steps)
        return judged

    @property
    def reason(self) -> str:
        """Why there is no score, or why it is 0; empty otherwise."""
        if self.hidden and not self.parts:
            return self.hidden
        if not self.steps:
            return Phrase("nobody was in view")
        if any(part.score is not None for part in self.parts):
            return ""
        return self.parts[0].reason if self.parts else self.steps[-1].reason

    def limbs(self) -> dict[Limb, float | None]:
        """Mean score of each limb over the judged parts."""
        return {limb: mean(part.limbs[limb] for part in self.parts) for limb in Limb}

    def keypoints(self) -> list[float | None]:
        """Mean score of each keypoint over the judged parts; empty where there are none."""
        return [mean(scores) for scores in zip(*(part.keypoints for part in self.parts), strict=True)]

    def joints(self) -> dict[Joint, Extent]:
        """How far each joint went, on average over the judged parts."""
        return mean_extents(part.joints for part in self.parts if part.score is not None)

    def asked_ranges(self) -> dict[Joint, float]:
        """How far each joint goes in the reference of what was done, at its widest; of holds nothing."""
        widest: dict[Joint, float] = {}
        for outcome in self.steps:
            for joint, degrees in reference_ranges(outcome.step, self.view).items():
                widest[joint] = max(degrees, widest.get(joint, 0.0))
        return widest

    @property
    def tempo(self) -> float | None:
        """Mean over the judged parts that are no holds; `None` where there are none."""
        return mean(part.tempo for part in self.parts if part.score is not None and part.held_s is None)

    @property
    def uneven(self) -> str:
        """Which side went less far, in words, where the routine asks for as much of both.

        Empty where they went alike, or too few were judged to tell.
        """
        if sum(part.score is not None for part in self.parts) < LEAST_PARTS:
            return ""
        asked = {name for outcome in self.steps for name in _asked_of_both(outcome.step, self.view)}
        apart = [each for each in symmetries(self.joints()) if each.name in asked and _apart(each)]
        if not apart:
            return ""
        worst = max(apart, key=lambda each: (round(abs(each.difference_deg)), each.name))
        less, degrees = "right" if worst.difference_deg > 0 else "left", f"{abs(worst.difference_deg):.0f}"
        joint = whose_of(f"{less}_{worst.name}")
        if less == "right":
            return Phrase("{joint} moves {degrees} degrees less than your left", joint=joint, degrees=degrees)
        return Phrase("{joint} moves {degrees} degrees less than your right", joint=joint, degrees=degrees)


def reference_ranges(step: Step, view: View) -> dict[Joint, float]:
    """How far each joint goes in the reference of a step; empty of a hold, which does not move."""
    if step.kind is StepKind.HOLD or view not in step.views:
        return {}
    wanted = joint_extents(step.views[view], yardstick(step, view))
    return {joint: extent.range_deg for joint, extent in wanted.items()}


def _asked_of_both(step: Step, view: View) -> set[str]:
    """The joints that go as far on the left as on the right in a step, and far enough to tell."""
    if view not in step.views or step.kind is not StepKind.REPS:
        return set()
    wanted = joint_extents(step.views[view], yardstick(step, view))
    return {
        each.name
        for each in symmetries(wanted)
        if min(each.left.range_deg, each.right.range_deg) >= LEAST_RANGE_DEG and not _apart(each)
    }


def _apart(symmetry: Symmetry) -> bool:
    """Whether two sides went so differently that it is no chance."""
    widest = max(symmetry.left.range_deg, symmetry.right.range_deg)
    return abs(symmetry.difference_deg) >= max(LEAST_FAULT_DEG, UNEVEN_SHARE * widest)


def summary_view(performance: Performance, last: LastTime | None = None) -> SummaryView:
    """The summary as the screen shows it.

    Args:
        performance: What was done.
        last: How the same person did the same the time before.
    """
    limbs = performance.limbs()
    matters = _limbs_that_matter(performance)
    judged = {limb: score for limb, score in limbs.items() if score is not None and limb in matters}
    apart = len(judged) > 1 and max(judged.values()) - min(judged.values()) >= LIMBS_APART
    ranges = {joint: extent.range_deg for joint, extent in performance.joints().items()}
    wanted = performance.asked_ranges()
    wanted = {joint: degrees for joint, degrees in wanted.items() if degrees >= LEAST_RANGE_DEG}
    widest = sorted(ranges, key=lambda joint: (-max(wanted.get(joint, 0.0), ranges[joint]), joint))[:4]
    before = last.range_of_motion_deg if last else {}
    return SummaryView(
        score=performance.score,
        reason=performance.reason,
        coverage=performance.coverage,
        limb_scores=limbs,
        range_of_motion_deg={in_words(joint): ranges[joint] for joint in widest},
        best=in_words(max(judged, key=lambda limb: judged[limb])) if apart else None,
        worst=in_words(min(judged, key=lambda limb: judged[limb])) if apart else None,
        advice=_advice(performance),
        duration_s=performance.duration_s,
        tempo=performance.tempo,
        reference_deg={in_words(joint): wanted[joint] for joint in widest if joint in wanted},
        last=last,
        last_deg={in_words(joint): before[joint.value] for joint in widest if joint.value in before},
    )


def _limbs_that_matter(performance: Performance) -> set[Limb]:
    """Where an exercise is about the arms, legs that stood still are not what was best."""
    rules = [item for outcome in performance.steps for item in outcome.step.limbs.items()]
    return {limb for limb, rule in rules if rule.emphasis >= LEAST_EMPHASIS and limb is not Limb.HEAD}


def _advice(performance: Performance) -> str:
    """The fault that cost most over all parts, an uneven pair, or what kept the attempts from counting."""
    total: dict[tuple[str, str, str], float] = defaultdict(float)
    example: dict[tuple[str, str, str], Fault] = {}
    for part in performance.parts:
        for fault in part.faults:
            kind = (fault.limb or "", fault.phase, fault.change)
            total[kind] += fault.severity
            if kind not in example or fault.severity > example[kind].severity:
                example[kind] = fault
    if total:
        return capitalised(example[max(total, key=lambda kind: (total[kind], kind))].text)
    if performance.uneven:
        return capitalised(performance.uneven)
    attempts = [part.reason for part in performance.parts if part.verdict is Verdict.ATTEMPT]
    return capitalised(attempts[0]) if attempts else ""


def mean(values: Iterable[float | None]) -> float | None:
    """Mean of the values that are there; `None` where none is."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None
