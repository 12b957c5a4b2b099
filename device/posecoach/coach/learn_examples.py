"""Several performances of the same movement: which is the model, and which were done on the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.own_posture import allowed_offset, shifted
from posecoach.coach.routine import keypoint_share
from posecoach.motion.local_cost import cost_matrix
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.motion.warping_path import WarpingPath, warping_path

Array = NDArray[np.float64]

MOST_COMPARED: Final = 16
"""Performances compared with each other to find the most typical; of more, an even choice."""
CLEARLY: Final = 0.8
"""Share of the distance as it is, below which somebody has done it as its mirror image."""
POSTURE_CEILING: Final = 0.25
"""Most that somebody's own starting pose may differ from the model's, in torso lengths."""
MOST_OF_THEM: Final = 0.9
"""Share of the performances that what is learned of the variation has to hold: of up to ten all of them, of
more the furthest off may have gone wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Performances of one movement.

    Attributes:
        best: Number of the most typical one, the first of equals.
        model: That performance.
        others: The others, each as if done on the model's side.
        turned: Of every performance, whether it was done on the other side.
        posture: How far, in torso lengths, most of their starting poses differ from the model's.
        within, between: How far two performances of the same recording, and of two, are usually apart, in
            torso lengths; `None` where there are no two.
    """

    best: int
    model: PoseSequence
    others: tuple[PoseSequence, ...]
    turned: tuple[bool, ...]
    posture: float
    within: float | None = None
    between: float | None = None


def examples_of(
    performances: Sequence[PoseSequence], recordings: Sequence[int] | None = None, *, either_side: bool
) -> Examples:
    """Choose the model: the one with the least DTW distance to all others, on whichever side they were done.

    Postures are left out of the comparison: the movement is what is typical.

    Args:
        performances: At least one.
        recordings: The number of the recording that each is from; without, each is from one of its own.
        either_side: Whether some of them may be mirror images of the others.
    """
    chosen = np.unique(
        np.linspace(0, len(performances) - 1, min(len(performances), MOST_COMPARED)).round().astype(int)
    )
    apart = np.zeros((len(chosen), len(chosen)))
    for row, column in combinations(range(len(chosen)), 2):
        one, other = performances[chosen[row]], performances[chosen[column]]
        apart[row, column] = distance(one, other, either_side)[0]
        apart[column, row] = distance(other, one, either_side)[0]
    best = int(chosen[np.argmin(np.round(apart.sum(axis=0), 9))]) if len(chosen) > 2 else int(chosen[0])
    model = performances[best]
    turned = tuple(
        number != best and distance(performance, model, either_side)[1]
        for number, performance in enumerate(performances)
    )
    others = tuple(
        performance.mirrored() if turned[number] else performance
        for number, performance in enumerate(performances)
        if number != best
    )
    posture = most_of([_start_apart(each, model) for each in others])
    origins = np.arange(len(performances)) if recordings is None else np.asarray(recordings)
    same = origins[chosen][:, None] == origins[chosen]
    pairs = ~np.eye(len(chosen), dtype=bool)
    return Examples(
        best,
        model,
        others,
        turned,
        round(min(posture, POSTURE_CEILING), 3),
        _usual(apart[same & pairs]),
        _usual(apart[~same]),
    )


def most_of(values: Sequence[float]) -> float:
    """What `MOST_OF_THEM` are not above: the largest of a few; 0 of none."""
    return float(np.quantile(values, MOST_OF_THEM, method="higher")) if len(values) else 0.0


def aligned(performance: PoseSequence, model: PoseSequence) -> tuple[PoseSequence, WarpingPath]:
    """A performance without its own posture, as far as anybody's may differ, and in step with a model."""
    offset = allowed_offset(performance.xy[0], model.xy[0], POSTURE_CEILING)
    placed = shifted(performance, offset)
    return placed, warping_path(cost_matrix(placed, model, keypoint_share()))


def distance(performance: PoseSequence, model: PoseSequence, either_side: bool) -> tuple[float, bool]:
    """Mean distance to a model, and whether that is as its mirror image."""
    if performance is model:
        return 0.0, False
    as_it_is = aligned(performance, model)[1].mean_cost
    if not either_side:
        return as_it_is, False
    mirrored = aligned(performance.mirrored(), model)[1].mean_cost
    return min(as_it_is, mirrored), mirrored < CLEARLY * as_it_is


def _usual(distances: Array) -> float | None:
    return round(float(np.median(distances)), 3) if len(distances) else None


def _start_apart(performance: PoseSequence, model: PoseSequence) -> float:
    known = performance.weights[0] * model.weights[0] * keypoint_share()
    return float(weighted_mean(np.hypot(*(performance.xy[0] - model.xy[0]).T), known))
