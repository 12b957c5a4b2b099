"""Faults to put into a movement: what, how much, on which side, and when."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import RoutineError
from posecoach.synthetic.angles import Angle

Array = NDArray[np.float64]


class FaultKind(StrEnum):
    """What can go wrong."""

    SHALLOW = "shallow"
    BENT_KNEE = "bent_knee"
    LOW_ARM = "low_arm"
    LEAN = "lean"
    ASYMMETRY = "asymmetry"
    FAST = "fast"
    PAUSE = "pause"
    SKIP = "skip"
    STOP = "stop"
    TURN = "turn"
    CROSSING = "crossing"
    EARLY = "early"


# Least and most of the amount, the amount where none is given, and in words what it is.
_AMOUNTS: Final[dict[FaultKind, tuple[float, float, float, str]]] = {
    FaultKind.SHALLOW: (0.0, 1.0, 0.4, "the share of the movement that is missing"),
    FaultKind.BENT_KNEE: (0.0, 90.0, 25.0, "degrees"),
    FaultKind.LOW_ARM: (0.0, 120.0, 25.0, "degrees"),
    FaultKind.LEAN: (-45.0, 45.0, 20.0, "degrees, forward or to the side named"),
    FaultKind.ASYMMETRY: (0.0, 1.0, 0.4, "the share of the movement that one side misses"),
    FaultKind.FAST: (0.25, 4.0, 2.0, "how many times as fast"),
    FaultKind.PAUSE: (0.0, 60.0, 2.0, "seconds, at the turning point"),
    FaultKind.SKIP: (0.0, 1.0, 1.0, "nothing"),
    FaultKind.STOP: (0.0, 1.0, 0.5, "the share of the way to the turning point"),
    FaultKind.TURN: (-180.0, 180.0, 40.0, "degrees to the left"),
    FaultKind.EARLY: (0.0, 0.9, 0.4, "the share of the way that is missing when it turns back"),
    FaultKind.CROSSING: (-2.0, 2.0, 0.9, "metres before the athlete"),
}
_PATTERN: Final = re.compile(
    r"(?P<kind>[a-z_-]+)(\.(?P<side>\w+))?(:(?P<amount>[^@]+))?"
    r"(@(?P<first>[\d.]+)(?P<unit>s?)(-(?P<last>[\d.]+)s?)?)?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        kind: What.
        amount: How much, in the unit of its kind.
        side: left or right; `None` for both, or where sides do not matter.
        reps: The first and last repetition it is in, from 1; `None` for all.
        seconds: From when to when instead; of turning and crossing, the start alone matters.
    """

    kind: FaultKind
    amount: float
    side: str | None = None
    reps: tuple[int, int] | None = None
    seconds: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        least, most, _, unit = _AMOUNTS[self.kind]
        if not least <= self.amount <= most:
            raise RoutineError(
                f"fault {self.kind}: expected {least:g} to {most:g}, {unit}; got {self.amount:g}"
            )
        if self.side not in {None, "left", "right"}:
            raise RoutineError(f"fault {self.kind}: expected the side left or right, got {self.side!r}")

    @classmethod
    def parse(cls, text: str) -> Fault:
        """A fault from ``KIND[.SIDE][:AMOUNT][@WHEN]``; WHEN is a rep, ``2-4``, or seconds, ``6s-9s``.

        Raises:
            RoutineError: It is not one.
        """
        match = _PATTERN.fullmatch(text.strip().lower())
        if match is None:
            raise RoutineError(
                f"fault {text!r} is not understood: expected KIND[.SIDE][:AMOUNT][@WHEN], as shallow:0.4@2"
            )
        kind = _kind(match["kind"].replace("-", "_"))
        try:
            amount = float(match["amount"]) if match["amount"] else _AMOUNTS[kind][2]
            first = float(match["first"]) if match["first"] else None
            last = float(match["last"]) if match["last"] else None
        except ValueError:
            raise RoutineError(f"fault {text!r}: expected a number after ':' and after '@'") from None
        if first is None:
            return cls(kind, amount, match["side"])
        if match["unit"]:
            return cls(kind, amount, match["side"], seconds=(first, np.inf if last is None else last))
        return cls(kind, amount, match["side"], reps=(int(first), int(first if last is None else last)))

    def in_rep(self, number: int) -> bool:
        """Whether it is in a repetition, from 1."""
        return self.seconds is None and (self.reps is None or self.reps[0] <= number <= self.reps[1])


def bent(angles: Array, start: Array, fault: Fault, strength: Array) -> Array:
    """``(time, 34)`` angles with a fault of shape in them; faults of time and place change nothing.

    Args:
        angles: As they are meant to be.
        start: ``(34,)`` the motion's start.
        fault: What goes wrong.
        strength: ``(time,)`` how much of it there is, 0..1.
    """
    bend = _BENDS.get(fault.kind)
    return angles if bend is None else bend(angles, start, fault, strength)


def _shallow(angles: Array, start: Array, fault: Fault, strength: Array) -> Array:
    return _shrunk(angles, start, fault.amount * strength, list(_MOVING))


def _asymmetry(angles: Array, start: Array, fault: Fault, strength: Array) -> Array:
    side = fault.side or "left"
    return _shrunk(
        angles, start, fault.amount * strength, [a for a in _MOVING if a.name.startswith(side.upper())]
    )


def _shrunk(angles: Array, start: Array, share: Array, columns: list[Angle]) -> Array:
    changed = angles.copy()
    changed[:, columns] -= (angles[:, columns] - start[columns]) * share[:, None]
    return changed


def _bent_knee(angles: Array, start: Array, fault: Fault, strength: Array) -> Array:
    del start
    changed = angles.copy()
    for side in _sides(fault):
        knee, hip = Angle[f"{side}_KNEE_FLEX"], Angle[f"{side}_HIP_FLEX"]
        before = changed[:, knee].copy()
        changed[:, knee] += fault.amount * strength
        changed[:, hip] += 0.5 * fault.amount * strength
        if fault.side is not None:
            # A bent leg is shorter; beside a straight one its heel comes off the floor by as much.
            shorter = 0.491 * (np.cos(np.radians(before / 2)) - np.cos(np.radians(changed[:, knee] / 2)))
            lifted = np.degrees(np.arcsin(np.clip(shorter / 0.087, 0.0, 0.9)))
            changed[:, Angle[f"{side}_HEEL"]] += lifted * changed[:, Angle[f"{side}_PLANTED"]]
    return changed


def _low_arm(angles: Array, start: Array, fault: Fault, strength: Array) -> Array:
    del start
    changed = angles.copy()
    for side in _sides(fault):
        columns = [Angle[f"{side}_SHOULDER_FLEX"], Angle[f"{side}_SHOULDER_ABDUCT"]]
        raised = np.maximum(np.abs(angles[:, columns]).max(axis=1), 1e-6)
        kept = np.maximum(raised - fault.amount * strength, np.minimum(raised, 8.0)) / raised
        changed[:, columns] *= kept[:, None]
    return changed


def _lean(angles: Array, start: Array, fault: Fault, strength: Array) -> Array:
    del start
    changed = angles.copy()
    lean = fault.amount * strength
    if fault.side is None:
        changed[:, Angle.PELVIS_TILT] += lean
        for hip in (Angle.LEFT_HIP_FLEX, Angle.RIGHT_HIP_FLEX):
            changed[:, hip] += lean
        return changed
    lean = lean if fault.side == "left" else -lean
    from_hips = np.clip(lean, -24.0, 24.0)  # what the hips do not give, the spine does
    changed[:, Angle.PELVIS_SIDE] += from_hips
    changed[:, Angle.SPINE_SIDE] += 1.6 * (lean - from_hips)
    changed[:, Angle.LEFT_HIP_ABDUCT] += from_hips
    changed[:, Angle.RIGHT_HIP_ABDUCT] -= from_hips
    return changed


def _sides(fault: Fault) -> tuple[str, ...]:
    return ("LEFT", "RIGHT") if fault.side is None else (fault.side.upper(),)


def _kind(name: str) -> FaultKind:
    try:
        return FaultKind(name)
    except ValueError:
        near = difflib.get_close_matches(name, [kind.value for kind in FaultKind], n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(FaultKind)}"
        raise RoutineError(f"there is no fault {name!r}; {hint}") from None


_MOVING: Final = tuple(
    angle for angle in Angle if angle is not Angle.SEATED and not angle.name.endswith("PLANTED")
)
_BENDS: Final = {
    FaultKind.SHALLOW: _shallow,
    FaultKind.ASYMMETRY: _asymmetry,
    FaultKind.BENT_KNEE: _bent_knee,
    FaultKind.LOW_ARM: _low_arm,
    FaultKind.LEAN: _lean,
}
