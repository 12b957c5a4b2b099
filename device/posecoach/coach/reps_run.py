"""A step of repetitions being done: follow, count, score each, say one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from posecoach.coach.arming import Arming, walked
from posecoach.coach.fault import Change, Fault
from posecoach.coach.faults import LEAST_FAULT_DEG
from posecoach.coach.home_pose import STARTING_POSE, STOPPED_S, from_home, was_another
from posecoach.coach.judge_rep import judge_rep
from posecoach.coach.live_pace import LivePace
from posecoach.coach.measure import measure
from posecoach.coach.own_posture import OwnPosture, shifted
from posecoach.coach.phrase import Phrase
from posecoach.coach.progress import StepProgress
from posecoach.coach.recent_samples import RecentSamples
from posecoach.coach.reps import AT_REST, SHIFTED, UNDER_WAY, RepCounter, RepSpan
from posecoach.coach.step_run import StepRun
from posecoach.coach.view import Verdict
from posecoach.coach.way_home import WayHome
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import PoseSequence

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
OWN_REST: Final = 0.25
"""Reach up to which somebody who is near the starting pose rests in one of their own."""
OTHER_SIDE_S: Final = 4.0
"""How long after one side the other must have begun."""
MOVED: Final = 0.06
"""Change of reach that is moving on."""
REMINDED_AFTER_S: Final = 4.0
"""Not moving on for so long is told."""
KEEP_GOING: Final = Fault(
    None, "all", 0.0, Phrase("keep moving: finish the repetition"), LEAST_FAULT_DEG, Change.KEEP_MOVING
)


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
        self._samples = RecentSamples()
        self._reach: float | None = None
        self._good = 0
        self._ended = 0
        self._arming = Arming()
        self._half: _Half | None = None
        self._still_reach = self._still_since = self._still_s = 0.0
        self._nearest = 0.0
        self._pace = LivePace(yardstick)
        self._way_home = WayHome(yardstick)
        lifted = yardstick.rise > 0.0
        self._posture = OwnPosture(yardstick.reference.xy[0], yardstick.posture, build=lifted)

    def _why_nothing(self) -> str:
        if not self._counter.armed:
            return Phrase("the starting pose was never seen")
        return Phrase("no repetition was seen")

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
        """Whether a repetition has begun, or waits for its other side, or to be home."""
        return self._counter.under_way or self._half is not None or self._way_home.waits

    def advance(self, sample: NormalisedPose) -> None:
        """Take the next sample; where what moves is hidden it is neither a rest nor a movement."""
        self._samples.take(sample)
        if not self.under_way:
            self._posture.wait(sample)
        as_it_is, sample = sample, self._posture.out_of(sample)
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
        if not was_under_way and not self._way_home.waits:
            ready = -OWN_REST <= self._reach <= OWN_REST and cost <= STARTING_POSE
            own_rest = self._reach > AT_REST and cost > STARTING_POSE / 2.0
            # Home is how they stand themselves: what they do is seen against it as it is.
            self._arming.look(as_it_is, self._reach, in_starting_pose=ready and not own_rest)
        if not self._counter.armed:
            in_starting_pose = False
            if self._arming.home is not None:
                self._counter.arm(self._samples.last, self._reach)
        counted = self._counter.push(self._samples.last, self._reach, in_starting_pose=in_starting_pose)
        span = self._once_home(counted)
        if span is not None:
            self._finish(span)
        if counted is not None or self._counter.under_way is not was_under_way:
            self._follower.restart()
        if self._counter.under_way:
            self._follower.follow(sample)
            self._pace.follow(sample.captured_at, self._reach)
        else:
            self._follower.stay(sample)
            self._pace.rest(sample.captured_at)

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
        if (span := self._counter.close() or self._way_home.give_up()) is not None:
            self._finish(span)
        elif self._still_s >= STOPPED_S and (span := self._counter.abandon(self._samples.last)) is not None:
            home, stopped = self._arming.home, self._between(span)
            if home is None or not was_another(stopped, span.best_reach, home, self._yardstick, back=False):
                share = f"{min(span.best_reach, 1.0):.0%}"
                self._judge((span,), reason=Phrase("stopped at {share} of the way", share=share))
        self._finish_half()
        if not self._parts and self._samples.first == 0 < self._samples.last:
            self._nearest = UNCOUNTED * self._as_one()

    def _as_one(self) -> float:
        """Points of all that was seen, as if it were one repetition; 0 of somebody who stood still."""
        seen = self._samples.between(0, self._samples.last)
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
            pace=self._pace.pace,
            limb_scores=self._follower.limb_scores(),
            cue=self._advisor.cue(now),
        )

    def _once_home(self, counted: RepSpan | None) -> RepSpan | None:
        """A repetition that was counted, or one that was and is home only now."""
        home, moves_on = self._arming.home, self._counter.under_way
        if home is None:
            return counted
        if counted is None:
            last = self._samples.last
            return self._way_home.ended(last, self._samples.at(last), home, sets_out=moves_on)
        if not moves_on and self._way_home.hold_back(counted, self._between(counted), home):
            return None
        return counted

    def _finish(self, span: RepSpan) -> None:
        """Judge a repetition, or one side of one: the first side waits for the other."""
        home = self._arming.home
        if home is None or walked(self._samples.at(span.start), self._samples.at(span.end)):
            self._arming.leave()
            self._counter.disarm()
            self._finish_half()
            return
        first = max(self._samples.first, self._ended)
        if first < span.turn:
            span = from_home(span, self._samples.between(first, span.turn), home, self._yardstick)
        if was_another(self._between(span), span.best_reach, home, self._yardstick):
            return
        turn = self._samples.at(span.turn)
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
            self._judge((half.span,), first_side=half.side, reason=Phrase("only one side was done"))

    def _judge(self, sides: tuple[RepSpan, ...], *, first_side: int = 0, reason: str = "") -> None:
        """Judge a repetition of one side, or of two that follow each other."""
        all_of_it = self._samples.between(sides[0].start, sides[-1].end)
        if not self._posture.kept:
            self._posture.keep(self._samples.between(sides[0].start - SHIFTED, sides[0].start))
        part = judge_rep(
            len(self._parts),
            all_of_it,
            [(span, self._between(span)) for span in sides],
            self._yardstick,
            first_side=first_side,
            own=self._posture.offset,
            reason=reason,
        )
        self._parts = (*self._parts, part)
        self._ended = sides[-1].end
        self._good += part.verdict is Verdict.GOOD
        if part.verdict is Verdict.NOT_JUDGED:
            self._advisor.withdraw()
        else:
            verdict = part.verdict
            self._pace.settle(part.tempo)
            self._advisor.observe(
                self._samples.at(self._samples.last).captured_at, part.faults,
                at_once=verdict is Verdict.ATTEMPT, good=verdict is Verdict.GOOD,
            )  # fmt: skip

    def _between(self, span: RepSpan) -> PoseSequence:
        return self._samples.between(span.start, span.end)

    def _note_stillness(self, sample: NormalisedPose, reach: float) -> None:
        """How long somebody has not moved on within a repetition, and what to say of it."""
        if not self._counter.under_way or abs(reach - self._still_reach) > MOVED:
            self._still_reach, self._still_since = reach, sample.captured_at
        self._still_s = sample.captured_at - self._still_since
        if self._still_s >= REMINDED_AFTER_S:
            self._advisor.remind(sample.captured_at, KEEP_GOING)
