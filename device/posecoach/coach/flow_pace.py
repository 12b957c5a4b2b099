"""The pace of a sequence while it is being done, against that of its reference."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from posecoach.coach.fault import Change, Fault
from posecoach.coach.phrase import Phrase
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import weighted_mean

WINDOW_S: Final = 4.0
"""Over how long the pace is measured: a breath's difference is none."""
TOO_FAST: Final = 1.8
"""Times as fast as the reference, from which somebody is asked to slow down."""
TOO_SLOW: Final = 0.25
"""And from which they are asked to go on."""
STILL: Final = 0.08
"""Torso lengths that keypoints have moved, on average, of somebody who stays in a pose."""
SEVERITY: Final = 15.0
"""Beside degrees of a limb that matters, as in `pace`."""

HURRY: Final = Fault(
    None, "all", 0.0, Phrase("slow down: take your time for each part"), SEVERITY, Change.SLOWER
)
LINGER: Final = Fault(None, "all", 0.0, Phrase("go on with the next part"), SEVERITY, Change.KEEP_MOVING)


class FlowPace:
    """How fast somebody goes through a sequence."""

    def __init__(self) -> None:
        """Start before the first sample."""
        self._places: deque[tuple[float, float, NormalisedPose]] = deque()
        self.pace: float | None = None
        """1 is as fast as shown, 2 twice as fast; `None` until that can be told."""

    def look(self, sample: NormalisedPose, place_s: float) -> Fault | None:
        """Take where somebody is; what is wrong with their pace, if anything.

        Args:
            sample: Their pose.
            place_s: Where that is in the reference, in seconds.
        """
        at_s = sample.captured_at
        self._places.append((at_s, place_s, sample))
        while at_s - self._places[0][0] > WINDOW_S + 1e-6:
            self._places.popleft()
        before_s, from_s, before = self._places[0]
        if at_s - before_s < 0.9 * WINDOW_S:
            return None
        self.pace = (place_s - from_s) / (at_s - before_s)
        if self.pace >= TOO_FAST:
            return HURRY
        # Who moves and does not get on does something wrong, and is told that.
        moved = np.hypot(*(sample.xy - before.xy).T)
        still = float(weighted_mean(moved, sample.weights * before.weights)) <= STILL
        return LINGER if self.pace <= TOO_SLOW and still else None
