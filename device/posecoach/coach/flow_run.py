"""A step that is one sequence, done once: follow it to its end, then judge the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.arming import Arming
from posecoach.coach.beside import as_seen
from posecoach.coach.fault import Fault
from posecoach.coach.flow_pace import FlowPace
from posecoach.coach.home_pose import STARTING_POSE
from posecoach.coach.judge import judge
from posecoach.coach.left_out import LeftOut, left_out, pose_words
from posecoach.coach.measure import BAND_SHARE, Measure
from posecoach.coach.part_of_movement import up_to
from posecoach.coach.phrase import Phrase
from posecoach.coach.progress import StepProgress
from posecoach.coach.rep_verdict import GOOD_SCORE
from posecoach.coach.step_run import StepRun
from posecoach.coach.view import Verdict
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.hindsight import in_hindsight
from posecoach.motion.local_cost import cost_matrix
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import sequence_of
from posecoach.motion.warping_path import warping_path

BEGUN: Final = 0.05
"""Position in the reference up to which somebody is still about to begin."""
ENDED: Final = 0.97
"""Position in the reference that is its end."""
MAY_BEGIN_ANEW: Final = 0.2
"""Position in the reference up to which somebody who stands still in the starting pose has not begun."""
MOST_KEPT: Final = 3000
"""Samples of the performance in memory; of more, every second one is dropped."""
MOST_OVERTIME: Final = 4.0
"""A flow that takes this many times as long as its reference is over."""


class FlowRun(StepRun):
    """Follow and judge one sequence."""

    def __init__(self, yardstick: Yardstick) -> None:
        """Start before the first sample."""
        super().__init__(yardstick)
        self._samples: list[NormalisedPose] = []
        self._costs: list[NDArray[np.float64]] = []  # of each sample, for judging in the end
        self._every, self._passed = 1, 0
        self._arming = Arming()
        self._pace = FlowPace()

    def _why_nothing(self) -> str:
        return Phrase("the starting pose was never seen")

    @property
    def begun(self) -> bool:
        """Whether the starting pose was left behind: what follows belongs to what came before."""
        return bool(self._parts) or self._follower.phase > BEGUN

    @property
    def complete(self) -> bool:
        """Whether the flow is over."""
        return bool(self._parts)

    def advance(self, sample: NormalisedPose) -> None:
        """Take the next sample; nothing starts before the starting pose was seen."""
        if self._parts:
            return
        if self._follower.phase <= MAY_BEGIN_ANEW:
            self._await_start(sample)
            if self._arming.home is None:
                self._follower.stay(sample)
                return
        self._keep(sample, self._follower.follow(sample))
        reference_s = self._yardstick.reference.duration_s
        if self.begun:
            pace = self._pace.look(sample, self._follower.phase * reference_s)
            if pace is not None:
                self._advisor.observe(sample.captured_at, [pace])
        taken_s = sample.captured_at - self._samples[0].captured_at
        ended = self._follower.phase >= ENDED and taken_s >= 0.4 * reference_s
        if ended or taken_s > MOST_OVERTIME * reference_s + 5.0:
            self._finish()

    def _await_start(self, sample: NormalisedPose) -> None:
        """Begin with the last time that somebody stands still in the starting pose: nothing before counts."""
        before = self._arming.home
        away = self._follower.cost_at_start(sample)
        if before is None and away > STARTING_POSE and self._turn_with(sample, STARTING_POSE):
            away = self._follower.cost_at_start(sample)
        self._arming.look(sample, away, in_starting_pose=away <= STARTING_POSE)
        if self._arming.home is not before and before is not None:
            self._follower.restart()
            self._samples, self._costs = [], []
            self._every, self._passed = 1, 0
            self._pace = FlowPace()

    def close(self) -> None:
        """Judge what was done."""
        if not self._parts and len(self._samples) > 1:
            self._finish()

    def progress(self, now: float) -> StepProgress:
        """Where the step is."""
        return StepProgress(
            phase=self._follower.phase,
            reference_index=self._follower.index,
            pace=self._pace.pace,
            limb_scores=self._follower.limb_scores(),
            cue=self._advisor.cue(now),
        )

    def _keep(self, sample: NormalisedPose, cost: NDArray[np.float64]) -> None:
        """Remember a sample for judging; somebody who takes very long is remembered more coarsely."""
        self._passed += 1
        if self._passed % self._every:
            return
        self._samples.append(sample)
        self._costs.append(cost)
        if len(self._samples) >= MOST_KEPT:
            self._samples, self._costs = self._samples[::2], self._costs[::2]
            self._every *= 2

    def _finish(self) -> None:
        """Judge what was done: up to where it stopped, without what was left out on the way."""
        performed = in_hindsight(sequence_of(self._samples))
        yardstick, cost = self._yardstick, np.stack(self._costs)
        if self._stopped:
            last = max(self._follower.index, 1)
            yardstick, cost = up_to(yardstick, last), cost[:, : last + 1]
        seen = as_seen(performed, yardstick)
        known = cost if seen is yardstick else None
        path = warping_path(
            cost_matrix(performed, seen.reference, seen.emphasis) if known is None else known,
            band_radius=BAND_SHARE * max(len(performed), len(seen.reference)),
        )
        missing = left_out(performed, seen, path)
        part = judge(0, performed, seen, lambda *found: self._attempt(missing, *found), cost=known)
        if part.score is not None:  # what was left out counts 0
            share = self._yardstick.share
            done = np.arange(len(share)) < len(seen.share)
            for each in missing:
                done[each.first : each.last + 1] = False
            share_done = min(float(share[done].sum() / share.sum()), float(done.mean()))
            part = replace(part, score=part.score * share_done)
        self._parts, self._costs = (part,), []
        if part.faults or part.verdict is Verdict.GOOD:
            self._advisor.observe(self._samples[-1].captured_at, part.faults, at_once=True)

    @property
    def _stopped(self) -> bool:
        return self._follower.phase < ENDED

    def _attempt(self, missing: tuple[LeftOut, ...], measured: Measure, found: tuple[Fault, ...]) -> str:
        if self._stopped:
            after = pose_words(self._yardstick, self._follower.index)
            share = f"{self._follower.phase:.0%}"
            if not after:
                return Phrase("stopped at {share} of the sequence", share=share)
            return Phrase("stopped at {share} of the sequence, after {movement}", share=share, movement=after)
        if missing:
            return missing[0].text
        if measured.score is not None and measured.score < GOOD_SCORE:
            return found[0].text if found else Phrase("this was another movement")
        return ""
