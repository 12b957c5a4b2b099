"""What a score means: the scale between a perfect performance and none, from the reference itself.

For each keypoint the reference says three things, all in torso lengths: how far off is still perfect
(the tolerance), how far off somebody is on average who only stands in the starting pose (the zero
level), and how much it matters. A score is where a cost lies between the two: 100 at the tolerance or
better, next to nothing at the zero level, to which what rests adds a size that is the same for all steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.doubted import trust
from posecoach.coach.points import limb_points, points
from posecoach.coach.routine import TOLERANCE_FLOOR, View, keypoint_share
from posecoach.coach.turning import goes_down, stands_up
from posecoach.coach.view import StepKind
from posecoach.coach.way import Way, from_start, way_to
from posecoach.motion.floor_level import risen
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Limb

Array = NDArray[np.float64]

MOVING_SHARE: Final = 0.6
"""Of how far a keypoint moves on average, how much nobody does twice alike."""
MOST_SHARE: Final = 1.2
"""How far off a keypoint can be at most, in shares of its way from the starting pose."""
FLOOR_SHARE: Final = 0.2
LEAST_FLOOR: Final = 0.04
"""Torso lengths that no camera can tell from nothing."""
LEAST_MOST: Final = 0.3
"""Torso lengths that every keypoint can be off at least."""
RESTING: Final = 0.2
"""Torso lengths that all that rests may be off on average before a performance is worth nothing."""
HARDLY_MOVES: Final = 0.1
"""Torso lengths that a keypoint moves on average which as much rests as it moves."""
LEAST_COVERAGE: Final = 0.5
"""Share of what matters that must have been seen for a score."""
_RESTING: Final = 0.1  # reach of the reference between repetitions


_LIMB_SHARE: Final = {
    limb: np.where(np.isin(np.arange(NUM_KEYPOINTS), keypoints), keypoint_share(), 0.0)
    for limb, keypoints in LIMB_KEYPOINTS.items()
}
_LIMB_SHARES: Final = np.array(list(_LIMB_SHARE.values()))


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
        moved: ``(17,)`` how far each keypoint is from where it starts, on average; as its limb is at least.
        posture: How far somebody's own starting pose may differ from the reference's, in torso lengths.
        fastest: Times as fast as the reference that it was recorded.
        ways: The way to each of `turns`.
        trust: ``(17,)`` how well the reference knows each keypoint.
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
    moved: Array = field(default_factory=lambda: np.zeros(NUM_KEYPOINTS))
    posture: float = 0.0
    fastest: float = 1.0
    ways: Mapping[int, Way] = field(init=False, repr=False)
    trust: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ways = {turn: way_to(turn, self.reference, self.emphasis) for turn in self.turns}
        object.__setattr__(self, "ways", ways)
        object.__setattr__(self, "trust", trust(self.reference, self.share))

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
        """``(time,)`` the reach of every pose; 0 where nothing of what moves is seen. Only to be read."""
        return _reaches(self, sequence)

    def _reach(self, turn: int, xy: Array, weights: Array) -> float | None:
        if self.rise:
            above = risen(xy, weights)
            return None if above is None else above / self.rise
        return self.ways[turn].along(xy, weights)

    @property
    def weight(self) -> Array:
        """``(17,)`` what a torso length counts at each keypoint: its emphasis, in units of its variation.

        Somebody may be a little late in a wide movement; what rests should rest. Where the camera that made
        the reference lost a keypoint for a while, there is little to compare it with.
        """
        return self.emphasis * self.trust / (self.tolerance + MOVING_SHARE * self.moved)

    @property
    def most(self) -> Array:
        """``(time, 17)`` how far a keypoint can be off at each reference pose; what is more counts less.

        That is as far as somebody who only stands in the starting pose, so that a moment in which a
        keypoint was seen somewhere else altogether does not outweigh all others.
        """
        if self.kind is StepKind.HOLD:
            return np.tile(self.zero, (len(self.reference), 1))
        return np.maximum(MOST_SHARE * from_start(self.reference), LEAST_MOST)

    def levels(self, weights: Array) -> tuple[float, float]:
        """Tolerance and zero level of the whole body, in torso lengths, given what was seen.

        A performance is worth nothing where what moves is no nearer to the reference than somebody who only
        stands there, and what rests is off by `RESTING`.

        What was learned of the tolerance counts as it is. Its floor, which is only assumed, is no more than
        `FLOOR_SHARE` of the zero level: in a small movement it would forgive nearly all of it.
        """
        share = weights * self.weight
        share = share / max(float(share.sum()), 1e-9)
        zero = float((share * self.zero).sum())
        rests = 0.0
        if self.kind is not StepKind.HOLD:  # all of a held pose rests, and its zero level says so
            rests = RESTING * float((share * HARDLY_MOVES / (HARDLY_MOVES + self.moved)).sum())
        assumed = float((share * np.minimum(self.tolerance, TOLERANCE_FLOOR)).sum())
        learned = float((share * np.maximum(self.tolerance - TOLERANCE_FLOOR, 0.0)).sum())
        return learned + min(assumed, max(FLOOR_SHARE * zero, LEAST_FLOOR)), zero + rests

    def score(self, costs: Array, weights: Array) -> float | None:
        """Score of mean distances, see `points`.

        Args:
            costs: ``(17,)`` mean distance of each keypoint.
            weights: ``(17,)`` how well each was seen.

        Returns:
            0..100; `None` where nothing that matters was seen.
        """
        share = weights * self.weight
        total = float(share.sum())
        if total <= 1e-9:
            return None
        return points(float((share * costs).sum()) / total, *self.levels(weights))

    def limb_scores(self, costs: Array, weights: Array) -> dict[Limb, float | None]:
        """The same for each limb, `None` where less than half of it was seen."""
        share = _LIMB_SHARES * weights
        total = share.sum(axis=1)
        judged = self._saw_limbs(weights) & (total > 1e-9)
        total = np.where(judged, total, 1.0)
        cost, tolerance, zero = (
            (share * each).sum(axis=1) / total for each in (costs, self.tolerance, self.zero)
        )
        found = limb_points(cost, tolerance, zero).tolist()
        return {
            limb: score if is_judged else None
            for limb, score, is_judged in zip(_LIMB_SHARE, found, judged.tolist(), strict=True)
        }

    def keypoint_scores(self, costs: Array, weights: Array) -> list[float | None]:
        """The same for each keypoint alone."""
        found = limb_points(costs, self.tolerance, self.zero)
        return [float(score) if weight >= 0.3 else None for score, weight in zip(found, weights, strict=True)]

    def coverage(self, weights: Array) -> float:
        """Share of what matters that was seen, 0..1, given each keypoint's mean weight."""
        return float((self.emphasis * weights).sum() / self.emphasis.sum())

    def enough(self, weights: Array) -> bool:
        """Whether so much was seen, given each keypoint's mean weight, that there is something to judge."""
        if self.coverage(weights) < LEAST_COVERAGE:
            return False
        saw = dict(zip(_LIMB_SHARE, self._saw_limbs(weights).tolist(), strict=True))
        return all(saw[limb] for limb in self.must_see)

    def of_limb(self, limb: Limb, weights: Array, values: Array) -> float:
        """The mean of ``(17,)`` values over the keypoints of a limb, as far as they were seen."""
        share = _LIMB_SHARE[limb] * weights * (self.emphasis > 0)
        return float((share * values).sum() / max(float(share.sum()), 1e-9))

    def shows(self, limb: Limb) -> bool:
        """Whether the reference shows at least half of a limb where it turns."""
        seen = self.reference.weights[0] * self.reference.weights[self.turn]
        share = keypoint_share() * np.isin(np.arange(NUM_KEYPOINTS), LIMB_KEYPOINTS[limb])
        return bool((share * (seen > 0.0)).sum() >= LEAST_COVERAGE * share.sum())

    def saw(self, limb: Limb, weights: Array) -> bool:
        """Whether at least half of what the reference shows of a limb was seen."""
        share = _LIMB_SHARE[limb] * (self.emphasis > 0)  # what the reference does not show is not missed
        return bool(share.sum() > 0 and (share * weights).sum() >= 0.5 * share.sum())

    def _saw_limbs(self, weights: Array) -> NDArray[np.bool_]:
        """``(limbs,)`` of which at least half was seen."""
        share = _LIMB_SHARES * (self.emphasis > 0)  # what the reference does not show is not missed
        total = share.sum(axis=1)
        return np.asarray((total > 0) & ((share * weights).sum(axis=1) >= 0.5 * total))


@lru_cache(maxsize=8)  # judging asks for those of the performance and of the reference again and again
def _reaches(by: Yardstick, sequence: PoseSequence) -> Array:
    if by.rise:
        risen_by = (risen(xy, weights) for xy, weights in zip(sequence.xy, sequence.weights, strict=True))
        reach = np.array([0.0 if each is None else each / by.rise for each in risen_by])
    else:
        found = np.stack([way.all_along(sequence) for way in by.ways.values()]).max(axis=0)
        reach = np.where(np.isfinite(found), found, 0.0)
    reach.setflags(write=False)
    return reach
