"""A simple drawn person: the inviting figure, and the small sign that says which limb is meant.

In units of the figure's height, origin between the feet, y up is negative, seen as in a mirror:
the subject's left is at the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from posecoach.coach.scene import Point
from posecoach.skeleton import Limb

_HEAD_RADIUS: Final = 0.075


@dataclass(frozen=True, slots=True)
class Figure:
    """Lines of points per limb, and the head."""

    limbs: dict[Limb, tuple[Point, ...]]
    head: tuple[Point, float]

    def placed(self, foot: Point, height: float) -> Figure:
        """The figure standing at `foot`, `height` tall."""

        def put(point: Point) -> Point:
            return foot[0] + point[0] * height, foot[1] + point[1] * height

        limbs = {limb: tuple(put(p) for p in points) for limb, points in self.limbs.items()}
        return Figure(limbs, (put(self.head[0]), self.head[1] * height))


def standing(depth: float = 0.0, raise_deg: float = 18.0) -> Figure:
    """A person from the front.

    Args:
        depth: 0 upright, 1 in a deep squat.
        raise_deg: How far the arms are away from hanging down.
    """
    drop = 0.16 * depth
    hip_y, shoulder_y = -0.49 + drop, -0.80 + drop
    spread = 0.075 + 0.06 * depth
    limbs: dict[Limb, tuple[Point, ...]] = {
        Limb.TRUNK: ((0.0, shoulder_y + 0.02), (0.0, hip_y)),
    }
    for arm, leg, sign in ((Limb.LEFT_ARM, Limb.LEFT_LEG, -1), (Limb.RIGHT_ARM, Limb.RIGHT_LEG, 1)):
        shoulder = (sign * 0.115, shoulder_y + 0.012)
        elbow = _from(shoulder, sign, raise_deg, 0.165)
        wrist = _from(elbow, sign, raise_deg - 8, 0.155)
        limbs[arm] = (shoulder, elbow, wrist)
        limbs[leg] = (
            (sign * 0.065, hip_y),
            (sign * (0.08 + spread * (0.25 + depth)), hip_y / 2 - 0.03 * depth),
            (sign * spread * 1.3, -0.03),
        )
    return Figure(limbs, ((0.0, shoulder_y - 0.105), _HEAD_RADIUS))


def inviting(now: float) -> Figure:
    """The figure that moves while nobody is there: a slow squat every five seconds."""
    swing = 0.5 - 0.5 * math.cos(2 * math.pi * now / 5.0)
    return standing(depth=swing, raise_deg=16 + 62 * swing)


def _from(start: Point, sign: int, away_deg: float, length: float) -> Point:
    angle = math.radians(away_deg)
    return start[0] + sign * length * math.sin(angle), start[1] + length * math.cos(angle)


WIDTHS: Final[dict[Limb, float]] = {
    Limb.TRUNK: 0.21,
    Limb.LEFT_ARM: 0.068,
    Limb.RIGHT_ARM: 0.068,
    Limb.LEFT_LEG: 0.098,
    Limb.RIGHT_LEG: 0.098,
}
"""Width of each limb, as a share of the figure's height."""
