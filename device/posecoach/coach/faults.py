"""What was wrong in a repetition: which joint, in which phase, by how many degrees, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from posecoach.coach.fault import Change, Fault
from posecoach.coach.gauges import GAUGE_LIMB, GAUGES, compared_deg
from posecoach.coach.instruct import (
    joint_change,
    joint_text,
    lean_change,
    lean_text,
    phase_words,
)
from posecoach.coach.measure import Measure
from posecoach.coach.pace import pace_faults
from posecoach.coach.phases import stretches
from posecoach.coach.routine import TOLERANCE_FLOOR
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import JOINT_LIMB, LIMB_KEYPOINTS, Joint, Limb

LEAST_FAULT_DEG: Final = 12.0
"""Below this a difference is within what a single camera can tell."""
LEAST_FAULT_AT_START_DEG: Final = 20.0
"""The same in the starting pose, where everybody stands a little differently."""
LEAST_FAULT_SHARE: Final = 0.15
"""Share of a joint's own range that is a fault at the turning point, where that is less."""
LEAST_OF_ALL_DEG: Final = 7.0
LEAST_RANGE_DEG: Final = 20.0
"""Of a joint that moves; one that moves less is meant to rest."""
TIMING_SHARE: Final = 0.3
"""Share of a joint's own range that timing can look like, on the way."""
GROSS_FAULT_DEG: Final = 45.0
"""The same of a limb that is right as a whole, between the starting pose and the turning point."""
FAULTLESS_SCORE: Final = 90.0
"""A limb that scores this much is right as a whole."""
LEAST_EMPHASIS: Final = 0.3
"""A limb that matters less is not corrected; the trunk always is."""
LEANING_WEIGHT: Final = 1.0
"""A trunk that leans takes arms and head with it, whatever the trunk itself matters."""
TOLD_BY_LEAN: Final = 1.5
"""Degrees of a hip or shoulder that every degree of a leaning trunk may look like."""
BESIDE_SHARE: Final = 0.3
"""Degrees of an angle in the picture that every degree beside the recorded view may look like."""
FAR_MORE: Final = 2.0
"""Times as far off as at the turning point, from which it is told of the way there or back instead."""
LEAST_TRUST: Final = 0.5
"""Of what is seen less well than this, nothing is told."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A gauge that is off in a phase, before it has words."""

    joint: Joint | None
    phase: str
    off_deg: float
    wanted_deg: float
    severity: float


def faults(performed: PoseSequence, measured: Measure, yardstick: Yardstick) -> tuple[Fault, ...]:
    """The faults of a measured repetition, hold or flow, the most severe first.

    An angle is compared on average over a phase, see `stretches`. The
    same fault on both sides becomes one ("bend both knees ..."). What is wrong at the turning point is
    told of that alone, and a trunk that leans is not told of hips and shoulders as well.
    """
    found = _found(performed, measured, yardstick)
    told = [_worded(each, found, yardstick) for each in found]
    if yardstick.kind is StepKind.REPS:
        told += [
            Fault(None, "all", 0.0, text, severity, change)
            for change, text, severity in pace_faults(performed, yardstick)
        ]
    worst_first = sorted(told, key=lambda fault: (-round(fault.severity, 3), fault.limb or "", fault.text))
    first: dict[str, Fault] = {}
    for fault in worst_first:
        first.setdefault(fault.text, fault)
    return tuple(first.values())


def _found(performed: PoseSequence, measured: Measure, yardstick: Yardstick) -> list[_Found]:
    wanted_deg = compared_deg(yardstick.reference, yardstick)
    range_deg = np.abs(wanted_deg - wanted_deg[0]).max(axis=0)
    most = float(yardstick.emphasis.max())
    matters = {limb: float(yardstick.emphasis[list(points)].max()) for limb, points in LIMB_KEYPOINTS.items()}
    if matters[Limb.TRUNK] > 0:  # unless nothing is asked of it
        matters[Limb.TRUNK] = max(matters[Limb.TRUNK], LEAST_EMPHASIS)
    found: list[_Found] = []
    for stretch in stretches(performed, measured, yardstick):
        phase = stretch.phase
        for column, joint in enumerate(GAUGES):
            limb = GAUGE_LIMB[column]
            unjudged = joint is not None and measured.limbs[limb] is None
            if unjudged or stretch.trust[column] < LEAST_TRUST:
                continue
            mean_deg = float(stretch.off_deg[column])
            emphasis = matters[limb]
            matters_most = emphasis >= 0.5 * most
            moves_deg = float(range_deg[column]) if matters_most else 0.0
            least_deg = least_fault_deg(phase, float(range_deg[column]), measured.limbs[limb])
            if phase == "turn":
                least_deg = least_fault_deg(phase, moves_deg, None, varies=varies(limb, yardstick))
            least_deg += BESIDE_SHARE * abs(yardstick.off_deg)
            if emphasis < LEAST_EMPHASIS or abs(mean_deg) < least_deg:
                continue
            same = next((each for each in found if each.joint is joint and each.off_deg * mean_deg > 0), None)
            if same is not None and same.phase != phase:
                if abs(mean_deg) < FAR_MORE * abs(same.off_deg):
                    continue
                found.remove(same)
            there_deg = float(stretch.wanted_deg[column])
            severity = abs(mean_deg) * emphasis
            if joint is None and lean_change(mean_deg, there_deg) is Change.LEAN_LESS:
                severity = abs(mean_deg) * max(LEANING_WEIGHT, emphasis)
            found.append(_Found(joint, phase, mean_deg, there_deg, severity))
    leaning_deg = max(
        (
            abs(each.off_deg)
            for each in found
            if each.joint is None and lean_change(each.off_deg, each.wanted_deg) is Change.LEAN_LESS
        ),
        default=0.0,
    )
    told_by_lean = TOLD_BY_LEAN * leaning_deg + LEAST_FAULT_DEG if leaning_deg else 0.0
    return [
        each
        for each in found
        if each.joint is None
        or not each.joint.endswith(("hip", "shoulder"))
        or abs(each.off_deg) > told_by_lean
    ]


def varies(limb: Limb, yardstick: Yardstick) -> bool:
    """Whether those who recorded a step differed in a limb by more than is assumed of everybody."""
    return float(yardstick.tolerance[list(LIMB_KEYPOINTS[limb])].max()) > TOLERANCE_FLOOR


def least_fault_deg(phase: str, range_deg: float, limb_score: float | None, *, varies: bool = False) -> float:
    """From how many degrees on a joint that moves through a range in the reference is off.

    Args:
        phase: As in `Stretch`.
        range_deg: How far the joint goes.
        limb_score: Of the limb as a whole.
        varies: Whether it is known to go less far, or further, now and then.
    """
    if phase == "hold":
        return LEAST_FAULT_DEG
    if phase == "turn":
        if varies or range_deg < LEAST_RANGE_DEG:
            return LEAST_FAULT_DEG
        return float(np.clip(LEAST_FAULT_SHARE * range_deg, LEAST_OF_ALL_DEG, LEAST_FAULT_DEG))
    if limb_score is not None and limb_score >= FAULTLESS_SCORE:
        return GROSS_FAULT_DEG
    least_deg = LEAST_FAULT_DEG + TIMING_SHARE * range_deg
    return max(least_deg, LEAST_FAULT_AT_START_DEG) if phase == "start" else least_deg


def _worded(one: _Found, found: list[_Found], yardstick: Yardstick) -> Fault:
    place = phase_words(one.phase, yardstick)
    if one.joint is None:
        change = lean_change(one.off_deg, one.wanted_deg)
        text = lean_text(one.off_deg, one.wanted_deg, yardstick, place)
        return Fault(Limb.TRUNK, one.phase, abs(one.off_deg), text, one.severity, change)
    off_deg, twin = one.off_deg, twin_of(one.joint)
    twins = [
        other.off_deg
        for other in found
        if other.joint is twin and other.phase == one.phase and _alike(other.off_deg, off_deg)
    ]
    if twins:
        off_deg = 0.5 * (off_deg + twins[0])
    text = joint_text(one.joint, off_deg, one.phase, yardstick, place, both=bool(twins))
    change = joint_change(one.joint, off_deg)
    limb = JOINT_LIMB[one.joint]
    return Fault(limb, one.phase, abs(off_deg), text, one.severity, change, one.joint, bool(twins))


def _alike(one_deg: float, other_deg: float) -> bool:
    """Whether two sides are off so much alike that they are told as one."""
    apart_deg = max(LEAST_FAULT_DEG, 0.5 * max(abs(one_deg), abs(other_deg)))
    return one_deg * other_deg > 0 and abs(one_deg - other_deg) <= apart_deg


def twin_of(joint: Joint) -> Joint:
    """The same joint on the other side."""
    side, _, name = joint.value.partition("_")
    return Joint(f"{'right' if side == 'left' else 'left'}_{name}")
