"""How far poses are from every pose of one reference: the local cost of an alignment.

One number for two poses: the mean of the distances of their keypoints, weighted by how well both show
each, and by how much it matters. Sums go over the keypoints in their order, one after another, so that
the compiled way gives the same numbers to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.pose_distance import BONE_SHARE, ENDS, bone_directions
from posecoach.motion.sequence import PoseSequence

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A reference laid out for being compared with: all times of one keypoint side by side.

    Attributes:
        x: ``(17, time)`` in torso lengths.
        y: Likewise.
        weights: ``(17, time)`` times the emphasis.
        across: ``(8, time)`` x of the unit directions of the bones.
        along: Likewise y.
    """

    x: Array
    y: Array
    weights: Array
    across: Array
    along: Array


Costs: TypeAlias = Callable[[PoseSequence, Columns], Array]
"""The cost of every pose of a sequence to every pose of a reference: ``(query, reference)``."""


class LocalCost:
    """Weighted distance of poses to every pose of one reference, in torso lengths."""

    def __init__(self, reference: PoseSequence, emphasis: Array) -> None:
        """Lay out the reference.

        Args:
            reference: What poses are compared with.
            emphasis: ``(17,)``; how much each keypoint matters.
        """
        x, y = (np.ascontiguousarray(reference.xy[..., axis].T) for axis in (0, 1))
        across, along = (np.ascontiguousarray(reference.directions[..., axis].T) for axis in (0, 1))
        weights = np.ascontiguousarray((reference.weights * emphasis).T)
        self.columns = Columns(x, y, weights, across, along)
        """The reference laid out."""
        self._costs = fastest_costs()

    def column(self, xy: Array, weights: Array, directions: Array | None = None) -> Array:
        """``(time,)`` the distance of one pose to each of the reference; 0 where nothing is shown by both.

        Args:
            xy: ``(17, 2)`` normalised.
            weights: ``(17,)``.
            directions: ``(8, 2)`` its `bone_directions`, where they are known already.
        """
        if directions is None:
            directions = bone_directions(xy)
        pose = PoseSequence(np.zeros(1), xy[None], weights[None], directions[None])
        return np.asarray(self._costs(pose, self.columns)[0])

    def matrix(self, query: PoseSequence) -> Array:
        """``(query, time)`` the same of every pose of a sequence, row by row in flat memory."""
        return self._costs(query, self.columns)


def cost_matrix(query: PoseSequence, reference: PoseSequence, emphasis: Array) -> Array:
    """Weighted distance of every pose to every pose: ``(query, reference)``, row by row in flat memory."""
    return LocalCost(reference, emphasis).matrix(query)


def numpy_costs(query: PoseSequence, wanted: Columns) -> Array:
    """The costs, pose by pose."""
    cost = np.zeros((len(query), wanted.x.shape[1]))
    for row, (xy, weights, directions) in enumerate(
        zip(query.xy, query.weights, query.directions, strict=True)
    ):
        distances = _lengths(wanted.x - xy[:, :1], wanted.y - xy[:, 1:])
        chords = _lengths(wanted.across - directions[:, :1], wanted.along - directions[:, 1:])
        distances[ENDS] = 0.5 * (distances[ENDS] + BONE_SHARE * chords)
        shares = wanted.weights * weights[:, None]
        total = shares.cumsum(axis=0)[-1]  # one after another; a sum may go in another order
        distances *= shares
        np.divide(distances.cumsum(axis=0)[-1], total, out=cost[row], where=total > 1e-9)
    return cost


@cache
def fastest_costs() -> Costs:
    """The compiled way where its kernel was built for this machine, else `numpy_costs`.

    Loading it takes a moment, once.
    """
    from posecoach.motion.alignment_compiled import compiled_costs

    return compiled_costs() or numpy_costs


def _lengths(x: Array, y: Array) -> Array:
    """Of vectors, whose parts are lost."""
    x *= x
    y *= y
    x += y
    return np.asarray(np.sqrt(x, out=x))
