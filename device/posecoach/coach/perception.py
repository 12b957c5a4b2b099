"""From the poses of a frame to samples of one person's movement: choose, smooth, normalise, resample.

Live, replay and learning a routine all look through this, so that a reference and a performance
have gone the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.person import PersonChoice
from posecoach.motion.normalise import (
    NormalisedPose,
    TorsoScale,
    confidence_weights,
    normalise,
    torso,
)
from posecoach.motion.one_euro import OneEuroFilter
from posecoach.motion.resample import Resampler
from posecoach.pose import PoseEstimate

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Percept:
    """One person at one moment.

    Attributes:
        keypoints_xy: ``(17, 2)`` smoothed, in frame pixels.
        weights: ``(17,)`` in [0, 1].
        pose: The normalised pose; `None` where neither shoulder or neither hip is seen.
        samples: Normalised poses at the common rate since the frame before, oldest first.
    """

    keypoints_xy: Array
    weights: Array
    pose: NormalisedPose | None
    samples: tuple[NormalisedPose, ...]


class Perception:
    """Follow one person through the frames."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._choice = PersonChoice()
        self._torso_px = 0.0
        self._forget()

    def perceive(self, at_s: float, poses: Sequence[PoseEstimate]) -> Percept | None:
        """Take the poses of one frame; `None` while nobody is in view.

        Keypoints are rounded to a hundredth of a pixel and their scores to four decimals first, as a
        stored track has them: live and replayed, the same frames give the same numbers.

        Args:
            at_s: When the frame was taken; later than the one before.
            poses: Everybody found in it, as `PoseEstimate.within` gives them.
        """
        chosen = self._choice.choose(at_s, poses)
        if chosen is None:
            return None
        if self._choice.newcomer:
            self._forget()
        xy = np.asarray(chosen.keypoints_xy, dtype=np.float64).round(2)
        weights = confidence_weights(chosen.keypoint_scores.round(4))
        found = torso(xy, weights)
        self._torso_px = found[1] if found else self._torso_px
        smooth_xy = self._filter.smooth(at_s, xy, weights > 0, self._torso_px)
        found = torso(smooth_xy, weights)
        if found is None:
            return Percept(smooth_xy, weights, None, ())
        origin_xy, length_px = found
        scale_px = self._scale.update(at_s, length_px, smooth_xy, weights)
        pose = normalise(at_s, smooth_xy, weights, origin_xy, scale_px)
        return Percept(smooth_xy, weights, pose, tuple(self._resampler.push(pose)))

    def _forget(self) -> None:
        """What is known of one person's place, size and speed says nothing of the next."""
        self._filter = OneEuroFilter()
        self._scale = TorsoScale()
        self._resampler = Resampler()
        self._torso_px = 100.0  # until a torso is seen
