"""What a step knows while it is being done, and what it leaves behind when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.extent import Extent
from posecoach.coach.fault import Fault
from posecoach.coach.view import CueView, Verdict
from posecoach.skeleton import Joint, Limb


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One finished repetition, hold or flow.

    Attributes:
        index: Its number within the step, from 0.
        start_s, end_s: Seconds on the camera's clock.
        verdict: What became of it.
        score: 0..100, `None` where not judged.
        reason: Why it was an attempt or not judged; empty for a good one.
        coverage: Share of what matters that was seen.
        faults: The most severe first.
        joints: How far each went that was seen.
        tempo: The reference's duration over its own; 1 is the reference's pace, 2 twice as fast.
        limbs: Score of each limb; `None` where not judged.
        keypoints: ``(17)`` scores, likewise.
        held_s: Time in the pose; of a hold only.
    """

    index: int
    start_s: float
    end_s: float
    verdict: Verdict
    score: float | None
    reason: str
    coverage: float
    faults: tuple[Fault, ...]
    joints: Mapping[Joint, Extent]
    tempo: float
    limbs: Mapping[Limb, float | None]
    keypoints: tuple[float | None, ...]
    held_s: float | None = None

    @property
    def range_of_motion_deg(self) -> dict[Joint, float]:
        """By joint: its largest less its smallest angle."""
        return {joint: extent.range_deg for joint, extent in self.joints.items()}


@dataclass(frozen=True, slots=True, eq=False)
class StepProgress:
    """A step at one moment.

    Attributes:
        phase: Position in the reference, 0..1; `None` while not following.
        reference_index: The reference pose the person should be in now, for the ghost.
        reach, best_reach: As in `SessionView`.
        pace: How fast they move, as in `SessionView`.
        held_s: Time in the pose so far; of a hold only.
        limb_scores: Live scores; `None` where a limb cannot be judged.
        cue: The one thing to say now.
    """

    phase: float | None = None
    reference_index: int = 0
    reach: float | None = None
    best_reach: float | None = None
    pace: float | None = None
    held_s: float | None = None
    limb_scores: Mapping[Limb, float | None] = field(default_factory=dict)
    cue: CueView | None = None


class LiveLimbs:
    """Live limb scores: distances to the reference pose of the moment, calmed over a third of a second."""

    _GAIN = 0.2

    def __init__(self) -> None:
        """Start without a past."""
        self._costs: NDArray[np.float64] | None = None
        self._weights: NDArray[np.float64] | None = None

    def update(self, distances: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
        """Take the ``(17,)`` distances and weights of the newest sample."""
        if self._costs is None or self._weights is None:
            self._costs, self._weights = distances.copy(), weights.copy()
            return
        # A keypoint that is hardly seen hardly changes what is known of it.
        self._costs += self._GAIN * weights * (distances - self._costs)
        self._weights += self._GAIN * (weights - self._weights)

    @property
    def costs_and_weights(self) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """The calmed ``(17,)`` distances and weights; `None` before the first sample."""
        if self._costs is None or self._weights is None:
            return None
        return self._costs, self._weights
