"""What a score means: the scale between a perfect performance and none, from the reference itself.

For each keypoint the reference says three things, all in torso lengths: how far off is still perfect
(the tolerance), how far off somebody is on average who only stands in the starting pose (the zero
level), and how much it matters. A score is where a cost lies between the two levels: 100 at the
tolerance or better, 0 at the zero level or worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.routine import Step, View, keypoint_share
from posecoach.coach.view import StepKind
from posecoach.motion.pose_distance import keypoint_distances
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, Limb

Array = NDArray[np.float64]

LEAST_SPREAD: Final = 0.35
"""Torso lengths between perfect and nothing for one limb; a limb that rests has no zero level of its own."""
HOLD_SPREAD: Final = 0.6
"""The same for a held pose, which has no movement to compare standing still with."""


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """How one step is measured in one view.

    Attributes:
        kind: How the step is counted.
        reference: What is to be done.
        emphasis: ``(17,)`` how much each keypoint matters.
        tolerance: ``(17,)`` torso lengths that are still perfect.
        zero: ``(17,)`` mean distance of somebody who only stands in the starting pose.
        turn: Index of the reference pose that is furthest from the starting pose.
    """

    kind: StepKind
    reference: PoseSequence
    emphasis: Array
    tolerance: Array
    zero: Array
    turn: int

    def reach(self, xy: Array, weights: Array) -> float | None:
        """How far into the movement a pose is: 0 as at rest, 1 as at the turning point.

        The pose is projected onto the straight way from the one to the other; keypoints weigh by
        confidence and emphasis, and a hidden one neither adds nor subtracts.

        Returns:
            `None` where nothing of what moves is seen.
        """
        rest, way = self.reference.xy[0], self.reference.xy[self.turn] - self.reference.xy[0]
        known = weights * self.reference.weights[0] * self.reference.weights[self.turn] * self.emphasis
        length = float((known * (way * way).sum(axis=-1)).sum())
        full = float((self.emphasis * (way * way).sum(axis=-1)).sum())
        if length < 0.15 * full or length <= 1e-9:
            return None
        return float((known * ((xy - rest) * way).sum(axis=-1)).sum()) / length

    def score(self, costs: Array, weights: Array) -> float | None:
        """Score of mean distances.

        Args:
            costs: ``(17,)`` mean distance of each keypoint.
            weights: ``(17,)`` how well each was seen.

        Returns:
            0..100; `None` where nothing that matters was seen.
        """
        return self._score(
            costs, weights * self.emphasis, lambda zero, tolerance: max(zero - tolerance, 0.5 * tolerance)
        )

    def limb_score(self, limb: Limb, costs: Array, weights: Array) -> float | None:
        """The same for one limb, `None` where less than half of it was seen."""
        share = np.zeros(len(costs))
        keypoints = list(LIMB_KEYPOINTS[limb])
        share[keypoints] = keypoint_share()[keypoints]
        if (share * weights).sum() < 0.5 * share.sum():
            return None
        return self._score(
            costs, share * weights, lambda zero, tolerance: max(zero - tolerance, LEAST_SPREAD)
        )

    def keypoint_scores(self, costs: Array, weights: Array) -> list[float | None]:
        """The same for each keypoint alone."""
        spread = np.maximum(self.zero - self.tolerance, LEAST_SPREAD)
        shares = np.clip(1.0 - (costs - self.tolerance) / spread, 0.0, 1.0)
        return [
            100.0 * float(share) if weight >= 0.3 else None
            for share, weight in zip(shares, weights, strict=True)
        ]

    def coverage(self, weights: Array) -> float:
        """Share of what matters that was seen, 0..1, given each keypoint's mean weight."""
        return float((self.emphasis * weights).sum() / self.emphasis.sum())

    def _score(
        self, costs: Array, weights: Array, spread_of: Callable[[float, float], float]
    ) -> float | None:
        total = weights.sum()
        if total <= 1e-9:
            return None
        cost, tolerance, zero = (
            float((weights * each).sum() / total) for each in (costs, self.tolerance, self.zero)
        )
        return 100.0 * float(np.clip(1.0 - (cost - tolerance) / spread_of(zero, tolerance), 0.0, 1.0))


def yardstick(step: Step, view: View) -> Yardstick:
    """The yardstick of a step in one of its views."""
    reference = step.views[view]
    tolerance = step.tolerance()
    from_rest = keypoint_distances(
        reference.xy, reference.directions, reference.xy[:1], reference.directions[:1]
    )  # (time, 17)
    if step.kind is StepKind.HOLD:
        return Yardstick(step.kind, reference, step.emphasis(), tolerance, tolerance + HOLD_SPREAD, 0)
    turn = int(np.argmax((from_rest * step.emphasis()).sum(axis=-1)))
    return Yardstick(step.kind, reference, step.emphasis(), tolerance, from_rest.mean(axis=0), turn)
