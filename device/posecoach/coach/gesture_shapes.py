"""What arms look like that mean something: one hand up, a hand that points, arms crossed before the chest.

One pose at a time, in torso lengths from the middle of the shoulders; who holds it for how long is the
reader's business. No starter movement has one of these shapes for longer than an instant: both hands up is
an exercise, one alone is a sign; hands that meet are an exercise, forearms that cross are a sign.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from posecoach.coach.perception import Percept
from posecoach.coach.scene import Point
from posecoach.motion.columns import columns
from posecoach.skeleton import Keypoint

SEEN: Final = 0.25
"""Least weight of a keypoint that says something."""
SHOULDERS_PER_TORSO: Final = 0.75
"""Width of the shoulders of a standing adult over the length of the torso, for whoever shows no hips."""
FRONTAL: Final = 0.4
"""Torso lengths between the shoulders from which it can be told whose hand is on which side."""

HAND_UP: Final = 0.45
"""How far over the shoulders a hand is up: at the eyes."""
HAND_HIGH: Final = 0.75
"""The same where a lower hand points: over the head."""
HAND_DOWN: Final = 0.25
"""How far below the shoulders the other hand must be: both up is an exercise."""

CROSSED: Final = 0.1
"""How far the wrists must have passed each other."""
CHEST: Final = (-0.2, 0.65)
"""Between which heights below the shoulders arms are crossed."""
MET: Final = 0.28
"""How near the wrists are where a network puts both on the one hand that it finds of crossed arms."""
FOLDED: Final = 0.15
"""How much further apart the elbows then are."""

HOVER_LOW: Final = 0.5
"""How far below the shoulders a hand may be that points."""
HOVER_SAGS: Final = 0.05
"""How far below its elbow: a forearm towards the camera is seen level."""
ACROSS: Final = (-0.1, 0.95)
"""From where to where a hand goes that takes the cursor across the screen: outwards from the middle."""
UP_DOWN: Final = (-0.5, 0.4)
"""The same from top to bottom, below the shoulders."""
RELAXED: Final = 0.06
"""How far a shape that was begun may fall back behind all this and go on."""

_K = Keypoint


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm, in torso lengths from the middle of the shoulders; x to the right of the picture, y down.

    Attributes:
        elbow: `None` where it is not seen.
        wrist: Likewise.
    """

    elbow: Point | None
    wrist: Point | None


@dataclass(frozen=True, slots=True)
class Arms:
    """Both arms of one person.

    Attributes:
        left, right: Their own left and right.
        apart: From the right shoulder to the left along x; positive for somebody who faces the camera.
    """

    left: Arm
    right: Arm
    apart: float


class Crossing(IntEnum):
    """How surely arms are crossed."""

    NONE = 0
    LIKELY = 1  # the hands are seen to meet: folded hands are seen the same
    SURE = 2


def arms_of(percept: Percept) -> Arms | None:
    """The arms of somebody; `None` where no shoulder is seen or nothing says how large they are.

    A hand before the chest often hides a shoulder. Where the network guessed it, the guess serves; where it
    did not, the hips tell where the middle is.
    """
    (x, y), weights = columns(percept.keypoints_xy), percept.weights.tolist()
    left, right = _K.LEFT_SHOULDER, _K.RIGHT_SHOULDER
    if max(weights[left], weights[right]) < SEEN:
        return None
    if min(weights[left], weights[right]) > 0.0:
        middle_x, middle_y = 0.5 * (x[left] + x[right]), 0.5 * (y[left] + y[right])
        apart_px = x[left] - x[right]
        unit = math.hypot(apart_px, y[left] - y[right]) / SHOULDERS_PER_TORSO
    elif percept.pose is not None:
        seen = left if weights[left] > 0.0 else right
        middle_x, middle_y = float(percept.pose.origin_xy[0]), y[seen]
        apart_px, unit = 2.0 * (x[seen] - middle_x) * (1.0 if seen == left else -1.0), 0.0
    else:
        return None
    unit = unit if percept.pose is None else percept.pose.torso_px
    if unit < 1.0:
        return None

    def place(keypoint: Keypoint) -> Point | None:
        if weights[keypoint] < SEEN:
            return None
        return (x[keypoint] - middle_x) / unit, (y[keypoint] - middle_y) / unit

    return Arms(
        Arm(place(_K.LEFT_ELBOW), place(_K.LEFT_WRIST)),
        Arm(place(_K.RIGHT_ELBOW), place(_K.RIGHT_WRIST)),
        apart_px / unit,
    )


def is_up(arm: Arm, other: Arm, least: float) -> bool:
    """Whether a hand is so far over the shoulders, and it alone."""
    if arm.wrist is None or arm.wrist[1] > -least:
        return False
    if arm.elbow is not None and arm.wrist[1] > arm.elbow[1]:
        return False
    return other.wrist is None or other.wrist[1] >= HAND_DOWN


def crossing(arms: Arms, slack: float = 0.0) -> Crossing:
    """Whether the forearms cross before the chest of somebody who is seen from the front, or nearly so.

    Args:
        arms: Whose.
        slack: Torso lengths that may be missing.
    """
    left, right = arms.left, arms.right
    if left.elbow is None or left.wrist is None or right.elbow is None or right.wrist is None:
        return Crossing.NONE
    if abs(arms.apart) < FRONTAL:
        return Crossing.NONE
    low, high = CHEST[0] - slack, CHEST[1] + slack
    if not (low <= left.wrist[1] <= high and low <= right.wrist[1] <= high):
        return Crossing.NONE
    side = math.copysign(1.0, arms.apart)
    wrists, elbows = side * (left.wrist[0] - right.wrist[0]), side * (left.elbow[0] - right.elbow[0])
    if wrists <= slack - CROSSED and elbows >= CROSSED - slack:
        return Crossing.SURE
    lifted = left.wrist[1] < left.elbow[1] + slack and right.wrist[1] < right.elbow[1] + slack
    if lifted and wrists <= MET + slack and elbows - wrists >= FOLDED - slack:
        return Crossing.LIKELY
    return Crossing.NONE


def points(arm: Arm, slack: float = 0.0) -> bool:
    """Whether a hand is held so that it points: over its elbow, and not hanging low."""
    if arm.wrist is None or arm.elbow is None:
        return False
    return (
        -HAND_HIGH - slack <= arm.wrist[1] <= HOVER_LOW + slack
        and arm.wrist[1] - arm.elbow[1] <= HOVER_SAGS + slack
    )


def cursor(arm: Arm, *, left: bool, mirrored: bool) -> Point:
    """Where a hand that points is on the screen, within it.

    Args:
        arm: With its wrist seen.
        left: Whether it is the person's left one.
        mirrored: Whether the screen shows them as a mirror does: then the cursor goes the way the hand
            does, for both.
    """
    assert arm.wrist is not None
    across, down = arm.wrist
    # As in a mirror the right hand, at the left of the picture, is at the right of the screen.
    outwards = across if left else -across
    share = (outwards - ACROSS[0]) / (ACROSS[1] - ACROSS[0])
    share = 1.0 - share if left == mirrored else share
    height = (down - UP_DOWN[0]) / (UP_DOWN[1] - UP_DOWN[0])
    return min(max(share, 0.0), 1.0), min(max(height, 0.0), 1.0)
