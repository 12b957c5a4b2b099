"""A repetition and the pose it left: where somebody set out, and whether it was the movement at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.beside import as_seen
from posecoach.coach.likeness import UNLIKE_STAY, another, longest_stay, unlikeness
from posecoach.coach.reps import SMALL, RepSpan
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.sequence import PoseSequence

Array = NDArray[np.float64]

VERY_LIKE: Final = 0.2
"""Up to which somebody is clearly on the way of the reference, as a share of how far they went."""
CAME_HOME: Final = 0.4
"""Share of its way that a small movement may lack to be back."""
MOST_BEFORE: Final = 25
"""Samples that somebody may have been on the way before it shows in their reach."""
SET_OUT: Final = 12
"""Samples before that in which they may have begun to."""
NEAR_HOME: Final = 0.1
"""Share of the furthest distance from home at which somebody sets out."""
STOPPED_S: Final = 2.0
"""Not moving on for so long, until the end, is stopping on the way."""


def from_home(span: RepSpan, way: PoseSequence, home: NormalisedPose, yardstick: Yardstick) -> RepSpan:
    """The same from where somebody set out for its turning point: what came before is none of it.

    Args:
        span: A repetition, as it was counted.
        way: All that was seen up to its turning point, but for the repetition before it.
        home: The pose that somebody stood in before.
        yardstick: How the step is measured.
    """
    first = span.turn + 1 - len(way)
    away = _away(way, home, yardstick)
    near = np.flatnonzero(away <= NEAR_HOME * away[-1])
    if not len(near):  # they rest a little off it now
        near = np.flatnonzero(away <= away.min() + NEAR_HOME * (away[-1] - away.min()))
    if first + int(near[-1]) < span.start - MOST_BEFORE:
        return span
    start = int(near[-1])
    before = away[max(start - SET_OUT, 0) : start + 1]
    start -= len(before) - 1 - int(np.flatnonzero(before <= before.min() + 0.02 * away[-1])[-1])
    return replace(span, start=first + start)


def was_another(
    performed: PoseSequence, best_reach: float, home: NormalisedPose, yardstick: Yardstick
) -> bool:
    """Whether what looks like a repetition was another movement, and so nothing."""
    off = unlikeness(performed, home, as_seen(performed, yardstick))
    if off is None:
        return False
    if best_reach < SMALL and off.places > VERY_LIKE and not _came_home(performed, home, yardstick):
        return True
    stay = performed[longest_stay(performed)]
    if stay.duration_s > STOPPED_S:
        there = unlikeness(stay, home, yardstick)
        if there is not None and there.whole > UNLIKE_STAY:
            return True
    return another(off, best_reach)


def _came_home(performed: PoseSequence, home: NormalisedPose, yardstick: Yardstick) -> bool:
    away = _away(performed, home, yardstick)
    return bool(away[-1] <= CAME_HOME * away.max())


def _away(poses: PoseSequence, home: NormalisedPose, yardstick: Yardstick) -> Array:
    """``(time,)`` how far poses are from home, in torso lengths."""
    off = np.hypot(*np.moveaxis(poses.xy - home.xy, -1, 0))
    return weighted_mean(off, poses.weights * home.weights * yardstick.emphasis)
