"""The 17 keypoints of a body in space."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.skeleton import NUM_KEYPOINTS, Keypoint
from posecoach.synthetic.body import Body
from posecoach.synthetic.head import EAR, EYE, NOSE
from posecoach.synthetic.kinematics import Part, Posture
from posecoach.synthetic.rotation import turned

Array = NDArray[np.float64]

_JOINTS: Final = {
    Keypoint.LEFT_SHOULDER: Part.LEFT_UPPER_ARM,
    Keypoint.RIGHT_SHOULDER: Part.RIGHT_UPPER_ARM,
    Keypoint.LEFT_ELBOW: Part.LEFT_FOREARM,
    Keypoint.RIGHT_ELBOW: Part.RIGHT_FOREARM,
    Keypoint.LEFT_WRIST: Part.LEFT_HAND,
    Keypoint.RIGHT_WRIST: Part.RIGHT_HAND,
    Keypoint.LEFT_HIP: Part.LEFT_THIGH,
    Keypoint.RIGHT_HIP: Part.RIGHT_THIGH,
    Keypoint.LEFT_KNEE: Part.LEFT_SHIN,
    Keypoint.RIGHT_KNEE: Part.RIGHT_SHIN,
    Keypoint.LEFT_ANKLE: Part.LEFT_FOOT,
    Keypoint.RIGHT_ANKLE: Part.RIGHT_FOOT,
}
_FACE: Final = {
    Keypoint.NOSE: NOSE,
    Keypoint.LEFT_EYE: EYE,
    Keypoint.RIGHT_EYE: (EYE[0], -EYE[1], EYE[2]),
    Keypoint.LEFT_EAR: EAR,
    Keypoint.RIGHT_EAR: (EAR[0], -EAR[1], EAR[2]),
}


def keypoints_in_space(body: Body, posture: Posture) -> Array:
    """``(time, 17, 3)`` in metres: joints at their centres, eyes, ears and nose on the skin."""
    points = np.empty((len(posture.origins), NUM_KEYPOINTS, 3))
    points[:, list(_JOINTS)] = posture.origins[:, list(_JOINTS.values())]
    on_face = np.array([*_FACE.values()]) * body.stature_m  # (5, 3)
    head = posture.frames[:, None, Part.HEAD]
    points[:, list(_FACE)] = posture.origins[:, None, Part.HEAD] + turned(head, on_face)
    return points
