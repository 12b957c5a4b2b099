"""What there is to do just now: it grows by what is recorded, and by what somebody brings."""

from __future__ import annotations

from posecoach.coach.routine import Routine
from posecoach.coach.trend import Trend
from posecoach.face.brought import Standing
from posecoach.face.markings import Markings
from posecoach.face.menu import Tile
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.recorder import ANSWERS
from posecoach.face.settings import Wished


class OnOffer:
    """An offer, as it changes during a visit."""

    def __init__(self, offer: Offer, wished: Wished) -> None:
        """Begin with what there is, in the words of whoever wishes."""
        self.offer = offer
        self._wished = wished
        self.trend: Trend | None = None
        """How it went before, as it was when somebody asked for it."""
        self._had_stick = offer.has_stick

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """What can be chosen."""
        return self.offer.tiles(self._wished.now)

    def add(self, routine: Routine) -> None:
        """There is one more routine."""
        self.offer = self.offer.with_routine(routine)

    def recall(self) -> None:
        """Somebody asks how it went before."""
        if self.offer.trend is not None:
            self.trend = self.offer.trend()

    def count(self, place: Place) -> int | None:
        """How many things there are to mark at a place; `None` where there are none to choose from."""
        offer = self.offer
        counts = {
            Place.TREND: max(1, len(self.trend.routines) if self.trend else 0),
            Place.CHOOSE: len(self.tiles),
            Place.STICK: max(1, len(offer.stick.brought) if offer.stick else 0),
            Place.SETTINGS: len(offer.settings) + offer.checks + 1,
            **ANSWERS,
        }
        return counts.get(place)

    def tend_stick(self, place: Place, markings: Markings) -> None:
        """Offer what has been taken from a stick, and the stick itself while it is there."""
        stick = self.offer.stick
        if stick is None:
            return
        for routine in stick.arrived():
            self.add(routine)
        has, had = self.offer.has_stick, self._had_stick
        # The stick is the first of the tiles: it is marked as it comes, and the rest move on and back.
        at = 0 if has and not had else max(markings.at(Place.CHOOSE).at - (had and not has), 0)
        markings.recount(Place.CHOOSE, len(self.tiles), at)
        if place is Place.STICK:
            markings.recount(Place.STICK, max(1, len(stick.brought)), markings.at(place).at)
        self._had_stick = has

    def take_from_stick(self, index: int) -> Routine | None:
        """Have a routine that somebody brings here; if it is here already, which it is."""
        stick = self.offer.stick
        if stick is None:
            return None
        brought = stick.brought[index]
        if brought.standing in (Standing.HERE, Standing.TAKEN):
            for routine in self.offer.routines:
                if routine.id == brought.id:
                    return routine
        stick.take(index)
        return None
