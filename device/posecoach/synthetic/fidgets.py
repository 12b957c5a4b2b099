"""What people do around their repetitions: shift, look, scratch, sit down, come to the camera."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import RoutineError
from posecoach.synthetic.angles import Angle
from posecoach.synthetic.kinematics import Stance
from posecoach.synthetic.motion import eased_share

Array = NDArray[np.float64]


class FidgetKind(StrEnum):
    """What somebody does that is no part of the movement."""

    STAND = "stand"
    SHIFT = "shift"
    LOOK = "look"
    SCRATCH = "scratch"
    STRETCH = "stretch"
    ADJUST = "adjust"
    SIT = "sit"
    APPROACH = "approach"


_IDLE_S: Final = 0.4
"""Before and after each, as the movement is left off."""
_RAMP_S: Final = 0.9
"""How long a hand takes to where it goes."""
_SIT_RAMP_S: Final = 1.3
_SEAT_HEIGHT: Final = 0.25
"""Of the chair somebody sits down on, as a share of the stature."""
_REACHED: Final = 0.7
"""Share of its time in which somebody who comes to the camera goes there and back; else it is there."""

# Degrees of the side that does it; `other_` of its twin, and without a side of the trunk and neck. Those of
# the trunk and legs are added to what the body does, an arm goes to where it is said to.
_ADDED: Final[dict[FidgetKind, dict[str, float]]] = {
    FidgetKind.SHIFT: {
        "pelvis_side": 4, "spine_side": -5, "hip_abduct": -7, "other_hip_abduct": 7, "other_knee_flex": 9,
        "other_hip_flex": 4,
    },
    FidgetKind.LOOK: {"neck_turn": 48, "spine_turn": 9, "neck_flex": 8},
    FidgetKind.SCRATCH: {"neck_side": -6},
    FidgetKind.STRETCH: {"spine_side": -9, "neck_side": -6},
    FidgetKind.ADJUST: {"neck_flex": 26, "spine_flex": 7},
}  # fmt: skip
_REPLACED: Final[dict[FidgetKind, dict[str, float]]] = {
    FidgetKind.SCRATCH: {
        "shoulder_flex": 62, "shoulder_abduct": 46, "shoulder_rotate": -20, "elbow_flex": 138,
    },
    FidgetKind.STRETCH: {
        "shoulder_flex": 40, "shoulder_abduct": 128, "shoulder_rotate": 30, "elbow_flex": 62,
    },
    FidgetKind.ADJUST: {
        "shoulder_flex": 14, "shoulder_abduct": 16, "shoulder_rotate": -48, "elbow_flex": 88,
        "other_shoulder_flex": 10, "other_shoulder_abduct": 18, "other_shoulder_rotate": -44,
        "other_elbow_flex": 82,
    },
    FidgetKind.APPROACH: {"shoulder_flex": 82, "shoulder_abduct": 4, "shoulder_rotate": 0, "elbow_flex": 14},
    FidgetKind.SIT: {
        "seated": 1, "spine_flex": 4, "hip_flex": 88, "knee_flex": 90, "shoulder_flex": 14, "elbow_flex": 60,
        "other_hip_flex": 88, "other_knee_flex": 90, "other_shoulder_flex": 14, "other_elbow_flex": 60,
    },
}  # fmt: skip
_TURNING: Final = ("_side", "_turn")
"""Angles of the trunk that go the other way for the other side."""
_SIT_LEAN_DEG: Final = 34.0
"""How far the trunk goes forward on the way to a seat and from it."""


@dataclass(frozen=True, slots=True)
class Fidget:
    """One thing somebody does between repetitions.

    Attributes:
        kind: What.
        after_rep: Behind which repetition; 0 for before the first.
        length_s: How long it takes, there and back.
        side: left or right.
    """

    kind: FidgetKind
    after_rep: int
    length_s: float
    side: str = "left"

    def __post_init__(self) -> None:
        if not 0.0 < self.length_s <= 60.0:
            raise RoutineError(f"fidget {self.kind}: expected up to 60 seconds, got {self.length_s:g}")
        if self.side not in {"left", "right"}:
            raise RoutineError(f"fidget {self.kind}: expected the side left or right, got {self.side!r}")

    @property
    def whole_s(self) -> float:
        """How long it takes with the moments of standing still around it."""
        return self.length_s + 2.0 * _IDLE_S


@dataclass(frozen=True, slots=True)
class Fidgeting:
    """A fidget with its time.

    Attributes:
        fidget: What.
        start_s: When it begins.
    """

    fidget: Fidget
    start_s: float

    def strength(self, at_s: Array) -> Array:
        """``(time,)`` how far into it somebody is, 0..1."""
        length_s = self.fidget.length_s
        ramp_s = min(_SIT_RAMP_S if self.fidget.kind is FidgetKind.SIT else _RAMP_S, 0.4 * length_s)
        if self.fidget.kind is FidgetKind.APPROACH:  # the arm is lifted only when there
            gone_s = 0.5 * _REACHED * length_s
            return _there_and_back(
                at_s - self.start_s - gone_s, length_s - 2.0 * gone_s, 0.5 * (length_s - 2.0 * gone_s)
            )
        return _there_and_back(at_s - self.start_s, length_s, ramp_s)

    def nearness(self, at_s: Array) -> Array:
        """``(time,)`` how near to the camera somebody is who comes to it, 0..1; 0 for all else."""
        if self.fidget.kind is not FidgetKind.APPROACH:
            return np.zeros(len(at_s))
        length_s = self.fidget.length_s
        return _there_and_back(at_s - self.start_s, length_s, 0.5 * _REACHED * length_s)


def planned(fidgets: Iterable[Fidget], after_rep: int, start_s: float) -> list[Fidgeting]:
    """Those behind a repetition, one after the other from a time on."""
    plan = []
    for fidget in fidgets:
        if fidget.after_rep == after_rep:
            plan.append(Fidgeting(fidget, start_s + _IDLE_S))
            start_s += fidget.whole_s
    return plan


def stance_for(stance: Stance, fidgets: Sequence[Fidget]) -> Stance:
    """Where the feet stand, with a chair behind whoever sits down on one.

    Raises:
        RoutineError: Somebody who sits already is to sit down, or to walk to the camera.
    """
    leaving = [fidget.kind for fidget in fidgets if fidget.kind in {FidgetKind.SIT, FidgetKind.APPROACH}]
    if leaving and stance.seat_height is not None:
        raise RoutineError(f"fidget {leaving[0]}: expected a movement done standing, got one on a seat")
    return replace(stance, seat_height=_SEAT_HEIGHT) if FidgetKind.SIT in leaving else stance


def fidgeted(rows: Array, at_s: Array, fidgeting: Fidgeting) -> Array:
    """``(time, 34)`` angles with a fidget in them."""
    strength = fidgeting.strength(at_s)
    if not strength.any():
        return rows
    kind, side = fidgeting.fidget.kind, fidgeting.fidget.side
    changed = rows.copy()
    for angle, degrees in _named(_ADDED.get(kind, {}), side):
        changed[:, angle] += degrees * strength
    for angle, degrees in _named(_REPLACED.get(kind, {}), side):
        changed[:, angle] += (degrees - rows[:, angle]) * strength
    if kind is FidgetKind.SCRATCH:
        scratching = np.sin(2.0 * np.pi * 2.2 * (at_s - fidgeting.start_s))
        changed[:, Angle[f"{side.upper()}_ELBOW_FLEX"]] += 7.0 * scratching * strength**2
    if kind is FidgetKind.SIT:
        lean = _SIT_LEAN_DEG * 4.0 * strength * (1.0 - strength)
        changed[:, Angle.PELVIS_TILT] += lean
        for hip in (Angle.LEFT_HIP_FLEX, Angle.RIGHT_HIP_FLEX):
            changed[:, hip] += lean
    return changed


def _named(angles: Mapping[str, float], side: str) -> Iterable[tuple[Angle, float]]:
    other = "right" if side == "left" else "left"
    for name, degrees in angles.items():
        if name.upper() in Angle.__members__:
            mirrored = side == "right" and name.endswith(_TURNING)
            yield Angle[name.upper()], -degrees if mirrored else degrees
        elif name.startswith("other_"):
            yield Angle[f"{other}_{name.removeprefix('other_')}".upper()], degrees
        else:
            yield Angle[f"{side}_{name}".upper()], degrees


def _there_and_back(since_s: Array, length_s: float, ramp_s: float) -> Array:
    return np.asarray(eased_share(since_s / ramp_s) * eased_share((length_s - since_s) / ramp_s))
