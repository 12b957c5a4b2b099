"""Somebody's own way of standing, taken before the first repetition and left out of the score.

Bodies differ: in the width of the shoulders, in how the arms hang. How the starting pose of somebody differs
from the reference's is theirs, as far as a step allows (`Step.posture`, torso lengths for each keypoint), and
is subtracted from all that follows. What is beyond that is not posture but a fault, and so is whatever comes
after the first repetition: whoever slouches later is told.

Where a movement only lifts the body, as a heel raise does, and by less than legs differ in length, so does
the build: how long their arms and legs are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import BONES, bone_directions
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

CALMED_S: Final = 0.3
"""Over how long the pose of somebody who waits is averaged."""
RESTED_S: Final = 0.5
"""How long before the first repetition the starting pose is looked at."""
BUILD: Final = 0.2
"""Share of its length that a bone of another body may be longer or shorter by."""
_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]


class OwnPosture:
    """Learn somebody's starting pose while they wait, and keep it from the first repetition on."""

    def __init__(self, start_xy: Array, allowed: float, *, build: bool = False) -> None:
        """Start with the posture of the reference.

        Args:
            start_xy: ``(17, 2)`` the reference's starting pose.
            allowed: How far each keypoint may be from it, in torso lengths; 0 keeps the reference's.
            build: Whether arms and legs may be longer or shorter.
        """
        self._start_xy = start_xy
        self._allowed = allowed
        self._build = build
        self._calm_xy: Array | None = None
        self._at_s = 0.0
        self._kept = allowed <= 0.0 and not build
        self._offset: Array = np.zeros_like(start_xy)

    @property
    def offset(self) -> Array:
        """``(17, 2)`` what is theirs, in torso lengths."""
        return self._offset

    @property
    def kept(self) -> bool:
        """Whether it does not change any more."""
        return self._kept

    def wait(self, sample: NormalisedPose) -> None:
        """Take a sample of somebody who has not set out yet; nothing after `keep`."""
        if self._kept:
            return
        if self._calm_xy is None:
            self._calm_xy = sample.xy.copy()
        else:
            gain = 1.0 - np.exp(-(sample.captured_at - self._at_s) / CALMED_S)
            self._calm_xy += gain * sample.weights[:, None] * (sample.xy - self._calm_xy)
        self._at_s = sample.captured_at
        self._offset = self._theirs(self._calm_xy)

    def keep(self, rest: PoseSequence) -> None:
        """Take the samples up to the first repetition, and believe them from now on."""
        if self._kept:
            return
        self._kept = True
        rested = rest.at_s >= rest.at_s[-1] - RESTED_S
        rest_xy = np.median(rest.xy[rested], axis=0)
        self._offset = self._theirs(rest_xy)

    def out_of(self, sample: NormalisedPose) -> NormalisedPose:
        """The sample as somebody with the reference's posture would have done it."""
        return replace(sample, xy=sample.xy - self._offset) if self._offset.any() else sample

    def _theirs(self, own_xy: Array) -> Array:
        if self._build:  # how high somebody is tells of a rise that has begun, and of no posture
            own_xy = own_xy + (self._start_xy - own_xy)[_HIPS].mean(axis=0)
        built = built_offset(own_xy, self._start_xy) if self._build else np.zeros_like(own_xy)
        return built + allowed_offset(own_xy - built, self._start_xy, self._allowed)


def built_offset(own_xy: Array, start_xy: Array) -> Array:
    """``(17, 2)`` where a starting pose would have arms and legs as long as those of another."""
    offset = np.zeros_like(start_xy)
    for start, end in BONES:  # from the trunk outwards
        bone, own = start_xy[end] - start_xy[start], own_xy[end] - own_xy[start]
        length = max(float(np.hypot(*bone)), 1e-9)
        longer = np.clip(float(np.hypot(*own)) / length - 1.0, -BUILD, BUILD)
        offset[end] = offset[start] + longer * bone
    return offset


def allowed_offset(own_xy: Array, start_xy: Array, allowed: float) -> Array:
    """``(17, 2)`` how a pose differs from a starting pose, each keypoint by no more than is allowed."""
    apart = own_xy - start_xy
    length = np.hypot(apart[:, 0], apart[:, 1])
    return np.asarray(apart * np.minimum(1.0, allowed / np.maximum(length, 1e-9))[:, None])


def shifted(sequence: PoseSequence, offset: Array) -> PoseSequence:
    """The sequence with a ``(17, 2)`` posture taken out of every pose."""
    if not offset.any():
        return sequence
    xy = sequence.xy - offset
    return PoseSequence(sequence.at_s, xy, sequence.weights, bone_directions(xy))
