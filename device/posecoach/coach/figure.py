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

_HEAD_RADIUS: Final = 0.078


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
        depth: 0 upright, 1 in a squat.
        raise_deg: How far the arms are away from hanging down.
    """
    hip_y, shoulder_y = -0.49 + 0.13 * depth, -0.79 + 0.12 * depth
    limbs: dict[Limb, tuple[Point, ...]] = {Limb.TRUNK: ((0.0, shoulder_y + 0.045), (0.0, hip_y - 0.02))}
    for arm, leg, sign in ((Limb.LEFT_ARM, Limb.LEFT_LEG, -1), (Limb.RIGHT_ARM, Limb.RIGHT_LEG, 1)):
        shoulder = (sign * 0.105, shoulder_y)
        elbow = _from(shoulder, sign, raise_deg, 0.155)
        wrist = _from(elbow, sign, raise_deg - 10, 0.145)
        limbs[arm] = (shoulder, elbow, wrist)
        knee = (sign * (0.075 + 0.055 * depth), -0.265 + 0.04 * depth)
        limbs[leg] = ((sign * 0.062, hip_y), knee, (sign * 0.09, -0.045))
    return Figure(limbs, ((0.0, shoulder_y - 0.125), _HEAD_RADIUS))


def inviting(now: float) -> Figure:
    """The figure that moves while nobody is there: a slow squat every five seconds."""
    swing = 0.5 - 0.5 * math.cos(2 * math.pi * now / 5.0)
    return standing(depth=0.6 * swing, raise_deg=16 + 62 * swing)


def _from(start: Point, sign: int, away_deg: float, length: float) -> Point:
    angle = math.radians(away_deg)
    return start[0] + sign * length * math.sin(angle), start[1] + length * math.cos(angle)


WIDTHS: Final[dict[Limb, float]] = {
    Limb.TRUNK: 0.2,
    Limb.LEFT_ARM: 0.068,
    Limb.RIGHT_ARM: 0.068,
    Limb.LEFT_LEG: 0.098,
    Limb.RIGHT_LEG: 0.098,
}
"""Width of each limb, as a share of the figure's height."""
