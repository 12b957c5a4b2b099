"""The pose of one person, as the network sees it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError
from posecoach.skeleton import NUM_KEYPOINTS


@dataclass(frozen=True, slots=True, eq=False)
class PoseEstimate:
    """Where one person's keypoints are in a frame.

    Attributes:
        keypoints_xy: ``(17, 2)`` float, in pixels of the frame's image; x right, y down. Finite, but
            possibly outside the image.
        keypoint_scores: ``(17,)`` float, each in [0, 1]; 0 says "not seen".
        score: Instance score, in [0, 1].
    """

    keypoints_xy: NDArray[np.floating]
    keypoint_scores: NDArray[np.floating]
    score: float

    def __post_init__(self) -> None:
        _require(self.keypoints_xy.shape == (NUM_KEYPOINTS, 2), "keypoints_xy", "(17, 2)", self.keypoints_xy)
        _require(
            self.keypoint_scores.shape == (NUM_KEYPOINTS,), "keypoint_scores", "(17,)", self.keypoint_scores
        )
        # Of so few numbers a list is quicker than an array.
        finite = all(map(math.isfinite, self.keypoints_xy.ravel().tolist()))
        _require(finite, "keypoints_xy", "finite numbers", self.keypoints_xy)
        inside = all(0 <= score <= 1 for score in self.keypoint_scores.tolist())
        _require(inside, "keypoint_scores", "numbers in [0, 1]", self.keypoint_scores)
        if not 0 <= self.score <= 1:
            raise ShapeError(f"score must be in [0, 1], got {self.score}")

    def within(self, wh: tuple[int, int]) -> PoseEstimate:
        """The same pose, with score 0 for every keypoint outside a picture of size `wh`.

        What is not in the picture a network can only guess, however sure it says it is.
        """
        inside = ((self.keypoints_xy >= 0) & (self.keypoints_xy <= np.asarray(wh) - 1)).all(axis=1)
        if inside.all():
            return self
        return PoseEstimate(self.keypoints_xy, self.keypoint_scores * inside, self.score)


def _require(holds: bool, name: str, expected: str, actual: NDArray[np.floating]) -> None:
    if not holds:
        raise ShapeError(
            f"{name} must be {expected}, got shape {actual.shape}: {np.array2string(actual, threshold=8)}"
        )
