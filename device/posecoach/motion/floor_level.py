"""How far the whole body is above where it stands: what a pose measured from its own hips cannot tell.

Somebody who rises onto the toes hardly changes shape; everything goes up in the picture together. The
camera stands still, so the rise is seen against where the same person was a moment before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import LONGEST_GAP_S
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

SINK_S: Final = 0.3
"""Time in which the level follows a body that is lower: soles on the floor are as low as one stands."""
RISE_S: Final = 20.0
"""And one that is higher: far longer than anybody stays up in a repetition."""
DRIFT_S: Final = 5.0
"""Time in which place and size are followed."""
MOVED_ON: Final = 0.4
"""Torso lengths to the side, from which somebody has gone to stand elsewhere."""
RESIZED: Final = 0.05
"""Share of its size, from which somebody has come nearer or gone further away."""
ALIKE: Final = 0.05
"""Torso lengths that shoulders, hips and ankles may differ by and still have risen together."""
SETTLE_S: Final = 0.1
"""Time in which a rise is believed: the least of several noisy ones is noisier than each."""
SEEN: Final = 0.3
"""Least weight of a keypoint that is measured by."""

_SHOULDERS: Final = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
_ANKLES: Final = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]


class FloorLevel:
    """Where shoulders, hips and each ankle of one person are while they stand on their soles.

    The body has risen as far as they all have, less what they differ by beyond that: getting up from a
    squat lifts no ankle, lifting a foot no other, and in going away from the camera the feet rise in the
    picture and the shoulders do not.
    """

    def __init__(self) -> None:
        """Start before the first pose."""
        self._at_s = 0.0
        self._level_px: Array | None = None  # (4,) shoulders, hips, left ankle, right ankle
        self._x_px = self._torso_px = 0.0
        self._rise = 0.0

    @property
    def risen(self) -> float:
        """How far the body was above the level in the latest pose, in torso lengths."""
        return self._rise

    def rise(self, pose: NormalisedPose) -> float:
        """Take the next pose; how far its body is above the level, in torso lengths, not negative.

        Where no ankle is seen it stays what it was.
        """
        heights_px, seen = _heights_px(pose)
        elapsed_s, self._at_s = pose.captured_at - self._at_s, pose.captured_at
        if self._level_px is None or elapsed_s > LONGEST_GAP_S or self._elsewhere(pose):
            self._level_px, self._rise = heights_px, 0.0
            self._x_px, self._torso_px = float(pose.origin_xy[0]), pose.torso_px
            return self._rise
        if not seen[2:].any():
            return self._rise
        unknown = np.isnan(self._level_px)
        self._level_px = np.where(unknown, heights_px, self._level_px)
        risen_px = self._level_px - heights_px
        gain = 1.0 - np.exp(-elapsed_s / np.where(risen_px > 0, RISE_S, SINK_S))
        self._level_px = np.where(seen, self._level_px - gain * risen_px, self._level_px)
        follow = 1.0 - np.exp(-elapsed_s / DRIFT_S)
        self._x_px += follow * (float(pose.origin_xy[0]) - self._x_px)
        self._torso_px += follow * (pose.torso_px - self._torso_px)
        risen = risen_px[seen] / pose.torso_px
        least, apart = float(risen.min()), float(np.ptp(risen))
        now = max(least - max(apart - max(least, ALIKE), 0.0), 0.0)
        self._rise += (1.0 - np.exp(-elapsed_s / SETTLE_S)) * (now - self._rise)
        return self._rise

    def raised(self, pose: NormalisedPose) -> NormalisedPose:
        """Take the next pose; the same with its hips as far above the origin as the body has risen."""
        return raised(pose, self.rise(pose))

    def _elsewhere(self, pose: NormalisedPose) -> bool:
        aside = abs(float(pose.origin_xy[0]) - self._x_px)
        return (
            aside > MOVED_ON * pose.torso_px or abs(pose.torso_px - self._torso_px) > RESIZED * self._torso_px
        )


def raised(pose: NormalisedPose, rise: float) -> NormalisedPose:
    """A pose with its hips so many torso lengths above the origin, and all else with them."""
    return replace(pose, xy=pose.xy - np.array([0.0, rise]))


def rises_of(poses: Sequence[NormalisedPose]) -> Array:
    """``(time,)`` the rise of each of some poses in a row, the first of which stands on its soles."""
    level = FloorLevel()
    return np.array([level.rise(pose) for pose in poses])


def risen(xy: Array, weights: Array) -> float | None:
    """How far a `raised` pose is above its level, in torso lengths; `None` where no ankle is seen."""
    total = float(weights[_HIPS].sum())
    if total <= 0.0 or weights[_ANKLES].max() < SEEN:
        return None
    return -float((weights[_HIPS] * xy[_HIPS, 1]).sum()) / total


def _heights_px(pose: NormalisedPose) -> tuple[Array, NDArray[np.bool_]]:
    """``(4,)`` y in the picture, NaN where unknown, and whether each is seen; y grows downwards."""
    shoulders, ankles = pose.weights[_SHOULDERS], pose.weights[_ANKLES]
    middle = (shoulders * pose.xy[_SHOULDERS, 1]).sum() / max(float(shoulders.sum()), 1e-9)
    y = np.array([middle, 0.0, *pose.xy[_ANKLES, 1]])
    seen = np.array([shoulders.max() >= SEEN, True, *(ankles >= SEEN)])
    return np.where(seen, pose.origin_xy[1] + y * pose.torso_px, np.nan), seen
