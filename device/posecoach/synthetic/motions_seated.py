"""Exercises that begin on a seat."""

from __future__ import annotations

from typing import Final

from posecoach.coach.view import StepKind
from posecoach.synthetic.authoring import there_and_back
from posecoach.synthetic.kinematics import Stance
from posecoach.synthetic.motion import Motion

_ON_A_SEAT: Final = Stance(half_width=0.075, seat_height=0.25)
_SAT: Final = {
    "seated": 1, "spine_flex": 4, "both_hip_flex": 88, "both_knee_flex": 90,
    "both_shoulder_abduct": 6, "both_shoulder_flex": 12, "both_shoulder_rotate": -15, "both_elbow_flex": 62,
}  # fmt: skip
_LEANT: Final = {
    "pelvis_tilt": 34, "spine_flex": 12, "neck_flex": -24, "both_hip_flex": 118, "both_shoulder_flex": 62,
    "both_elbow_flex": 25,
}  # fmt: skip
_LIFTED: Final = {**_LEANT, "seated": 0, "pelvis_tilt": 38, "both_hip_flex": 106, "both_knee_flex": 88}
_STOOD: Final = {
    "seated": 0, "spine_flex": 0, "both_hip_flex": 0, "both_knee_flex": 0, "both_shoulder_flex": 2,
    "both_elbow_flex": 12,
}  # fmt: skip

SIT_TO_STAND: Final = Motion.of(
    "sit_to_stand",
    StepKind.REPS,
    [
        (0.0, {}), (0.3, {}), (0.9, _LEANT), (1.2, _LIFTED), (2.2, _STOOD), (2.7, _STOOD), (3.7, _LIFTED),
        (4.0, _LEANT), (4.6, {}), (5.0, {}),
    ],
    rest=_SAT, stance=_ON_A_SEAT,
)  # fmt: skip

SEATED_ARM_RAISE: Final = there_and_back(
    "seated_arm_raise",
    {"both_shoulder_flex": 158, "both_shoulder_rotate": 0, "both_elbow_flex": 6, "spine_flex": 0},
    rest=_SAT, there_s=1.5, back_s=1.4, stance=_ON_A_SEAT,
)  # fmt: skip

SEATED_KNEE_EXTENSION: Final = there_and_back(
    "seated_knee_extension",
    {"left_planted": 0, "left_hip_flex": 86, "left_knee_flex": 8, "left_ankle_flex": 8},
    rest=_SAT, there_s=1.2, hold_s=0.5, stance=_ON_A_SEAT,
)  # fmt: skip
