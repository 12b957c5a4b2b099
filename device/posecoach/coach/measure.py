"""How good a finished part of a performance was: aligned with its reference, then measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.yardstick import Yardstick
from posecoach.motion.pose_distance import keypoint_distances
from posecoach.motion.sequence import PoseSequence, cost_matrix
from posecoach.motion.warping_path import warping_path
from posecoach.skeleton import Limb

Array = NDArray[np.float64]

BAND_SHARE: Final = 0.4
"""Half-width of the DTW band, as a share of the longer sequence: room for a pause, not for all else."""
LEAST_COVERAGE: Final = 0.5
"""Share of what matters that must have been seen for a score."""


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """The outcome of one repetition, hold or flow.

    Attributes:
        score: 0..100, `None` where too little was seen.
        coverage: Share of what matters that was seen, 0..1.
        limbs: Score of each limb, `None` where it cannot be judged.
        keypoints: Score of each keypoint, likewise.
        costs: ``(17,)`` mean distance of each keypoint, in torso lengths.
        weights: ``(17,)`` mean weight each was seen with, relative to the reference's.
        query, reference: ``(pairs,)`` the warping path.
    """

    score: float | None
    coverage: float
    limbs: Mapping[Limb, float | None]
    keypoints: list[float | None]
    costs: Array
    weights: Array
    query: NDArray[np.intp]
    reference: NDArray[np.intp]


def measure(performed: PoseSequence, yardstick: Yardstick) -> Measure:
    """Align a finished performance with the reference and score it.

    Every reference pose counts once, however many poses of the performance it is matched with, so
    that lingering in the easy part of a movement gains nothing.
    """
    wanted = yardstick.reference
    band = BAND_SHARE * max(len(performed), len(wanted))
    path = warping_path(cost_matrix(performed, wanted, yardstick.emphasis), band_radius=band)
    share = 1.0 / np.bincount(path.reference, minlength=len(wanted))[path.reference]  # (pairs,)
    distances = keypoint_distances(
        performed.xy[path.query],
        performed.directions[path.query],
        wanted.xy[path.reference],
        wanted.directions[path.reference],
    )
    seen = performed.weights[path.query] * wanted.weights[path.reference] * share[:, None]  # (pairs, 17)
    seen_total = seen.sum(axis=0)
    costs = np.divide(
        (distances * seen).sum(axis=0), seen_total, out=np.zeros(len(seen_total)), where=seen_total > 0
    )
    wanted_total = wanted.weights.sum(axis=0)
    weights = np.divide(seen_total, wanted_total, out=np.zeros_like(costs), where=wanted_total > 0)
    coverage = yardstick.coverage(weights)
    return Measure(
        score=yardstick.score(costs, weights) if coverage >= LEAST_COVERAGE else None,
        coverage=coverage,
        limbs={limb: yardstick.limb_score(limb, costs, weights) for limb in Limb},
        keypoints=yardstick.keypoint_scores(costs, weights),
        costs=costs,
        weights=weights,
        query=path.query,
        reference=path.reference,
    )


def hidden_reason(weights: Array, emphasis: Array) -> str:
    """What a person should do about a movement that could not be seen, from what was hidden."""
    hidden = emphasis * (1.0 - np.clip(weights, 0.0, 1.0))
    left, right = hidden[1::2].sum(), hidden[2::2].sum()
    upper, lower = hidden[:11].sum(), hidden[11:].sum()
    if left > 2.0 * right:
        return "your left side is hidden: turn it to the camera"
    if right > 2.0 * left:
        return "your right side is hidden: turn it to the camera"
    if lower > 2.0 * upper:
        return "your legs are out of the picture: step back"
    return "too little of you is in the picture: step back and face the camera"
