"""How long one person's bones are, in torso lengths, learned while they are watched."""

from __future__ import annotations

from typing import Final

from posecoach.motion.columns import Column, Marks
from posecoach.skeleton import Keypoint

_K = Keypoint
UPPER: Final = (int(_K.LEFT_SHOULDER), int(_K.RIGHT_SHOULDER), int(_K.LEFT_HIP), int(_K.RIGHT_HIP))
MIDDLE: Final = (int(_K.LEFT_ELBOW), int(_K.RIGHT_ELBOW), int(_K.LEFT_KNEE), int(_K.RIGHT_KNEE))
LOWER: Final = (int(_K.LEFT_WRIST), int(_K.RIGHT_WRIST), int(_K.LEFT_ANKLE), int(_K.RIGHT_ANKLE))
"""The three keypoints of the four limbs, from the trunk outwards."""
BONES: Final = tuple(zip(UPPER + MIDDLE, MIDDLE + LOWER, strict=True))
"""The eight bones of the limbs: the end nearer the trunk, and the one that hangs on it. The upper one of
limb n is bone n, the lower one bone n + 4."""

_TYPICAL: Final = (0.62, 0.62, 0.9, 0.9, 0.55, 0.55, 0.88, 0.88)

LONGER: Final = 1.3
"""How many times its own length a bone may seem to have: perspective, and a torso that leans away."""
SLACK: Final = 0.15
"""What is allowed beside that, in torso lengths: how far apart networks put a joint."""
SHORTENED: Final = 0.55
"""A bone that seems shorter than this share of its length points at the camera, or its end is wrong."""
FOLDED: Final = 0.94
"""Cosine of the sharpest angle (20 degrees) to which elbows and knees bend."""
LYING: Final = 0.8
"""A bone of at least this share of its length lies in the plane of the picture: its angles are true."""


class BoneLengths:
    """The lengths of a person's limbs: what is usual at first, then more and more their own.

    A picture only ever shortens a bone, so what is kept follows a longer one within a second and a
    shorter one slowly, if it is not plainly foreshortened. Left and right are of one length.
    """

    RISE_S: Final = 1.0
    FALL_S: Final = 20.0

    def __init__(self) -> None:
        """Start with the proportions of an average adult."""
        self.own: Column = list(_TYPICAL)
        """``(8,)`` in torso lengths."""

    def too_long(self, bone: int, length: float) -> bool:
        """Whether no view could show a bone as long as that."""
        return length > LONGER * self.own[bone] + SLACK

    def shortened(self, bone: int, length: float) -> bool:
        """Whether a bone points at the camera or ends in the wrong place."""
        return length < SHORTENED * self.own[bone]

    def overbent(self, limb: int, lengths: Column, across_squared: float) -> bool:
        """Whether a limb is folded further than elbows and knees go.

        Args:
            limb: Its number in `UPPER`.
            lengths: ``(8,)`` of the bones.
            across_squared: Distance of its two ends, squared.
        """
        one, other = lengths[limb], lengths[limb + 4]
        return (
            one * one + other * other - across_squared > 2.0 * FOLDED * one * other
            and one > LYING * self.own[limb]
            and other > LYING * self.own[limb + 4]
        )

    def learn(self, lengths: Column, seen: Marks, step_s: float) -> None:
        """Take the lengths of one frame.

        Args:
            lengths: ``(8,)`` in torso lengths.
            seen: ``(8,)`` whether both ends were seen.
            step_s: Time since the frame before.
        """
        own = self.own
        rise, fall = min(step_s / self.RISE_S, 1.0), min(step_s / self.FALL_S, 1.0)
        for bone, length in enumerate(lengths):
            if seen[bone]:
                known = own[bone]
                if length > known:
                    own[bone] = known + rise * (min(length, 2.0 * known) - known)
                elif length > 0.7 * known:
                    own[bone] = known + fall * (length - known)
        for left in range(0, len(own), 2):
            own[left] = own[left + 1] = 0.5 * (own[left] + own[left + 1])
