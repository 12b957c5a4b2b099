"""A step of repetitions being done: follow, count, score each, say one thing."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import Final

from posecoach.coach.faults import LEAST_FAULT_DEG, Fault, shortfall
from posecoach.coach.judge import judge
from posecoach.coach.measure import Measure
from posecoach.coach.progress import StepProgress
from posecoach.coach.reps import AT_REST, RepCounter, RepSpan
from posecoach.coach.step_run import StepRun
from posecoach.coach.view import Verdict
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import PoseSequence, sequence_of

GOOD_REACH: Final = 0.8
"""Reach of a full repetition."""
GOOD_SCORE: Final = 50.0
"""Score of a repetition that counts as one."""
STARTING_POSE: Final = 0.5
"""Distance from the starting pose, in torso lengths, up to which a low reach is taken for it."""
LONGEST_REP_S: Final = 30.0
"""Samples older than this are forgotten: nobody takes longer over one repetition."""


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
        self._counter = RepCounter()
        self._samples: deque[NormalisedPose] = deque(maxlen=int(LONGEST_REP_S * SAMPLE_RATE_HZ))
        self._taken = 0
        self._reach: float | None = None
        self._good = 0

    def _why_nothing(self) -> str:
        if not self._counter.armed:
            return "the starting pose was never seen"
        return "no repetition was seen"

    @property
    def complete(self) -> bool:
        """Whether as many repetitions as asked for were good."""
        return self._target is not None and self._good >= self._target

    def advance(self, sample: NormalisedPose) -> None:
        """Take the next sample; where what moves is hidden it is neither a rest nor a movement."""
        self._samples.append(sample)
        self._taken += 1
        self._reach = self._yardstick.reach(sample.xy, sample.weights)
        if self._reach is None:
            self._follower.stay(sample)
            return
        was_under_way = self._counter.under_way
        in_starting_pose = self._reach <= AT_REST and self._follower.cost_here(sample) <= STARTING_POSE
        span = self._counter.push(self._taken - 1, self._reach, in_starting_pose=in_starting_pose)
        if span is not None:
            self._finish(span)
        if span is not None or self._counter.under_way is not was_under_way:
            self._follower.restart()
        if self._counter.under_way:
            self._follower.follow(sample)
        else:
            self._follower.stay(sample)

    def close(self) -> None:
        """A repetition that is not back in the starting pose is not judged."""
        if (span := self._counter.close()) is not None:
            self._finish(span)

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
        first = self._taken - len(self._samples)
        performed = sequence_of(list(self._samples)[max(span.start - first, 0) : span.end - first + 1])
        part = judge(len(self._parts), performed, self._yardstick, partial(self._attempt, span, performed))
        self._parts = (*self._parts, part)
        self._good += part.verdict is Verdict.GOOD
        if part.verdict is not Verdict.NOT_JUDGED:
            self._advisor.observe(self._samples[-1].captured_at, part.faults)

    def _attempt(
        self, span: RepSpan, performed: PoseSequence, measured: Measure, found: tuple[Fault, ...]
    ) -> str:
        if span.best_reach < GOOD_REACH:
            short = shortfall(performed, self._yardstick)
            if short is not None and short[1] >= LEAST_FAULT_DEG:
                return f"{short[0]} {short[1]:.0f} degrees short"
            return f"only {span.best_reach:.0%} of the way"
        if measured.score is not None and measured.score < GOOD_SCORE:
            return found[0].text if found else "this was another movement"
        return ""
