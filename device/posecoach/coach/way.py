"""How far from the starting pose, and along the way from it to a turning point, a pose is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.pose_distance import keypoint_distances, weighted_mean
from posecoach.motion.sequence import PoseSequence

Array = NDArray[np.float64]

LEAST_SEEN: Final = 0.15
"""Share of what moves, by how far it moves, that must be seen to tell how far it has moved."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The straight way of every keypoint from the starting pose to a turning point.

    What is the same for every pose that is asked for is worked out once.

    Attributes:
        rest: ``(17, 2)`` the starting pose.
        towards: ``(17, 2)`` what each keypoint moves by, times how much it counts.
        squared: ``(17,)`` how far each moves, squared, times how much it counts.
        full: The sum of that.
    """

    rest: Array
    towards: Array
    squared: Array
    full: float

    def along(self, xy: Array, weights: Array) -> float | None:
        """A pose projected onto it: 0 at rest, 1 at the turning point; `None` where too little is seen."""
        length = float(weights @ self.squared)
        if length < LEAST_SEEN * self.full or length <= 1e-9:
            return None
        return float(np.vdot(xy - self.rest, weights[:, None] * self.towards)) / length

    def all_along(self, sequence: PoseSequence) -> Array:
        """``(time,)`` the same of many poses; infinitely low where too little is seen."""
        length = sequence.weights @ self.squared
        along = (sequence.weights * ((sequence.xy - self.rest) * self.towards).sum(axis=-1)).sum(axis=-1)
        seen = (length >= LEAST_SEEN * self.full) & (length > 1e-9)
        return np.asarray(np.divide(along, length, out=np.full_like(length, -np.inf), where=seen))


def way_to(turn: int, reference: PoseSequence, emphasis: Array) -> Way:
    """The way to a pose of a reference; a keypoint counts by emphasis, and as far as both ends show it."""
    rest, way = reference.xy[0], reference.xy[turn] - reference.xy[0]
    matters = reference.weights[0] * reference.weights[turn] * emphasis
    squared = matters * (way * way).sum(axis=-1)
    return Way(rest, matters[:, None] * way, squared, float(squared.sum()))


def from_start(reference: PoseSequence) -> Array:
    """``(time, 17)`` distance of each keypoint from where it is in the first pose, in torso lengths."""
    return keypoint_distances(reference.xy, reference.directions, reference.xy[:1], reference.directions[:1])


def displaced(reference: PoseSequence, emphasis: Array) -> Array:
    """``(time,)`` how far each pose of a reference is displaced from the first, in torso lengths.

    Directions are left out: a thigh that points at the camera turns over in the picture with a few degrees.
    """
    moved = np.hypot(*np.moveaxis(reference.xy - reference.xy[0], -1, 0))
    return weighted_mean(moved, reference.weights * reference.weights[0] * emphasis)
