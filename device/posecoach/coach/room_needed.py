"""How much of the picture a step takes: how far what matters goes from the hips, to each side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.body_limits import left_out
from posecoach.coach.routine import LEAST_SHOWN, Step, View
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Keypoint

Array = NDArray[np.float64]

MATTERS: Final = 0.3
"""Share of the greatest emphasis from which something must be in the picture."""
_ANKLES: Final = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
_EYES_AND_EARS: Final = [
    Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR,
]  # fmt: skip
_ALWAYS: Final = [
    Keypoint.NOSE, Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP,
]  # fmt: skip
"""What tells who, how large and from where somebody is seen."""


@dataclass(frozen=True, slots=True, eq=False)
class RoomNeeded:
    """The room of one step as it is seen from one side, in torso lengths.

    Attributes:
        left, right: From the middle of the hips at the start to the sides of the picture.
        above, below: Likewise upwards and downwards.
        foot: How far below the hips the lower foot stands then, and stays; `None` of what is done sitting. A
            held pose begins bent: whoever stands before it has their hips higher, not their feet.
        start_xy: ``(17, 2)`` the pose it begins with, from the middle of the hips.
        start_weights: ``(17,)`` in [0, 1].
    """

    left: float
    right: float
    above: float
    below: float
    foot: float | None
    start_xy: Array
    start_weights: Array


def needed_keypoints(step: Step) -> NDArray[np.bool_]:
    """``(17,)`` what must be in the picture: what the step is about, and what tells where somebody is.

    An arm raise does not need the feet.
    """
    most = max(rule.emphasis for rule in step.limbs.values())
    needed = np.zeros(NUM_KEYPOINTS, dtype=bool)
    for limb, rule in step.limbs.items():
        needed[list(LIMB_KEYPOINTS[limb])] = rule.emphasis >= MATTERS * most
    needed[_EYES_AND_EARS] = False
    needed &= ~left_out(step.without)
    needed[_ALWAYS] = True
    return needed


def room_needed(step: Step, view: View) -> RoomNeeded:
    """The room that a step takes in one of its views.

    Whoever stands stays with their lower foot where it is; what is seen of them goes up and down from there.
    """
    reference, needed = step.views[view], needed_keypoints(step)
    xy = reference.xy.copy()
    known, foot = reference.weights > LEAST_SHOWN, None  # (time, 17)
    if not step.seated and known[:, _ANKLES].any(axis=1).all():
        lowest = np.where(known[:, _ANKLES], xy[:, _ANKLES, 1], -np.inf).max(axis=1)
        foot = float(lowest[0])
        xy[..., 1] += (foot - lowest)[:, None]
    places = xy[known & needed]
    least, most = places.min(axis=0), places.max(axis=0)
    return RoomNeeded(
        left=-float(least[0]),
        right=float(most[0]),
        above=-float(least[1]),
        below=float(most[1]),
        foot=foot,
        start_xy=reference.xy[0],
        start_weights=reference.weights[0],
    )
