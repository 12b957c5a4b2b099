"""Where a programme leads a visit: from set to set, and out of it."""

from __future__ import annotations

from typing import Final

from posecoach.coach.routine import Routine
from posecoach.coach.summary import Performance
from posecoach.face.place import Place
from posecoach.face.walk import OfferedProgramme, Walk

WITHIN: Final = (Place.PROGRAMME, Place.SESSION, Place.PAUSED, Place.AWAY)
"""Nowhere else is a programme gone on with; whoever comes back to it goes on where they were."""


class Walking:
    """The programme that is under way, if any is."""

    def __init__(self, straight: OfferedProgramme | None = None) -> None:
        """Nobody does one.

        Args:
            straight: One that whoever comes goes on with, without having to choose it.
        """
        self._straight = straight
        self.walk: Walk | None = None

    def begin(self, offered: OfferedProgramme) -> None:
        """Take one up."""
        self.walk = Walk(offered)

    def go_on(self) -> Routine | None:
        """Begin the next set: what is done; `None` where nothing is left."""
        planned = None if self.walk is None else self.walk.begin()
        return None if planned is None else planned.routine

    def wait(self) -> None:
        """Let nothing begin by itself until somebody goes on."""
        if self.walk is not None:
            self.walk.waits = True

    def leads(self, before: Place, place: Place, performance: Performance | None) -> Place:
        """Where it leads instead of a place.

        Args:
            before: Where somebody is.
            place: Where they would go.
            performance: What the session came to; `None` where there is none, or it goes on.
        """
        if place is Place.CHOOSE and before is Place.ATTRACT and self._straight is not None:
            walk = Walk(self._straight)
            if walk.next is not None:  # who has done it all may choose
                self.walk, place = walk, Place.PROGRAMME
        elif place is Place.RESULT and self.walk is not None and performance is not None:
            place = Place.PROGRAMME if self.walk.end(performance) else place
        if place not in WITHIN:
            self.walk = None
        return place
