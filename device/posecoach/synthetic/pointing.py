"""Pointing: how somebody holds a hand so that the cursor goes where they want it on the screen."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.gesture_shapes import ACROSS, UP_DOWN
from posecoach.coach.scene import Point
from posecoach.skeleton import Keypoint
from posecoach.synthetic.authoring import there_and_back
from posecoach.synthetic.body import Body
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.kinematics import LEFT, RIGHT, posture
from posecoach.synthetic.motion import STANDING, Motion
from posecoach.synthetic.motions_gestures import HELD_S, THERE_S
from posecoach.synthetic.rotation import about_x, about_y, bent_between
from posecoach.synthetic.view_camera import ViewCamera

Array = NDArray[np.float64]

_BEFORE_M: Final = 0.28
"""How far before the shoulders a hand points."""
_LOOKS: Final = 8
"""How often somebody looks where the cursor is and moves the hand on, while it is on its way."""
_SIGN: Final = (1.0, -1.0)


def pointing(
    at: Point, *, body: Body, camera: ViewCamera, left: bool = False, held_s: float = HELD_S
) -> Motion:
    """Somebody who stands points at a place of a screen that mirrors them.

    They see where the cursor is and correct it, so the hand ends where the picture, not the body, says.

    Args:
        at: Where, in fractions of the screen.
        body: Who.
        camera: Who looks; the screen hangs where it stands.
        left: With which hand.
        held_s: How long the hand stays there.
    """
    side = LEFT if left else RIGHT
    share = 1.0 - at[0] if left else at[0]
    wanted = np.array(
        [
            (ACROSS[0] + share * (ACROSS[1] - ACROSS[0])) * (1.0 if left else -1.0),
            UP_DOWN[0] + at[1] * (UP_DOWN[1] - UP_DOWN[0]),
        ]
    )
    aim, pose = wanted.copy(), {}
    for _ in range(_LOOKS):
        pose = _arm_to(aim, side, body)
        aim = aim + np.clip(wanted - _seen_at(pose, side, body, camera), -0.15, 0.15)
    return there_and_back(f"point_{'left' if left else 'right'}", pose, there_s=THERE_S, hold_s=held_s)


def _torso_m(body: Body) -> float:
    length = body.lengths
    return length["pelvis"] + length["waist"] + length["chest"] - length["shoulder_drop"]


def _arm_to(place: Array, side: int, body: Body) -> dict[str, float]:
    """The arm's angles that bring a wrist to a place across and below the middle of the shoulders."""
    length, sign, torso_m = body.lengths, _SIGN[side], _torso_m(body)
    # From the shoulder: forward, to the left, up. A picture's right is the left of whoever faces it.
    reach = np.array(
        [
            _BEFORE_M,
            float(place[0]) * torso_m - sign * length["shoulder_half_width"],
            -float(place[1]) * torso_m,
        ]
    )
    pole = np.array([-0.3, 0.6 * sign, -1.0])  # the elbow hangs, a little outwards
    elbow, wrist = bent_between(np.zeros(3), reach, length["upper_arm"], length["forearm"], pole)
    upper, fore = elbow / length["upper_arm"], (wrist - elbow) / length["forearm"]
    flex = np.arcsin(np.clip(upper[0], -1.0, 1.0))
    abduct = np.arctan2(upper[1], -upper[2])
    unrotated = about_x(np.degrees(abduct)) @ about_y(-np.degrees(flex))
    turned = unrotated.T @ fore
    found = {
        "shoulder_flex": np.degrees(flex),
        "shoulder_abduct": sign * np.degrees(abduct),
        "shoulder_rotate": sign * np.degrees(np.arctan2(turned[1], turned[0])),
        "elbow_flex": np.degrees(np.arccos(np.clip(-turned[2], -1.0, 1.0))),
    }
    return {f"{('left', 'right')[side]}_{name}": float(deg) for name, deg in found.items()}


def _seen_at(pose: dict[str, float], side: int, body: Body, camera: ViewCamera) -> Array:
    """``(2,)`` where the wrist then is in the picture, in torso lengths from the middle of the shoulders."""
    motion = there_and_back("pointing", pose, there_s=THERE_S)
    points = keypoints_in_space(body, posture(body, motion.angles(np.array([motion.turning_s])), STANDING))
    xy = camera.project(points)[0][0]
    shoulders = xy[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]].mean(axis=0)
    hips = xy[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=0)
    wrist = xy[Keypoint.LEFT_WRIST if side == LEFT else Keypoint.RIGHT_WRIST]
    return np.asarray((wrist - shoulders) / np.hypot(*(shoulders - hips)))
