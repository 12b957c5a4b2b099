"""Many normalised poses in a row: a reference, or a finished repetition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import bone_directions
from posecoach.skeleton import MIRROR, NUM_KEYPOINTS

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PoseSequence:
    """Normalised poses at one sample rate.

    Attributes:
        at_s: ``(time,)`` seconds.
        xy: ``(time, 17, 2)`` in torso lengths from the middle of the hips.
        weights: ``(time, 17)`` in [0, 1].
        directions: ``(time, 8, 2)`` unit directions of the bones, as `bone_directions` gives them.
        around: ``(time, 17, 3)`` x in torso lengths, x as seen by a camera a quarter turn further to the
            subject's left, and how well both are known, in [0, 1]; `None` where only one view is known.
    """

    at_s: Array
    xy: Array
    weights: Array
    directions: Array
    around: Array | None = None

    def __post_init__(self) -> None:
        time = len(self.at_s)
        if (
            time == 0
            or self.xy.shape != (time, NUM_KEYPOINTS, 2)
            or self.weights.shape != (time, NUM_KEYPOINTS)
        ):
            raise ShapeError(
                f"a pose sequence needs (time, 17, 2) positions and (time, 17) weights for {time} times, "
                f"got {self.xy.shape} and {self.weights.shape}"
            )

    def __len__(self) -> int:
        return len(self.at_s)

    @property
    def duration_s(self) -> float:
        """From the first pose to the last."""
        return float(self.at_s[-1] - self.at_s[0])

    def __getitem__(self, span: slice) -> PoseSequence:
        around = None if self.around is None else self.around[span]
        return PoseSequence(self.at_s[span], self.xy[span], self.weights[span], self.directions[span], around)

    def rolled(self, by: int) -> PoseSequence:
        """The same poses, begun with another one of them, at the same times."""
        xy, weights, directions = (
            np.roll(each, by, axis=0) for each in (self.xy, self.weights, self.directions)
        )
        around = None if self.around is None else np.roll(self.around, by, axis=0)
        return PoseSequence(self.at_s, xy, weights, directions, around)

    def unweighted(self, keypoints: NDArray[np.bool_]) -> PoseSequence:
        """The same movement, in which some keypoints, ``(17,)``, weigh nothing."""
        return PoseSequence(self.at_s, self.xy, np.where(keypoints, 0.0, self.weights), self.directions)

    def mirrored(self) -> PoseSequence:
        """The same movement done on the other side: left and right exchanged, x turned round."""
        xy = self.xy[:, MIRROR] * np.array([-1.0, 1.0])
        around = self.around
        if around is not None:  # the way round the subject turns round as well as x
            around = around[:, MIRROR] * np.array([-1.0, 1.0, 1.0])
        return PoseSequence(self.at_s, xy, self.weights[:, MIRROR], bone_directions(xy), around)


def sequence_of(poses: Sequence[NormalisedPose]) -> PoseSequence:
    """The poses as one sequence; at least one."""
    if not poses:
        raise ShapeError("a pose sequence needs at least one pose, got none")
    xy = np.stack([pose.xy for pose in poses])
    return PoseSequence(
        np.array([pose.captured_at for pose in poses]),
        xy,
        np.stack([pose.weights for pose in poses]),
        bone_directions(xy),
    )
