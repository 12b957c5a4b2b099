"""Whether what a child answers can be believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ModelError, PosecoachError
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate

FAR_OUTSIDE: Final = 1.0
"""A keypoint may lie outside the picture, but not further than this, in pictures."""
SAME_PX: Final = 2.0
SAME_SCORE: Final = 0.05
JUMP: Final = 0.25
"""Nobody's whole body moves further than this from one frame to the next, in heights of the picture."""
NEXT_FRAME_S: Final = 0.2
BLACK: Final = 12
"""No pixel of a black picture is brighter; a sensor's noise in a dark room is."""

_EVERY: Final = 16  # of the pixels looked at, each way


class Nonsense(PosecoachError, ValueError):
    """A part answers, but what it says cannot be true."""


def require_sane(poses: Sequence[PoseEstimate], wh: tuple[int, int]) -> None:
    """Say so where poses are not of a picture of this size.

    Shapes, finite numbers and scores within [0, 1] are seen to by `PoseEstimate`.

    Raises:
        Nonsense: A keypoint is far outside, or the best person is not the first.
    """
    size = np.asarray(wh, dtype=float)
    for pose in poses:
        if (np.abs(pose.keypoints_xy / size - 0.5) > 0.5 + FAR_OUTSIDE).any():
            raise Nonsense(f"keypoints are far outside the picture of {wh[0]} x {wh[1]} pixels")
    scores = [pose.score for pose in poses]
    if scores != sorted(scores, reverse=True):
        raise Nonsense(f"the people found are not in order of their scores: {scores[:4]}")


def same_answer(one: Sequence[PoseEstimate], other: Sequence[PoseEstimate]) -> bool:
    """Whether two answers to one picture agree, but for what the order of additions makes of them."""
    return len(one) == len(other) and all(
        np.abs(a.keypoints_xy - b.keypoints_xy).max() <= SAME_PX and abs(a.score - b.score) <= SAME_SCORE
        for a, b in zip(one, other, strict=True)
    )


def known_picture() -> NDArray[np.uint8]:
    """A picture that is the same every time: light and dark patches on a gradient, ``(180, 320, 3)``."""
    rows, columns = np.mgrid[0:180, 0:320]
    grey = rows // 2 + columns // 4 + 60 * ((rows // 20 + columns // 20) % 2)
    return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)


def known_frame(picture: NDArray[np.uint8]) -> Frame:
    """`picture` as a frame that no estimator takes for the one after another."""
    return Frame(0, 0.0, picture)


class Doubt:
    """Watches the best person of each frame for leaps that no body makes."""

    def __init__(self, after: int = 3) -> None:
        """Doubt after so many leaps in a row."""
        self._after = after
        self._leaps = 0
        self._last: tuple[float, NDArray[np.floating]] | None = None

    def doubts(self, at_s: float, poses: Sequence[PoseEstimate], wh: tuple[int, int]) -> bool:
        """Whether the answers so far, with this one, call for a question whose answer is known."""
        last, self._last = self._last, (at_s, poses[0].keypoints_xy) if poses else None
        if last is None or self._last is None or not 0 < at_s - last[0] < NEXT_FRAME_S:
            self._leaps = 0
            return False
        moved = float(np.median(np.hypot(*(self._last[1] - last[1]).T)))
        self._leaps = self._leaps + 1 if moved > JUMP * wh[1] else 0
        return self._leaps >= self._after

    def forget(self) -> None:
        """What was seen before says nothing of what comes."""
        self._last, self._leaps = None, 0


def is_black(image: NDArray[np.uint8]) -> bool:
    """Whether a picture shows nothing at all."""
    return int(image[::_EVERY, ::_EVERY].max()) <= BLACK


def require_known(answer: Sequence[PoseEstimate], expected: Sequence[PoseEstimate], model_id: str) -> None:
    """Say so where a known picture is not answered as before.

    Raises:
        ModelError: It is answered otherwise.
    """
    if not same_answer(answer, expected):
        raise ModelError(
            f"{model_id} sees {len(answer)} people in a picture where it saw {len(expected)} before, or sees "
            "them elsewhere: what it says is not to be believed"
        )
