"""Which side of a person the camera sees."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.routine import View
from posecoach.skeleton import Keypoint

FRONTAL_SHOULDERS: Final = 0.5
"""Width of the shoulders over the length of the torso, from which a view is from the front.

Across a standing adult it is about 0.75; cos(48 degrees) of that is left at this limit.
"""


def viewpoint(xy: NDArray[np.float64], weights: NDArray[np.float64]) -> View:
    """The view of a movement.

    Args:
        xy: ``(time, 17, 2)`` in torso lengths.
        weights: ``(time, 17)``.

    Returns:
        `View.LEFT` when the person's left side is towards the camera, so that they face the left of
        the picture.
    """
    both = np.minimum(weights[:, Keypoint.LEFT_SHOULDER], weights[:, Keypoint.RIGHT_SHOULDER])
    widths = np.abs(xy[:, Keypoint.LEFT_SHOULDER, 0] - xy[:, Keypoint.RIGHT_SHOULDER, 0])
    if both.mean() >= 0.3 and np.average(widths, weights=both) >= FRONTAL_SHOULDERS:
        return View.FRONT
    ears = xy[:, [Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR], 0]
    ear_weights = weights[:, [Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]] + 1e-9
    head_x = np.average(ears, axis=1, weights=ear_weights)
    facing = np.average(xy[:, Keypoint.NOSE, 0] - head_x, weights=weights[:, Keypoint.NOSE] + 1e-9)
    return View.LEFT if facing < 0 else View.RIGHT
