"""Which of the things at each place is marked, and where on the screen they stand just now."""

from __future__ import annotations

from dataclasses import replace

from posecoach.coach.intent import Wish
from posecoach.face.menu import Marked, Target
from posecoach.face.place import Place


class Markings:
    """A place that somebody comes back to has the same thing marked as before."""

    def __init__(self) -> None:
        """Nothing stands anywhere."""
        self._marked: dict[Place, Marked] = {}
        self.targets: tuple[Target, ...] = ()
        """What can be pointed at, at the place that is shown."""

    def at(self, place: Place) -> Marked:
        """Which of the things at a place is marked."""
        return self._marked.get(place, Marked(1))

    def aim(self, place: Place, targets: tuple[Target, ...], columns: int) -> None:
        """Say what stands where, and how many beside each other."""
        self.targets = targets
        self._marked[place] = replace(self.at(place), columns=columns)

    def mark(self, place: Place, marked: Marked) -> None:
        """Mark another."""
        self._marked[place] = marked

    def move(self, place: Place, wish: Wish) -> None:
        """Mark the next one, or the one before, above or below."""
        self._marked[place] = self.at(place).moved(wish)

    def enter(self, place: Place, count: int) -> None:
        """A place is shown that has so many things now."""
        self._marked[place] = Marked(count, self.at(place).at % count)

    def recount(self, place: Place, count: int, at: int) -> None:
        """There are more or fewer things at a place than before, in whatever columns they stand."""
        self._marked[place] = replace(self.at(place), count=count, at=at % count)
