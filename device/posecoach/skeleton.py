"""The 17 COCO keypoints and what is built from them: edges, limbs, joints, mirror twins.

``LEFT`` is the subject's left, in every table.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

import numpy as np


class Keypoint(IntEnum):
    """A named point of the body, in COCO order."""

    NOSE = 0
    LEFT_EYE = 1
    RIGHT_EYE = 2
    LEFT_EAR = 3
    RIGHT_EAR = 4
    LEFT_SHOULDER = 5
    RIGHT_SHOULDER = 6
    LEFT_ELBOW = 7
    RIGHT_ELBOW = 8
    LEFT_WRIST = 9
    RIGHT_WRIST = 10
    LEFT_HIP = 11
    RIGHT_HIP = 12
    LEFT_KNEE = 13
    RIGHT_KNEE = 14
    LEFT_ANKLE = 15
    RIGHT_ANKLE = 16

    @property
    def part(self) -> str:
        """The name in JSON, as the browser version spells it: ``leftShoulder``."""
        first, *rest = self.name.lower().split("_")
        return first + "".join(word.capitalize() for word in rest)


NUM_KEYPOINTS: Final = len(Keypoint)


def _twin(keypoint: Keypoint) -> Keypoint:
    """The same keypoint on the other side of the body."""
    side, _, rest = keypoint.name.partition("_")
    other = {"LEFT": "RIGHT", "RIGHT": "LEFT"}.get(side)
    return Keypoint[f"{other}_{rest}"] if other else keypoint


MIRROR: Final = np.array([_twin(k) for k in Keypoint], dtype=np.intp)
"""Index of each keypoint's twin: ``keypoints[..., MIRROR, :]`` relabels left and right."""


class Limb(StrEnum):
    """A group of keypoints that is scored and corrected together."""

    HEAD = "head"
    TRUNK = "trunk"
    LEFT_ARM = "left_arm"
    RIGHT_ARM = "right_arm"
    LEFT_LEG = "left_leg"
    RIGHT_LEG = "right_leg"

    @property
    def twin(self) -> Limb:
        """The same limb on the other side of the body."""
        side, _, rest = self.value.partition("_")
        return Limb({"left": f"right_{rest}", "right": f"left_{rest}"}.get(side, self.value))


_K = Keypoint

LIMB_KEYPOINTS: Final[dict[Limb, tuple[Keypoint, ...]]] = {
    Limb.HEAD: (_K.NOSE, _K.LEFT_EYE, _K.RIGHT_EYE, _K.LEFT_EAR, _K.RIGHT_EAR),
    Limb.TRUNK: (_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER, _K.LEFT_HIP, _K.RIGHT_HIP),
    Limb.LEFT_ARM: (_K.LEFT_ELBOW, _K.LEFT_WRIST),
    Limb.RIGHT_ARM: (_K.RIGHT_ELBOW, _K.RIGHT_WRIST),
    Limb.LEFT_LEG: (_K.LEFT_KNEE, _K.LEFT_ANKLE),
    Limb.RIGHT_LEG: (_K.RIGHT_KNEE, _K.RIGHT_ANKLE),
}
"""Every keypoint belongs to exactly one limb; shoulders and hips to the trunk."""

EDGES: Final[tuple[tuple[Keypoint, Keypoint, Limb], ...]] = (
    (_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER, Limb.TRUNK),
    (_K.LEFT_SHOULDER, _K.LEFT_HIP, Limb.TRUNK),
    (_K.RIGHT_SHOULDER, _K.RIGHT_HIP, Limb.TRUNK),
    (_K.LEFT_HIP, _K.RIGHT_HIP, Limb.TRUNK),
    (_K.LEFT_SHOULDER, _K.LEFT_ELBOW, Limb.LEFT_ARM),
    (_K.LEFT_ELBOW, _K.LEFT_WRIST, Limb.LEFT_ARM),
    (_K.RIGHT_SHOULDER, _K.RIGHT_ELBOW, Limb.RIGHT_ARM),
    (_K.RIGHT_ELBOW, _K.RIGHT_WRIST, Limb.RIGHT_ARM),
    (_K.LEFT_HIP, _K.LEFT_KNEE, Limb.LEFT_LEG),
    (_K.LEFT_KNEE, _K.LEFT_ANKLE, Limb.LEFT_LEG),
    (_K.RIGHT_HIP, _K.RIGHT_KNEE, Limb.RIGHT_LEG),
    (_K.RIGHT_KNEE, _K.RIGHT_ANKLE, Limb.RIGHT_LEG),
)
"""Pairs of keypoints drawn as a line, with the limb they belong to; the head is drawn as a shape."""


class Joint(StrEnum):
    """A joint whose angle is measured."""

    LEFT_ELBOW = "left_elbow"
    RIGHT_ELBOW = "right_elbow"
    LEFT_SHOULDER = "left_shoulder"
    RIGHT_SHOULDER = "right_shoulder"
    LEFT_HIP = "left_hip"
    RIGHT_HIP = "right_hip"
    LEFT_KNEE = "left_knee"
    RIGHT_KNEE = "right_knee"


JOINT_TRIPLETS: Final[dict[Joint, tuple[Keypoint, Keypoint, Keypoint]]] = {
    Joint.LEFT_ELBOW: (_K.LEFT_SHOULDER, _K.LEFT_ELBOW, _K.LEFT_WRIST),
    Joint.RIGHT_ELBOW: (_K.RIGHT_SHOULDER, _K.RIGHT_ELBOW, _K.RIGHT_WRIST),
    Joint.LEFT_SHOULDER: (_K.LEFT_HIP, _K.LEFT_SHOULDER, _K.LEFT_ELBOW),
    Joint.RIGHT_SHOULDER: (_K.RIGHT_HIP, _K.RIGHT_SHOULDER, _K.RIGHT_ELBOW),
    Joint.LEFT_HIP: (_K.LEFT_SHOULDER, _K.LEFT_HIP, _K.LEFT_KNEE),
    Joint.RIGHT_HIP: (_K.RIGHT_SHOULDER, _K.RIGHT_HIP, _K.RIGHT_KNEE),
    Joint.LEFT_KNEE: (_K.LEFT_HIP, _K.LEFT_KNEE, _K.LEFT_ANKLE),
    Joint.RIGHT_KNEE: (_K.RIGHT_HIP, _K.RIGHT_KNEE, _K.RIGHT_ANKLE),
}
"""The three keypoints of each joint angle; the angle is at the middle one."""

JOINT_LIMB: Final[dict[Joint, Limb]] = {
    Joint.LEFT_ELBOW: Limb.LEFT_ARM,
    Joint.RIGHT_ELBOW: Limb.RIGHT_ARM,
    Joint.LEFT_SHOULDER: Limb.LEFT_ARM,
    Joint.RIGHT_SHOULDER: Limb.RIGHT_ARM,
    Joint.LEFT_HIP: Limb.LEFT_LEG,
    Joint.RIGHT_HIP: Limb.RIGHT_LEG,
    Joint.LEFT_KNEE: Limb.LEFT_LEG,
    Joint.RIGHT_KNEE: Limb.RIGHT_LEG,
}
"""The limb that moves when the joint's angle changes."""
