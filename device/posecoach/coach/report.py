"""A performance as JSON: DESIGN.md section 6. Rounding is part of the definition.

Scores have one decimal, degrees one, seconds three, coverage three: far coarser than what processors
differ by, so that the same track and routine give the same bytes everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posecoach.coach.extent import Extent, Symmetry, symmetries
from posecoach.coach.fault import Fault
from posecoach.coach.progress import Part
from posecoach.coach.summary import Performance
from posecoach.coach.view import CueView, StepKind
from posecoach.skeleton import Joint, Keypoint, Limb


def report(performance: Performance) -> dict[str, Any]:
    """Everything `posecoach score --json` says about one performance."""
    reps, holds = [], []
    for number, outcome in enumerate(performance.steps):
        for part in outcome.parts:
            if outcome.step.kind is StepKind.HOLD:
                holds.append({"step": number, **part_report(part)})
            else:
                reps.append({"step": number, **part_report(part)})
    keypoints = performance.keypoints()
    return {
        "routine": performance.routine.id,
        "view": performance.view.value,
        "mirrored": performance.mirrored,
        "score": _rounded(performance.score, 1),
        "coverage": _rounded(performance.coverage, 3),
        "reason": performance.reason or None,
        "reps": reps,
        "holds": holds,
        "limbs": limb_report(performance.limbs()),
        "keypoints": {
            keypoint.part: _rounded(score, 1) for keypoint, score in zip(Keypoint, keypoints, strict=False)
        },
        "symmetry": symmetry_report(performance.joints()),
        "cues": [cue_report(cue) for outcome in performance.steps for cue in outcome.cues],
    }


def part_report(part: Part) -> dict[str, Any]:
    """One repetition, hold or flow."""
    held = {} if part.held_s is None else {"held_s": _rounded(part.held_s, 3)}
    return {
        "index": part.index,
        "start_s": _rounded(part.start_s, 3),
        "end_s": _rounded(part.end_s, 3),
        **held,
        "verdict": part.verdict.value,
        "score": _rounded(part.score, 1),
        "reason": part.reason or None,
        "coverage": _rounded(part.coverage, 3),
        "faults": [fault_report(fault) for fault in part.faults],
        "range_of_motion_deg": {
            joint.value: _rounded(deg, 1) for joint, deg in part.range_of_motion_deg.items()
        },
        "symmetry": symmetry_report(part.joints),
        "tempo": _rounded(part.tempo, 2),
    }


def limb_report(limbs: Mapping[Limb, float | None]) -> dict[str, float | None]:
    """The score of each limb."""
    return {limb.value: _rounded(score, 1) for limb, score in limbs.items()}


def symmetry_report(joints: Mapping[Joint, Extent]) -> dict[str, Any]:
    """Left beside right of every joint of which both were seen; the difference is left less right."""
    return {
        each.name: {
            "range_deg": {side: _rounded(of.range_deg, 1) for side, of in _sides(each)},
            "peak_deg": {side: _rounded(of.peak_deg, 1) for side, of in _sides(each)},
            "difference_deg": _rounded(each.difference_deg, 1),
        }
        for each in symmetries(joints)
    }


def _sides(symmetry: Symmetry) -> tuple[tuple[str, Extent], ...]:
    return ("left", symmetry.left), ("right", symmetry.right)


def fault_report(fault: Fault) -> dict[str, Any]:
    """One fault."""
    return {
        "limb": fault.limb.value if fault.limb else None,
        "phase": fault.phase,
        "degrees": _rounded(fault.degrees, 1),
        "text": fault.text,
        "change": fault.change.value,
        "joint": fault.joint.value if fault.joint else None,
        "both": fault.both,
    }


def cue_report(cue: CueView) -> dict[str, Any]:
    """What was said, and the fault that it was about; praise is about none."""
    about = {} if cue.about is None else {"about": fault_report(cue.about)}
    return {"t": _rounded(cue.since, 3), "text": cue.text, "praise": cue.praise, **about}


def _rounded(value: float | None, digits: int) -> float | None:
    # Adding zero turns -0.0 into 0.0: one value, one spelling.
    return None if value is None else round(value, digits) + 0.0
