"""Yoga: poses that are held, and half a sun salutation that flows."""

from __future__ import annotations

from typing import Final

from posecoach.coach.view import StepKind
from posecoach.synthetic.authoring import HANDS_TOGETHER_ABOVE, feet, there_and_back
from posecoach.synthetic.kinematics import Stance
from posecoach.synthetic.motion import Motion

_FOOT_UP: Final = {
    "left_planted": 0, "left_hip_flex": 36, "left_hip_abduct": 42, "left_hip_rotate": 62,
    "left_knee_flex": 128,
    "left_ankle_flex": -28, "right_hip_abduct": -6,
}  # fmt: skip
_TREE: Final = {**_FOOT_UP, **HANDS_TOGETHER_ABOVE}

TREE: Final = Motion.of(
    "tree",
    StepKind.HOLD,
    [
        (0.0, {}), (0.4, {}), (1.8, _FOOT_UP), (3.0, _TREE), (11.0, _TREE), (12.2, _FOOT_UP), (13.4, {}),
        (13.8, {}),
    ],
    stance=feet(0.045, out_deg=6),
)  # fmt: skip

WARRIOR_TWO: Final = there_and_back(
    "warrior_two",
    {
        "left_hip_abduct": 62, "left_hip_rotate": 80, "left_knee_flex": 66, "right_hip_abduct": 42,
        "both_shoulder_abduct": 90, "both_shoulder_rotate": 0, "both_elbow_flex": 2, "neck_turn": 62,
    },
    rest={"both_hip_abduct": 37, "left_hip_rotate": 60},
    there_s=1.8, hold_s=8.0, stance=Stance(half_width=0.33, toes_out_deg=(84.0, 2.0)),
)  # fmt: skip

CHAIR: Final = there_and_back(
    "chair",
    {
        "pelvis_tilt": 36, "spine_flex": -2, "neck_flex": -18, "both_hip_flex": 100, "both_knee_flex": 88,
        "both_shoulder_flex": 158, "both_shoulder_abduct": 10, "both_shoulder_rotate": 0,
        "both_elbow_flex": 4,
    },
    there_s=1.8, hold_s=8.0, stance=feet(0.05, out_deg=4),
)  # fmt: skip

_UP: Final = {**HANDS_TOGETHER_ABOVE, "spine_flex": -10, "neck_flex": -14}
_OPEN: Final = {
    "pelvis_tilt": 30, "both_hip_flex": 28, "spine_flex": 10, "both_shoulder_abduct": 95,
        "both_elbow_flex": 4,
}  # fmt: skip
_FOLD: Final = {
    "pelvis_tilt": 72, "both_hip_flex": 66, "spine_flex": 52, "neck_flex": 14, "both_knee_flex": 6,
    "both_shoulder_flex": 116, "both_shoulder_rotate": 0, "both_elbow_flex": 8,
}  # fmt: skip
_FLAT_BACK: Final = {
    "pelvis_tilt": 76, "both_hip_flex": 68, "spine_flex": 8, "neck_flex": -14, "both_knee_flex": 3,
    "both_shoulder_flex": 62, "both_shoulder_rotate": 0, "both_elbow_flex": 6,
}  # fmt: skip

HALF_SUN_SALUTATION: Final = Motion.of(
    "half_sun_salutation",
    StepKind.FLOW,
    [
        (0.0, {}), (0.5, {}), (2.3, _UP), (3.0, _UP), (4.0, _OPEN), (5.3, _FOLD), (6.5, _FOLD),
        (7.7, _FLAT_BACK), (8.7, _FLAT_BACK), (9.9, _FOLD), (10.6, _FOLD), (12.0, _OPEN), (13.4, _UP),
        (14.1, _UP), (15.8, {}), (16.3, {}),
    ],
    stance=feet(0.05, out_deg=4),
)  # fmt: skip
