"""Whether somebody else is in the picture who might be taken for the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from posecoach.pose import PoseEstimate

LEAST_SCORE: Final = 0.3
"""Of the instance, and of a keypoint."""
FEWEST: Final = 6
"""Keypoints that make a somebody."""
AS_LARGE: Final = 0.55
"""Share of the height of the largest that somebody must have: whoever sits at the back is no rival."""
ONE_AND_THE_SAME: Final = 0.5
"""Share of the smaller one's extent that lies in the other's, from which it is one person found twice."""


@dataclass(frozen=True, slots=True)
class _Extent:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)

    def shared(self, other: _Extent) -> float:
        """The area that lies in both."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0.0 and down > 0.0 else 0.0


def others_beside(people: Sequence[PoseEstimate]) -> bool:
    """Whether a second one of about the same size is there beside the largest."""
    if len(people) < 2:
        return False
    extents = [extent for pose in people if (extent := _extent(pose)) is not None]
    if len(extents) < 2:
        return False
    largest = max(extents, key=lambda extent: extent.height)
    return any(
        other is not largest
        and other.height >= AS_LARGE * largest.height
        and largest.shared(other) < ONE_AND_THE_SAME * min(other.area, largest.area)
        for other in extents
    )


def _extent(pose: PoseEstimate) -> _Extent | None:
    seen = np.asarray(pose.keypoint_scores) >= LEAST_SCORE
    if pose.score < LEAST_SCORE or int(seen.sum()) < FEWEST:
        return None
    places = np.asarray(pose.keypoints_xy, dtype=np.float64)[seen]
    (left, top), (right, bottom) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    # A little wider: somebody from the side is a line.
    wide = 0.1 * (bottom - top)
    return _Extent(left - wide, top, right + wide, bottom)
