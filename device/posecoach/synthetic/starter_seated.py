"""Starter routines that begin on a chair."""

from __future__ import annotations

from typing import Final

from posecoach.coach.routine import Sides, View
from posecoach.synthetic.starter import EITHER_SIDE, Starter

SEATED: Final[dict[str, Starter]] = {
    "sit_to_stand": Starter(
        name="Sit to stand",
        summary="Stand up from a chair and sit down again; trains getting up without help.",
        instructions=(
            "Sit side-on to the camera near the front edge of a firm chair.",
            "Put your feet flat under your knees and lean forwards.",
            "Stand up until hips and knees are straight.",
            "Sit down slowly, without dropping.",
        ),
        emphasis={"legs": 1.0, "trunk": 0.8, "arms": 0.15},
        tolerance={"arms": 0.15},
        best_views=EITHER_SIDE,
        cues={
            "straighten_knee": "stand up all the way",
            "open_hip": "stand up tall, hips forward",
            "bend_hip": "lean forwards to get up",
            "bend_knee_at_start": "feet back under your knees",
            "stay_upright": "stand up tall",
            "go_further": "stand up all the way",
        },
        reps=5,
    ),
    "seated_arm_raise": Starter(
        name="Seated arm raise",
        summary="Raise both arms overhead while sitting; keeps the shoulders mobile.",
        instructions=(
            "Sit upright, side-on to the camera, hands on your thighs.",
            "Raise both arms forwards and up, as high as you can.",
            "Straighten your elbows and do not lean back.",
            "Lower your hands slowly to your thighs.",
        ),
        emphasis={"arms": 1.0, "trunk": 0.6},
        tolerance={"arms": 0.12},
        best_views=EITHER_SIDE,
        cues={
            "raise_arm": "reach higher",
            "straighten_elbow": "straighten your elbows",
            "stay_upright": "sit tall, do not lean back",
            "go_further": "raise your arms higher",
        },
        reps=10,
        seated=True,
    ),
    "seated_knee_extension": Starter(
        name="Seated knee extension",
        summary="Straighten one knee while sitting; strengthens the front of the thigh.",
        instructions=(
            "Sit upright, the leg that works towards the camera.",
            "Straighten your left knee until the leg is level.",
            "Hold for a moment; keep your thigh on the seat.",
            "Lower it slowly; do the same with the right leg.",
        ),
        emphasis={"left_leg": 1.0, "right_leg": 0.3, "trunk": 0.6},
        best_views=(View.LEFT,),
        cues={
            "straighten_left_knee": "straighten your knee",
            "bend_left_knee_at_start": "let your foot come all the way down",
            "stay_upright": "sit tall, do not lean back",
            "go_further": "straighten your knee fully",
        },
        reps=10,
        seated=True,
        sides=Sides.EITHER,
    ),
}
