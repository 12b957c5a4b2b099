"""Which is left and which is right, where a network changes its mind from one frame to the next.

A pair of keypoints is exchanged where that makes of an impossible jump of both a small step of both.
Nobody but the person can say which side is which for ever: who has turned round is right to have
exchanged sides, so every exchange is given up after a while, and soon if shoulders and hips took part.
"""

from __future__ import annotations

from typing import Final

from posecoach.motion.columns import Column, Marks
from posecoach.skeleton import NUM_KEYPOINTS, Keypoint

_LEFTS: Final = tuple(range(Keypoint.LEFT_EYE, Keypoint.RIGHT_ANKLE, 2))
"""The left one of each pair; the right one is the next."""
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
CALM: Final = LEGS_CROSSED
"""In torso lengths: how near to where it is expected a keypoint raises no question."""
BETTER: Final = 0.5
"""How much nearer exchanged twins must be to where they are expected, as a share."""


class Sides:
    """Keep left and right of one person apart from frame to frame."""

    def __init__(self) -> None:
        """Start by believing every label."""
        self._exchanged: Marks = [False] * len(_LEFTS)
        self._since: Column = [0.0] * len(_LEFTS)
        self._patience_s: Column = [LIMB_PATIENCE_S] * len(_LEFTS)

    @property
    def exchanged(self) -> bool:
        """Whether any pair is held to be labelled the wrong way round."""
        return True in self._exchanged

    def order(
        self,
        at_s: float,
        x: Column,
        y: Column,
        seen: Marks,
        expected_x: Column,
        expected_y: Column,
        reach: Column,
        scale_px: float,
    ) -> tuple[list[int] | None, list[int]]:
        """Which reported keypoint is which.

        Nothing changes where all are within `CALM` of where they are expected, and none is exchanged.

        Args:
            at_s: Time of the frame.
            x: ``(17,)`` as the network labels them, in pixels.
            y: Likewise.
            seen: ``(17,)`` whether a keypoint is seen now and its place is known from before.
            expected_x: ``(17,)`` where each should be.
            expected_y: Likewise.
            reach: ``(17,)`` how far from there a movement can have taken it, in torso lengths.
            scale_px: Torso length.

        Returns:
            ``(17,)`` indices into the reported keypoints, `None` to leave all as they are; and the
            keypoints that start anew because their exchange is given up.
        """
        least = (APART * scale_px) * (APART * scale_px)
        crossed_px = LEGS_CROSSED * scale_px
        changed = []
        for pair, left in enumerate(_LEFTS):
            right = left + 1
            if not (seen[left] and seen[right]):
                continue
            first, second = (right, left) if self._exchanged[pair] else (left, right)
            left_x, left_y = expected_x[left], expected_y[left]
            right_x, right_y = expected_x[right], expected_y[right]
            as_is = max(
                _squared(x[first] - left_x, y[first] - left_y),
                _squared(x[second] - right_x, y[second] - right_y),
            )
            bound_px = min(reach[left], reach[right]) * scale_px
            if as_is <= (min(bound_px, crossed_px) if pair > _HIPS else bound_px) ** 2:
                continue  # as nearly always: a small step of both
            if (
                _squared(x[left] - x[right], y[left] - y[right]) <= least
                or _squared(left_x - right_x, left_y - right_y) <= least
            ):
                continue
            if pair > _HIPS and self._crossed(pair, x, y, left_x - right_x, left_y - right_y):
                bound_px = crossed_px
            other = max(
                _squared(x[second] - left_x, y[second] - left_y),
                _squared(x[first] - right_x, y[first] - right_y),
            )
            if as_is > bound_px * bound_px and other < BETTER * BETTER * as_is:
                changed.append(pair)
        if changed:
            body = _SHOULDERS in changed and _HIPS in changed
            for pair in changed:
                self._exchanged[pair] = not self._exchanged[pair]
                self._since[pair] = at_s
                self._patience_s[pair] = BODY_PATIENCE_S if body else LIMB_PATIENCE_S
        return self._ordered(at_s) if self.exchanged else (None, [])

    def _crossed(self, pair: int, x: Column, y: Column, gap_x: float, gap_y: float) -> bool:
        """Whether knees or ankles are the other way round than hips or knees, and were not before."""
        across_x, across_y = self._across(pair, x, y)
        above_x, above_y = self._across(pair - 1, x, y)
        return across_x * above_x + across_y * above_y < 0.0 and gap_x * above_x + gap_y * above_y > 0.0

    def _across(self, pair: int, x: Column, y: Column) -> tuple[float, float]:
        """From the right one of a pair to the left one, as the labels are taken now."""
        left = _LEFTS[pair]
        across_x, across_y = x[left] - x[left + 1], y[left] - y[left + 1]
        return (-across_x, -across_y) if self._exchanged[pair] else (across_x, across_y)

    def _ordered(self, at_s: float) -> tuple[list[int], list[int]]:
        order, anew = list(range(NUM_KEYPOINTS)), []
        for pair, left in enumerate(_LEFTS):
            if self._exchanged[pair] and at_s - self._since[pair] > self._patience_s[pair]:
                self._exchanged[pair] = False
                anew += [left, left + 1]
            if self._exchanged[pair]:
                order[left], order[left + 1] = left + 1, left
        return order, anew


def _squared(x: float, y: float) -> float:
    return x * x + y * y
