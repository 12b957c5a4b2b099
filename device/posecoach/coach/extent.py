"""How far joints went in a repetition: range, peak, and left beside right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from posecoach.coach.gauges import GAUGES, gauge_trust, gauges_of
from posecoach.coach.phases import TURN_SHARE
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Joint

LEAST_SEEN: Final = 0.6
"""Share of the time for which a joint must be seen to have a range."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far one joint went.

    Attributes:
        range_deg: Its largest less its smallest angle.
        peak_deg: Its angle where it was furthest from how it began.
    """

    range_deg: float
    peak_deg: float


def extents(
    sequence: PoseSequence, yardstick: Yardstick, *, with_turn: bool = False
) -> dict[Joint | None, Extent]:
    """Of every gauge that was seen for most of the time, and at the turning point where asked for."""
    angles, trust = gauges_of(sequence, yardstick), gauge_trust(sequence, yardstick)
    turning = np.ones(len(sequence), dtype=bool)
    if with_turn:
        reach = yardstick.reaches(sequence)
        turning = reach >= min(TURN_SHARE * reach.max(), reach.max())
    found = {}
    seen = trust >= 0.5
    enough = (seen.mean(axis=0) >= LEAST_SEEN) & (seen[turning].mean(axis=0) >= 0.5)
    for column in np.flatnonzero(enough).tolist():
        own = angles[seen[:, column], column]
        furthest = int(np.abs(own - own[0]).argmax())
        found[GAUGES[column]] = Extent(float(own.max() - own.min()), float(own[furthest]))
    return found


def joint_extents(performed: PoseSequence, yardstick: Yardstick) -> dict[Joint, Extent]:
    """How far each joint went that was seen for most of the time."""
    return {joint: extent for joint, extent in extents(performed, yardstick).items() if joint}


@dataclass(frozen=True, slots=True)
class Symmetry:
    """One kind of joint, left beside right.

    Attributes:
        name: ``elbow``, ``shoulder``, ``hip`` or ``knee``.
        left, right: How far each went.
    """

    name: str
    left: Extent
    right: Extent

    @property
    def difference_deg(self) -> float:
        """How much further the left one went; less than 0 where it was the right one."""
        return self.left.range_deg - self.right.range_deg


def symmetries(joints: Mapping[Joint, Extent]) -> Iterator[Symmetry]:
    """Every kind of joint of which both sides were seen."""
    for joint in joints:
        side, _, name = joint.partition("_")
        twin = Joint(f"right_{name}")
        if side == "left" and twin in joints:
            yield Symmetry(name, joints[joint], joints[twin])


def mean_extents(parts: Iterable[Mapping[Joint, Extent]]) -> dict[Joint, Extent]:
    """The mean of each joint over the parts in which it was seen."""
    seen: dict[Joint, list[Extent]] = {}
    for part in parts:
        for joint, extent in part.items():
            seen.setdefault(joint, []).append(extent)
    return {
        joint: Extent(
            sum(each.range_deg for each in several) / len(several),
            sum(each.peak_deg for each in several) / len(several),
        )
        for joint, several in sorted(seen.items(), key=lambda item: list(Joint).index(item[0]))
    }
