"""The yardstick of a step in one of its views, worked out of its reference."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.around import with_around
from posecoach.coach.routine import Step, View, shown
from posecoach.coach.support import unsupported
from posecoach.coach.turning import body_rise, goes_down, other_turn_of, turn_of
from posecoach.coach.view import StepKind
from posecoach.coach.way import from_start
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.pose_distance import weighted_mean
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Limb

Array = NDArray[np.float64]

LEAST_SHARE: Final = 0.1
"""Of the reference's starting pose in a score, where the turning point's is 1."""
HOLD_SPREAD: Final = 0.6
"""Between the two levels of a held pose, in torso lengths: no movement to compare standing still with."""


def yardstick(step: Step, view: View) -> Yardstick:
    """The yardstick of a step in one of its views."""
    reference = with_around(view, step.views)
    tolerance, emphasis = step.tolerance(), step.emphasis() * shown(reference)
    from_rest = from_start(reference)  # (time, 17)
    if step.kind is StepKind.HOLD:
        turn, zero, share = 0, tolerance + HOLD_SPREAD, np.ones(len(reference))
        moved = np.zeros(NUM_KEYPOINTS)
    else:
        known = reference.weights * reference.weights[0]  # (time, 17); what is hidden lies anywhere
        away = weighted_mean(from_rest, known * emphasis)
        turn = int(np.argmax(away))
        if step.kind is StepKind.REPS:
            turn = turn_of(reference, away, known * emphasis)
        share = np.maximum(away / max(away.max(), 1e-9), LEAST_SHARE)
        zero = weighted_mean(from_rest.T, (known * share[:, None]).T)
        moved = weighted_mean(from_rest.T, known.T)
        moved = np.maximum(moved, _by_limb(moved, emphasis))
    must_see = _must_see(emphasis, view, go_down=goes_down(reference, turn))
    other = other_turn_of(reference, emphasis, turn) if step.kind is StepKind.REPS else None
    rise = body_rise(reference, turn)
    return Yardstick(
        kind=step.kind,
        reference=reference,
        emphasis=emphasis,
        tolerance=tolerance,
        zero=zero,
        share=share,
        turn=turn,
        must_see=must_see,
        view=view,
        cues=step.cues,
        other_turn=other,
        rise=rise,
        unsupported=unsupported(step, view),
        moved=moved,
        posture=step.posture,
        fastest=step.tempo[1],
    )


def _by_limb(values: Array, weights: Array) -> Array:
    """``(17,)`` of each keypoint the mean over its limb."""
    means = np.zeros(NUM_KEYPOINTS)
    for keypoints in map(list, LIMB_KEYPOINTS.values()):
        means[keypoints] = weighted_mean(values[keypoints], weights[keypoints])
    return means


def _must_see(emphasis: Array, view: View, *, go_down: bool) -> tuple[Limb, ...]:
    """The limbs that matter at least half as much as the one that matters most.

    From the side the limbs behind the body can only be guessed, and the head is hardly ever what a
    movement is about. A movement that goes down is one of the legs, whatever the arms do and hide
    meanwhile.
    """
    behind: tuple[Limb, ...] = {
        View.FRONT: (Limb.HEAD,),
        View.LEFT: (Limb.HEAD, Limb.RIGHT_ARM, Limb.RIGHT_LEG),
        View.RIGHT: (Limb.HEAD, Limb.LEFT_ARM, Limb.LEFT_LEG),
    }[view]
    if go_down:
        behind = (*behind, Limb.TRUNK, Limb.LEFT_ARM, Limb.RIGHT_ARM)
    least = 0.5 * emphasis.max()
    return tuple(
        limb
        for limb, keypoints in LIMB_KEYPOINTS.items()
        if limb not in behind and emphasis[list(keypoints)].max() >= least
    )
