"""What a repetition that turned back too early lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from posecoach.coach.body_words import both_of, in_words
from posecoach.coach.doubted import HALF
from posecoach.coach.extent import extents
from posecoach.coach.fault import Change, Fault
from posecoach.coach.faults import LEAST_RANGE_DEG, least_fault_deg, twin_of, varies
from posecoach.coach.gauges import GAUGE_LIMB, GAUGES, gauges_of
from posecoach.coach.instruct import (
    further_text,
    joint_change,
    joint_text,
    lean_text,
    phase_words,
)
from posecoach.coach.phrase import Phrase
from posecoach.coach.turning import goes_down
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import JOINT_LIMB, JOINT_TRIPLETS, LIMB_KEYPOINTS, Joint, Limb


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a repetition that turned back too early lacks.

    Attributes:
        joint: The joint, or one of a pair; `None` for the trunk.
        both: Whether it is both of the pair.
        degrees: How much of its range was missing.
        wanted_deg: Its range in the reference.
        varies: Whether whoever recorded it went less far, or further, now and then.
    """

    joint: Joint | None
    both: bool
    degrees: float
    wanted_deg: float
    varies: bool = False

    @property
    def name(self) -> str:
        """In words: ``left knee``, ``both knees``, ``trunk``."""
        if self.joint is None:
            return Phrase("trunk")
        return both_of(self.joint) if self.both else in_words(self.joint)

    @property
    def share(self) -> float:
        """How much of the range was reached, 0..1."""
        return float(np.clip(1.0 - self.degrees / max(self.wanted_deg, 1e-9), 0.0, 1.0))

    @property
    def times(self) -> float:
        """The range that was reached, in ranges of the reference."""
        return max(1.0 - self.degrees / max(self.wanted_deg, 1e-9), 0.0)

    @property
    def tells(self) -> bool:
        """Whether it is more than what a camera can be wrong by."""
        return self.degrees >= self._least_deg

    @property
    def beyond(self) -> bool:
        """The same of going further."""
        return -self.degrees >= self._least_deg

    @property
    def _least_deg(self) -> float:
        return least_fault_deg("turn", self.wanted_deg, None, varies=self.varies)


def shortfall(performed: PoseSequence, yardstick: Yardstick) -> Shortfall | None:
    """Which joint fell short of its range in the reference; `None` where none of those was seen.

    Of the joints that matter and have nearly the largest range it is the one that lacks most, or both of
    a pair, whose far end the reference never lost for long. In a movement that goes down and up it is a joint
    of the legs, whatever the arms do meanwhile.
    """
    wanted = _wanted_ranges_deg(yardstick)
    done = _ranges_deg(performed, yardstick)
    legs_only = goes_down(yardstick.reference, yardstick.turn)
    legs = (Limb.LEFT_LEG, Limb.RIGHT_LEG)
    matters = 0.5 * yardstick.emphasis.max()
    seen = [
        joint
        for joint in wanted
        if joint in done
        and (not legs_only or (joint and JOINT_LIMB[joint] in legs))
        and yardstick.emphasis[list(LIMB_KEYPOINTS[GAUGE_LIMB[GAUGES.index(joint)]])].max() >= matters
        and (joint is None or yardstick.trust[JOINT_TRIPLETS[joint][-1]] >= HALF)
    ]
    widest = max((wanted[joint] for joint in seen), default=0.0)
    if widest < LEAST_RANGE_DEG:
        return None
    short_deg = {joint: wanted[joint] - done[joint] for joint in seen if wanted[joint] >= 0.8 * widest}
    main = max(short_deg, key=lambda joint: (round(short_deg[joint]), joint or ""))
    varied = varies(GAUGE_LIMB[GAUGES.index(main)], yardstick)
    if main is None:
        return Shortfall(None, False, short_deg[main], wanted[main], varied)
    twin = twin_of(main)
    if twin in short_deg and short_deg[twin] >= 0.5 * short_deg[main]:
        mean_deg = 0.5 * (short_deg[main] + short_deg[twin])
        return Shortfall(main, True, mean_deg, 0.5 * (wanted[main] + wanted[twin]), varied)
    return Shortfall(main, False, short_deg[main], wanted[main], varied)


def short_fault(short: Shortfall | None, reached: float, yardstick: Yardstick) -> Fault:
    """The fault of a repetition that turned back too early, where its turning point does not tell it."""
    place = phase_words("turn", yardstick)
    if short is None or not short.tells:
        limb = yardstick.moving_limb
        text = further_text(limb, reached, yardstick)
        return Fault(limb, "turn", 0.0, text, 100.0 * (1.0 - min(reached, 1.0)), Change.GO_FURTHER)
    column = GAUGES.index(short.joint)
    wanted_deg = gauges_of(yardstick.reference, yardstick)[:, column]
    towards_deg = wanted_deg[yardstick.turn] - wanted_deg[0]
    off_deg = -short.degrees if towards_deg > 0 else short.degrees
    severity = short.degrees * float(yardstick.emphasis.max())
    if short.joint is None:
        text = lean_text(off_deg, float(wanted_deg[yardstick.turn]), yardstick, place)
        return Fault(Limb.TRUNK, "turn", short.degrees, text, severity, Change.LEAN_FURTHER)
    text = joint_text(short.joint, off_deg, "turn", yardstick, place, both=short.both)
    change, limb = joint_change(short.joint, off_deg), JOINT_LIMB[short.joint]
    return Fault(limb, "turn", short.degrees, text, severity, change, short.joint, short.both)


@lru_cache(maxsize=8)
def _wanted_ranges_deg(yardstick: Yardstick) -> Mapping[Joint | None, float]:
    """Those of the reference: the same for every repetition."""
    return _ranges_deg(yardstick.reference, yardstick)


def _ranges_deg(sequence: PoseSequence, yardstick: Yardstick) -> dict[Joint | None, float]:
    return {joint: extent.range_deg for joint, extent in extents(sequence, yardstick, with_turn=True).items()}
