"""From the poses of a frame to samples of one person's movement.

Choose, repair, smooth, normalise, resample.

Live, replay and learning a routine all look through this, so that a reference and a performance
have gone the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.person import PersonChoice
from posecoach.motion.normalise import (
    NormalisedPose,
    TorsoScale,
    keypoint_weights,
    normalise,
    torso,
)
from posecoach.motion.one_euro import OneEuroFilter
from posecoach.motion.repair import Repair, Standing
from posecoach.motion.resample import Resampler
from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS

Array = NDArray[np.float64]

SOME_TORSO_PX: Final = 100.0
"""The length of a torso until one is seen."""
_ALL_MEASURED: Final = np.full(NUM_KEYPOINTS, Standing.MEASURED, dtype=np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Percept:
    """One person at one moment.

    Attributes:
        keypoints_xy: ``(17, 2)`` smoothed, in frame pixels.
        weights: ``(17,)`` in [0, 1]; 0 where absent, less than measured where uncertain.
        pose: The normalised pose; `None` where neither shoulder or neither hip is seen.
        samples: Normalised poses at the common rate since the frame before, oldest first.
        standing: ``(17,)`` int8, whether each keypoint is measured, uncertain or absent: a `Standing`.
        measured: The pose it was made from, as the network saw it; `None` where nothing was.
    """

    keypoints_xy: Array
    weights: Array
    pose: NormalisedPose | None
    samples: tuple[NormalisedPose, ...]
    standing: NDArray[np.int8] = field(default_factory=lambda: _ALL_MEASURED)
    measured: PoseEstimate | None = None


class Perception:
    """Follow one person through the frames."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._choice = PersonChoice()
        self._torso_px: float | None = None
        self._forget()

    @property
    def unsure(self) -> str | None:
        """Why nobody was chosen in the latest frame though somebody is in view; `None` if that is clear."""
        return self._choice.unsure

    def perceive(
        self, at_s: float, poses: Sequence[PoseEstimate], wh: tuple[int, int] | None = None
    ) -> Percept | None:
        """Take the poses of one frame; `None` while nobody is in view, or nobody knows who is the person.

        Keypoints are rounded to a hundredth of a pixel and their scores to four decimals first, as a
        stored track has them: live and replayed, the same frames give the same numbers.

        Args:
            at_s: When the frame was taken; later than the one before.
            poses: Everybody found in it, as `PoseEstimate.within` gives them.
            wh: Size of the frame, so that who stands in its middle is preferred at first.
        """
        chosen = self._choice.choose(at_s, poses, wh)
        if chosen is None:
            return None
        if self._choice.newcomer:
            self._forget()
        xy = np.asarray(chosen.keypoints_xy, dtype=np.float64).round(2)
        weights = np.array(keypoint_weights(chosen.keypoint_scores.round(4).tolist()))
        if self._torso_px is None:
            found = torso(xy, weights)
            self._torso_px = found[1] if found else None
        repaired = self._repair.repair(at_s, xy, weights, self._torso_px or SOME_TORSO_PX)
        weights = repaired.weights
        smooth_xy = self._filter.smooth(
            at_s, repaired.xy, weights > 0, self._torso_px or SOME_TORSO_PX, repaired.anew
        )
        found = torso(smooth_xy, weights)
        if found is None:
            return Percept(smooth_xy, weights, None, (), repaired.standing, chosen)
        origin_xy, length_px = found
        scale_px = self._scale.update(at_s, length_px, smooth_xy, weights)
        self._torso_px = scale_px
        pose = normalise(at_s, smooth_xy, weights, origin_xy, scale_px)
        samples = tuple(self._resampler.push(pose))
        return Percept(smooth_xy, weights, pose, samples, repaired.standing, chosen)

    def _forget(self) -> None:
        """What is known of one person's place, size and speed says nothing of the next."""
        self._filter = OneEuroFilter()
        self._scale = TorsoScale()
        self._resampler = Resampler()
        self._repair = Repair()
        self._torso_px = None
