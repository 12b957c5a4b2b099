"""What was wrong in a repetition: which joint, in which phase, by how many degrees, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.measure import Measure
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.joint_angles import JOINTS, joint_angles_deg, joint_weights
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import JOINT_LIMB, LIMB_KEYPOINTS, Joint, Keypoint, Limb

Array = NDArray[np.float64]

LEAST_FAULT_DEG: Final = 12.0
"""Below this a difference is within what a single camera can tell."""
LEAST_FAULT_ON_THE_WAY_DEG: Final = 20.0
"""The same between the starting pose and the turning point, where timing looks like an angle."""
FAULTLESS_SCORE: Final = 90.0
"""A limb that scores this much is corrected only where it was grossly wrong for a part of the way."""
GROSS_FAULT_DEG: Final = 45.0
_TURN_SHARE: Final = 0.85  # of the way to the turning point, from which a pose belongs to the turn
_START_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was not as in the reference.

    Attributes:
        limb: The limb it is about.
        phase: ``start``, ``out``, ``turn`` or ``back``; ``hold`` in a held pose.
        degrees: How far off, not negative.
        text: What to change, as an instruction.
        severity: For choosing the one that matters most: degrees times the limb's emphasis.
    """

    limb: Limb
    phase: str
    degrees: float
    text: str
    severity: float


def faults(performed: PoseSequence, measured: Measure, yardstick: Yardstick) -> tuple[Fault, ...]:
    """The faults of a measured repetition, hold or flow, the most severe first.

    An angle is compared between the paired poses of the warping path and averaged over a phase. The
    same fault on both sides becomes one ("bend both knees ...").
    """
    found: list[tuple[Joint, str, float, float]] = []
    wanted = yardstick.reference
    angles = joint_angles_deg(performed.xy)[measured.query]
    off_deg = angles - joint_angles_deg(wanted.xy)[measured.reference]
    trust = (
        joint_weights(performed.weights)[measured.query] * joint_weights(wanted.weights)[measured.reference]
    )
    for phase, pairs in _phases(measured, yardstick):
        for column, joint in enumerate(JOINTS):
            limb_score = measured.limbs[JOINT_LIMB[joint]]
            if limb_score is None:
                continue
            weights = trust[pairs, column]
            if len(weights) == 0 or weights.mean() < 0.5:
                continue
            mean_off_deg = float(np.average(off_deg[pairs, column], weights=weights))
            emphasis = float(yardstick.emphasis[list(LIMB_KEYPOINTS[JOINT_LIMB[joint]])].max())
            least_deg = LEAST_FAULT_ON_THE_WAY_DEG if phase in ("out", "back") else LEAST_FAULT_DEG
            if limb_score >= FAULTLESS_SCORE:
                least_deg = GROSS_FAULT_DEG
            if abs(mean_off_deg) >= least_deg and emphasis >= 0.3:
                found.append((joint, phase, mean_off_deg, abs(mean_off_deg) * emphasis))
    worded = [_worded(joint, phase, off, severity, found, yardstick) for joint, phase, off, severity in found]
    worst_first = sorted(
        worded, key=lambda fault: (-round(fault.severity, 3), fault.limb, fault.phase, fault.text)
    )
    return tuple({fault.text: fault for fault in reversed(worst_first)}.values())[::-1]


def range_of_motion_deg(performed: PoseSequence) -> dict[Joint, float]:
    """Largest minus smallest angle of each joint that was seen for most of the time."""
    angles, trust = joint_angles_deg(performed.xy), joint_weights(performed.weights)
    ranges = {}
    for column, joint in enumerate(JOINTS):
        seen = trust[:, column] >= 0.5
        if seen.mean() >= 0.6:
            ranges[joint] = float(np.ptp(angles[seen, column]))
    return ranges


def shortfall(performed: PoseSequence, yardstick: Yardstick) -> tuple[str, float] | None:
    """Which joint fell short of its range in the reference, in words, and by how many degrees.

    Of the joints with nearly the largest range it is the one that lacks most, or both of a pair. In a
    movement that goes down and up it is a joint of the legs, whatever the arms do meanwhile.
    """
    wanted = range_of_motion_deg(yardstick.reference)
    done = range_of_motion_deg(performed)
    legs_only = turn_in_words(yardstick) == "at the bottom"
    legs = (Limb.LEFT_LEG, Limb.RIGHT_LEG)
    seen = [joint for joint in wanted if joint in done and (JOINT_LIMB[joint] in legs or not legs_only)]
    if not seen:
        return None
    widest = max(wanted[joint] for joint in seen)
    short_deg = {joint: wanted[joint] - done[joint] for joint in seen if wanted[joint] >= 0.8 * widest}
    main = max(short_deg, key=lambda joint: (round(short_deg[joint]), joint))
    twin = _twin(main)
    if twin in short_deg and short_deg[twin] >= 0.5 * short_deg[main]:
        name = main.partition("_")[2]
        return f"both {name}s", 0.5 * (short_deg[main] + short_deg[twin])
    return main.replace("_", " "), short_deg[main]


def turn_in_words(yardstick: Yardstick) -> str:
    """Where the turning point is: the bottom of a squat, the top of an arm raise."""
    rest, turn = yardstick.reference.xy[0], yardstick.reference.xy[yardstick.turn]
    ankles = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
    wrists = [Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]
    if (rest[ankles, 1] - turn[ankles, 1]).mean() > 0.2:  # both feet come nearer to the hips
        return "at the bottom"
    if (rest[wrists, 1] - turn[wrists, 1]).mean() > 0.4:
        return "at the top"
    return "at the far point"


def _phases(measured: Measure, yardstick: Yardstick) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    if yardstick.kind is StepKind.HOLD:
        yield "hold", np.ones(len(measured.reference), dtype=bool)
        return
    wanted = yardstick.reference
    reach = np.array(
        [yardstick.reach(xy, weights) or 0.0 for xy, weights in zip(wanted.xy, wanted.weights, strict=True)]
    )
    here = reach[measured.reference]
    before = measured.reference <= yardstick.turn
    at_turn, at_start = here >= _TURN_SHARE, here <= _START_SHARE
    yield "turn", at_turn
    yield "out", before & ~at_turn & ~at_start
    yield "back", ~before & ~at_turn & ~at_start
    yield "start", at_start


def _worded(
    joint: Joint,
    phase: str,
    off_deg: float,
    severity: float,
    found: list[tuple[Joint, str, float, float]],
    yardstick: Yardstick,
) -> Fault:
    limb = JOINT_LIMB[joint]
    side, _, name = joint.value.partition("_")
    twin = _twin(joint)
    twins = [off for other, when, off, _ in found if other is twin and when == phase and off * off_deg > 0]
    if twins:
        off_deg = 0.5 * (off_deg + twins[0])
    place = {
        "turn": turn_in_words(yardstick),
        "out": "on the way out",
        "back": "on the way back",
        "start": "at the start",
    }
    text = f"{_instruction(name, side, off_deg, both=bool(twins))} {place.get(phase, '')}".strip()
    return Fault(limb, phase, abs(off_deg), text, severity)


def _twin(joint: Joint) -> Joint:
    side, _, name = joint.value.partition("_")
    return Joint(f"{'right' if side == 'left' else 'left'}_{name}")


def _instruction(name: str, side: str, off_deg: float, *, both: bool) -> str:
    """In words: an angle larger than the reference's is to be closed, a smaller one opened."""
    degrees = f"{abs(off_deg):.0f} degrees"
    whose = "both" if both else f"your {side}"
    many = "s" if both else ""
    if name == "shoulder":
        verb, how = ("lower", "more") if off_deg > 0 else ("raise", "higher")
        return f"{verb} {whose} arm{many} {degrees} {how}"
    if name == "hip":
        return f"{'bend' if off_deg > 0 else 'open'} {whose} hip{many} {degrees} more"
    return f"{'bend' if off_deg > 0 else 'straighten'} {whose} {name}{many} {degrees} more"
