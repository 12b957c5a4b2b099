"""A step of repetitions being done: follow, count, score each, say one thing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.arming import Arming, walked
from posecoach.coach.beside import as_seen
from posecoach.coach.fault import Change, Fault
from posecoach.coach.faults import LEAST_FAULT_DEG
from posecoach.coach.judge import judge
from posecoach.coach.likeness import UNLIKE_STAY, another, longest_stay, unlikeness
from posecoach.coach.measure import measure
from posecoach.coach.own_posture import OwnPosture, shifted
from posecoach.coach.part_of_movement import begun_with, half
from posecoach.coach.progress import StepProgress
from posecoach.coach.rep_verdict import FULL_RANGE, too_far, too_little, why_attempt
from posecoach.coach.reps import AT_REST, SHIFTED, SMALL, UNDER_WAY, RepCounter, RepSpan
from posecoach.coach.shortfall import short_fault, shortfall
from posecoach.coach.step_run import StepRun
from posecoach.coach.view import Verdict
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import PoseSequence, sequence_of

Array = NDArray[np.float64]

UNDER_WAY_RISING: Final = 0.3
"""Reach from which somebody has set out to rise as a whole: less is only a few pixels."""
UNCOUNTED: Final = 0.2
"""Share of its points that is left of a movement in which no repetition could be counted."""
LEAST_MOVEMENT: Final = 0.25
"""Torso lengths that some keypoint goes in a movement."""
AT_FIRST: Final = 3
"""Samples in which a recording that begins with the movement still shows the starting pose."""
MOST_UNDER_WAY: Final = 0.5
"""However much the reference itself moves between repetitions."""
STARTING_POSE: Final = 0.5
"""Distance from the starting pose, in torso lengths, up to which a low reach is taken for it."""
VERY_LIKE: Final = 0.2
"""Up to which somebody is clearly on the way of the reference, as a share of how far they went."""
OWN_REST: Final = 0.25
"""Reach up to which somebody who is near the starting pose rests in one of their own."""
CAME_HOME: Final = 0.4
"""Share of its way that a small movement may lack to be back."""
MOST_BEFORE: Final = 25
"""Samples that somebody may have been on the way before it shows in their reach."""
SET_OUT: Final = 12
"""Samples before that in which they may have begun to."""
NEAR_HOME: Final = 0.1
"""Share of the furthest distance from home at which somebody sets out."""
OTHER_SIDE_S: Final = 4.0
"""How long after one side the other must have begun."""
MOVED: Final = 0.06
"""Change of reach that is moving on."""
STOPPED_S: Final = 2.0
"""Not moving on for so long, until the end, is stopping on the way."""
REMINDED_AFTER_S: Final = 4.0
"""Not moving on for so long is told."""
KEEP_GOING: Final = Fault(
    None, "all", 0.0, "keep moving: finish the repetition", LEAST_FAULT_DEG, Change.KEEP_MOVING
)
LONGEST_REP_S: Final = 30.0
"""Samples older than this are forgotten: nobody takes longer over one repetition."""


@dataclass(frozen=True, slots=True)
class _Half:
    """One side of a repetition, waiting for the other: which, and where."""

    span: RepSpan
    side: int


class RepsRun(StepRun):
    """Count and judge the repetitions of one step."""

    def __init__(self, yardstick: Yardstick, target: int | None) -> None:
        """Start before the first sample.

        Args:
            yardstick: How the step is measured.
            target: Repetitions asked for; `None` counts on for ever.
        """
        super().__init__(yardstick)
        self._target = target
        under_way = UNDER_WAY_RISING if yardstick.rise else UNDER_WAY
        self._counter = RepCounter(max(under_way, min(1.5 * yardstick.ripple(), MOST_UNDER_WAY)))
        self._samples: deque[NormalisedPose] = deque(maxlen=int(LONGEST_REP_S * SAMPLE_RATE_HZ))
        self._taken = 0
        self._reach: float | None = None
        self._good = 0
        self._ended = 0
        self._arming = Arming()
        self._half: _Half | None = None
        self._still_reach = self._still_since = self._still_s = 0.0
        self._nearest = 0.0
        self._cut: tuple[int, int, PoseSequence] | None = None
        self._posture = OwnPosture(yardstick.reference.xy[0], yardstick.posture)

    def _why_nothing(self) -> str:
        if not self._counter.armed:
            return "the starting pose was never seen"
        return "no repetition was seen"

    def carry_on(self, earlier: StepRun) -> None:
        """Take over what another run of the step has finished and said."""
        super().carry_on(earlier)
        self._good = sum(part.verdict is Verdict.GOOD for part in self._parts)

    @property
    def complete(self) -> bool:
        """Whether as many repetitions as asked for were good."""
        return self._target is not None and self._good >= self._target

    @property
    def nearest(self) -> float:
        """What a short recording without a repetition would be worth as one, much reduced."""
        return self._nearest

    @property
    def under_way(self) -> bool:
        """Whether a repetition has begun, or waits for its other side."""
        return self._counter.under_way or self._half is not None

    def advance(self, sample: NormalisedPose) -> None:
        """Take the next sample; where what moves is hidden it is neither a rest nor a movement."""
        self._samples.append(sample)
        self._taken += 1
        if not self.under_way:
            self._posture.wait(sample)
        sample = self._posture.out_of(sample)
        self._reach = self._yardstick.reach(sample.xy, sample.weights)
        in_starting_pose = self._in_starting_pose(sample)
        if (
            not in_starting_pose
            and not self._counter.armed
            and self._turn_with(sample, STARTING_POSE, AT_REST)
        ):
            self._reach = self._yardstick.reach(sample.xy, sample.weights)
            in_starting_pose = self._in_starting_pose(sample)
        if self._reach is None:
            self._follower.stay(sample)
            return
        self._note_stillness(sample, self._reach)
        was_under_way = self._counter.under_way
        cost = self._follower.cost_here(sample)
        if not was_under_way:
            ready = -OWN_REST <= self._reach <= OWN_REST and cost <= STARTING_POSE
            own_rest = self._reach > AT_REST and cost > STARTING_POSE / 2.0
            self._arming.look(sample, self._reach, in_starting_pose=ready and not own_rest)
        if not self._counter.armed:
            in_starting_pose = False
            if self._arming.home is not None:
                self._counter.arm(self._taken - 1, self._reach)
        span = self._counter.push(self._taken - 1, self._reach, in_starting_pose=in_starting_pose)
        if span is not None:
            self._finish(span)
        if span is not None or self._counter.under_way is not was_under_way:
            self._follower.restart()
        if self._counter.under_way:
            self._follower.follow(sample)
        else:
            self._follower.stay(sample)

    def cost_here(self, sample: NormalisedPose) -> float:
        """Distance of a sample to the reference pose of the moment, in torso lengths."""
        return super().cost_here(self._posture.out_of(sample))

    def _in_starting_pose(self, sample: NormalisedPose) -> bool:
        low = self._reach is not None and self._reach <= AT_REST
        return low and self._follower.cost_here(sample) <= STARTING_POSE

    def close(self) -> None:
        """Judge what is back in the starting pose, and what stopped on the way and stayed there.

        A repetition that is still moving when the recording ends is not one.
        """
        if (span := self._counter.close()) is not None:
            self._finish(span)
        elif self._still_s >= STOPPED_S and (span := self._counter.abandon(self._taken - 1)) is not None:
            self._judge((span,), reason=f"stopped at {min(span.best_reach, 1.0):.0%} of the way")
        self._finish_half()
        if not self._parts and 1 < self._taken == len(self._samples):
            self._nearest = UNCOUNTED * self._as_one()

    def _as_one(self) -> float:
        """Points of all that was seen, as if it were one repetition; 0 of somebody who stood still."""
        seen = sequence_of(list(self._samples))
        moved = np.hypot(*np.moveaxis(seen.xy - seen.xy[0], -1, 0)) * seen.weights * seen.weights[0]
        if float((moved * (self._yardstick.emphasis > 0)).max()) < LEAST_MOVEMENT:
            return 0.0
        self._posture.keep(seen[: AT_FIRST + 1])
        return measure(shifted(seen, self._posture.offset), self._yardstick).score or 0.0

    def progress(self, now: float) -> StepProgress:
        """Where the step is."""
        under_way = self._counter.under_way
        return StepProgress(
            phase=self._follower.phase if under_way else None,
            reference_index=self._follower.index,
            reach=self._reach,
            best_reach=self._counter.best_reach if under_way else None,
            limb_scores=self._follower.limb_scores(),
            cue=self._advisor.cue(now),
        )

    def _finish(self, span: RepSpan) -> None:
        """Judge a repetition, or one side of one: the first side waits for the other."""
        home = self._arming.home
        if home is None or walked(self._sample(span.start), self._sample(span.end)):
            self._arming.leave()
            self._counter.disarm()
            self._finish_half()
            return
        span = self._from_home(span, home)
        if self._another(span, home):
            return
        turn = self._sample(span.turn)
        if len(self._yardstick.turns) == 1:
            self._judge((span,))
            return
        side = self._yardstick.side(turn.xy, turn.weights)
        half = self._half
        if half is None or half.side == side or span.start - half.span.end > OTHER_SIDE_S * SAMPLE_RATE_HZ:
            self._finish_half()
            self._half = _Half(span, side)
            return
        self._half = None
        self._judge((half.span, span), first_side=half.side)

    def _finish_half(self) -> None:
        """One side that the other did not follow is not the whole of it."""
        half, self._half = self._half, None
        if half is not None:
            self._judge((half.span,), first_side=half.side, reason="only one side was done")

    def _judge(self, sides: tuple[RepSpan, ...], *, first_side: int = 0, reason: str = "") -> None:
        """Judge a repetition of one side, or of two that follow each other."""
        all_of_it = self._between(RepSpan(sides[0].start, sides[0].turn, sides[-1].end, 0.0))
        if not self._posture.kept:
            self._posture.keep(self._between(RepSpan(sides[0].start - SHIFTED, 0, sides[0].start, 0.0)))
        yardstick = as_seen(all_of_it, begun_with(self._yardstick, first_side))
        if yardstick.off_deg:  # what was reached is as far as it looks from there
            sides = tuple(
                replace(span, best_reach=float(yardstick.reaches(self._between(span)).max()))
                for span in sides
            )
        lacking = [
            (span, shortfall(self._between(span), half(yardstick, number)), half(yardstick, number))
            for number, span in enumerate(sides)
        ]
        span, short, of = min(
            lacking, key=lambda each: each[0].best_reach if each[1] is None else each[1].share
        )
        early = too_little(span, short)
        part = judge(
            len(self._parts),
            all_of_it,
            yardstick,
            lambda measured, found: reason or why_attempt(span, short, measured, found, self._yardstick),
            own=self._posture.offset,
        )
        done = span.best_reach if yardstick.rise else None if short is None else short.share
        if part.score is not None and early and done is not None:
            # However well the way was kept to: nobody scores more than the share of it that was done.
            part = replace(part, score=min(part.score, 100.0 * min(done / FULL_RANGE, 1.0)))
        if part.score is not None and short is not None and too_far(span, short, yardstick):
            part = replace(part, score=min(part.score, 100.0 / (short.times * FULL_RANGE)))
        if part.score is not None and early and not any(fault.phase == "turn" for fault in part.faults):
            told = short_fault(short, span.best_reach, of)
            part = replace(part, faults=(told, *part.faults))
        self._parts = (*self._parts, part)
        self._ended = sides[-1].end
        self._good += part.verdict is Verdict.GOOD
        if part.verdict is Verdict.NOT_JUDGED:
            self._advisor.withdraw()
        else:
            verdict = part.verdict
            self._advisor.observe(
                self._samples[-1].captured_at, part.faults,
                at_once=verdict is Verdict.ATTEMPT, good=verdict is Verdict.GOOD,
            )  # fmt: skip

    def _another(self, span: RepSpan, home: NormalisedPose) -> bool:
        """Whether it was another movement, and so nothing."""
        performed = self._between(span)
        off = unlikeness(performed, home, as_seen(performed, self._yardstick))
        if off is None:
            return False
        if span.best_reach < SMALL and off.places > VERY_LIKE and not self._came_home(performed, home):
            return True
        stay = performed[longest_stay(performed)]
        if stay.duration_s > STOPPED_S:
            there = unlikeness(stay, home, self._yardstick)
            if there is not None and there.whole > UNLIKE_STAY:
                return True
        return another(off, span.best_reach)

    def _came_home(self, performed: PoseSequence, home: NormalisedPose) -> bool:
        away = self._away(performed.xy, performed.weights, home)
        return bool(away[-1] <= CAME_HOME * away.max())

    def _away(self, xy: Array, weights: Array, home: NormalisedPose) -> Array:
        """``(time,)`` how far poses are from home, in torso lengths."""
        off = np.hypot(*np.moveaxis(xy - home.xy, -1, 0))
        return weighted_mean(off, weights * home.weights * self._yardstick.emphasis)

    def _from_home(self, span: RepSpan, home: NormalisedPose) -> RepSpan:
        """The same from where somebody set out for its turning point: what came before is none of it."""
        first = max(self._taken - len(self._samples), self._ended)
        if first >= span.turn:
            return span
        way = sequence_of([self._sample(number) for number in range(first, span.turn + 1)])
        away = self._away(way.xy, way.weights, home)
        near = np.flatnonzero(away <= NEAR_HOME * away[-1])
        if not len(near):  # they rest a little off it now
            near = np.flatnonzero(away <= away.min() + NEAR_HOME * (away[-1] - away.min()))
        if first + int(near[-1]) < span.start - MOST_BEFORE:
            return span
        start = int(near[-1])
        before = away[max(start - SET_OUT, 0) : start + 1]
        start -= len(before) - 1 - int(np.flatnonzero(before <= before.min() + 0.02 * away[-1])[-1])
        return replace(span, start=first + start)

    def _sample(self, number: int) -> NormalisedPose:
        first = self._taken - len(self._samples)
        return self._samples[max(number - first, 0)]

    def _between(self, span: RepSpan) -> PoseSequence:
        """The same object as before where the same is asked for again: what was worked out of it is known."""
        first = self._taken - len(self._samples)
        start, end = max(span.start - first, 0), span.end - first + 1
        if self._cut is None or self._cut[:2] != (first + start, first + end):
            self._cut = first + start, first + end, sequence_of([*islice(self._samples, start, end)])
        return self._cut[2]

    def _note_stillness(self, sample: NormalisedPose, reach: float) -> None:
        """How long somebody has not moved on within a repetition, and what to say of it."""
        if not self._counter.under_way or abs(reach - self._still_reach) > MOVED:
            self._still_reach, self._still_since = reach, sample.captured_at
        self._still_s = sample.captured_at - self._still_since
        if self._still_s >= REMINDED_AFTER_S:
            self._advisor.remind(sample.captured_at, KEEP_GOING)
