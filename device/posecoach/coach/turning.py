"""Where a movement turns, and what it does on the way there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.routine import LEAST_SHOWN
from posecoach.coach.way import displaced
from posecoach.motion.floor_level import risen
from posecoach.motion.pose_distance import keypoint_distances, weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

LEAST_TURN: Final = 3
"""Samples for which a turning point is far from the start."""
AGAIN: Final = 0.25
"""Share of the furthest that two poses may differ by and be the same, on the way there and on that back."""
ELSEWHERE: Final = 0.75
"""And from which a pose between them is another than they are. With `FAR` of the way from the start it is no
stop on the way home either, where the two add up to the whole."""
FAR: Final = 0.5
RESIZED: Final = 1.2
"""Times as large, or as small, as a body may seem for its torso; more is a shin that points at the camera."""
STANDING: Final = 0.01
"""Torso lengths that hips may be above the origin of a pose that has not risen: rounding."""
_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]


def turn_of(reference: PoseSequence, away: Array, known: Array) -> int:
    """Index of the pose where a repetition turns, which is come by once.

    Mostly it is the one furthest from the start. Where that is come by twice, with another far from both the
    start and it in between, it is on the way: who gets up from a chair leans forward, stands, and leans
    forward again, and turns where they stand.

    Args:
        reference: One repetition.
        away: ``(time,)`` how far each pose is from the first.
        known: ``(time, 17)`` how much each keypoint counts in that.
    """
    furthest = int(np.argmax(away))
    there = slice(furthest, furthest + 1)
    apart = keypoint_distances(
        reference.xy, reference.directions, reference.xy[there], reference.directions[there]
    )
    elsewhere = weighted_mean(apart, known * reference.weights[there])
    full, turn = float(away[furthest]), furthest
    for again in np.flatnonzero(elsewhere <= AGAIN * full):
        first, last = sorted((int(again), furthest))
        between = np.arange(first, last + 1)
        other = int(between[np.argmax(elsewhere[between])])
        stays_out = away[between].min() >= FAR * full
        if stays_out and elsewhere[other] >= max(ELSEWHERE * full, elsewhere[turn] + 1e-9):
            turn = other
    return turn


def goes_down(reference: PoseSequence, turn: int) -> bool:
    """Whether the hips come nearer to the feet on the way to the turning point, as in a squat."""
    return _feet_rise(reference, turn, 1.0)


def stands_up(reference: PoseSequence, turn: int) -> bool:
    """Whether they go away from them, as in getting up from a chair."""
    return _feet_rise(reference, turn, -1.0)


@lru_cache(maxsize=32)  # asked for with every repetition, of the same references
def _feet_rise(reference: PoseSequence, turn: int, sign: float) -> bool:
    """Both feet, as far as they are shown: one alone is a leg that is lifted."""
    shown_feet = [
        foot
        for foot in (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)
        if min(reference.weights[0, foot], reference.weights[turn, foot]) >= LEAST_SHOWN
    ]
    return bool(shown_feet) and min(sign * _foot_rise(reference, turn, foot) for foot in shown_feet) > 0.15


def _foot_rise(reference: PoseSequence, turn: int, foot: Keypoint) -> float:
    """How far a foot comes nearer to the hips, less what a torso that seems longer makes of it.

    Arms that go up take the shoulders along: all else seems smaller then, and so do the shins.
    """
    knee = Keypoint(foot - 2)
    before, now = (float(np.hypot(*(reference.xy[at, foot] - reference.xy[at, knee]))) for at in (0, turn))
    smaller = float(np.clip(now / max(before, 1e-6), 1 / RESIZED, RESIZED))
    low = reference.xy[turn, foot, 1] - float(reference.xy[turn, _HIPS, 1].mean())
    return float(rise(reference, turn, (foot,)) - low * (1 / smaller - 1))


def rise(reference: PoseSequence, turn: int, keypoints: Sequence[Keypoint]) -> float:
    """How far keypoints rise over the hips, from the start to the turning point, in torso lengths.

    0 where they are not shown.
    """
    pair = list(keypoints)
    weights = reference.weights[0] * reference.weights[turn]
    went_up = reference.xy[0, :, 1] - reference.xy[turn, :, 1]
    return float(weighted_mean(went_up[pair], weights[pair]) - weighted_mean(went_up[_HIPS], weights[_HIPS]))


def body_rise(reference: PoseSequence, turn: int) -> float:
    """How far the whole body is above where it stood, at the turning point, in torso lengths.

    0 but for a reference of `raised` poses.
    """
    above = risen(reference.xy[turn], reference.weights[turn])
    return above if above is not None and above > STANDING else 0.0


def _stays(there: NDArray[np.bool_], index: int) -> bool:
    """Whether something goes on for `LEAST_TURN` samples around one: a keypoint seen elsewhere does not."""
    before = int(np.argmin(there[index::-1])) if not there[index::-1].all() else index + 1
    after = int(np.argmin(there[index:])) if not there[index:].all() else len(there) - index
    return before + after - 1 >= LEAST_TURN


def other_turn_of(reference: PoseSequence, emphasis: Array, turn: int) -> int | None:
    """Where a movement turns once more, far from where it did before and with a rest between them."""
    away = displaced(reference, emphasis)
    away = away / max(float(away.max()), 1e-9)
    rest, weights = reference.xy[0], reference.weights * reference.weights[0] * reference.weights[turn]
    way = reference.xy[turn] - rest
    along = weighted_mean(((reference.xy - rest) * way).sum(axis=-1), weights)
    along /= max(float(along[turn]), 1e-9)
    for index in np.argsort(-away):
        between = slice(min(index, turn), max(index, turn) + 1)
        if away[index] < 0.6:
            return None
        if along[index] < 0.35 and away[between].min() < 0.3 and _stays(away >= 0.6, int(index)):
            return int(index)
    return None
