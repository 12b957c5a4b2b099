"""Several performances of the same movement: which is the model, and which were done on the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from posecoach.coach.own_posture import allowed_offset, shifted
from posecoach.coach.routine import keypoint_share
from posecoach.motion.local_cost import cost_matrix
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.motion.warping_path import warping_path

MOST_COMPARED: Final = 16
"""Performances compared with each other to find the most typical; of more, an even choice."""
CLEARLY: Final = 0.8
"""Share of the distance as it is, below which somebody has done it as its mirror image."""
POSTURE_CEILING: Final = 0.25
"""Most that somebody's own starting pose may differ from the model's, in torso lengths."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Performances of one movement.

    Attributes:
        best: Number of the most typical one, the first of equals.
        model: That performance.
        others: The others, each as if done on the model's side.
        mirrored: How many of them were done on the other side.
        posture: How far, in torso lengths, their starting poses differ from the model's.
    """

    best: int
    model: PoseSequence
    others: tuple[PoseSequence, ...]
    mirrored: int
    posture: float


def examples_of(performances: Sequence[PoseSequence], *, either_side: bool) -> Examples:
    """Choose the model: the one with the least DTW distance to all others, on whichever side they were done.

    Postures are left out of the comparison: the movement is what is typical.

    Args:
        performances: At least one.
        either_side: Whether some of them may be mirror images of the others.
    """
    chosen = np.unique(
        np.linspace(0, len(performances) - 1, min(len(performances), MOST_COMPARED)).round().astype(int)
    )
    best = int(chosen[0])
    if len(chosen) > 2:
        apart = [
            sum(_distance(performances[other], performances[one], either_side)[0] for other in chosen)
            for one in chosen
        ]
        best = int(chosen[np.argmin(np.round(apart, 9))])
    model, others, mirrored = performances[best], [], 0
    for number, performance in enumerate(performances):
        if number != best:
            turned = _distance(performance, model, either_side)[1]
            others.append(performance.mirrored() if turned else performance)
            mirrored += turned
    starts = [_start_apart(each, model) for each in others]
    posture = min(max(starts, default=0.0), POSTURE_CEILING)
    return Examples(best, model, tuple(others), mirrored, round(posture, 3))


def _distance(performance: PoseSequence, model: PoseSequence, either_side: bool) -> tuple[float, bool]:
    """Mean distance to a model, and whether that is as its mirror image."""
    if performance is model:
        return 0.0, False
    as_it_is = _aligned(performance, model)
    if not either_side:
        return as_it_is, False
    mirrored = _aligned(performance.mirrored(), model)
    return min(as_it_is, mirrored), mirrored < CLEARLY * as_it_is


def _aligned(performance: PoseSequence, model: PoseSequence) -> float:
    offset = allowed_offset(performance.xy[0], model.xy[0], POSTURE_CEILING)
    return warping_path(cost_matrix(shifted(performance, offset), model, keypoint_share())).mean_cost


def _start_apart(performance: PoseSequence, model: PoseSequence) -> float:
    known = performance.weights[0] * model.weights[0] * keypoint_share()
    return float(weighted_mean(np.hypot(*(performance.xy[0] - model.xy[0]).T), known))
