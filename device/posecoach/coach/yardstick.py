"""What a score means: the scale between a perfect performance and none, from the reference itself.

For each keypoint the reference says three things, all in torso lengths: how far off is still perfect
(the tolerance), how far off somebody is on average who only stands in the starting pose (the zero
level), and how much it matters. A score is where a cost lies between the two levels: 100 at the
tolerance or better, 0 at the zero level or worse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.around import with_around
from posecoach.coach.routine import Step, View, keypoint_share, shown
from posecoach.coach.support import unsupported
from posecoach.coach.turning import body_rise, goes_down, other_turn_of, stands_up
from posecoach.coach.view import StepKind
from posecoach.coach.way import Way, way_to
from posecoach.motion.floor_level import risen
from posecoach.motion.pose_distance import keypoint_distances, weighted_mean
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Limb

Array = NDArray[np.float64]

LEAST_SPREAD: Final = 0.35
"""Torso lengths between perfect and nothing for one limb; a limb that rests has no zero level of its own."""
LEAST_SHARE: Final = 0.1
"""Of the reference's starting pose in a score, where the turning point's is 1."""
LEAST_COVERAGE: Final = 0.5
"""Share of what matters that must have been seen for a score."""
_RESTING: Final = 0.1  # reach of the reference between repetitions
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
        view: The side the reference is seen from.
        cues: The routine's own words, see `cue_keys`.
        other_turn: Of a movement that goes to one side, back, and to the other, the turning point that
            is not `turn`.
        rise: How far the whole body goes up, where that is what the movement is about; its poses and
            those of a performance are then `raised`. Else 0.
        unsupported: What to do where this view does not show the movement; empty where it does.
        off_deg: By how many degrees the reference was turned to be as a performance is seen.
    """

    kind: StepKind
    reference: PoseSequence
    emphasis: Array
    tolerance: Array
    zero: Array
    share: Array
    turn: int
    must_see: tuple[Limb, ...] = ()
    view: View = View.FRONT
    cues: Mapping[str, str] = field(default_factory=dict)
    other_turn: int | None = None
    rise: float = 0.0
    unsupported: str = ""
    off_deg: float = 0.0
    _ways: Mapping[int, Way] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ways = {turn: way_to(turn, self.reference, self.emphasis) for turn in self.turns}
        object.__setattr__(self, "_ways", ways)

    @property
    def turns(self) -> tuple[int, ...]:
        """The turning points, in order of time."""
        return (self.turn,) if self.other_turn is None else tuple(sorted((self.turn, self.other_turn)))

    @property
    def moving_limb(self) -> Limb | None:
        """The limb that moves while its twin rests; `None` where both do."""
        if self.rise:
            return None
        way = np.hypot(*(self.reference.xy[self.turn] - self.reference.xy[0]).T)
        known = self.reference.weights[0] * self.reference.weights[self.turn] * self.emphasis
        moved = {limb: float((way * known * _LIMB_SHARE[limb]).sum()) for limb in Limb}
        most = max(moved, key=lambda limb: moved[limb])
        return most if most is not most.twin and moved[most] > 2.0 * moved[most.twin] else None

    @property
    def on_both_feet(self) -> bool:
        """Whether it goes down and up between the feet and the hips: both legs do the same."""
        return goes_down(self.reference, self.turn) or stands_up(self.reference, self.turn)

    @property
    def middle(self) -> int:
        """Index of the rest between two turning points; the length of the reference where there is one."""
        if self.other_turn is None:
            return len(self.reference)
        first, last = self.turns
        return first + int(np.argmin(self.share[first : last + 1]))

    def begun_with(self, side: int) -> Yardstick:
        """The yardstick of somebody who does a side of the movement first: its number in `turns`."""
        if side == 0 or self.other_turn is None:
            return self
        middle, wanted = self.middle, self.reference
        rolled = wanted.rolled(-middle)
        return replace(
            self,
            reference=rolled,
            share=np.roll(self.share, -middle),
            turn=(self.turn - middle) % len(wanted),
            other_turn=(self.other_turn - middle) % len(wanted),
        )

    def ripple(self) -> float:
        """The furthest reach of the reference on its way between repetitions.

        Of a march seen from the left the right knee, hidden, moves the body a little as well.
        """
        reach = self.reaches(self.reference)
        apart = np.flatnonzero(reach <= _RESTING)
        outside = np.ones(len(reach), dtype=bool)
        for turn in self.turns:
            before, after = apart[apart < turn], apart[apart > turn]
            outside[before[-1] if len(before) else 0 : after[0] if len(after) else len(reach)] = False
        return float(reach[outside].max(initial=0.0))

    def up_to(self, index: int) -> Yardstick:
        """The yardstick of what comes before and at a pose of the reference: of who stopped there."""
        span = slice(0, index + 1)
        turn = int(np.argmax(self.share[span]))
        return replace(self, reference=self.reference[span], share=self.share[span], turn=turn)

    def half(self, side: int) -> Yardstick:
        """The yardstick of one side of the movement alone: its number in `turns`."""
        if self.other_turn is None:
            return self
        span = slice(0, self.middle + 1) if side == 0 else slice(self.middle, len(self.reference))
        turn = self.turns[side] - (span.start or 0)
        return replace(
            self, reference=self.reference[span], share=self.share[span], turn=turn, other_turn=None
        )

    def reach(self, xy: Array, weights: Array) -> float | None:
        """How far into the movement a pose is: 0 as at rest, 1 as at the turning point.

        The pose is projected onto the straight way from the one to the other; keypoints weigh by
        confidence and emphasis, and a hidden one neither adds nor subtracts. Of a movement that goes to
        one side and then to the other it is how far on the side it is on. Of one that raises the whole
        body it is the share of the rise.

        Returns:
            `None` where nothing of what moves is seen.
        """
        found = [self._reach(turn, xy, weights) for turn in self.turns]
        known = [each for each in found if each is not None]
        return max(known) if known else None

    def side(self, xy: Array, weights: Array) -> int:
        """Which of `turns` a pose is on the way to."""
        found = [self._reach(turn, xy, weights) for turn in self.turns]
        return int(np.argmax([-np.inf if each is None else each for each in found]))

    def reaches(self, sequence: PoseSequence) -> Array:
        """``(time,)`` the reach of every pose; 0 where nothing of what moves is seen."""
        if self.rise:
            risen_by = (risen(xy, weights) for xy, weights in zip(sequence.xy, sequence.weights, strict=True))
            return np.array([0.0 if each is None else each / self.rise for each in risen_by])
        found = np.stack([way.all_along(sequence) for way in self._ways.values()]).max(axis=0)
        return np.where(np.isfinite(found), found, 0.0)

    def _reach(self, turn: int, xy: Array, weights: Array) -> float | None:
        if self.rise:
            above = risen(xy, weights)
            return None if above is None else above / self.rise
        return self._ways[turn].along(xy, weights)

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
        share = _LIMB_SHARE[limb] * (self.emphasis > 0)  # what the reference does not show is not missed
        return bool(share.sum() > 0 and (share * weights).sum() >= 0.5 * share.sum())

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
    reference = with_around(view, step.views)
    tolerance, emphasis = step.tolerance(), step.emphasis() * shown(reference)
    from_rest = keypoint_distances(
        reference.xy, reference.directions, reference.xy[:1], reference.directions[:1]
    )  # (time, 17)
    if step.kind is StepKind.HOLD:
        turn, zero, share = 0, tolerance + HOLD_SPREAD, np.ones(len(reference))
    else:
        known = reference.weights * reference.weights[0]  # (time, 17); what is hidden lies anywhere
        away = weighted_mean(from_rest, known * emphasis)
        turn = int(np.argmax(away))
        share = np.maximum(away / max(away[turn], 1e-9), LEAST_SHARE)
        zero = weighted_mean(from_rest.T, (known * share[:, None]).T)
    must_see = _must_see(emphasis, view, go_down=goes_down(reference, turn))
    other = other_turn_of(reference, share, turn) if step.kind is StepKind.REPS else None
    rise = body_rise(reference, turn)
    return Yardstick(
        step.kind, reference, emphasis, tolerance, zero, share, turn, must_see, view, step.cues, other, rise,
        unsupported(step, view),
    )  # fmt: skip


def _must_see(emphasis: Array, view: View, *, go_down: bool) -> tuple[Limb, ...]:
    """The limbs that matter at least half as much as the one that matters most.

    From the side the limbs behind the body can only be guessed, and the head is hardly ever what a
    movement is about. A movement that goes down is one of the legs, whatever the arms do and hide
    meanwhile.
    """
    behind: tuple[Limb, ...] = {
        View.FRONT: (Limb.HEAD,),
        View.LEFT: (Limb.HEAD, Limb.RIGHT_ARM, Limb.RIGHT_LEG),
        View.RIGHT: (Limb.HEAD, Limb.LEFT_ARM, Limb.LEFT_LEG),
    }[view]
    if go_down:
        behind = (*behind, Limb.TRUNK, Limb.LEFT_ARM, Limb.RIGHT_ARM)
    least = 0.5 * emphasis.max()
    return tuple(
        limb
        for limb, keypoints in LIMB_KEYPOINTS.items()
        if limb not in behind and emphasis[list(keypoints)].max() >= least
    )
