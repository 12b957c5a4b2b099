"""Exercises done standing: where each goes, and how fast."""

from __future__ import annotations

from typing import Final

from posecoach.coach.view import StepKind
from posecoach.synthetic.authoring import HANDS_ON_HIPS, feet, there_and_back
from posecoach.synthetic.motion import Motion

SQUAT: Final = there_and_back(
    "squat",
    {
        "pelvis_tilt": 33, "spine_flex": 6, "neck_flex": -28,
        "both_hip_flex": 109, "both_hip_abduct": 13, "both_hip_rotate": 12, "both_knee_flex": 103,
        "both_shoulder_flex": 124, "both_shoulder_rotate": 0, "both_elbow_flex": 6,
    },
    there_s=1.5, back_s=1.3, stance=feet(0.098, out_deg=14),
)  # fmt: skip

LUNGE: Final = there_and_back(
    "lunge",
    {
        "pelvis_tilt": 4,
        "left_hip_flex": 84, "left_knee_flex": 84,
        "right_hip_flex": -4, "right_knee_flex": 84, "right_heel": 52,
    },
    rest={
        **HANDS_ON_HIPS,
        "left_hip_flex": 27, "left_knee_flex": 4,
        "right_hip_flex": -24, "right_knee_flex": 8, "right_heel": 34,
    },
    there_s=1.4, back_s=1.3, stance=feet(0.055, out_deg=2, split=0.225),
)  # fmt: skip

SIDE_LEG_RAISE: Final = there_and_back(
    "side_leg_raise",
    {"left_planted": 0, "left_hip_abduct": 40, "left_ankle_flex": 4, "right_hip_abduct": -6,
     "spine_side": -5},
    rest=HANDS_ON_HIPS, there_s=1.2, hold_s=0.4, stance=feet(0.05),
)  # fmt: skip

SHOULDER_ABDUCTION: Final = there_and_back(
    "shoulder_abduction",
    {"both_shoulder_abduct": 164, "both_shoulder_rotate": 45, "both_elbow_flex": 5},
    there_s=1.5, back_s=1.4,
)  # fmt: skip

SHOULDER_FLEXION: Final = there_and_back(
    "shoulder_flexion",
    {"both_shoulder_flex": 164, "both_shoulder_rotate": 0, "both_elbow_flex": 5, "spine_flex": -3},
    there_s=1.5, back_s=1.4,
)  # fmt: skip

SHOULDER_PRESS: Final = there_and_back(
    "shoulder_press",
    {"both_shoulder_abduct": 163, "both_shoulder_flex": 4, "both_shoulder_rotate": 70, "both_elbow_flex": 14},
    rest={
        "both_shoulder_abduct": 72, "both_shoulder_flex": 12, "both_shoulder_rotate": 82,
        "both_elbow_flex": 112,
    },
    there_s=1.1, back_s=1.2,
)  # fmt: skip

_LEFT_KNEE_UP: Final = {
    "left_planted": 0, "left_hip_flex": 88, "left_knee_flex": 92, "right_hip_abduct": -4,
    "right_shoulder_flex": 38, "right_elbow_flex": 70, "left_shoulder_flex": -18,
}  # fmt: skip
_RIGHT_KNEE_UP: Final = {
    "right_planted": 0, "right_hip_flex": 88, "right_knee_flex": 92, "left_hip_abduct": -4,
    "left_shoulder_flex": 38, "left_elbow_flex": 70, "right_shoulder_flex": -18,
}  # fmt: skip

KNEE_RAISE: Final = Motion.of(
    "knee_raise",
    StepKind.REPS,
    [
        (0.00, {}), (0.15, {}), (0.90, _LEFT_KNEE_UP), (1.05, _LEFT_KNEE_UP), (1.80, {}),
        (1.95, {}), (2.70, _RIGHT_KNEE_UP), (2.85, _RIGHT_KNEE_UP), (3.60, {}), (3.75, {}),
    ],
    stance=feet(0.055),
)  # fmt: skip

_BENT_LEFT: Final = {
    "spine_side": 30, "pelvis_side": 5, "neck_side": 8, "left_hip_abduct": 5, "right_hip_abduct": -5,
}  # fmt: skip
_BENT_RIGHT: Final = {name: -angle for name, angle in _BENT_LEFT.items()}

TRUNK_SIDE_BEND: Final = Motion.of(
    "trunk_side_bend",
    StepKind.REPS,
    [
        (0.0, {}), (0.2, {}), (1.4, _BENT_LEFT), (1.7, _BENT_LEFT), (2.8, {}),
        (3.0, {}), (4.2, _BENT_RIGHT), (4.5, _BENT_RIGHT), (5.6, {}), (5.9, {}),
    ],
    stance=feet(0.09),
)  # fmt: skip

HEEL_RAISE: Final = there_and_back(
    "heel_raise", {"both_heel": 36, "both_hip_flex": -2}, rest=HANDS_ON_HIPS, there_s=1.0, hold_s=0.5,
    stance=feet(0.055),
)  # fmt: skip
