"""Person and reference in one picture: whether somebody can start, and where the ghost stands."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.agenda import best_view
from posecoach.coach.perception import Percept
from posecoach.coach.phrase import Phrase
from posecoach.coach.routine import Sides, Step, View
from posecoach.coach.support import turn_to
from posecoach.coach.viewpoint import viewpoint
from posecoach.coach.words import capitalised
from posecoach.motion.normalise import NormalisedPose
from posecoach.skeleton import MIRROR, NUM_KEYPOINTS, Keypoint

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

FLICKER_S: Final = 0.7
"""Not being found, or not wholly, for less than this does not stop somebody from getting ready."""
TURN_S: Final = 4.0
"""How long somebody who stands where a step is judged worse is asked to turn before it goes on."""
READY_COVERAGE: Final = 0.7
"""Share of what matters in the step that must be in the picture before it starts."""
NOTHING_LEFT_OUT: Final[Mask] = np.zeros(NUM_KEYPOINTS, dtype=bool)
_ANKLES: Final = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]


class Placing:
    """Wait until somebody has stood ready for long enough, where they are judged well."""

    def __init__(self, step: Step, place_s: float) -> None:
        """Wait for the first step of a routine.

        Args:
            step: What is going to be done.
            place_s: How long somebody must stand ready.
        """
        self._step = step
        self._place_s = place_s
        self._ready_since: float | None = None
        self._ready_at = 0.0
        self._turn_words = ""
        self._turn_since: float | None = None

    def forget(self) -> None:
        """Take it that nobody is there any more."""
        self._ready_since = None

    def ready(self, now: float, percept: Percept | None) -> bool:
        """Take what is seen at a moment; whether somebody has stood ready for as long as they must."""
        self._turn_words = ""
        if percept is not None and ready_to_start(percept, self._step):
            if self._asked_to_turn(percept, now):
                self._ready_since = None
                return False
            self._ready_at = now
            if self._ready_since is None:
                self._ready_since = now
            return now - self._ready_since >= self._place_s
        if now - self._ready_at > FLICKER_S:
            self._ready_since = None
        return False

    @property
    def prompt(self) -> str:
        """What to ask for."""
        if self._ready_since is not None:
            return Phrase("Stand still")
        return self._turn_words or Phrase("Step back until all of you is in the picture")

    def _asked_to_turn(self, percept: Percept, now: float) -> bool:
        """Whether somebody is being told to turn; once a session, and only for a moment."""
        if self._turn_since is not None and now - self._turn_since > TURN_S:
            return False
        self._turn_words = turn_words(percept, self._step)
        if self._turn_words and self._turn_since is None:
            self._turn_since = now
        return bool(self._turn_words)


def ready_to_start(percept: Percept, step: Step) -> bool:
    """Whether enough of the person is in the picture for the step, seen from where they stand."""
    if percept.pose is None:
        return False
    view = best_view(step, viewpoint(percept.pose.xy[None], percept.pose.weights[None]))
    emphasis, weights = step.emphasis(), percept.weights
    if view is not View.FRONT:  # from the side, the near half of the body stands for the other
        weights = np.maximum(weights, weights[MIRROR])
    return bool((emphasis * weights).sum() >= READY_COVERAGE * emphasis.sum())


def turn_words(percept: Percept, step: Step) -> str:
    """How to turn to be judged best; empty where somebody stands well, or nobody has said what is best."""
    if percept.pose is None:
        return ""
    best = set(step.best_views)
    if step.sides is Sides.EITHER:
        best |= set(step.mirrored().best_views)
    if not best or viewpoint(percept.pose.xy[None], percept.pose.weights[None]) in best:
        return ""
    return capitalised(turn_to(best))


def ghost(
    pose: NormalisedPose, reference_xy: Array, rise: float = 0.0, left_out: Mask = NOTHING_LEFT_OUT
) -> Array:
    """Where a reference pose would be on this person: ``(17, 2)`` in frame pixels.

    It stands on the person's own feet where these are seen, so that a squat that is not deep enough
    shows the ghost's hips lower, not its feet in the floor; else it hangs on the person's hips.

    Args:
        pose: The person's.
        reference_xy: ``(17, 2)`` the reference's.
        rise: How much further the whole body has risen in the reference, in torso lengths.
        left_out: ``(17,)`` keypoints that nothing is asked of: the ghost stands on no such foot.
    """
    ankles = [ankle for ankle in _ANKLES if not left_out[ankle]]
    anchor = np.zeros(2)
    if ankles and (pose.weights[ankles] > 0.3).all():
        anchor = pose.xy[ankles].mean(axis=0) - reference_xy[ankles].mean(axis=0) - np.array([0.0, rise])
    return np.asarray((reference_xy + anchor) * pose.torso_px + pose.origin_xy)
