"""Parts of a sequence that were left out: where a performance jumps across its reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.gauges import GAUGES, gauges_of
from posecoach.coach.phrase import Phrase
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.local_cost import cost_matrix
from posecoach.motion.sequence import PoseSequence
from posecoach.motion.warping_path import WarpingPath
from posecoach.skeleton import Joint

Array = NDArray[np.float64]

RUSHED: Final = 0.25
"""Share of its time in the reference that a part was given at most, where somebody jumped across it."""
LEAST_PART_S: Final = 0.6
"""A shorter part is within what two people's timing differs by."""
LEAST_AWAY: Final = 0.15
"""Torso lengths that a part goes away from the poses before and behind it; less is hardly a part."""
NOWHERE_NEAR: Final = 0.6
"""Share of that way which was not gone, from which the part was left out and not done poorly."""
NEAR_AGAIN: Final = 0.3
"""Share of how far off somebody was at most, from which they are back in the sequence."""
_BENT_OVER_DEG: Final = 50.0
_OVERHEAD_DEG: Final = 130.0
_KNEES_BENT_DEG: Final = 130.0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of the reference that nothing was done for.

    Attributes:
        first, last: Its poses in the reference.
        text: What it is, in words.
    """

    first: int
    last: int
    text: str


def left_out(performed: PoseSequence, yardstick: Yardstick, path: WarpingPath) -> tuple[LeftOut, ...]:
    """The parts of a reference that were left out, in order.

    A part is left out where the warping path goes through it in next to no time, and nothing that was done
    comes near it. Somebody who is only fast, or does it by half, comes through it or near it.

    Args:
        performed: What was done.
        yardstick: How it is measured.
        path: How they belong together.
    """
    wanted = yardstick.reference
    cost = cost_matrix(performed, wanted, yardstick.emphasis)
    off = np.full(len(wanted), np.inf)
    np.minimum.at(off, path.reference, cost[path.query, path.reference])
    spent_s = np.zeros(len(wanted))
    np.add.at(spent_s, path.reference, np.diff(performed.at_s[path.query], prepend=performed.at_s[0]))
    step_s = wanted.duration_s / max(len(wanted) - 1, 1)
    found = []
    for begin, end in _runs(_calmed(spent_s, LEAST_PART_S / step_s) <= RUSHED * step_s):
        if (end - begin) * step_s < LEAST_PART_S:
            continue
        peak = begin + int(np.argmax(off[begin : end + 1]))
        first, last = _around(off, peak)
        ends = cost_matrix(wanted[peak : peak + 1], wanted, yardstick.emphasis)[0, [first, last]]
        away = float(ends.min())
        if away >= LEAST_AWAY and off[peak] >= NOWHERE_NEAR * away:
            # No more than what was rushed through: around it somebody may have done it poorly, but done it.
            first, last = max(first, int(begin)), min(last, int(end))
            found.append(LeftOut(first, last, _in_words(yardstick, first, peak, last, step_s)))
    return tuple(found)


def pose_words(yardstick: Yardstick, index: int) -> str:
    """What a pose of the reference is, as something that one does; empty where there are no words for it."""
    degrees = dict(zip(GAUGES, gauges_of(yardstick.reference, yardstick)[index].tolist(), strict=True))
    if abs(degrees[None]) >= _BENT_OVER_DEG:
        return Phrase("bending forward")
    shown = yardstick.emphasis > 0
    near = "RIGHT" if shown[2::2].sum() > shown[1::2].sum() else "LEFT"
    if degrees[Joint[f"{near}_SHOULDER"]] >= _OVERHEAD_DEG:
        return Phrase("reaching overhead")
    return Phrase("bending the knees") if degrees[Joint[f"{near}_KNEE"]] <= _KNEES_BENT_DEG else ""


def _in_words(yardstick: Yardstick, first: int, peak: int, last: int, step_s: float) -> str:
    what, before = pose_words(yardstick, peak), pose_words(yardstick, first)
    when = {"begin": f"{first * step_s:.0f}", "end": f"{last * step_s:.0f}"}
    if what and what not in {before, pose_words(yardstick, last)}:
        return Phrase("{movement} was left out, {begin} to {end} seconds into it", movement=what, **when)
    before = before or Phrase("standing")
    return Phrase(
        "the part after {movement} was left out, {begin} to {end} seconds into it", movement=before, **when
    )


def _around(off: Array, peak: int) -> tuple[int, int]:
    """The nearest poses before and behind one, to which somebody came near again."""
    near = np.flatnonzero(off <= NEAR_AGAIN * off[peak])
    before, behind = near[near < peak], near[near > peak]
    return int(before[-1]) if len(before) else 0, int(behind[0]) if len(behind) else len(off) - 1


def _calmed(values: Array, width: float) -> Array:
    window = np.ones(max(int(width) | 1, 1))
    total = np.convolve(values, window, mode="same")
    return np.asarray(total / np.convolve(np.ones(len(values)), window, mode="same"))


def _runs(where: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last index of every stretch that is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], where, [False]]).astype(np.int8)))
    return [(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]
