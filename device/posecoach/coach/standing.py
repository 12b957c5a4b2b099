"""What somebody needs room for who is going to do nobody knows what: to stand upright and reach up."""

from __future__ import annotations

from typing import Final

import numpy as np

from posecoach.coach.routine import LimbRule, Step, View
from posecoach.coach.view import StepKind
from posecoach.motion.pose_distance import bone_directions
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Limb

# Of somebody who faces the camera, in torso lengths from the middle of the hips: a keypoint of the middle or
# of the left side, which is at the picture's right; in the order of the keypoints.
_NOSE: Final = (0.0, -1.38)
_SIDE: Final = ((0.06, -1.44), (0.13, -1.41), (0.36, -1.0), (0.44, -0.42), (0.48, 0.08), (0.19, 0.0),
                (0.2, 0.85), (0.2, 1.62))  # fmt: skip
_REACHING: Final = {3: (0.42, -1.5), 4: (0.44, -1.95)}
_FROM_BESIDE: Final = 0.25
"""How wide somebody is who is seen from beside."""


def _seen(width: float) -> PoseSequence:
    """Standing, and then with the hands up."""
    poses = []
    for side in (_SIDE, [_REACHING.get(number, place) for number, place in enumerate(_SIDE)]):
        both = [(sign * x * width, y) for x, y in side for sign in (1.0, -1.0)]
        poses.append([_NOSE, *both])
    xy = np.array(poses)
    return PoseSequence(np.array([0.0, 1.0]), xy, np.ones(xy.shape[:2]), bone_directions(xy))


ANYTHING: Final = Step(
    kind=StepKind.HOLD,
    views={View.FRONT: _seen(1.0), View.LEFT: _seen(_FROM_BESIDE), View.RIGHT: _seen(_FROM_BESIDE)},
    hold_s=1.0,
    limbs={limb: LimbRule(0.5 if limb is Limb.HEAD else 1.0, 0.1) for limb in Limb},
)
"""A step that is nothing but that, seen from anywhere."""
