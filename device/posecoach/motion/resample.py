"""One sample rate for live poses and reference."""

from __future__ import annotations

from typing import Final

import numpy as np

from posecoach.motion.normalise import NormalisedPose

SAMPLE_RATE_HZ: Final = 15.0
"""Poses per second at which a performance and its reference meet."""
LONGEST_GAP_S: Final = 0.5
"""Across a longer gap nothing is interpolated; the samples start anew behind it."""


class Resampler:
    """Turn poses at the camera's times into poses at a fixed rate, by straight lines between them."""

    def __init__(self, sample_rate_hz: float = SAMPLE_RATE_HZ) -> None:
        """Start without a past."""
        self._step_s = 1.0 / sample_rate_hz
        self._last: NormalisedPose | None = None
        self._start_s = 0.0
        self._count = 0

    def push(self, pose: NormalisedPose) -> list[NormalisedPose]:
        """Take one pose and return the samples that lie between it and the one before."""
        last, self._last = self._last, pose
        if last is None or not 0.0 < pose.captured_at - last.captured_at <= LONGEST_GAP_S:
            self._start_s, self._count = pose.captured_at, 1
            return [pose]
        samples = []
        # A microsecond of grace, so that a pose exactly on the grid is not put off by rounding.
        while (at_s := self._start_s + self._count * self._step_s) <= pose.captured_at + 1e-6:
            samples.append(between(last, pose, min(at_s, pose.captured_at)))
            self._count += 1
        return samples


def between(first: NormalisedPose, second: NormalisedPose, at_s: float) -> NormalisedPose:
    """The pose at a time between two poses; a keypoint weighs as its weaker end."""
    share = (at_s - first.captured_at) / (second.captured_at - first.captured_at)
    return NormalisedPose(
        captured_at=at_s,
        xy=first.xy + share * (second.xy - first.xy),
        weights=np.minimum(first.weights, second.weights),
        origin_xy=first.origin_xy + share * (second.origin_xy - first.origin_xy),
        torso_px=first.torso_px + share * (second.torso_px - first.torso_px),
    )
