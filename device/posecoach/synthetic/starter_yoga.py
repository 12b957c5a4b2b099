"""Starter routines from yoga."""

from __future__ import annotations

from typing import Final

from posecoach.coach.routine import Sides
from posecoach.synthetic.starter import EITHER_SIDE, FRONT, Starter

YOGA: Final[dict[str, Starter]] = {
    "tree": Starter(
        name="Tree pose",
        summary="Stand on one leg, the other foot at the thigh, hands overhead; trains balance (vrksasana).",
        instructions=(
            "Face the camera and put your weight on your right foot.",
            "Place your left foot inside your right thigh, knee out.",
            "Bring your palms together overhead.",
            "Look at one point and breathe; then change legs.",
        ),
        emphasis={"legs": 1.0, "arms": 0.7, "trunk": 0.7, "head": 0.2},
        best_views=FRONT,
        cues={
            "bend_left_knee": "bring your foot higher up",
            "bend_left_hip": "turn your knee further out",
            "straighten_right_knee": "straighten your standing leg",
            "raise_arm": "reach up through your hands",
            "stay_upright": "grow tall, do not lean",
        },
        hold_s=6.0,
        sides=Sides.EITHER,
    ),
    "warrior_two": Starter(
        name="Warrior II",
        summary="A wide stance, one knee bent, arms level; strengthens legs and hips (virabhadrasana II).",
        instructions=(
            "Face the camera, feet very wide, left toes turned out.",
            "Bend your left knee over the ankle, right leg straight.",
            "Stretch both arms out level, shoulders down.",
            "Keep your trunk upright, look over your left hand; change sides.",
        ),
        emphasis={"legs": 1.0, "arms": 0.8, "trunk": 0.8, "head": 0.2},
        best_views=FRONT,
        cues={
            "bend_left_knee": "bend your front knee",
            "straighten_left_knee": "front knee over the ankle",
            "straighten_right_knee": "straighten your back leg",
            "raise_arm": "lift your arms level",
            "lower_arm": "lower your arms to shoulder height",
            "straighten_elbow": "reach out through your fingers",
            "stay_upright": "bring your trunk over your hips",
        },
        hold_s=6.0,
        sides=Sides.EITHER,
    ),
    "chair": Starter(
        name="Chair pose",
        summary="Sit into the air, arms up; strengthens thighs, back and shoulders (utkatasana).",
        instructions=(
            "Stand side-on, feet together or hip-wide.",
            "Bend your knees and sit back as onto a chair.",
            "Stretch your arms up in line with your back.",
            "Keep your heels down and breathe.",
        ),
        emphasis={"legs": 1.0, "trunk": 0.8, "arms": 0.7},
        best_views=EITHER_SIDE,
        cues={
            "bend_knee": "sit lower",
            "straighten_knee": "sit a little higher",
            "bend_hip": "sit back further",
            "open_hip": "lift your chest",
            "raise_arm": "stretch your arms up",
            "straighten_elbow": "straighten your elbows",
            "stay_upright": "lift your chest",
        },
        hold_s=6.0,
    ),
    "half_sun_salutation": Starter(
        name="Half sun salutation",
        summary="Reach up, fold, lengthen, fold, rise; warms up back and legs (ardha surya namaskar).",
        instructions=(
            "Stand tall, side-on to the camera.",
            "Reach up, then fold forward from your hips.",
            "Lift half-way with a flat back, then fold again.",
            "Rise with your arms out, reach up, and lower them.",
        ),
        emphasis={"trunk": 1.0, "arms": 0.8, "legs": 0.5, "head": 0.3},
        tolerance={"arms": 0.2},
        best_views=EITHER_SIDE,
        cues={
            "bend_hip": "fold deeper from your hips",
            "open_hip": "lift your chest",
            "straighten_knee": "straighten your legs",
            "raise_arm": "reach higher",
            "go_further": "fold deeper",
        },
    ),
}
