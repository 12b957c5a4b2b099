"""One thing that was not as in the reference, and the change that it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posecoach.skeleton import Joint, Limb


class Change(StrEnum):
    """What a fault asks for."""

    RAISE = "raise"
    LOWER = "lower"
    BEND = "bend"
    STRAIGHTEN = "straighten"
    OPEN = "open"
    LEAN_LESS = "lean less"
    LEAN_FURTHER = "lean further"
    GO_FURTHER = "go further"
    SLOWER = "slower"
    KEEP_MOVING = "keep moving"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was not as in the reference.

    Attributes:
        limb: The limb it is about; `None` where it is about the pace.
        phase: ``start``, ``out``, ``turn`` or ``back``; ``hold`` in a held pose, ``all`` of the pace.
        degrees: How far off, not negative; 0 of the pace.
        text: What to change, as an instruction.
        severity: For choosing the one that matters most: degrees times the limb's emphasis.
        change: What the text asks for.
        joint: The joint whose angle it is; `None` where it is the trunk or the pace.
        both: Whether it is the same on both sides, and told as one.
    """

    limb: Limb | None
    phase: str
    degrees: float
    text: str
    severity: float
    change: Change
    joint: Joint | None = None
    both: bool = False
