"""On the way into a held pose: when to say what is missing, and when to let somebody move."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from posecoach.coach.routine import View
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.pose_distance import pose_distances, weighted_mean
from posecoach.motion.resample import LONGEST_GAP_S
from posecoach.skeleton import NUM_KEYPOINTS, Keypoint

# Lengths as Winter, Biomechanics and Motor Control of Human Movement, figure 4.1, gives for an average adult.
_HEIGHTS: Final = np.array(
    [-1.45] * 5 + [-1.0, -1.0, -0.4, -0.4, 0.1, 0.1, 0.0, 0.0, 0.85, 0.85, 1.7, 1.7]
)  # by keypoint, in torso lengths below the hips
_K = Keypoint
_BESIDE: Final = {
    (_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER): (
        (_K.LEFT_SHOULDER, _K.LEFT_ELBOW, _K.LEFT_WRIST),
        (_K.RIGHT_SHOULDER, _K.RIGHT_ELBOW, _K.RIGHT_WRIST),
    ),
    (_K.LEFT_HIP, _K.RIGHT_HIP): (
        (_K.LEFT_HIP, _K.LEFT_KNEE, _K.LEFT_ANKLE),
        (_K.RIGHT_HIP, _K.RIGHT_KNEE, _K.RIGHT_ANKLE),
    ),
}
"""What hangs or stands below a pair: on the left and on the right."""

STAYED_S: Final = 1.0
"""How long somebody must stay as they are before they are told what is missing."""
STAYED: Final = 0.06
"""Torso lengths by which the distance to the pose may change meanwhile."""
SET_OUT: Final = 0.85
"""Share of the distance from rest to the pose, below which somebody has begun to go into it."""

HALF_WAY: Final = 0.6
"""The same of somebody who was never seen to rest, of the distance of whoever stands with hanging arms."""


class Approach:
    """How far somebody is from a pose that they do not hold.

    Who only stands there is told nothing: they know that they have not begun. Who has come nearer is told
    once they stop.
    """

    def __init__(self, yardstick: Yardstick) -> None:
        """Start before the first sample, with somebody who may stand there with hanging arms."""
        self._recent: deque[tuple[float, float]] = deque()
        self._standing = _standing_apart(yardstick)
        self._rest: float | None = None

    @property
    def begun(self) -> bool:
        """Whether somebody is nearer than while they rested, or than anybody is who only stands."""
        return bool(self._recent) and self._recent[-1][1] <= self._most

    def look(self, at_s: float, distance: float) -> bool:
        """Take the next distance to the pose; whether to say now what is missing.

        Args:
            at_s: Seconds on the camera's clock.
            distance: In torso lengths.
        """
        if self._recent and at_s - self._recent[-1][0] > LONGEST_GAP_S:
            self._recent.clear()
        self._recent.append((at_s, distance))
        while at_s - self._recent[0][0] > STAYED_S + 1e-6:
            self._recent.popleft()
        distances = [each for _, each in self._recent]
        if (
            at_s - self._recent[0][0] < STAYED_S - LONGEST_GAP_S / 2
            or max(distances) - min(distances) > STAYED
        ):
            return False
        if distance > self._most:
            self._rest = distance
            return False
        return True

    @property
    def _most(self) -> float:
        return HALF_WAY * self._standing if self._rest is None else SET_OUT * self._rest


def _standing_apart(yardstick: Yardstick) -> float:
    """How far somebody of the reference's build is from its pose who only stands, in torso lengths."""
    wanted = yardstick.reference
    standing = np.zeros((NUM_KEYPOINTS, 2))
    standing[:, 1] = _HEIGHTS
    for beside, below in _BESIDE.items():
        half = 0.5 * float(np.median(np.abs(wanted.xy[:, beside[0], 0] - wanted.xy[:, beside[1], 0])))
        standing[list(below[0]), 0], standing[list(below[1]), 0] = half, -half
    if yardstick.view is not View.FRONT:
        standing[:, 0] = 0.0
    apart = [
        float(weighted_mean(pose_distances(standing, xy), weights * yardstick.emphasis))
        for xy, weights in zip(wanted.xy, wanted.weights, strict=True)
    ]
    return min(apart)
