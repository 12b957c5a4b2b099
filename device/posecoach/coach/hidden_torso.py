"""Somebody who is in view all the time and cannot be compared: no hip or no shoulder of theirs is seen."""

from __future__ import annotations

from typing import Final

from posecoach.coach.perception import Percept
from posecoach.coach.phrase import Phrase
from posecoach.coach.routine import Sides, Step
from posecoach.coach.support import turn_to

MOSTLY: Final = 0.5
"""Share of the moments in which somebody was in view, from which that is why nothing was found."""


class HiddenTorso:
    """Count the moments in which somebody is in view without a torso.

    Thighs hide the hips of whoever sits facing the camera.
    """

    def __init__(self) -> None:
        """Start before the first frame."""
        self._hidden = self._all = 0

    def look(self, percept: Percept | None) -> None:
        """Take the next moment; one without anybody counts for nothing."""
        if percept is not None:
            self._all += 1
            self._hidden += percept.pose is None

    def words(self, step: Step) -> str:
        """What to do about it in a step; empty where the torso was seen most of the time."""
        if self._hidden <= MOSTLY * self._all:
            return ""
        better = [*step.best_views, *(step.mirrored().best_views if step.sides is Sides.EITHER else ())]
        if not better:
            return Phrase("your hips or your shoulders are hidden: step back")
        return Phrase("your hips or your shoulders are hidden: {turn}", turn=turn_to(better))
