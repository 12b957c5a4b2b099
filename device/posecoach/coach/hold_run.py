"""A step that holds a pose: the clock runs while the pose is in tolerance."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from posecoach.coach.approach import Approach
from posecoach.coach.beside import as_seen, why_declined
from posecoach.coach.fault import Fault
from posecoach.coach.faults import faults
from posecoach.coach.judge import Attempt, judge
from posecoach.coach.measure import Measure, measure
from posecoach.coach.phrase import Phrase
from posecoach.coach.progress import StepProgress
from posecoach.coach.step_run import StepRun
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import PoseSequence, sequence_of

ENTER_SCORE: Final = 55.0
"""Score of a pose from which the clock starts; a little less than this keeps it running."""
LEAVE_SCORE: Final = 45.0
LEAST_LIMB_SCORE: Final = 25.0
"""With a limb that matters below this it is another pose, however well the others do."""
FORGIVEN_S: Final = 0.7
"""Leaving the pose for less than this does not stop the clock."""
LEAST_HOLD_S: Final = 1.0
"""Shorter than this is passing through, not holding."""
ADVICE_EVERY_S: Final = 1.0
ALONE: Final = np.zeros((1, 1))
"""Cost of one pose beside one other: there is one way to pair them, whatever it costs."""


class HoldRun(StepRun):
    """Time and judge a held pose."""

    def __init__(self, yardstick: Yardstick, target_s: float | None) -> None:
        """Start before the first sample.

        Args:
            yardstick: How the step is measured.
            target_s: Seconds asked for; `None` holds on for ever.
        """
        super().__init__(yardstick)
        self._target_s = target_s
        self._held: list[NormalisedPose] = []
        self._advised_at = float("-inf")
        self._approach = Approach(yardstick)
        self._of_pose: dict[int, Yardstick] = {}

    def _why_nothing(self) -> str:
        return Phrase("the pose was never held")

    @property
    def complete(self) -> bool:
        """Whether the pose was held for as long as asked for."""
        return self._target_s is not None and self._clock_s() >= self._target_s

    @property
    def achieved(self) -> float | None:
        """Mean score of the holds; of one under way that it is in tolerance."""
        return super().achieved if self._clock_s() < LEAST_HOLD_S else ENTER_SCORE

    @property
    def under_way(self) -> bool:
        """Whether the pose is held."""
        return bool(self._held)

    def advance(self, sample: NormalisedPose) -> None:
        """Take the next sample."""
        self._follower.index = self._follower.nearest(sample)
        self._follower.stay(sample)
        if self._yardstick.unsupported:  # here somebody may stand who does nothing
            return
        alone, nearest = sequence_of([sample]), self._nearest()
        now = measure(alone, nearest, ALONE)
        # Not being seen is not holding: the samples may be far apart.
        if self._held and sample.captured_at - self._held[-1].captured_at > FORGIVEN_S:
            self._finish()
        stays = self._approach.look(sample.captured_at, self._follower.cost_here(sample))
        turns = self._approach.begun and not self._in_pose(now)
        # A little beside, the pose is near enough as recorded; turning it would let others look like it.
        if turns and why_declined(beside := as_seen(alone, nearest)):
            now, nearest = max((now, nearest), (measure(alone, beside, ALONE), beside), key=_points)
        if self._in_pose(now):
            self._held.append(sample)
            return
        if self._held or now.score is None or sample.captured_at - self._advised_at < ADVICE_EVERY_S:
            return
        if stays:
            self._advised_at = sample.captured_at
            self._advisor.observe(sample.captured_at, self._missing(alone, now, nearest))

    def close(self) -> None:
        """Judge the hold that is under way."""
        if self._held:
            self._finish()

    def progress(self, now: float) -> StepProgress:
        """Where the step is."""
        held_s = self._clock_s()
        return StepProgress(
            phase=None if self._target_s is None else min(held_s / self._target_s, 1.0),
            reference_index=self._follower.index,
            held_s=held_s,
            limb_scores=self._follower.limb_scores(),
            cue=None if self._held else self._advisor.cue(now),
        )

    def _in_pose(self, now: Measure) -> bool:
        least = LEAVE_SCORE if self._held else ENTER_SCORE
        return (
            now.score is not None
            and now.score >= least
            and all((now.limbs[limb] or 0.0) >= LEAST_LIMB_SCORE for limb in self._yardstick.must_see)
        )

    def _missing(self, alone: PoseSequence, now: Measure, nearest: Yardstick) -> list[Fault]:
        """What keeps the clock from starting: limbs that are nowhere near, and only then all the others."""
        far = [limb for limb in self._yardstick.must_see if (now.limbs[limb] or 0.0) < LEAST_LIMB_SCORE]
        found = list(faults(alone, now, nearest))
        return [fault for fault in found if fault.limb in far] or found

    def _clock_s(self) -> float:
        return self._held[-1].captured_at - self._held[0].captured_at if self._held else 0.0

    def _nearest(self) -> Yardstick:
        """The yardstick with only the reference pose of the moment: a hold has no order in time."""
        index = self._follower.index
        if index not in self._of_pose:
            reference = self._yardstick.reference[index : index + 1]
            self._of_pose[index] = replace(self._yardstick, reference=reference, share=np.ones(1))
        return self._of_pose[index]

    def _finish(self) -> None:
        held, self._held = self._held, []
        performed = sequence_of(held)
        if performed.duration_s < LEAST_HOLD_S:
            return
        part = judge(
            len(self._parts),
            performed,
            as_seen(performed, self._nearest()),
            self._attempt(performed),
            held=True,
        )
        self._parts = (*self._parts, part)

    def _attempt(self, performed: PoseSequence) -> Attempt:
        target_s = self._target_s
        if target_s is None or performed.duration_s >= target_s:
            return lambda measured, found: ""
        held = Phrase("held {n} of {of} seconds", n=f"{performed.duration_s:.0f}", of=f"{target_s:.0f}")
        return lambda measured, found: held


def _points(measured: tuple[Measure, Yardstick]) -> float:
    return -1.0 if measured[0].score is None else measured[0].score
