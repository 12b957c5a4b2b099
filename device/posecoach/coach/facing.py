"""Which way somebody is turned just now, and whether they stand as they will exercise or are on the way."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from posecoach.coach.routine import View
from posecoach.coach.viewpoint import BOTH_SEEN, FRONTAL_SHOULDERS, pose_faces_right, pose_shoulder_width
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import LONGEST_GAP_S

CALMED_S: Final = 0.2
"""Time over which the width of the shoulders and the direction of the face are averaged."""
UNDECIDED: Final = 0.06
"""Torso lengths that the shoulders may be past the limit between front and side, the other way round than
before, without the view being another: about five degrees of turning either way."""
FACE_TOLD: Final = 0.04
"""Torso lengths that the nose must be before the ears to tell left from right."""
ON_THE_WAY_S: Final = 0.7
"""Over how long it is seen whether somebody goes elsewhere."""
ON_THE_WAY: Final = 0.5
"""Torso lengths to the side in that time that are walking: a third of a metre a second."""
NEARING: Final = 0.15
"""Share of their size by which somebody who walks to or from the camera changes in that time."""


class Facing:
    """Follow which way one person is turned, sample by sample."""

    def __init__(self) -> None:
        """Start before the first sample."""
        self.view: View | None = None
        """From where they are seen; `None` while left cannot be told from right."""
        self.since_s = 0.0
        """Since when it is this view, without walking in between."""
        self.at_s = 0.0
        """Time of the newest sample."""
        self._frontal = False
        self._width = self._both = self._face = 0.0
        self._places: deque[tuple[float, float, float]] = deque()  # seconds, pixels across, torso in pixels

    @property
    def steady_s(self) -> float:
        """How long they have been turned like this in one place."""
        return 0.0 if self.view is None else self.at_s - self.since_s

    def look(self, sample: NormalisedPose) -> None:
        """Take the next sample."""
        new = not self._places or sample.captured_at - self.at_s > LONGEST_GAP_S
        elapsed_s, self.at_s = sample.captured_at - self.at_s, sample.captured_at
        self._average(sample, 1.0 if new else float(1.0 - np.exp(-elapsed_s / CALMED_S)))
        if new:
            self._places.clear()
        view, goes = self._seen_from(new=new), self._goes(sample)
        if new or goes or view is not self.view:
            self.since_s = sample.captured_at
        self.view = view

    def _average(self, sample: NormalisedPose, gain: float) -> None:
        width, both = pose_shoulder_width(sample.xy, sample.weights)
        face, seen = pose_faces_right(sample.xy, sample.weights)
        self._both += gain * (both - self._both)
        if both > 0.0:
            # Shoulders that were hidden until now have no width worth keeping.
            self._width += (gain if self._both >= BOTH_SEEN else 1.0) * (width - self._width)
        self._face += (1.0 if gain == 1.0 else gain * min(seen, 1.0)) * (face * min(seen, 1.0) - self._face)

    def _seen_from(self, *, new: bool) -> View | None:
        margin = 0.0 if new else -UNDECIDED if self._frontal else UNDECIDED
        self._frontal = self._both >= BOTH_SEEN and self._width >= FRONTAL_SHOULDERS + margin
        if self._frontal:
            return View.FRONT
        if abs(self._face) < FACE_TOLD:
            return None if self.view is View.FRONT else self.view
        return View.LEFT if self._face < 0 else View.RIGHT

    def _goes(self, sample: NormalisedPose) -> bool:
        """Whether they have gone elsewhere in the last moment: a squat goes down, and stays in its place."""
        at_s, x_px, torso_px = sample.captured_at, float(sample.origin_xy[0]), sample.torso_px
        self._places.append((at_s, x_px, torso_px))
        while at_s - self._places[0][0] > ON_THE_WAY_S + 1e-6:
            self._places.popleft()
        _, before_px, size_px = self._places[0]
        return abs(x_px - before_px) > ON_THE_WAY * torso_px or abs(torso_px - size_px) > NEARING * torso_px
