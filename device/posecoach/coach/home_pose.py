"""A repetition and the pose it left: where somebody set out, and whether it was the movement at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.beside import as_seen
from posecoach.coach.likeness import MATTERS, another, stays_in_another, unlikeness
from posecoach.coach.reps import SMALL, RepSpan
from posecoach.coach.stay import longest_stay
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, Limb

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
SAT_S: Final = 1.4
"""And for so long on the way: longer than anybody turns back, as one who sits down does."""
STARTING_POSE: Final = 0.5
"""Distance from the starting pose, in torso lengths, up to which a low reach is taken for it."""
LEFT_HOME: Final = 0.5
"""Share of the furthest distance from home that is not home, however large the movement is."""
HOME_AGAIN: Final = 0.1
"""And up to which it is home."""
LIMBS: Final = tuple(
    list(LIMB_KEYPOINTS[limb]) for limb in (Limb.LEFT_ARM, Limb.RIGHT_ARM, Limb.LEFT_LEG, Limb.RIGHT_LEG)
)


def from_home(span: RepSpan, way: PoseSequence, home: NormalisedPose, yardstick: Yardstick) -> RepSpan:
    """The same from where somebody set out for its turning point: what came before is none of it.

    Args:
        span: A repetition, as it was counted.
        way: All that was seen up to its turning point, but for the repetition before it.
        home: The pose that somebody stood in before.
        yardstick: How the step is measured.
    """
    first = span.turn + 1 - len(way)
    away = away_from(home, way, yardstick)
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
    performed: PoseSequence,
    best_reach: float,
    home: NormalisedPose,
    yardstick: Yardstick,
    *,
    back: bool = True,
) -> bool:
    """Whether what looks like a repetition was another movement, and so nothing.

    Args:
        performed: From its start to its end.
        best_reach: Its furthest reach.
        home: The pose that somebody stood in before.
        yardstick: How the step is measured.
        back: Whether it came back; else it stopped on the way.
    """
    off = unlikeness(performed, home, as_seen(performed, yardstick), best_reach)
    if off is None:
        return False
    if best_reach < SMALL and off.places > VERY_LIKE and not _came_home(performed, home, yardstick):
        return True
    if not _is_starting_pose(home, yardstick) or (back and not _at_home_around(performed, home, yardstick)):
        return True
    stay = performed[longest_stay(performed)]
    there = unlikeness(stay, home, yardstick) if stay.duration_s > SAT_S else None
    if there is not None and stays_in_another(there, stopped=stay.duration_s > STOPPED_S):
        return True
    return another(off, best_reach)


def away_from(home: NormalisedPose, poses: PoseSequence, yardstick: Yardstick) -> Array:
    """``(time,)`` how far poses are from home, in torso lengths."""
    off = np.hypot(*np.moveaxis(poses.xy - home.xy, -1, 0))
    return weighted_mean(off, poses.weights * home.weights * yardstick.emphasis)


def far_from_home(away: float, furthest: float) -> bool:
    """Whether a pose is no home, of a movement that goes so far from it."""
    return bool(away > max(STARTING_POSE, LEFT_HOME * furthest))


def _is_starting_pose(home: NormalisedPose, yardstick: Yardstick) -> bool:
    """Whether each limb that it is about started where it should, and not only all of them on average.

    Hands that hang are not where a press begins.
    """
    wanted, about = yardstick.reference, MATTERS * float(yardstick.emphasis.max())
    off = np.hypot(*np.moveaxis(home.xy - wanted.xy[0], -1, 0))
    way = np.hypot(*np.moveaxis(wanted.xy - wanted.xy[0], -1, 0))
    for limb in LIMBS:
        known = (yardstick.emphasis * home.weights * wanted.weights[0])[limb]
        if known.max() < about:
            continue
        far = float(weighted_mean(way[:, limb], wanted.weights[:, limb] * known).max())
        if float(weighted_mean(off[limb], known)) > max(STARTING_POSE, LEFT_HOME * far):
            return False
    return True


def _at_home_around(performed: PoseSequence, home: NormalisedPose, yardstick: Yardstick) -> bool:
    """Whether it begins and ends in the starting pose: bending over, arms come down as from overhead."""
    away = away_from(home, performed, yardstick)
    return not far_from_home(max(away[0], away[-1]), away.max())


def _came_home(performed: PoseSequence, home: NormalisedPose, yardstick: Yardstick) -> bool:
    away = away_from(home, performed, yardstick)
    return bool(away[-1] <= CAME_HOME * away.max())
