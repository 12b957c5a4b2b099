"""When somebody is ready to begin: standing where they will stand, in the starting pose, for a moment."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final

import numpy as np

from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.resample import LONGEST_GAP_S, SAMPLE_RATE_HZ
from posecoach.skeleton import Keypoint

STILL_S: Final = 0.6
"""How long the starting pose is kept by somebody who is ready."""
STILL: Final = 0.08
"""Torso lengths that keypoints move in that time, on average, of somebody who keeps still."""
IN_PLACE: Final = 0.12
"""Torso lengths that the hips move in the picture meanwhile."""
NEAR_REST: Final = 0.03
"""Reach above that of the last rest at which somebody rests again."""
RISES: Final = 0.0005
"""How far that rises with every sample."""
ELSEWHERE: Final = 0.5
"""Torso lengths to the side, of the hips, the shoulders and both feet, from which somebody has walked."""
RESIZED: Final = 0.25
"""Share of their size, from which somebody has come nearer, or gone further away."""

_SHOULDERS: Final = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
_ANKLES: Final = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]


class Arming:
    """Where and how somebody rests: their own starting pose, and whether they still stand there.

    Who is there from the first sample on, in the starting pose, is ready at once: a recording may begin with
    the movement. Who has walked must come to a stand first.
    """

    def __init__(self) -> None:
        """Start before the first sample."""
        self._recent: deque[NormalisedPose] = deque(maxlen=int(STILL_S * SAMPLE_RATE_HZ))
        self._first: NormalisedPose | None = None
        self._home: NormalisedPose | None = None
        self._rest = np.inf  # reach of it

    @property
    def home(self) -> NormalisedPose | None:
        """The pose in which somebody rests, and where; `None` until they are ready."""
        return self._home

    def look(self, sample: NormalisedPose, reach: float, *, in_starting_pose: bool) -> None:
        """Take the next sample of somebody who is not in a repetition.

        Args:
            sample: The pose.
            reach: How far it is from the starting pose; whoever is further than they were rests only after a
                while, for a slow movement looks still.
            in_starting_pose: Whether it is near enough.
        """
        if self._recent and sample.captured_at - self._recent[-1].captured_at > LONGEST_GAP_S:
            self._recent.clear()
        self._recent.append(sample)
        self._first = self._first or sample
        if not in_starting_pose:
            return
        self._rest += RISES
        if self._home is None and self._first is sample:
            self._home, self._rest = sample, max(reach, 0.0)
        elif self._home is not None and reach > self._rest + NEAR_REST:
            return
        elif len(self._recent) == self._recent.maxlen and self._still():
            xy = np.mean([each.xy for each in self._recent], axis=0)
            weights = np.mean([each.weights for each in self._recent], axis=0)
            self._home, self._rest = replace(sample, xy=xy, weights=weights), max(min(reach, self._rest), 0.0)

    def leave(self) -> None:
        """Take it that somebody has walked away from where they stood."""
        self._home, self._rest = None, np.inf
        self._recent.clear()

    def _still(self) -> bool:
        xy = np.array([each.xy for each in self._recent])
        weights = np.min([each.weights for each in self._recent], axis=0)
        moved = float(weighted_mean(np.hypot(*np.moveaxis(np.ptp(xy, axis=0), -1, 0)), weights))
        places = np.array([each.origin_xy for each in self._recent])
        travelled = float(np.hypot(*np.ptp(places, axis=0))) / self._recent[-1].torso_px
        return moved <= STILL and travelled <= IN_PLACE


def walked(start: NormalisedPose, end: NormalisedPose) -> bool:
    """Whether somebody stands elsewhere than before, or nearer, or further away.

    To the side means all of them: hips move in a squat, one foot in a lunge.
    """
    if not 1.0 - RESIZED < end.torso_px / start.torso_px < 1.0 / (1.0 - RESIZED):
        return True
    aside = [*_places_px(end, start)]
    least = min(aside, key=abs)
    return abs(least) > ELSEWHERE * start.torso_px and all(each * least > 0 for each in aside)


def _places_px(end: NormalisedPose, start: NormalisedPose) -> list[float]:
    """How far hips, shoulders and the feet that are seen have gone to the right."""
    aside = [float(end.origin_xy[0] - start.origin_xy[0])]
    for points in (_SHOULDERS, *([ankle] for ankle in _ANKLES)):
        known = np.minimum(start.weights[points], end.weights[points])
        if known.max() > 0.3:
            there, before = (
                float(np.average(each.xy[points, 0], weights=known)) * each.torso_px for each in (end, start)
            )
            aside.append(aside[0] + there - before)
    return aside
