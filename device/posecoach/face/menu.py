"""What can be chosen from: tiles, rows and pages, which of them is marked, and what it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from posecoach.coach.intent import Wish
from posecoach.coach.routine import Routine, View
from posecoach.coach.scene import Box, Point
from posecoach.coach.view import StepKind
from posecoach.face.place import Place
from posecoach.face.walk import OfferedProgramme
from posecoach.motion.sequence import PoseSequence


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One thing to choose.

    Attributes:
        title: In words.
        leads: To where.
        routine: What is begun; `None` of what is no exercise.
        programme: What is begun instead, of which `routine` is what comes next.
    """

    title: str
    leads: Place
    routine: Routine | None = None
    programme: OfferedProgramme | None = None

    @property
    def kind(self) -> StepKind | None:
        """How the first step is counted."""
        return None if self.routine is None else self.routine.steps[0].kind

    @property
    def movement(self) -> PoseSequence | None:
        """The reference, from where it is seen best."""
        if self.routine is None:
            return None
        step = self.routine.steps[0]
        view = next(iter((*step.best_views, View.FRONT)))
        return step.views.get(view) or next(iter(step.views.values()))


@dataclass(frozen=True, slots=True)
class Marked:
    """Which of several things is marked.

    Attributes:
        count: How many there are; at least one.
        at: The marked one.
        columns: How many stand beside each other.
    """

    count: int
    at: int = 0
    columns: int = 1

    def moved(self, wish: Wish) -> Marked:
        """The same with another one marked; the first comes after the last."""
        by = _STEPS[wish] * (self.columns if wish in (Wish.UP, Wish.DOWN) else 1)
        return Marked(self.count, (self.at + by) % self.count, self.columns)


_STEPS: Final = {Wish.NEXT: 1, Wish.PREVIOUS: -1, Wish.DOWN: 1, Wish.UP: -1}

Does: TypeAlias = Wish | Marked | int
"""What a target of the screen does: a wish, another marking, or it takes what has this number."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place of the screen that something happens at when it is touched or pointed at.

    Attributes:
        box: In fractions of the screen.
        does: What.
    """

    box: Box
    does: Does


def target_at(targets: Sequence[Target], point: Point) -> Target | None:
    """The first target at a point of the screen."""
    x, y = point
    for target in targets:
        if target.box.x <= x < target.box.right and target.box.y <= y < target.box.bottom:
            return target
    return None
