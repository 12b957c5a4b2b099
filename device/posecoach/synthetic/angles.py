"""The joint angles of a body: their names, how far each goes, and where they rest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Angle(IntEnum):
    """A number that, with the others, gives a posture; in degrees unless it says otherwise.

    Positive is flexion, abduction, outward rotation, dorsiflexion; of the trunk and neck forward, to
    the left, and turned to the left. ``PLANTED`` is a share: 1 keeps the foot where it stands, 0 lets
    the leg's angles say where it goes. ``HEEL`` lifts the heel of a planted foot. ``SEATED`` is a
    share too: 1 puts the pelvis on the seat, 0 on the legs.
    """

    PELVIS_TILT = 0
    PELVIS_SIDE = 1
    PELVIS_TURN = 2
    SPINE_FLEX = 3
    SPINE_SIDE = 4
    SPINE_TURN = 5
    NECK_FLEX = 6
    NECK_SIDE = 7
    NECK_TURN = 8
    SEATED = 9
    LEFT_SHOULDER_FLEX = 10
    LEFT_SHOULDER_ABDUCT = 11
    LEFT_SHOULDER_ROTATE = 12
    LEFT_ELBOW_FLEX = 13
    LEFT_WRIST_FLEX = 14
    LEFT_HIP_FLEX = 15
    LEFT_HIP_ABDUCT = 16
    LEFT_HIP_ROTATE = 17
    LEFT_KNEE_FLEX = 18
    LEFT_ANKLE_FLEX = 19
    LEFT_HEEL = 20
    LEFT_PLANTED = 21
    RIGHT_SHOULDER_FLEX = 22
    RIGHT_SHOULDER_ABDUCT = 23
    RIGHT_SHOULDER_ROTATE = 24
    RIGHT_ELBOW_FLEX = 25
    RIGHT_WRIST_FLEX = 26
    RIGHT_HIP_FLEX = 27
    RIGHT_HIP_ABDUCT = 28
    RIGHT_HIP_ROTATE = 29
    RIGHT_KNEE_FLEX = 30
    RIGHT_ANKLE_FLEX = 31
    RIGHT_HEEL = 32
    RIGHT_PLANTED = 33


NUM_ANGLES: Final = len(Angle)

# Active ranges of motion of healthy adults after the American Academy of Orthopaedic Surgeons (1965)
# and Norkin & White, Measurement of Joint Motion; trained people get a little beyond at the hip.
_RANGES: Final[dict[str, tuple[float, float]]] = {
    "pelvis_tilt": (-20, 95),
    "pelvis_side": (-25, 25),
    "pelvis_turn": (-90, 90),
    "spine_flex": (-30, 75),
    "spine_side": (-35, 35),
    "spine_turn": (-45, 45),
    "neck_flex": (-50, 60),
    "neck_side": (-45, 45),
    "neck_turn": (-80, 80),
    "seated": (0, 1),
    "shoulder_flex": (-60, 180),
    "shoulder_abduct": (-45, 180),
    "shoulder_rotate": (-90, 90),
    "elbow_flex": (0, 150),
    "wrist_flex": (-70, 80),
    "hip_flex": (-30, 130),
    "hip_abduct": (-30, 80),
    "hip_rotate": (-45, 90),
    "knee_flex": (0, 145),
    "ankle_flex": (-50, 30),
    "heel": (0, 60),
    "planted": (0, 1),
}

# A relaxed person: arms a little away from the body and bent, feet planted.
_RESTING: Final[dict[str, float]] = {
    "both_shoulder_abduct": 7,
    "both_shoulder_flex": 2,
    "both_shoulder_rotate": -25,
    "both_elbow_flex": 12,
    "both_planted": 1,
}


def expanded(angles: Mapping[str, float]) -> dict[Angle, float]:
    """Angles by name, with ``both_...`` meaning left and right.

    Raises:
        KeyError: There is no angle of a name.
    """
    named: dict[Angle, float] = {}
    for name, value in angles.items():
        part = name.removeprefix("both_")
        for full in (f"left_{part}", f"right_{part}") if part != name else (name,):
            named[Angle[full.upper()]] = float(value)
    return named


def as_row(angles: Mapping[str, float]) -> Array:
    """``(34,)`` the resting posture with some of its angles changed."""
    row = RESTING.copy()
    for angle, value in expanded(angles).items():
        row[angle] = value
    return row


def within_limits(angles: Array) -> Array:
    """``(..., 34)`` with every angle brought back into its range."""
    return np.clip(angles, LIMITS[:, 0], LIMITS[:, 1])


def _limits() -> Array:
    table = np.zeros((NUM_ANGLES, 2))
    for angle in Angle:
        name = angle.name.lower()
        table[angle] = _RANGES[name.removeprefix("left_").removeprefix("right_")]
    return table


def _mirror() -> tuple[NDArray[np.intp], Array]:
    order = np.zeros(NUM_ANGLES, dtype=np.intp)
    sign = np.ones(NUM_ANGLES)
    for angle in Angle:
        side, _, rest = angle.name.partition("_")
        other = {"LEFT": "RIGHT", "RIGHT": "LEFT"}.get(side)
        order[angle] = Angle[f"{other}_{rest}"] if other else angle
        if not other and rest in {"SIDE", "TURN"}:
            sign[angle] = -1.0
    return order, sign


LIMITS: Final[Array] = _limits()
"""``(34, 2)`` least and most of each angle."""

RESTING: Final[Array] = np.zeros(NUM_ANGLES)
RESTING[[*expanded(_RESTING)]] = [*expanded(_RESTING).values()]
"""``(34,)`` standing at ease."""

_TWIN, _TWIN_SIGN = _mirror()


def mirrored(angles: Array) -> Array:
    """``(..., 34)`` the same posture with left and right exchanged."""
    return np.asarray(angles[..., _TWIN] * _TWIN_SIGN)
