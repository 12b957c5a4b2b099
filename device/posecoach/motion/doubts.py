"""When a keypoint that is somewhere else all at once is believed to be there: a vote over time.

Networks flip between two places for one keypoint, a standing foot and the other shin for example, for
frames or seconds at a time. So a place that was held for long is only given up for another that is held
for as long; and for longer if it makes a bone impossible, or short at rest.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.skeleton import NUM_KEYPOINTS, Keypoint

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SLACK: Final = 0.15
"""In torso lengths: how far networks put one keypoint from frame to frame without any movement."""
BELIEVED_S: Final = 0.1
"""How long a keypoint must stay where it jumped to before it is believed to be there."""
BELIEVED_LATE_S: Final = 1.0
"""The same where its bone came out too long or bent too far, or short by a jump and not by a movement."""
LEAST_S: Final = 0.06
"""The same where it had only just come to where it was: at the beginning no place has the older right."""
REST_SPEED: Final = 1.0
"""In torso lengths a second; what moves faster behind its jump is no wrong place that the network likes."""
_REST_SLACK: Final = 0.05


def by_part(face: float, trunk: float, elbow: float, wrist: float, knee: float, ankle: float) -> Array:
    """``(17,)`` a value for each keypoint."""
    values = np.full(NUM_KEYPOINTS, face)
    for first, value in (
        (Keypoint.LEFT_SHOULDER, trunk), (Keypoint.LEFT_HIP, trunk), (Keypoint.LEFT_ELBOW, elbow),
        (Keypoint.LEFT_WRIST, wrist), (Keypoint.LEFT_KNEE, knee), (Keypoint.LEFT_ANKLE, ankle),
    ):  # fmt: skip
        values[first : first + 2] = value
    return values


MOST_SPEED: Final = by_part(face=8.0, trunk=7.0, elbow=9.0, wrist=15.0, knee=8.0, ankle=11.0)
"""Torso lengths a second, about twice as many as metres: a fast arm raise moves the wrist at 8."""
_NEVER: Final = -1.0


class Doubts:
    """For each keypoint, for how long it was where it is believed to be, and where it is reported instead."""

    def __init__(self) -> None:
        """Start without any doubt, and without a place that has been held."""
        self._xy: Array = np.zeros((NUM_KEYPOINTS, 2))
        self._there_s: Array = np.full(NUM_KEYPOINTS, _NEVER)
        self._held_s: Array = np.zeros(NUM_KEYPOINTS)

    @property
    def pending(self) -> Mask:
        """``(17,)`` which keypoints are in doubt."""
        return self._there_s >= 0.0

    def settle(
        self, xy: Array, seen: Mask, jumped: Mask, wrong: Mask, short: Mask, scale_px: float, step_s: float
    ) -> Mask:
        """``(17,)`` which keypoints are believed to be where they are reported.

        Args:
            xy: ``(17, 2)`` in pixels.
            seen: ``(17,)`` whether each is reported at all.
            jumped: ``(17,)`` whether no movement can have taken it there.
            wrong: ``(17,)`` whether no body can have it there.
            short: ``(17,)`` whether its bone would point at the camera all at once.
            scale_px: Torso length.
            step_s: Time since the frame before.
        """
        doubted = seen & (jumped | wrong)
        believed = seen & ~doubted
        self._held_s = np.minimum(self._held_s + step_s * believed, BELIEVED_LATE_S)
        there_s = self._there_s - step_s * seen
        if doubted.any():
            moved = xy - self._xy
            moved_squared = moved[:, 0] ** 2 + moved[:, 1] ** 2
            stays = moved_squared <= ((SLACK + MOST_SPEED * step_s) * scale_px) ** 2
            rests = moved_squared <= ((_REST_SLACK + REST_SPEED * step_s) * scale_px) ** 2
            there_s = np.where(doubted, np.where(stays & self.pending, self._there_s + step_s, 0.0), there_s)
            needed_s = np.where(short & rests, BELIEVED_LATE_S, BELIEVED_S)
            needed_s = np.minimum(needed_s, np.maximum(self._held_s, LEAST_S))
            needed_s[wrong] = BELIEVED_LATE_S
            settled = doubted & (there_s >= needed_s - 1e-6)
            self._held_s = np.where(settled, there_s, self._held_s)
            there_s[settled] = _NEVER
            self._xy = np.where(doubted[:, None], xy, self._xy)
            believed = believed | settled
        self._there_s = np.where(there_s < 0.0, _NEVER, there_s)
        return believed
