"""Measures of likeness that others have published, by the names they gave them, correctly implemented.

The coach judges by its own measure; these are for comparison with what is known elsewhere, and for
finding pictures. Two families:

- Of two poses (Friedhoff, Alvarado, "Move Mirror: an AI experiment with pose estimation in the browser
  using TensorFlow.js", 2018): the 17 keypoints, cropped to their bounding box and scaled to a common
  size, are one vector of 34 numbers of length 1. Place and size of the person drop out.
- Of two movements (Krishnaraj R, "Human pose comparison and action scoring using deep learning, OpenCV
  & Python", 2020): dynamic time warping of each keypoint alone, as points and no longer as numbers in a
  row; in torso lengths from the hips and no longer in shares of the whole clip; weighted by confidence;
  per pair of the path; from 0 to 100; and nothing where a keypoint was not seen.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.sequence import PoseSequence
from posecoach.motion.warping_path import warping_path
from posecoach.skeleton import NUM_KEYPOINTS

Array = NDArray[np.float64]

SEEN_WEIGHT: Final = 0.3
"""Weight from which a keypoint of a sample counts as seen by `keypoint_dtw`."""
SEEN_SHARE: Final = 0.5
"""Share of the time that a keypoint must be seen, in both movements, to have a score."""


def cropped(xy: NDArray[np.floating]) -> Array:
    """Poses in their own bounding boxes: from its top left corner, its longer side 1.

    The shape of the box is kept, so that nobody gets longer arms by raising them.

    Args:
        xy: ``(..., keypoints, 2)`` in any unit: all 17, or those that both poses show.

    Returns:
        ``(..., keypoints, 2)`` in [0, 1]; zero where all are on one point.
    """
    points = np.asarray(xy, dtype=np.float64)
    # Across poses: numpy is four times as quick along a long axis as along seventeen points of many.
    across = np.ascontiguousarray(np.moveaxis(points, -2, 0))
    least = across.min(axis=0)
    longer = (across.max(axis=0) - least).max(axis=-1)[..., None, None]
    moved = points - least[..., None, :]
    return np.asarray(np.divide(moved, longer, out=np.zeros_like(moved), where=longer > 0.0))


def pose_vector(xy: NDArray[np.floating]) -> Array:
    """The vector of a pose: ``(..., 34)`` of all 17 keypoints, cropped, of length 1; zero for a point.

    Source: Move Mirror, "resize and scale", then "normalize".
    """
    points = cropped(xy)
    flat = points.reshape(*points.shape[:-2], -1)
    length = np.sqrt((flat * flat).sum(axis=-1, keepdims=True))
    return np.asarray(np.divide(flat, length, out=np.zeros_like(flat), where=length > 0.0))


def cosine_similarity(xy: NDArray[np.floating], to_xy: NDArray[np.floating]) -> Array:
    """Cosine of the angle between two poses' vectors: 1 alike; 0 where one has no extent.

    Within a box no coordinate is negative, so it is never below 0, and two people who both just stand
    are above 0.9 whoever they are: it orders poses, it does not grade them. Source: Move Mirror.

    Args:
        xy: ``(..., keypoints, 2)``.
        to_xy: ``(..., keypoints, 2)``; leading axes broadcast.

    Returns:
        ``(...)`` in [0, 1], whatever rounding does.
    """
    return np.asarray(np.clip((pose_vector(xy) * pose_vector(to_xy)).sum(axis=-1), 0.0, 1.0))


def cosine_distance(xy: NDArray[np.floating], to_xy: NDArray[np.floating]) -> Array:
    """``sqrt(2 (1 - cosine similarity))``: 0 alike, at most ``sqrt(2)``. Source: Move Mirror.

    It is the Euclidean distance of the two vectors, hence a metric in the strict sense.
    """
    return np.asarray(np.sqrt(2.0 * (1.0 - cosine_similarity(xy, to_xy))))


def euclidean_distance(xy: NDArray[np.floating], to_xy: NDArray[np.floating]) -> Array:
    """Root mean square distance of the keypoints of two cropped poses, in sides of their boxes.

    Not of the vectors of length 1: that is `cosine_distance`.

    Returns:
        ``(...)`` in [0, sqrt(2)].
    """
    apart = cropped(xy) - cropped(to_xy)
    return np.asarray(np.sqrt((apart * apart).sum(axis=(-2, -1)) / apart.shape[-2]))


def weighted_distance(
    xy: NDArray[np.floating], scores: NDArray[np.floating], to_xy: NDArray[np.floating]
) -> Array:
    """Distance of two poses' vectors in which a keypoint counts as far as the first pose is sure of it.

    ``1 / sum(c_k) * sum(c_k * |a_k - b_k|)`` with the confidences c of the first pose alone, and
    ``|.|`` the sum over x and y: so Move Mirror computes it. It is therefore not symmetric: the first
    pose is the one that is asked about.

    Args:
        xy: ``(..., keypoints, 2)`` the pose asked about.
        scores: ``(..., keypoints)`` its confidences, not negative.
        to_xy: ``(..., keypoints, 2)``; leading axes broadcast.

    Returns:
        ``(...)``, not negative; NaN nowhere: infinite where every confidence is 0.
    """
    apart = np.abs(pose_vector(xy) - pose_vector(to_xy))
    by_keypoint = apart.reshape(*apart.shape[:-1], -1, 2).sum(axis=-1)
    weights = np.asarray(scores, dtype=np.float64)
    total = weights.sum(axis=-1)
    summed = (weights * by_keypoint).sum(axis=-1)
    return np.asarray(np.divide(summed, total, out=np.full_like(summed, np.inf), where=total > 0.0))


def keypoint_dtw(performed: PoseSequence, wanted: PoseSequence) -> list[float | None]:
    """Score of each of the 17 keypoints: 100 where it went the same way, 0 a torso length off on average.

    Each keypoint is a series of points of its own, and is warped alone: a knee may be compared at
    another time than the hip above it. While it is not seen it may be anywhere: the path goes through
    that at no cost, and the mean along it, weighted by both confidences, leaves that out. Source:
    "Human pose comparison and action scoring", ``100 - 100 * distance``.

    Returns:
        ``(17)`` in [0, 100], in the order of `Keypoint`; `None` for a keypoint that was not seen for
        half of the time in one of the two.
    """
    return [
        _one_keypoint(
            performed.xy[:, keypoint],
            performed.weights[:, keypoint],
            wanted.xy[:, keypoint],
            wanted.weights[:, keypoint],
        )
        for keypoint in range(NUM_KEYPOINTS)
    ]


def _one_keypoint(xy: Array, weights: Array, to_xy: Array, to_weights: Array) -> float | None:
    trust = np.where(weights >= SEEN_WEIGHT, weights, 0.0)
    to_trust = np.where(to_weights >= SEEN_WEIGHT, to_weights, 0.0)
    if (trust > 0.0).mean() < SEEN_SHARE or (to_trust > 0.0).mean() < SEEN_SHARE:
        return None
    apart = xy[:, None] - to_xy[None]
    distances = np.sqrt(apart[..., 0] ** 2 + apart[..., 1] ** 2)
    both = trust[:, None] * to_trust
    path = warping_path(np.where(both > 0.0, distances, 0.0))
    counts = both[path.query, path.reference]
    if not counts.any():
        return None
    mean = float((distances[path.query, path.reference] * counts).sum() / counts.sum())
    return 100.0 * min(max(1.0 - mean, 0.0), 1.0)
