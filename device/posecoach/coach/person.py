"""Which of the people in view is coached: the largest at first, then the same one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.normalise import confidence_weights
from posecoach.pose import PoseEstimate

Array = NDArray[np.float64]

LEAST_INSTANCE_SCORE: Final = 0.2
PATIENCE_S: Final = 2.0
"""How long a place is kept for somebody who is not seen."""
STRIDE: Final = 0.4
"""How far somebody may seem to have come between two frames, in their own heights, before it is another
person: as far as the middle of a body jumps when its legs are found or lost."""
STRIDE_PER_S: Final = 1.0
"""How much further for every second without them; together with `STRIDE` never more than their height."""


class PersonChoice:
    """Keep to one person from frame to frame."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._centre: Array | None = None
        self._height_px = 0.0
        self._seen_at = 0.0
        self.newcomer = False
        """Whether the one chosen last was taken up anew: nothing known of the one before holds for them."""

    def choose(self, at_s: float, poses: Sequence[PoseEstimate]) -> PoseEstimate | None:
        """The pose of the person being coached, `None` while they are not in view.

        Of several near enough, the nearest to where they were; somebody too far away or of another
        size is not taken for them until their place has been empty for `PATIENCE_S`.
        """
        boxes = [(pose, *_centre_and_height(pose)) for pose in poses if pose.score >= LEAST_INSTANCE_SCORE]
        if self._centre is not None and at_s - self._seen_at > PATIENCE_S:
            self._centre = None
        centre, away_s = self._centre, at_s - self._seen_at
        if centre is None:
            chosen = max(boxes, key=lambda box: box[2] * box[0].score, default=None)
        else:
            stride = min(STRIDE + STRIDE_PER_S * away_s, 1.0)
            reachable = [
                box for box in boxes if self._could_be(float(np.hypot(*(box[1] - centre))), box[2], stride)
            ]
            chosen = min(reachable, key=lambda box: float(np.hypot(*(box[1] - centre))), default=None)
        if chosen is None:
            return None
        self.newcomer = centre is None
        pose, self._centre, self._height_px = chosen
        self._seen_at = at_s
        return pose

    def _could_be(self, apart_px: float, height_px: float, stride: float) -> bool:
        return (
            apart_px <= stride * max(self._height_px, height_px) and 0.4 <= height_px / self._height_px <= 2.5
        )


def _centre_and_height(pose: PoseEstimate) -> tuple[Array, float]:
    """Weighted middle of the keypoints and the extent of the seen ones, in pixels."""
    weights = confidence_weights(pose.keypoint_scores) + 1e-6
    centre = weights @ pose.keypoints_xy / weights.sum()
    seen = pose.keypoints_xy[weights > 0.3]
    extent = float(np.ptp(seen, axis=0).max()) if len(seen) > 1 else 0.0
    return centre, max(extent, 1.0)
