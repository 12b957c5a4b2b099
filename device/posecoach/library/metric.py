"""What is near: the two named measures of whole poses, as numbers that a scan of many poses can use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError
from posecoach.motion.named_metrics import pose_vector
from posecoach.pose import PoseEstimate
from posecoach.skeleton import MIRROR, NUM_KEYPOINTS

Floats = NDArray[np.float32]

DIMENSIONS: Final = 2 * NUM_KEYPOINTS


class Metric(StrEnum):
    """By what poses are compared; definitions in `motion/named_metrics.py`."""

    COSINE = "cosine"
    WEIGHTED = "weighted"


FULL: Final[Mapping[Metric, float]] = {Metric.COSINE: 0.5, Metric.WEIGHTED: 0.15}
"""Distances from which on a pose looks like any other: where a scale for people ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A pose to look for: as it is, and its mirrored twin.

    Attributes:
        metric: By what.
        vectors: ``(1 or 2, 34)`` of length 1; the second is the twin's.
        weights: ``(1 or 2, 34)``, each row's sum over x is 1: how much each number counts by `WEIGHTED`.
    """

    metric: Metric
    vectors: Floats
    weights: Floats


def vectors_of(keypoints_xy: NDArray[np.floating]) -> Floats:
    """Poses ``(..., 17, 2)`` as vectors ``(..., 34)`` of length 1; zero where a pose is one point."""
    return pose_vector(keypoints_xy).astype(np.float32)


def turned(keypoints_xy: NDArray[np.floating]) -> NDArray[np.float64]:
    """The mirrored twin of poses ``(..., 17, 2)``: left and right changed, in place and in name."""
    twin = np.array(keypoints_xy, dtype=np.float64)[..., MIRROR, :]
    twin[..., 0] *= -1.0
    return np.asarray(twin)


def asked(
    keypoints_xy: NDArray[np.floating],
    keypoint_scores: NDArray[np.floating],
    metric: Metric,
    *,
    twin: bool = True,
    seen_twin: PoseEstimate | None = None,
) -> Asked:
    """What to look for.

    Args:
        keypoints_xy: ``(17, 2)`` in any unit.
        keypoint_scores: ``(17,)`` not negative: what `WEIGHTED` weighs by.
        metric: By what.
        twin: Whether the mirrored twin is looked for as well.
        seen_twin: What was found in the mirrored picture, which a network does not see quite as it sees the
            picture; without it the twin is reckoned.

    Raises:
        ShapeError: By `WEIGHTED`, where every score is 0; or the pose has no extent.
    """
    poses = [np.asarray(keypoints_xy, dtype=np.float64)]
    scores = [np.asarray(keypoint_scores, dtype=np.float64)]
    if twin and seen_twin is not None and seen_twin.keypoint_scores.any():
        poses.append(np.asarray(seen_twin.keypoints_xy, dtype=np.float64))
        scores.append(np.asarray(seen_twin.keypoint_scores, dtype=np.float64))
    elif twin:
        poses.append(turned(poses[0]))
        scores.append(scores[0][MIRROR])
    vectors = vectors_of(np.stack(poses))
    if not vectors[0].any():
        raise ShapeError("the pose asked about is a single point: nothing is like it")
    totals = [each.sum() for each in scores]
    if metric is Metric.WEIGHTED and not min(totals) > 0:
        raise ShapeError("no keypoint of the pose asked about is seen: nothing can be weighed")
    shares = [each / (total or 1.0) for each, total in zip(scores, totals, strict=True)]
    return Asked(metric, vectors, np.repeat(np.stack(shares), 2, axis=1).astype(np.float32))


def exact_distances(asked_for: Asked, vectors: Floats) -> NDArray[np.float64]:
    """Distances of poses to what is asked for and to its twin: ``(1 or 2, n)``, evaluated in float64.

    Args:
        asked_for: See there.
        vectors: ``(n, 34)``.
    """
    apart = vectors.astype(np.float64)[None] - asked_for.vectors.astype(np.float64)[:, None]
    if asked_for.metric is Metric.COSINE:
        # The distance of two vectors of length 1 is sqrt(2 (1 - cos)), without that formula's loss near 0.
        return np.asarray(np.sqrt((apart * apart).sum(axis=2)))
    return np.asarray((np.abs(apart) * asked_for.weights.astype(np.float64)[:, None]).sum(axis=2))
