"""How long one person's bones are, in torso lengths, learned while they are watched."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_K = Keypoint
UPPER: Final = np.array([_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER, _K.LEFT_HIP, _K.RIGHT_HIP], dtype=np.intp)
MIDDLE: Final = np.array([_K.LEFT_ELBOW, _K.RIGHT_ELBOW, _K.LEFT_KNEE, _K.RIGHT_KNEE], dtype=np.intp)
LOWER: Final = np.array([_K.LEFT_WRIST, _K.RIGHT_WRIST, _K.LEFT_ANKLE, _K.RIGHT_ANKLE], dtype=np.intp)
"""The three keypoints of the four limbs, from the trunk outwards."""
NEAR: Final = np.concatenate([UPPER, MIDDLE])
FAR: Final = np.concatenate([MIDDLE, LOWER])
"""``(8,)`` the ends of the bones of the limbs: the one nearer the trunk, and the one that hangs on it."""

_TYPICAL: Final = np.array([0.62, 0.62, 0.9, 0.9, 0.55, 0.55, 0.88, 0.88])
_TWIN: Final = np.array([1, 0, 3, 2, 5, 4, 7, 6], dtype=np.intp)

LONGER: Final = 1.3
"""How many times its own length a bone may seem to have: perspective, and a torso that leans away."""
SLACK: Final = 0.15
"""What is allowed beside that, in torso lengths: how far apart networks put a joint."""
SHORTENED: Final = 0.55
"""A bone that seems shorter than this share of its length points at the camera, or its end is wrong."""
FOLDED: Final = 0.94
"""Cosine of the sharpest angle (20 degrees) to which elbows and knees bend."""
_LYING: Final = 0.8
"""A bone of at least this share of its length lies in the plane of the picture: its angles are true."""


class BoneLengths:
    """The lengths of a person's limbs: what is usual at first, then more and more their own.

    A picture only ever shortens a bone, so what is kept follows a longer one within a second and a
    shorter one slowly, if it is not plainly foreshortened. Left and right are of one length.
    """

    RISE_S: Final = 1.0
    FALL_S: Final = 20.0

    def __init__(self) -> None:
        """Start with the proportions of an average adult."""
        self._own: Array = _TYPICAL.copy()

    def too_long(self, lengths: Array) -> Mask:
        """``(8,)`` whether no view could show the bones as long as that."""
        return np.asarray(lengths > LONGER * self._own + SLACK)

    def shortened(self, lengths: Array) -> Mask:
        """``(8,)`` whether the bones point at the camera or end in the wrong place."""
        return np.asarray(lengths < SHORTENED * self._own)

    def overbent(self, lengths: Array, xy: Array, scale_px: float) -> Mask:
        """``(4,)`` whether the limbs are folded further than elbows and knees go."""
        across = xy[LOWER] - xy[UPPER]
        squared = (across[:, 0] ** 2 + across[:, 1] ** 2) / scale_px**2
        one, other = lengths[:4], lengths[4:]
        lying = lengths > _LYING * self._own
        return np.asarray(lying[:4] & lying[4:] & (one**2 + other**2 - squared > 2.0 * FOLDED * one * other))

    def learn(self, lengths: Array, seen: Mask, step_s: float) -> None:
        """Take the lengths of one frame.

        Args:
            lengths: ``(8,)`` in torso lengths.
            seen: ``(8,)`` whether both ends were seen.
            step_s: Time since the frame before.
        """
        own = self._own
        longer = lengths > own
        share = np.where(longer, min(step_s / self.RISE_S, 1.0), min(step_s / self.FALL_S, 1.0))
        counts = seen & (longer | (lengths > 0.7 * own))
        own = own + np.where(counts, share * (np.minimum(lengths, 2.0 * own) - own), 0.0)
        self._own = 0.5 * (own + own[_TWIN])
