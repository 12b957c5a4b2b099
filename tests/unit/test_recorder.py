"""Recording as part of a visit: each way through it, and what goes wrong on the way."""

from __future__ import annotations

import errno
from dataclasses import replace

import pytest

from builders import arm_raise_track
from guests import RATE_HZ, nobody, raises, stands
from guests import Guest as Somebody
from posecoach.coach.gesture import Gesture
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.look import PLAIN
from posecoach.coach.session import Session
from posecoach.coach.view import Stage
from posecoach.errors import OutputError, RoutineError
from posecoach.face.guide import Guide
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.recorder import NO_ROOM, NOT_KEPT, Records
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit


class Shelf:
    """Keeps what was recorded in memory; fails as often as it is told to, as a card does."""

    def __init__(self, routine, *failures):
        self.routine, self.failures, self.kept = routine, list(failures), []

    def keep(self, lesson, words):
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, RoutineError):
                raise failure
            raise OutputError("not stored") from failure
        self.kept.append(lesson)
        return replace(
            self.routine, id="recorded-1", name=words.recorded_n.format(n=1), steps=(lesson.learned.step,)
        )


class Guest(Somebody):
    """Somebody who has chosen to record, and what they hear."""

    def __init__(self, routines, shelf=None, **records):
        self.shelf = shelf or Shelf(routines[0])
        offer = Offer(routines, records=Records(self.shelf.keep, **records))
        self.guide, self.heard = Guide(), []
        super().__init__(Visit(offer, Session, Wishes(PLAIN)))
        self.plays(stands(1.0)).wants(Wish.PREVIOUS, Wish.CHOOSE)
        assert self.place is Place.RECORD

    def notices(self):
        self.heard += [
            each.utterance.text or f"[{each.utterance.earcon}]"
            for each in self.guide.heed(self.visit, self.now)
        ]

    def answered(self):
        self.visit.pass_time(self.now)
        self.sees()

    def shows(self, reps=3):
        """Gets ready, shows it, and stands still."""
        return self.plays(stands(6.0), raises(reps), stands(9.5))

    @property
    def stage(self):
        return self.visit.recorder.recording.stage


def test_there_is_no_tile_where_it_is_not_allowed(routines):
    visit = Visit(Offer(routines), Session, Wishes(PLAIN))

    assert Place.RECORD not in {tile.leads for tile in visit.on_offer.tiles}


def test_somebody_is_placed_counted_in_and_counted(routines):
    guest = Guest(routines)
    assert guest.stage is Stage.IDLE
    guest.plays(stands(1.5))
    assert guest.stage in (Stage.PLACING, Stage.COUNTDOWN)
    guest.plays(stands(4.0))
    assert guest.stage is Stage.ACTIVE
    assert "0" in guest.sees()
    guest.plays(arm_raise_track(reps=2, rate_hz=RATE_HZ))
    assert "2" in guest.sees()
    assert {"[ready]", "[start]", "[good]"} <= set(guest.heard)


def test_what_is_learned_is_shown_kept_and_done_at_once(routines):
    guest = Guest(routines).shows()
    assert guest.place is Place.REVIEW
    assert any(text.startswith("3 repetitions seen") for text in guest.sees())
    assert guest.shelf.kept == []
    guest.wants(Wish.CHOOSE)
    assert guest.place is Place.KEPT
    assert "Kept: Recorded 1" in guest.sees()
    guest.wants(Wish.CHOOSE)
    assert guest.place is Place.SESSION
    assert guest.visit.view(guest.now).routine_name == "Recorded 1"
    assert [tile.title for tile in guest.visit.on_offer.tiles][:2] == ["Recorded 1", "Arms"]


@pytest.mark.parametrize("how", ["left hand", "pointing", "time", "leaving"])
def test_what_is_not_kept_on_purpose_is_gone(routines, how):
    guest = Guest(routines).shows()
    guest.sees()
    if how == "left hand":
        guest.wants(Wish.BACK)
    elif how == "pointing":
        guest.wants(Intent(Wish.POINT, (0.1, 0.85)))
    elif how == "time":
        guest.waits(181.0)
    else:
        guest.plays(nobody(61.0))
    assert guest.place in (Place.CHOOSE, Place.ATTRACT)
    assert guest.shelf.kept == []
    assert guest.visit.recorder.lesson is None
    assert "arms" in {tile.routine.id for tile in guest.visit.on_offer.tiles if tile.routine}
    assert len([tile for tile in guest.visit.on_offer.tiles if tile.routine]) == 2


def test_it_can_be_shown_again(routines):
    guest = Guest(routines).shows(reps=2)
    guest.sees()
    guest.wants(Intent(Wish.POINT, (0.5, 0.85)))
    assert guest.place is Place.RECORD
    guest.shows()
    assert guest.visit.recorder.lesson.times == 3


def test_nothing_is_refused_with_advice_and_can_be_tried_again(routines):
    guest = Guest(routines).plays(stands(6.0)).plays(stands(32.0))
    assert guest.place is Place.REFUSED
    assert any(text.startswith("Nothing moved.") for text in guest.sees())
    assert any("Nothing moved" in text for text in guest.heard)
    guest.wants(Wish.CHOOSE)
    assert guest.place is Place.RECORD
    assert guest.stage is Stage.IDLE


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), NO_ROOM),
        (OSError(errno.EROFS, "Read-only"), NOT_KEPT),
        (RoutineError("what was just written cannot be read"), NOT_KEPT),
    ],
)
def test_a_card_that_cannot_be_written_is_said_and_it_can_be_tried_again(routines, failure, words):
    guest = Guest(routines, Shelf(routines[0], failure)).shows().wants(Wish.CHOOSE)
    assert guest.place is Place.REVIEW
    assert words in guest.sees()
    guest.wants(Wish.CHOOSE)
    assert guest.place is Place.KEPT
    assert len(guest.shelf.kept) == 1


def test_while_it_is_worked_on_nothing_else_is_heard(routines):
    waiting = []

    def later(task):
        waiting.append(task)
        return lambda: waiting[-1]() if len(waiting) > 9 else None

    guest = Guest(routines, work=later).shows()
    assert guest.place is Place.RECORD
    assert any(text.startswith("Having a look") for text in guest.sees())
    guest.wants(Wish.BACK).plays(nobody(40.0))
    assert guest.place is Place.RECORD
    waiting += [waiting[0]] * 9
    guest.waits(0.1)
    assert guest.place is Place.REVIEW


def test_a_sign_is_none_before_the_movement_was_seen_nor_where_it_belongs_to_it(routines):
    guest = Guest(routines)
    assert guest.visit.recorder.heard({Gesture.LEAVE: Wish.PAUSE}) == {}
    guest.plays(stands(6.0))
    recorder = guest.visit.recorder
    assert not recorder.hears_hands
    guest.plays(arm_raise_track(reps=1, rate_hz=RATE_HZ)).plays(stands(1.0))
    assert recorder.hears_hands
    assert any("raise one hand" in text for text in guest.sees())


def test_leaving_ends_it_and_coming_back_is_soon_enough(routines):
    guest = Guest(routines).plays(stands(6.0)).plays(arm_raise_track(reps=3, rate_hz=RATE_HZ))
    guest.plays(nobody(4.0))
    assert guest.place is Place.REVIEW
    guest.plays(stands(5.0)).wants(Wish.CHOOSE)
    assert guest.place is Place.KEPT


def test_a_key_ends_it_but_not_before_it_has_begun(routines):
    guest = Guest(routines).plays(stands(2.5)).wants(Wish.CHOOSE, Wish.PAUSE)
    assert guest.place is Place.RECORD
    guest.plays(stands(3.5)).plays(arm_raise_track(reps=1, rate_hz=RATE_HZ)).wants(Wish.CHOOSE)
    assert guest.place is Place.REVIEW
    assert guest.visit.recorder.lesson.times == 1
    assert any("once only" in text for text in guest.sees())


def test_nobody_who_comes_leads_back_to_the_beginning(routines):
    assert Guest(routines).plays(nobody(31.0)).place is Place.ATTRACT


def test_somebody_who_goes_during_the_countdown_is_counted_in_anew(routines):
    guest = Guest(routines).plays(stands(3.0))
    assert guest.stage is Stage.COUNTDOWN
    guest.plays(nobody(1.5))
    assert guest.stage is Stage.IDLE
    guest.shows()
    assert guest.visit.recorder.lesson.times == 3
