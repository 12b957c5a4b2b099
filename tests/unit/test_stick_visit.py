"""A stick is plugged in: what the screen offers of it, by pointing and by keys."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from builders import empty_track, still_track
from face_views import STICK
from guests import WH
from guests import Guest as Somebody
from posecoach.coach.bounds import bounds
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.look import PLAIN
from posecoach.coach.session import Session
from posecoach.coach.words import ENGLISH
from posecoach.face.brought import Standing
from posecoach.face.compose_stick import brought_row
from posecoach.face.compose_visit import Shown, compose_visit
from posecoach.face.guide import Guide
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.frame import Frame


class Plugged:
    """A stick whose copies come when they are told to."""

    def __init__(self, *brought):
        self.brought, self.unread = list(brought), False
        self.asked, self.copied = [], []

    def take(self, index):
        self.asked.append(index)
        self.brought[index] = replace(self.brought[index], standing=Standing.TAKING)

    def arrived(self):
        copied, self.copied = self.copied, []
        return copied


class Guest(Somebody):
    """Somebody who stands before the tiles."""

    def __init__(self, arms, stick):
        arms = replace(arms, id="arms", name="Arms")
        self.knee = replace(arms, id="knee", name="Knee rehab")
        offer = Offer((arms, replace(arms, id="b", name="B")), stick=stick)
        super().__init__(Visit(offer, Session, Wishes(PLAIN)), now=10.0)
        self.wants(Wish.CHOOSE)

    def answered(self):
        self.goes_on()

    def goes_on(self, seconds=0.1):
        self.waits(seconds).sees()
        return self

    def points_at(self, words):
        scene = compose_visit(self.visit, Shown(self.now), WH)
        text = next(item for item in scene.items if words in " ".join(getattr(item, "lines", ())))
        box = bounds(text, WH[0] / WH[1])
        return self.wants(Intent(Wish.POINT, box.centre))


@pytest.fixture
def stick():
    return Plugged()


@pytest.fixture
def guest_of(arms):
    return partial(Guest, arms)


def test_without_a_stick_nothing_is_said_of_one(stick, guest_of):
    guest = guest_of(stick)
    assert not any("stick" in text for text in guest.sees())
    assert guest.visit.on_offer.tiles[0].title == "Arms"


def test_a_stick_that_comes_is_the_first_tile_and_marked(stick, guest_of):
    guest = guest_of(stick).wants(Wish.NEXT)
    stick.brought = [STICK[0]]
    guest.goes_on()
    assert guest.visit.on_offer.tiles[0].title == "On the stick: Knee rehab"
    assert guest.visit.marked.at == 0
    stick.brought = []
    guest.goes_on()
    assert (guest.visit.marked.at, guest.visit.marked.count) == (0, len(guest.visit.on_offer.tiles))


def test_what_was_marked_stays_marked_when_the_stick_goes(stick, guest_of):
    stick.brought = list(STICK)
    guest = guest_of(stick).goes_on().wants(Wish.NEXT, Wish.NEXT)
    marked = guest.visit.on_offer.tiles[guest.visit.marked.at].title
    stick.brought = []
    guest.goes_on()
    assert guest.visit.on_offer.tiles[guest.visit.marked.at].title == marked == "B"


def test_it_says_what_it_is_who_made_it_and_who_stands_for_it(stick, guest_of):
    stick.brought = list(STICK)
    shown = guest_of(stick).goes_on().wants(Wish.CHOOSE).sees()
    assert "Knee rehab" in shown
    assert "by A. Meyer, signed by meyer@praxis.example" in shown
    assert "by A. Meyer, signed by somebody unknown here" in shown
    assert "not signed" in shown
    assert "Damaged, or no exercise" in shown


def test_it_is_copied_by_pointing_and_then_begun_by_pointing(stick, guest_of):
    stick.brought = list(STICK)
    guest = guest_of(stick).goes_on().wants(Wish.CHOOSE).points_at("Knee rehab")
    assert stick.asked == [0]
    assert guest.visit.place is Place.STICK
    assert "Being copied" in guest.sees()
    stick.brought[0] = replace(STICK[0], standing=Standing.TAKEN)
    stick.copied = [guest.knee]
    guest.goes_on()
    assert "On this box now" in guest.sees()
    guest.points_at("Knee rehab")
    assert guest.visit.place is Place.SESSION
    assert guest.visit.view(guest.now).routine_name == "Knee rehab"


def test_what_was_taken_is_the_first_of_the_exercises_and_there_once(stick, guest_of):
    stick.brought = list(STICK)
    guest = guest_of(stick).goes_on()
    stick.copied = [guest.knee, replace(guest.knee, name="Knee rehab, new")]
    guest.goes_on()
    assert [tile.title for tile in guest.visit.on_offer.tiles][:3] == [
        "On the stick",
        "Knee rehab, new",
        "Arms",
    ]


def test_a_stick_that_is_pulled_out_is_told_and_leads_back(stick, guest_of):
    stick.brought = list(STICK)
    guest = guest_of(stick).goes_on().wants(Wish.CHOOSE)
    stick.brought = []
    guest.goes_on()
    assert "The stick is gone" in guest.sees()
    guest.wants(Wish.CHOOSE)
    assert guest.visit.place is Place.CHOOSE


def test_a_stick_that_cannot_be_read_is_told(stick, guest_of):
    stick.unread = True
    assert "The stick cannot be read" in guest_of(stick).goes_on().wants(Wish.CHOOSE).sees()


def test_many_stand_on_several_pages_and_each_can_be_taken(stick, guest_of):
    stick.brought = [replace(STICK[0], name=f"Number {n}") for n in range(13)]
    guest = guest_of(stick).goes_on().wants(Wish.CHOOSE)
    assert "1 / 3" in guest.sees()
    guest.points_at("Further").points_at("Number 7")
    assert stick.asked == [7]
    guest.points_at("Further").points_at("Number 12")
    assert stick.asked == [7, 12]
    guest.points_at("Further")
    assert "1 / 3" in guest.sees()
    guest.wants(*[Wish.NEXT] * 6)
    assert "2 / 3" in guest.sees()


def test_a_session_is_not_disturbed_by_one_that_comes(stick, guest_of):
    guest = guest_of(stick).wants(Wish.CHOOSE)
    assert guest.visit.place is Place.SESSION
    stick.brought = list(STICK)
    guest.goes_on()
    assert guest.visit.place is Place.SESSION


def test_whoever_does_not_see_hears_what_is_marked(stick, guest_of):
    stick.brought = list(STICK)
    guest, guide = guest_of(stick).goes_on(), Guide(unseen=True)
    guest.wants(Wish.CHOOSE)
    guide.heed(guest.visit, guest.now)
    heard = []
    guest.wants(Wish.NEXT)
    for _ in range(20):
        guest.now += 0.5
        heard += [each.utterance.text for each in guide.heed(guest.visit, guest.now)]
    assert any("Shoulder" in text and "A. Meyer" in text for text in heard)


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_words_and_a_sign(standing):
    row = brought_row(replace(STICK[0], standing=standing), ENGLISH)
    assert row.value
    assert row.sign is not None


def test_a_name_without_end_is_cut():
    assert len(brought_row(replace(STICK[0], name="x" * 200), ENGLISH).label) < 40


def test_nobody_there_leads_away_from_a_stick(stick, guest_of):
    stick.brought = list(STICK)
    guest = guest_of(stick).goes_on().wants(Wish.CHOOSE)
    for track in (still_track(duration_s=1.0, rate_hz=10.0), empty_track(duration_s=12.0, rate_hz=10.0)):
        for at in track.frames:
            guest.now += 0.1
            guest.visit.look(
                Frame(1, guest.now, np.zeros((480, 640, 3), np.uint8)), [at.pose] if at.pose else []
            )
    assert guest.visit.place is Place.ATTRACT
