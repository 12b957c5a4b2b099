"""What becomes of the things that somebody takes: a tile, a row, a routine they bring, an answer."""

from __future__ import annotations

from posecoach.face.on_offer import OnOffer
from posecoach.face.place import Place
from posecoach.face.practice import Practice
from posecoach.face.recorder import ANSWERS, Recorder
from posecoach.face.settings import Wished
from posecoach.face.walking import Walking


class Taking:
    """Begins, sets or stores what was taken."""

    def __init__(
        self, on_offer: OnOffer, wished: Wished, practice: Practice, walking: Walking, recorder: Recorder
    ) -> None:
        """Take from what is on offer, for these."""
        self._on_offer, self._wished = on_offer, wished
        self._practice, self._walking, self._recorder = practice, walking, recorder

    def take(self, place: Place, index: int) -> Place:
        """Take the thing with a number at a place; where that leads."""
        if place is Place.CHOOSE:
            return self._tile(index)
        if place is Place.STICK:
            return self._brought(index)
        if place in ANSWERS:
            return self._answer(place, index)
        offer = self._on_offer.offer
        if index < len(offer.settings):
            self._wished.change(offer.settings[index].changed(self._wished.now))
            return place
        return Place.CHECKS if offer.checks and index == len(offer.settings) else Place.CHOOSE

    def _tile(self, index: int) -> Place:
        tile = self._on_offer.tiles[index]
        if tile.programme is not None:
            self._walking.begin(tile.programme)
        elif tile.routine is not None:
            self._practice.begin(tile.routine)
        elif tile.leads is Place.RECORD:
            self._recorder.begin()
        return tile.leads

    def _brought(self, index: int) -> Place:
        """Have a routine here, or begin one that is."""
        stick = self._on_offer.offer.stick
        if stick is None or index >= len(stick.brought):
            return Place.CHOOSE
        here = self._on_offer.take_from_stick(index)
        if here is None:
            return Place.STICK
        self._practice.begin(here)
        return Place.SESSION

    def _answer(self, place: Place, index: int) -> Place:
        to = self._recorder.answered(place, index, self._wished.now.look.words)
        if to is Place.SESSION and self._recorder.kept is not None:
            self._practice.begin(self._recorder.kept)
        return to
