"""A step that is one sequence, done once: follow it to its end, then judge the whole."""

from __future__ import annotations

from typing import Final

from posecoach.coach.advice import Advisor
from posecoach.coach.faults import Fault
from posecoach.coach.follow import Follower
from posecoach.coach.judge import judge
from posecoach.coach.measure import LEAST_COVERAGE, Measure, hidden_reason
from posecoach.coach.progress import Part, StepProgress
from posecoach.coach.reps_run import GOOD_SCORE, STARTING_POSE
from posecoach.coach.view import CueView
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import sequence_of

ENDED: Final = 0.97
"""Position in the reference that is its end."""
MOST_OVERTIME: Final = 4.0
"""A flow that takes this many times as long as its reference is over."""


class FlowRun:
    """Follow and judge one sequence."""

    def __init__(self, yardstick: Yardstick) -> None:
        """Start before the first sample."""
        self._yardstick = yardstick
        self._follower = Follower(yardstick)
        self._advisor = Advisor()
        self._samples: list[NormalisedPose] = []
        self._part: Part | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The flow, once it is over."""
        return (self._part,) if self._part else ()

    @property
    def reason(self) -> str:
        """Why there is no score."""
        if self.coverage < LEAST_COVERAGE:
            return hidden_reason(self._follower.mean_weights, self._yardstick.emphasis)
        return "the starting pose was never seen"

    @property
    def coverage(self) -> float:
        """Share of what matters that was seen."""
        return self._follower.coverage

    @property
    def said(self) -> tuple[CueView, ...]:
        """Every cue given."""
        return self._advisor.said

    def advance(self, sample: NormalisedPose) -> None:
        """Take the next sample; nothing starts before the starting pose was seen."""
        if self._part is not None:
            return
        if not self._samples and self._follower.cost_here(sample) > STARTING_POSE:
            self._follower.stay(sample)
            return
        self._samples.append(sample)
        self._follower.follow(sample)
        reference_s = self._yardstick.reference.duration_s
        taken_s = sample.captured_at - self._samples[0].captured_at
        ended = self._follower.phase >= ENDED and taken_s >= 0.4 * reference_s
        if ended or taken_s > MOST_OVERTIME * reference_s + 5.0:
            self._finish()

    def close(self) -> None:
        """Judge what was done."""
        if self._part is None and len(self._samples) > 1:
            self._finish()

    def progress(self, now: float) -> StepProgress:
        """Where the step is."""
        return StepProgress(
            phase=self._follower.phase,
            reference_index=self._follower.index,
            limb_scores=self._follower.limb_scores(),
            cue=self._advisor.cue(now),
            complete=self._part is not None,
        )

    def _finish(self) -> None:
        performed = sequence_of(self._samples)
        self._part = judge(0, performed, self._yardstick, self._attempt)
        self._advisor.observe(self._samples[-1].captured_at, self._part.faults)

    def _attempt(self, measured: Measure, found: tuple[Fault, ...]) -> str:
        if self._follower.phase < ENDED:
            return f"stopped at {self._follower.phase:.0%} of the sequence"
        if measured.score is not None and measured.score < GOOD_SCORE:
            return found[0].text if found else "this was another movement"
        return ""
