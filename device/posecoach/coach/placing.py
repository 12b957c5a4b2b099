"""Person and reference in one picture: whether enough is seen, from where, and where the ghost stands."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.agenda import best_view
from posecoach.coach.perception import Percept
from posecoach.coach.routine import Sides, Step, View
from posecoach.coach.support import turn_to
from posecoach.coach.viewpoint import viewpoint
from posecoach.coach.words import capitalised
from posecoach.motion.normalise import NormalisedPose
from posecoach.skeleton import MIRROR, NUM_KEYPOINTS, Keypoint

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

READY_COVERAGE: Final = 0.7
"""Share of what matters in the step that must be in the picture before it starts."""
NOTHING_LEFT_OUT: Final[Mask] = np.zeros(NUM_KEYPOINTS, dtype=bool)
_ANKLES: Final = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]


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
