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

from posecoach.coach.routine import Step, View, keypoint_share, shown
from posecoach.coach.view import StepKind
from posecoach.motion.pose_distance import keypoint_distances
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Limb

Array = NDArray[np.float64]

LEAST_SPREAD: Final = 0.35
"""Torso lengths between perfect and nothing for one limb; a limb that rests has no zero level of its own."""
LEAST_SHARE: Final = 0.1
"""Of the reference's starting pose in a score, where the turning point's is 1."""
LEAST_COVERAGE: Final = 0.5
"""Share of what matters that must have been seen for a score."""
HOLD_SPREAD: Final = 0.6
"""The same for a held pose, which has no movement to compare standing still with."""


_LIMB_SHARE: Final = {
    limb: np.where(np.isin(np.arange(NUM_KEYPOINTS), keypoints), keypoint_share(), 0.0)
    for limb, keypoints in LIMB_KEYPOINTS.items()
}


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """How one step is measured in one view.

    Attributes:
        kind: How the step is counted.
        reference: What is to be done.
        emphasis: ``(17,)`` how much each keypoint matters; 0 for what the reference does not show.
        tolerance: ``(17,)`` torso lengths that are still perfect.
        zero: ``(17,)`` mean distance of somebody who only stands in the starting pose.
        share: ``(time,)`` how much each reference pose tells: the more, the further it is from the
            starting pose, which everybody is good at.
        turn: Index of the reference pose that is furthest from the starting pose.
        must_see: The limbs without which there is nothing to judge.
    """

    kind: StepKind
    reference: PoseSequence
    emphasis: Array
    tolerance: Array
    zero: Array
    share: Array
    turn: int
    must_see: tuple[Limb, ...] = ()

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
        share = _LIMB_SHARE[limb]
        if not self._saw(limb, weights):
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

    def enough(self, weights: Array) -> bool:
        """Whether so much was seen, given each keypoint's mean weight, that there is something to judge."""
        return self.coverage(weights) >= LEAST_COVERAGE and all(
            self._saw(limb, weights) for limb in self.must_see
        )

    def _saw(self, limb: Limb, weights: Array) -> bool:
        share = _LIMB_SHARE[limb]
        return bool((share * weights).sum() >= 0.5 * share.sum())

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
    tolerance, emphasis = step.tolerance(), step.emphasis() * shown(reference)
    from_rest = keypoint_distances(
        reference.xy, reference.directions, reference.xy[:1], reference.directions[:1]
    )  # (time, 17)
    if step.kind is StepKind.HOLD:
        turn, zero, share = 0, tolerance + HOLD_SPREAD, np.ones(len(reference))
    else:
        away = (from_rest * emphasis).sum(axis=-1)
        turn = int(np.argmax(away))
        share = np.maximum(away / max(away[turn], 1e-9), LEAST_SHARE)
        zero = np.average(from_rest, axis=0, weights=share)
    return Yardstick(step.kind, reference, emphasis, tolerance, zero, share, turn, _must_see(emphasis, view))


def _must_see(emphasis: Array, view: View) -> tuple[Limb, ...]:
    """The limbs that matter at least half as much as the one that matters most.

    From the side the limbs behind the body can only be guessed, and the head is hardly ever what a
    movement is about.
    """
    behind = {
        View.FRONT: (Limb.HEAD,),
        View.LEFT: (Limb.HEAD, Limb.RIGHT_ARM, Limb.RIGHT_LEG),
        View.RIGHT: (Limb.HEAD, Limb.LEFT_ARM, Limb.LEFT_LEG),
    }[view]
    least = 0.5 * emphasis.max()
    return tuple(
        limb
        for limb, keypoints in LIMB_KEYPOINTS.items()
        if limb not in behind and emphasis[list(keypoints)].max() >= least
    )
