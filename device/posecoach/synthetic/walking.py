"""Walking in, out, and past."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.angles import RESTING, Angle
from posecoach.synthetic.body import Body
from posecoach.synthetic.kinematics import Part, Posture, Stance, posture

Array = NDArray[np.float64]

_STRIDE: Final = 0.82
"""Two steps, as a share of the stature."""


def gait(walked_m: Array, stature_m: float) -> Array:
    """``(time, 34)`` the angles of a walk, by how far it has gone.

    Sines in the proportions of the normal gait curves in Winter, Biomechanics and Motor Control (1990).
    """
    phase = 2.0 * np.pi * walked_m / (_STRIDE * stature_m)
    rows = np.broadcast_to(RESTING, (len(phase), len(RESTING))).copy()
    for side, turn in (("LEFT", phase), ("RIGHT", phase + np.pi)):
        swing = np.maximum(-np.sin(turn), 0.0) ** 1.5
        rows[:, Angle[f"{side}_HIP_FLEX"]] = 4.0 + 23.0 * np.cos(turn) + 6.0 * swing
        rows[:, Angle[f"{side}_KNEE_FLEX"]] = 7.0 + 50.0 * swing
        rows[:, Angle[f"{side}_ANKLE_FLEX"]] = 3.0 - 12.0 * np.maximum(np.sin(turn - 0.6), 0.0)
        rows[:, Angle[f"{side}_SHOULDER_FLEX"]] = -19.0 * np.cos(turn)
        rows[:, Angle[f"{side}_ELBOW_FLEX"]] = 20.0 - 9.0 * np.cos(turn)
        rows[:, Angle[f"{side}_PLANTED"]] = 0.0
    rows[:, Angle.SPINE_TURN] = 4.0 * np.cos(phase)
    return rows


def walking(body: Body, places: Array, heading_deg: Array) -> Posture:
    """A body that walks.

    Args:
        body: Who.
        places: ``(time, 2)`` where on the floor, in metres.
        heading_deg: ``(time,)`` where it faces: 0 along x, 90 to the left.
    """
    turn = np.radians(heading_deg)
    walked_m = places[:, 0] * np.cos(turn) + places[:, 1] * np.sin(turn)  # a step for every place
    walk = posture(body, gait(walked_m, body.stature_m), Stance())
    shift = np.zeros((len(places), 3))
    shift[:, :2] = places
    shift[:, 2] = grounded(body, walk)
    return walk.moved(shift, heading_deg)


def grounded(body: Body, standing: Posture) -> Array:
    """``(time,)`` how far to lift a posture so that its lowest foot is on the floor, in metres."""
    lowest = np.full(len(standing.origins), np.inf)
    for foot in (Part.LEFT_FOOT, Part.RIGHT_FOOT):
        ankle, frame = standing.origins[:, foot], standing.frames[:, foot]
        sole = ankle[:, 2] - frame[:, 2, 2] * body.lengths["ankle_height"]
        for along in (-0.22, 0.6):
            lowest = np.minimum(lowest, sole + frame[:, 2, 0] * along * body.lengths["foot"])
    return -lowest
