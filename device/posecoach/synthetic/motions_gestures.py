"""What somebody does to be understood: hands held up, arms crossed."""

from __future__ import annotations

from typing import Final

from posecoach.synthetic.authoring import there_and_back
from posecoach.synthetic.motion import Motion

THERE_S: Final = 0.6
"""How long a hand takes to its place: as fast as people reach who are not in a hurry."""
HELD_S: Final = 1.6
"""How long it stays there: until it was understood, and a little longer."""

_UP: Final = {"shoulder_abduct": 142, "shoulder_flex": 18, "shoulder_rotate": 68, "elbow_flex": 42}


def _held(name: str, pose: dict[str, float]) -> Motion:
    return there_and_back(name, pose, there_s=THERE_S, hold_s=HELD_S)


RAISE_LEFT_HAND: Final = _held("raise_left_hand", {f"left_{angle}": deg for angle, deg in _UP.items()})
RAISE_RIGHT_HAND: Final = _held("raise_right_hand", {f"right_{angle}": deg for angle, deg in _UP.items()})

# Two ways in which arms are crossed: the hands at the opposite shoulders, and folded over the ribs. One
# forearm lies before the other, so the elbows do not bend quite alike.
CROSS_ARMS: Final = _held(
    "cross_arms",
    {
        "both_shoulder_flex": 45, "both_shoulder_abduct": -15, "both_shoulder_rotate": -75,
        "left_elbow_flex": 104, "right_elbow_flex": 96,
    },
)  # fmt: skip
FOLD_ARMS: Final = _held(
    "fold_arms",
    {
        "both_shoulder_flex": 30, "both_shoulder_abduct": -10, "both_shoulder_rotate": -80,
        "left_elbow_flex": 91, "right_elbow_flex": 99,
    },
)  # fmt: skip

GESTURES: Final[dict[str, Motion]] = {
    motion.name: motion for motion in (RAISE_LEFT_HAND, RAISE_RIGHT_HAND, CROSS_ARMS, FOLD_ARMS)
}
"""Every gesture by its name; pointing depends on where to, see `pointing`."""
