"""Which of the nearest to go on showing, while the pose that is asked about moves."""

from __future__ import annotations

from typing import Final

from posecoach.library.metric import FULL, Asked
from posecoach.library.pose_index import Found, PoseIndex

CLEARLY: Final = 0.85
"""Another is shown where its distance is so much smaller: equals, and what noise makes of them, stay."""
SEEN: Final = 0.04
"""And by at least this share of the scale: of two that are both very near nobody sees which is nearer."""
STAYS_S: Final = 0.4
"""Nothing is shown for less: a picture that goes by faster is not seen."""


class SteadyChoice:
    """The nearest, with some loyalty to the one that is shown. Pure but for that; time is an argument."""

    def __init__(self, index: PoseIndex) -> None:
        """Choose among these; at least one."""
        self._index = index
        self._shown: Found | None = None
        self._since = 0.0

    def nearest_to(self, asked_for: Asked, now: float) -> Found:
        """The one to show now, and how far it is by now.

        Args:
            asked_for: The pose, and its twin.
            now: In seconds; not before the last time.
        """
        (best,) = self._index.nearest(asked_for, 1)
        shown = self._shown
        if shown is not None:
            distance = self._index.distances(asked_for, shown.at)[shown.mirrored]
            least = min(CLEARLY * distance, distance - SEEN * FULL[asked_for.metric])
            if best.distance > least or now - self._since < STAYS_S:
                self._shown = Found(shown.at, distance, shown.mirrored)
                return self._shown
        if shown is None or (best.at, best.mirrored) != (shown.at, shown.mirrored):
            self._since = now
        self._shown = best
        return best

    def forget(self) -> None:
        """Nobody is there any more: whoever comes next is shown their nearest at once."""
        self._shown = None
