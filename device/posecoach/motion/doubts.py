"""When a keypoint that is somewhere else all at once is believed to be there: a vote over time.

Networks flip between two places for one keypoint, a standing foot and the other shin for example, for
frames or seconds at a time. So a place that was held for long is only given up for another that is held
for as long; and for longer if it makes a bone impossible, or short at rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from posecoach.motion.columns import Column
from posecoach.skeleton import NUM_KEYPOINTS, Keypoint

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


def by_part(face: float, trunk: float, elbow: float, wrist: float, knee: float, ankle: float) -> Column:
    """``(17,)`` a value for each keypoint."""
    values = [face] * NUM_KEYPOINTS
    for first, value in (
        (Keypoint.LEFT_SHOULDER, trunk), (Keypoint.LEFT_HIP, trunk), (Keypoint.LEFT_ELBOW, elbow),
        (Keypoint.LEFT_WRIST, wrist), (Keypoint.LEFT_KNEE, knee), (Keypoint.LEFT_ANKLE, ankle),
    ):  # fmt: skip
        values[first] = values[first + 1] = value
    return values


MOST_SPEED: Final = by_part(face=8.0, trunk=7.0, elbow=9.0, wrist=15.0, knee=8.0, ankle=11.0)
"""Torso lengths a second, about twice as many as metres: a fast arm raise moves the wrist at 8."""
_NEVER: Final = -1.0


class Doubts:
    """For each keypoint, for how long it was where it is believed to be, and where it is reported instead."""

    def __init__(self) -> None:
        """Start without any doubt, and without a place that has been held."""
        self._x: Column = [0.0] * NUM_KEYPOINTS
        self._y: Column = [0.0] * NUM_KEYPOINTS
        self._there_s: Column = [_NEVER] * NUM_KEYPOINTS
        self.held_s: Column = [0.0] * NUM_KEYPOINTS
        """``(17,)`` for how long each has been where it is believed to be."""

    @property
    def any_pending(self) -> bool:
        """Whether any keypoint is in doubt."""
        return max(self._there_s) >= 0.0

    def pending(self, keypoint: int) -> bool:
        """Whether a keypoint is in doubt."""
        return self._there_s[keypoint] >= 0.0

    def believe(self, keypoints: Sequence[int], step_s: float) -> None:
        """Take it that keypoints are where they are reported, which gives no reason for doubt."""
        held_s, there_s = self.held_s, self._there_s
        for k in keypoints:
            if held_s[k] < BELIEVED_LATE_S or there_s[k] >= 0.0:  # else there is nothing to gain
                held_s[k] = min(held_s[k] + step_s, BELIEVED_LATE_S)
                there_s[k] = there_s[k] - step_s if there_s[k] >= step_s else _NEVER

    def settle(
        self, keypoint: int, x: float, y: float, wrong: bool, short: bool, scale_px: float, step_s: float
    ) -> bool:
        """Whether a keypoint that is reported where it cannot be is believed to be there all the same.

        Args:
            keypoint: Which.
            x: Where it is reported, in pixels.
            y: Likewise.
            wrong: Whether no body can have it there; else no movement can have taken it there.
            short: Whether its bone would point at the camera all at once.
            scale_px: Torso length.
            step_s: Time since the frame before.
        """
        aside, down = x - self._x[keypoint], y - self._y[keypoint]
        moved_squared = aside * aside + down * down
        stays_px = (SLACK + MOST_SPEED[keypoint] * step_s) * scale_px
        rests_px = (_REST_SLACK + REST_SPEED * step_s) * scale_px
        stays = self._there_s[keypoint] >= 0.0 and moved_squared <= stays_px * stays_px
        there_s = self._there_s[keypoint] + step_s if stays else 0.0
        if wrong:
            needed_s = BELIEVED_LATE_S
        else:
            needed_s = BELIEVED_LATE_S if short and moved_squared <= rests_px * rests_px else BELIEVED_S
            needed_s = min(needed_s, max(self.held_s[keypoint], LEAST_S))
        self._x[keypoint], self._y[keypoint] = x, y
        if there_s < needed_s - 1e-6:
            self._there_s[keypoint] = there_s
            return False
        self._there_s[keypoint], self.held_s[keypoint] = _NEVER, there_s
        return True
