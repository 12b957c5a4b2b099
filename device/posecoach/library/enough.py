"""Who is worth finding: of whom enough is seen to say how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS

SEEN_FROM: Final = 0.25
_LEAST: Final = NUM_KEYPOINTS // 2 + 1


def enough_seen(poses: Sequence[PoseEstimate]) -> list[PoseEstimate]:
    """Those of whom more than half of the keypoints are seen: of the others the pose is mostly guessed."""
    return [pose for pose in poses if int((pose.keypoint_scores >= SEEN_FROM).sum()) >= _LEAST]
