"""Parts of the body in words: alone, and as what somebody moves."""

from __future__ import annotations

from typing import Final

from posecoach.coach.phrase import Phrase
from posecoach.skeleton import Joint, Limb

_NAMES: Final[dict[str, Phrase]] = {
    "head": Phrase("head"),
    "trunk": Phrase("trunk"),
    "left_arm": Phrase("left arm"),
    "right_arm": Phrase("right arm"),
    "left_leg": Phrase("left leg"),
    "right_leg": Phrase("right leg"),
    "left_elbow": Phrase("left elbow"),
    "right_elbow": Phrase("right elbow"),
    "left_shoulder": Phrase("left shoulder"),
    "right_shoulder": Phrase("right shoulder"),
    "left_hip": Phrase("left hip"),
    "right_hip": Phrase("right hip"),
    "left_knee": Phrase("left knee"),
    "right_knee": Phrase("right knee"),
}
_BOTH: Final[dict[str, Phrase]] = {
    "arm": Phrase("both arms"),
    "elbow": Phrase("both elbows"),
    "shoulder": Phrase("both shoulders"),
    "hip": Phrase("both hips"),
    "knee": Phrase("both knees"),
}
_WHOSE: Final[dict[str, Phrase]] = {
    "left_arm": Phrase("your left arm"),
    "right_arm": Phrase("your right arm"),
    "left_elbow": Phrase("your left elbow"),
    "right_elbow": Phrase("your right elbow"),
    "left_shoulder": Phrase("your left shoulder"),
    "right_shoulder": Phrase("your right shoulder"),
    "left_hip": Phrase("your left hip"),
    "right_hip": Phrase("your right hip"),
    "left_knee": Phrase("your left knee"),
    "right_knee": Phrase("your right knee"),
}


def in_words(part: Joint | Limb | str) -> Phrase:
    """``left knee``."""
    return _NAMES[str(part)]


def both_of(joint: Joint | str) -> Phrase:
    """``both knees``, by either of them."""
    return _BOTH[str(joint).rpartition("_")[2]]


def whose_of(part: Joint | str) -> Phrase:
    """``your left knee``, as what somebody is told to move."""
    return _WHOSE[str(part)]
