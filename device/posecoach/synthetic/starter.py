"""What a person writes about a routine; the athlete shows the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from posecoach.coach.routine import TOLERANCE_FLOOR, LimbRule, Sides, View
from posecoach.skeleton import Limb

FRONT: Final = (View.FRONT,)
EITHER_SIDE: Final = (View.LEFT, View.RIGHT)


@dataclass(frozen=True, slots=True)
class Starter:
    """The words and weights of a starter routine.

    Attributes:
        name: In words.
        summary: What it is and what it trains, in one sentence.
        instructions: How it is done, a short sentence each.
        emphasis: How much limbs matter, 0..1, by name; ``arms`` and ``legs`` are both of them. What is not
            named matters `RESTING`.
        best_views: From where it is judged best.
        tolerance: How far off limbs may be, in torso lengths, likewise; what is not named, `TOLERANCE`.
        cues: The coach's own words, see `cue_keys`.
        reps, hold_s: How many, or how long, are asked for.
        seated: Whether it is done sitting.
        sides: Whether it may be done as its mirror image.
    """

    name: str
    summary: str
    instructions: tuple[str, ...]
    emphasis: Mapping[str, float]
    best_views: tuple[View, ...]
    cues: Mapping[str, str] = field(default_factory=dict)
    tolerance: Mapping[str, float] = field(default_factory=dict)
    reps: int | None = None
    hold_s: float | None = None
    seated: bool = False
    sides: Sides = Sides.BOTH

    def rule(self, limb: Limb) -> LimbRule:
        """How a limb is judged."""
        return LimbRule(_of(self.emphasis, limb, RESTING), _of(self.tolerance, limb, TOLERANCE))


def _of(table: Mapping[str, float], limb: Limb, otherwise: float) -> float:
    return table.get(limb, table.get(f"{limb.partition('_')[2]}s", otherwise))


RESTING: Final = 0.1
"""Emphasis of a limb that is only to be where it is."""
TOLERANCE: Final = TOLERANCE_FLOOR
"""Torso lengths; the athlete's bodies are hardly further off, and where they are the routine says so."""
