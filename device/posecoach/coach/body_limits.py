"""How a body differs from the one that a routine was recorded with: what is not asked of it.

A limb that is absent, in a brace or not to be judged is named, and whether the person sits. Nothing is
asked of what is left out: it is not scored, not waited for, not corrected, and not missed. So is what
hangs on it: whoever cannot bend a knee cannot bring the ankle to where the reference has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import BodyError
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Joint, Keypoint, Limb

Mask = NDArray[np.bool_]

LEGS: Final = (Limb.LEFT_LEG.value, Limb.RIGHT_LEG.value)

_BEYOND: Final = {
    "shoulder": ("elbow", "wrist"),
    "elbow": ("wrist",),
    "hip": ("knee", "ankle"),
    "knee": ("ankle",),
    "wrist": ("wrist",),
    "ankle": ("ankle",),
}
"""What hangs on each joint. Of one whose angle cannot be as it should the place is still its own."""


def _parts() -> dict[str, tuple[Keypoint, ...]]:
    parts = {limb.value: keypoints for limb, keypoints in LIMB_KEYPOINTS.items()}
    for joint in (*Joint, "left_wrist", "right_wrist", "left_ankle", "right_ankle"):
        side, _, name = joint.partition("_")
        parts[str(joint)] = tuple(Keypoint[f"{side}_{beyond}".upper()] for beyond in _BEYOND[name])
    return parts


PARTS: Final = _parts()
"""What can be left out, by name: limbs, joints, wrists and ankles, and the keypoints that go with each."""


def left_out(parts: Iterable[str]) -> Mask:
    """``(17,)`` whether a keypoint is left out with one of the parts.

    Raises:
        BodyError: There is no such part; names those there are.
    """
    mask = np.zeros(NUM_KEYPOINTS, dtype=bool)
    for part in parts:
        if part not in PARTS:
            raise BodyError(f"{part!r} cannot be left out; what can: {', '.join(PARTS)}")
        mask[list(PARTS[part])] = True
    return mask


def unweighted(parts: Iterable[str]) -> Mask:
    """``(17,)`` the same without shoulders and hips, which everything else is measured from.

    They are not judged with the trunk, but they are still where the body is.
    """
    mask = left_out(parts)
    mask[list(LIMB_KEYPOINTS[Limb.TRUNK])] = False
    return mask


def mirrored_parts(parts: Iterable[str]) -> tuple[str, ...]:
    """The same parts of the other side."""
    other = {"left": "right", "right": "left"}
    split = (part.partition("_") for part in parts)
    return tuple(f"{other.get(side, side)}{dash}{name}" for side, dash, name in split)


def in_words(parts: Iterable[str]) -> str:
    """``left arm and right knee``; ``legs`` of both."""
    names = list(dict.fromkeys(parts))
    for pair, word in ((LEGS, "legs"), ((Limb.LEFT_ARM.value, Limb.RIGHT_ARM.value), "arms")):
        if set(pair) <= set(names):
            names = [word, *(name for name in names if name not in pair)]
    words = [name.replace("_", " ") for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@dataclass(frozen=True, slots=True)
class BodyDifferences:
    """What a coach has to know of a body.

    Attributes:
        without: Names of `PARTS` that nothing is asked of: absent, in a brace, or not to be judged.
        seated: Whether the person sits, whatever the exercise: of one that is done standing the legs
            are left out as well.
    """

    without: tuple[str, ...] = ()
    seated: bool = False

    def __post_init__(self) -> None:
        left_out(self.without)

    def parts(self, *, seated_step: bool) -> tuple[str, ...]:
        """What is left out of a step that is done seated, or not."""
        legs = LEGS if self.seated and not seated_step else ()
        return tuple(dict.fromkeys((*self.without, *legs)))


AS_RECORDED: Final = BodyDifferences()
"""A body like that of the recording."""
