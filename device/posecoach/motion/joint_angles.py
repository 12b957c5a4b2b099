"""Angles at the joints, in degrees, for one pose or many."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.skeleton import JOINT_TRIPLETS, Joint

Array = NDArray[np.float64]

JOINTS: Final = tuple(Joint)
_TRIPLETS: Final = np.array([JOINT_TRIPLETS[joint] for joint in JOINTS], dtype=np.intp)


def joint_angles_deg(xy: Array) -> Array:
    """Angle at each joint, between its two bones as seen in the picture.

    By atan2 of cross and dot product, which stays exact near 0 and 180 degrees.

    Args:
        xy: ``(..., 17, 2)``.

    Returns:
        ``(..., 8)`` in [0, 180], in the order of `JOINTS`; 180 is a straight limb. Two keypoints on
        top of each other give 0.
    """
    corner = xy[..., _TRIPLETS[:, 1], :]
    first = xy[..., _TRIPLETS[:, 0], :] - corner
    second = xy[..., _TRIPLETS[:, 2], :] - corner
    cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    dot = (first * second).sum(axis=-1)
    return np.asarray(np.degrees(np.arctan2(np.abs(cross), dot)))


def joint_weights(weights: Array) -> Array:
    """How far each joint's angle can be trusted: the least weight of its three keypoints.

    Args:
        weights: ``(..., 17)`` in [0, 1].

    Returns:
        ``(..., 8)``, in the order of `JOINTS`.
    """
    return np.asarray(weights[..., _TRIPLETS].min(axis=-1))
