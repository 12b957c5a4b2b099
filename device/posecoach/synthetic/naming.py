"""What a coach has to say about a fault of the athlete: which limb, and which way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from posecoach.coach.fault import Change
from posecoach.coach.fault import Fault as Told
from posecoach.coach.routine import View
from posecoach.skeleton import Limb
from posecoach.synthetic.angles import Angle
from posecoach.synthetic.faults import Fault, FaultKind
from posecoach.synthetic.motion import Motion

_OF_TIME: Final = {FaultKind.FAST: Change.SLOWER, FaultKind.PAUSE: Change.KEEP_MOVING}
_LESS: Final = frozenset(
    {Change.RAISE, Change.LOWER, Change.BEND, Change.STRAIGHTEN, Change.OPEN, Change.LEAN_FURTHER}
)
_JOINTS_OF: Final = {
    "arm": ("shoulder_flex", "shoulder_abduct", "elbow_flex"),
    "leg": ("hip_flex", "hip_abduct"),
}
_MOVES_DEG: Final = 20.0


def names(told: Told, fault: Fault, view: View) -> bool:
    """Whether what was told of a repetition names a fault: its limb, and the way to mend it.

    A movement that falls short is named by any limb that falls short of it; on one side, by that
    side's. A lean is named with its direction; forward can be told from the side alone.
    """
    side = fault.side
    if fault.kind in _OF_TIME:
        return told.change is _OF_TIME[fault.kind]
    if fault.kind is FaultKind.LEAN:
        way = side or ("forward" if fault.amount > 0 else "back")
        seen = (view is View.FRONT) == (side is not None)
        return seen and told.change is Change.LEAN_LESS and way in told.text
    limbs = {FaultKind.BENT_KNEE: "leg", FaultKind.LOW_ARM: "arm"}.get(fault.kind)
    changes = {
        FaultKind.BENT_KNEE: {Change.STRAIGHTEN},
        FaultKind.LOW_ARM: {Change.RAISE},
        FaultKind.SHALLOW: _LESS,
        FaultKind.ASYMMETRY: _LESS | {Change.GO_FURTHER},
    }.get(fault.kind)
    if fault.kind is FaultKind.SHALLOW and told.change is Change.GO_FURTHER:
        return True
    if changes is None or told.change not in changes or told.limb is None:
        return False
    if fault.kind is FaultKind.ASYMMETRY:
        side = side or "left"
    if limbs is not None and not told.limb.endswith(limbs):
        return False
    if told.both:
        return side is None
    return side is None or told.limb.startswith(side) or told.limb is Limb.TRUNK


def named_by(told: Iterable[Told], fault: Fault, view: View) -> Told | None:
    """The first of what was told that names a fault."""
    return next((each for each in told if names(each, fault, view)), None)


def limbs_of(fault: Fault, motion: Motion) -> frozenset[Limb]:
    """The limbs that a fault is seen at; none where it is one of the pace."""
    sides = (fault.side,) if fault.side else ("left", "right")
    if fault.kind is FaultKind.LEAN:
        return frozenset({Limb.TRUNK})
    if fault.kind in (FaultKind.BENT_KNEE, FaultKind.LOW_ARM):
        part = "leg" if fault.kind is FaultKind.BENT_KNEE else "arm"
        return frozenset(Limb(f"{side}_{part}") for side in sides)
    if fault.kind not in (FaultKind.SHALLOW, FaultKind.ASYMMETRY):
        return frozenset()
    if fault.kind is FaultKind.ASYMMETRY:
        sides = (fault.side or "left",)
    moved_deg = np.abs(motion.rows - motion.start).max(axis=0)
    return frozenset(
        Limb(f"{side}_{part}")
        for side in sides
        for part, joints in _JOINTS_OF.items()
        if max(moved_deg[Angle[f"{side}_{joint}".upper()]] for joint in joints) >= _MOVES_DEG
    )
