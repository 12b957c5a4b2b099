"""From where somebody is seen while they exercise: told once they stand, and revised when they turn.

What they do while that is unclear is not lost: it waits, and is gone through once it is clear.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from posecoach.coach.facing import Facing
from posecoach.coach.routine import View
from posecoach.coach.viewpoint import viewpoint
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import sequence_of

SETTLED_S: Final = 0.7
"""Turned one way in one place for so long is how somebody stands who has not done anything yet."""
TURNED_S: Final = 2.0
"""And who has turned for good, after something was judged."""
PATIENCE_S: Final = 8.0
"""How long somebody may take to stand still before they are taken as they mostly were."""

Measured = Callable[[View], object]
"""What a step is measured by if it is seen from a side; equal for sides that make no difference."""


class Standpoint:
    """The view one person is coached in."""

    def __init__(self) -> None:
        """Start before the first sample."""
        self._facing = Facing()
        self._view: View | None = None
        self._waiting: list[NormalisedPose] = []

    @property
    def view(self) -> View | None:
        """From where they are seen; `None` before that is known."""
        return self._view

    @property
    def seen_from(self) -> View | None:
        """From where they are seen at this moment, whether for good or not."""
        return self._facing.view

    def forget_waiting(self) -> None:
        """Take it that what was done until now is nothing to be judged."""
        self._waiting.clear()

    def take(
        self, sample: NormalisedPose, measured: Measured, *, judged: bool = False
    ) -> list[NormalisedPose]:
        """Take the next sample.

        Args:
            sample: The pose.
            measured: What the step under way is measured by from each side.
            judged: Whether something of it was judged already: it takes longer then to turn for good.

        Returns:
            The samples to go on with now, oldest first; none while it is unclear from where they are seen.
        """
        self._facing.look(sample)
        self._waiting.append(sample)
        seen_from = self._facing.view
        if self._view is None:
            return self._first(seen_from)
        if seen_from in (None, self._view) or measured(seen_from) == measured(self._view):
            if self._facing.steady_s >= SETTLED_S and seen_from is not None:
                self._view = seen_from
            return self._release(0.0)
        if self._facing.steady_s >= (TURNED_S if judged else SETTLED_S):
            self._view = seen_from
            return self._release(self._facing.since_s)
        self._forget_old()
        return []

    def end(self) -> list[NormalisedPose]:
        """Take it that nothing more comes: what there is to go on with.

        Somebody who never stood still is taken as they were seen on the whole; somebody who turned away
        in the end has done nothing more.
        """
        if self._view is not None or not self._waiting:
            self._waiting.clear()
            return []
        return self._on_the_whole()

    def _first(self, seen_from: View | None) -> list[NormalisedPose]:
        if seen_from is not None and self._facing.steady_s >= SETTLED_S:
            self._view = seen_from
            return self._release(self._facing.since_s)
        if self._waiting[-1].captured_at - self._waiting[0].captured_at > PATIENCE_S:
            return self._on_the_whole()
        return []

    def _on_the_whole(self) -> list[NormalisedPose]:
        seen = sequence_of(self._waiting)
        self._view = viewpoint(seen.xy, seen.weights)
        return self._release(0.0)

    def _release(self, since_s: float) -> list[NormalisedPose]:
        released = [sample for sample in self._waiting if sample.captured_at >= since_s]
        self._waiting = []
        return released

    def _forget_old(self) -> None:
        """Of somebody who keeps turning without end, only the last moments are worth keeping."""
        newest_s = self._waiting[-1].captured_at
        while newest_s - self._waiting[0].captured_at > PATIENCE_S:
            self._waiting.pop(0)
