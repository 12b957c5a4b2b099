"""How good a finished part of a performance was: aligned with its reference, then measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.phrase import Phrase
from posecoach.coach.routine import keypoint_share
from posecoach.coach.worst_limb import most_points
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.pose_distance import keypoint_distances, weighted_mean
from posecoach.motion.resample import LONGEST_GAP_S
from posecoach.motion.sequence import PoseSequence
from posecoach.motion.warping_path import warping_path
from posecoach.skeleton import Limb

Array = NDArray[np.float64]

BAND_SHARE: Final = 0.4
"""Half-width of the DTW band, as a share of the longer sequence: room for a pause, not for all else."""

UNLIKE: Final = 0.3
"""Torso lengths from which on a keypoint is in another place, however far."""

AT_ONCE: Final = 512
"""Pairs of poses that are compared at a time: few calls, and little memory for a long sequence."""


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """The outcome of one repetition, hold or flow.

    Attributes:
        score: 0..100, `None` where too little was seen, or not a limb that it is all about.
        coverage: Share of what matters that was seen, 0..1.
        limbs: Score of each limb, `None` where it cannot be judged.
        keypoints: Score of each keypoint, likewise.
        costs: ``(17,)`` mean distance of each keypoint, in torso lengths.
        weights: ``(17,)`` mean weight each was seen with, relative to the reference's, over the time.
        steady: The same, of what is more than `Yardstick.most` only the root: what the score is made of.
        present: Share of the time in which somebody was seen at all, 0..1; `weights` have it in them.
        query, reference: ``(pairs,)`` the warping path.
    """

    score: float | None
    coverage: float
    limbs: Mapping[Limb, float | None]
    keypoints: list[float | None]
    costs: Array
    weights: Array
    steady: Array
    present: float
    query: NDArray[np.intp]
    reference: NDArray[np.intp]


def measure(performed: PoseSequence, yardstick: Yardstick, cost: Array | None = None) -> Measure:
    """Align a finished performance with the reference and score it.

    The mean distance is taken twice, and the larger one counts. Once every reference pose counts by its
    share, however many poses of the performance it is matched with: lingering in the easy part of a
    movement gains nothing. Once every pose of the performance counts: going past the turning point, for
    which there is only one reference pose, is not forgiven.

    Args:
        performed: What was done.
        yardstick: How it is measured.
        cost: Their `cost_matrix`, where it is known already.
    """
    wanted = yardstick.reference
    band = BAND_SHARE * max(len(performed), len(wanted))
    if cost is None:
        cost = _alignment_cost(performed, yardstick)
    path = warping_path(cost, band_radius=band)
    share = yardstick.share[path.reference]  # (pairs,)
    distances = keypoint_distances(
        performed.xy[path.query],
        performed.directions[path.query],
        wanted.xy[path.reference],
        wanted.directions[path.reference],
    )
    seen = performed.weights[path.query] * wanted.weights[path.reference] * share[:, None]  # (pairs, 17)
    usual = yardstick.most[path.reference]
    bounded = np.minimum(distances, np.sqrt(usual * distances))  # more is more, but of an error not as much
    if len(path.query) == len(performed) == len(wanted):  # pose by pose: both means are the same
        by_reference = seen
        costs, steady = _mean(distances, seen), _mean(bounded, seen)
    else:
        by_reference = seen / np.bincount(path.reference)[path.reference][:, None]
        by_query = seen / np.bincount(path.query)[path.query][:, None]
        costs = np.maximum(_mean(distances, by_reference), _mean(distances, by_query))
        steady = np.maximum(_mean(bounded, by_reference), _mean(bounded, by_query))
    wanted_total = (wanted.weights * yardstick.share[:, None]).sum(axis=0)
    weights = np.divide(
        by_reference.sum(axis=0), wanted_total, out=np.zeros_like(costs), where=wanted_total > 0
    )
    present = _present(performed)
    weights *= present
    score = yardstick.score(steady, weights) if yardstick.enough(weights) else None
    return Measure(
        score=None if score is None else min(score, most_points(yardstick, costs, weights)),
        coverage=yardstick.coverage(weights),
        limbs=yardstick.limb_scores(costs, weights),
        keypoints=yardstick.keypoint_scores(costs, weights),
        costs=costs,
        weights=weights,
        steady=steady,
        present=present,
        query=path.query,
        reference=path.reference,
    )


def _alignment_cost(performed: PoseSequence, yardstick: Yardstick) -> Array:
    """``(query, reference)`` how unlike two poses are, for bringing them into step.

    The whole body tells where in a movement somebody is, whatever the step is about, and a keypoint that is
    somewhere else altogether tells no more than one that is off by `UNLIKE`.
    """
    wanted = yardstick.reference
    share = keypoint_share() * (yardstick.emphasis > 0)
    cost = np.empty((len(performed), len(wanted)))
    at_once = max(AT_ONCE // len(wanted), 1)
    for row in range(0, len(performed), at_once):
        some = slice(row, row + at_once)
        distances = keypoint_distances(
            performed.xy[some, None], performed.directions[some, None], wanted.xy, wanted.directions
        )
        weights = performed.weights[some, None] * wanted.weights * share
        cost[some] = weighted_mean(np.minimum(distances, UNLIKE), weights)
    return cost


def _mean(distances: Array, weights: Array) -> Array:
    """``(17,)`` weighted mean over the pairs; 0 for what was never seen."""
    total = weights.sum(axis=0)
    mean = np.divide((distances * weights).sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(mean)


def _present(performed: PoseSequence) -> float:
    """Share of the time in which somebody was seen at all, 0..1."""
    steps_s = np.diff(performed.at_s)
    away_s = float(steps_s[steps_s > LONGEST_GAP_S].sum())
    return 1.0 - away_s / performed.duration_s if away_s else 1.0


def hidden_reason(weights: Array, emphasis: Array) -> str:
    """What a person should do about a movement that could not be seen, from what was hidden."""
    hidden = emphasis * (1.0 - np.clip(weights, 0.0, 1.0))
    left, right = hidden[1::2].sum(), hidden[2::2].sum()
    upper, lower = hidden[:11].sum(), hidden[11:].sum()
    if left > 2.0 * right:
        return Phrase("your left side is hidden: turn it to the camera")
    if right > 2.0 * left:
        return Phrase("your right side is hidden: turn it to the camera")
    if lower > 2.0 * upper:
        return Phrase("your legs are out of the picture: step back")
    return Phrase("too little of you is in the picture: step back and face the camera")
