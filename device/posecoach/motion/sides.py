"""Which is left and which is right, where a network changes its mind from one frame to the next.

A pair of keypoints is exchanged where that makes of an impossible jump of both a small step of both.
Nobody but the person can say which side is which for ever: who has turned round is right to have
exchanged sides, so every exchange is given up after a while, and soon if shoulders and hips took part.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEFT: Final = np.arange(Keypoint.LEFT_EYE, Keypoint.RIGHT_ANKLE, 2, dtype=np.intp)
RIGHT: Final = LEFT + 1
_SHOULDERS: Final = (Keypoint.LEFT_SHOULDER - 1) // 2
_HIPS: Final = (Keypoint.LEFT_HIP - 1) // 2

LIMB_PATIENCE_S: Final = 1.5
"""How long the labels of one pair are held against the network."""
BODY_PATIENCE_S: Final = 0.4
"""The same where shoulders and hips changed sides at once: then it is the network's idea of where the
person faces that has changed, and the newer one is as good as the older."""
APART: Final = 0.1
"""In torso lengths: closer twins cannot be told apart, and need not be."""
LEGS_CROSSED: Final = 0.15
"""In torso lengths: how far both must have gone to be exchanged although a movement can have taken them
there, if it takes crossed legs to explain it."""
BETTER: Final = 0.5
"""How much nearer exchanged twins must be to where they are expected, as a share."""


class Sides:
    """Keep left and right of one person apart from frame to frame."""

    def __init__(self) -> None:
        """Start by believing every label."""
        self._exchanged: Mask = np.zeros(len(LEFT), dtype=bool)
        self._since: Array = np.zeros(len(LEFT))
        self._patience_s: Array = np.full(len(LEFT), LIMB_PATIENCE_S)

    def order(
        self, at_s: float, xy: Array, seen: Mask, expected_xy: Array, reach: Array, scale_px: float
    ) -> tuple[NDArray[np.intp] | None, Mask | None]:
        """Which reported keypoint is which.

        Args:
            at_s: Time of the frame.
            xy: ``(17, 2)`` as the network labels them, in pixels.
            seen: ``(17,)`` whether a keypoint is seen now and its place is known from before.
            expected_xy: ``(17, 2)`` where each should be.
            reach: ``(17,)`` how far from there a movement can have taken it, in torso lengths.
            scale_px: Torso length.

        Returns:
            ``(17,)`` indices into the reported keypoints, `None` to leave all as they are; and
            ``(17,)`` which keypoints start anew because their exchange is given up, `None` for none.
        """
        apart = xy[LEFT] - xy[RIGHT]
        gap = expected_xy[LEFT] - expected_xy[RIGHT]
        least = (APART * scale_px) ** 2
        tested = (
            seen[LEFT]
            & seen[RIGHT]
            & (apart[:, 0] ** 2 + apart[:, 1] ** 2 > least)
            & (gap[:, 0] ** 2 + gap[:, 1] ** 2 > least)
        )
        if not tested.any():
            return self._ordered(at_s)
        left, right = xy[LEFT], xy[RIGHT]
        first = np.where(self._exchanged[:, None], right, left)
        second = np.where(self._exchanged[:, None], left, right)
        as_is = np.maximum(_squared(first - expected_xy[LEFT]), _squared(second - expected_xy[RIGHT]))
        other = np.maximum(_squared(second - expected_xy[LEFT]), _squared(first - expected_xy[RIGHT]))
        bound = np.minimum(reach[LEFT], reach[RIGHT])
        legs = (first - second)[_HIPS:]
        across = (legs[1:] * legs[:-1]).sum(axis=1) < 0.0
        uncrossed = (gap[_HIPS + 1 :] * legs[:-1]).sum(axis=1) > 0.0
        bound[_HIPS + 1 :] = np.where(across & uncrossed, LEGS_CROSSED, bound[_HIPS + 1 :])
        bound = (bound * scale_px) ** 2
        changed = tested & (as_is > bound) & (other < BETTER**2 * as_is)
        if changed.any():
            self._exchanged = self._exchanged ^ changed
            body = changed[_SHOULDERS] and changed[_HIPS]
            self._since = np.where(changed, at_s, self._since)
            self._patience_s = np.where(
                changed, BODY_PATIENCE_S if body else LIMB_PATIENCE_S, self._patience_s
            )
        return self._ordered(at_s)

    def _ordered(self, at_s: float) -> tuple[NDArray[np.intp] | None, Mask | None]:
        exchanged = self._exchanged
        if not exchanged.any():
            return None, None
        anew: Mask | None = None
        given_up = exchanged & (at_s - self._since > self._patience_s)
        if given_up.any():
            exchanged = self._exchanged = exchanged & ~given_up
            anew = np.zeros(1 + 2 * len(LEFT), dtype=bool)
            anew[LEFT] = anew[RIGHT] = given_up
        order = np.arange(1 + 2 * len(LEFT), dtype=np.intp)
        order[LEFT] += exchanged
        order[RIGHT] -= exchanged
        return order, anew


def _squared(vectors: Array) -> Array:
    return np.asarray(vectors[:, 0] ** 2 + vectors[:, 1] ** 2)
