"""Where a live performance is in its reference, and how near to it each limb is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.measure import hidden_reason
from posecoach.coach.progress import LiveLimbs
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.local_cost import LocalCost
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.open_end_dtw import OpenEndDtw
from posecoach.motion.pose_distance import pose_distances
from posecoach.skeleton import Limb

Array = NDArray[np.float64]


class Follower:
    """Follow samples through a reference with open-end DTW."""

    def __init__(self, yardstick: Yardstick) -> None:
        """Start at the beginning of the reference."""
        self._yardstick = yardstick
        self._cost = LocalCost(yardstick.reference, yardstick.emphasis)
        self._dtw = OpenEndDtw(len(yardstick.reference))
        self._limbs = LiveLimbs()
        self._seen: Array = np.zeros(len(yardstick.emphasis))
        self._samples = 0
        self._known: tuple[NormalisedPose, int, Array] | None = None  # newest distances, and of what
        self.index = 0
        """Reference pose matched to the newest sample."""

    def measure_by(self, yardstick: Yardstick) -> None:
        """Go on with the same reference as it is seen from elsewhere; what was seen stays known."""
        self._yardstick = yardstick
        self._cost = LocalCost(yardstick.reference, yardstick.emphasis)
        self._known = None

    @property
    def phase(self) -> float:
        """Position in the reference, 0..1."""
        return self.index / max(len(self._yardstick.reference) - 1, 1)

    @property
    def coverage(self) -> float:
        """Share of what matters that was seen, over all samples so far; 0 before the first."""
        return self._yardstick.coverage(self.mean_weights)

    @property
    def enough(self) -> bool:
        """Whether so much was seen that there is something to judge."""
        return self._yardstick.enough(self.mean_weights)

    @property
    def hidden(self) -> str:
        """What a person should do about what was not seen."""
        return hidden_reason(self.mean_weights, self._yardstick.emphasis)

    @property
    def mean_weights(self) -> Array:
        """``(17,)`` mean weight of each keypoint over all samples so far."""
        return self._seen / max(self._samples, 1)

    def restart(self) -> None:
        """Go back to the beginning of the reference; what was seen stays known."""
        self._dtw.reset()
        self.index = 0

    def follow(self, sample: NormalisedPose) -> Array:
        """Take the next sample and move on to where it belongs.

        Returns:
            ``(time,)`` its distance to every reference pose, in torso lengths.
        """
        distances = self.distances(sample)
        self.index = self._dtw.advance(distances).reference_index
        self._note(sample)
        return distances

    def stay(self, sample: NormalisedPose) -> None:
        """Take a sample that does not move on: before and between repetitions."""
        self._note(sample)

    def cost_here(self, sample: NormalisedPose) -> float:
        """Distance of a sample to the reference pose of the moment, in torso lengths."""
        wanted = self._yardstick.reference
        weights = sample.weights * wanted.weights[self.index] * self._yardstick.emphasis
        total = float(weights.sum())
        return float((self._here(sample) * weights).sum()) / total if total > 1e-9 else 0.0

    def cost_at_start(self, sample: NormalisedPose) -> float:
        """Distance of a sample to the first reference pose, in torso lengths."""
        return float(self.distances(sample)[0])

    def nearest(self, sample: NormalisedPose) -> int:
        """The reference pose nearest to a sample, wherever it stands in the reference."""
        return int(np.argmin(self.distances(sample)))

    def limb_scores(self) -> Mapping[Limb, float | None]:
        """Live score of each limb."""
        known = self._limbs.costs_and_weights
        if known is None:
            return {}
        return self._yardstick.limb_scores(*known)

    def distances(self, sample: NormalisedPose) -> Array:
        """``(time,)`` distance of a sample to every reference pose, in torso lengths."""
        return self._cost.column(sample.xy, sample.weights)

    def _here(self, sample: NormalisedPose) -> Array:
        """``(17,)`` distance of each keypoint to the reference pose of the moment."""
        if self._known is None or self._known[0] is not sample or self._known[1] != self.index:
            distances = pose_distances(sample.xy, self._yardstick.reference.xy[self.index])
            self._known = sample, self.index, distances
        return self._known[2]

    def _note(self, sample: NormalisedPose) -> None:
        wanted = self._yardstick.reference.weights[self.index]
        self._limbs.update(self._here(sample), sample.weights * wanted)
        # Relative to the reference: what it does not show itself cannot be missed.
        self._seen += np.where(wanted > 0.3, sample.weights, 1.0)
        self._samples += 1
