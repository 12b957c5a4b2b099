"""A programme walked through before the box, set by set, and gone on with."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from builders import arm_raise_track, empty_track, hold_track
from guests import RATE_HZ, raises, stands
from guests import Guest as Somebody
from planned import ANNA, PLAN
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli.keeping import Keeper
from posecoach.coach.intent import Wish
from posecoach.coach.look import PLAIN
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.programme import (
    planned_routines,
)
from posecoach.coach.records import PlannedSet
from posecoach.coach.session import Session
from posecoach.coach.view import Stage
from posecoach.face.guide import Guide
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.face.walk import OfferedProgramme, Walk
from posecoach.track import PoseTrack


@pytest.fixture
def routines(routines):
    return {routine.id: routine for routine in routines}


class Guest(Somebody):
    """Somebody before a box that offers a programme."""

    def __init__(self, routines, *, keeper=None, straight=True, start_s=100.0):
        sets = planned_routines(PLAN, routines)
        done = partial(keeper.done_today, PLAN.id) if keeper else dict
        self.offered = OfferedProgramme(PLAN, sets, done)
        self.keeper, self.keep = keeper, lambda event: None
        visit = Visit(
            Offer(tuple(routines.values()), programmes=(self.offered,)),
            self._begin,
            Wishes(PLAIN),
            straight=self.offered if straight else None,
        )
        super().__init__(visit, start_s)

    def _begin(self, routine):
        if self.keeper is not None:
            self.keep = self.keeper.session(routine, self.visit.planned)
        return Session(routine)

    def stands(self, seconds):
        return self.plays(stands(seconds))

    def raises(self, reps):
        return self.plays(raises(reps))

    def notices(self):
        for event in self.visit.take_events():
            self.keep(event)
            self.events.append(event)


def begun(routines, **options):
    """Somebody who has come, and stands counted in before the first set."""
    guest = Guest(routines, **options).stands(1.0)
    assert guest.place is Place.PROGRAMME
    return guest.wants(Wish.CHOOSE).stands(6.0)


def test_who_comes_goes_through_all_sets_with_rests_between(routines):
    guest = begun(routines)
    assert guest.visit.session.stage is Stage.ACTIVE

    guest.raises(2).stands(0.5)

    assert guest.place is Place.PROGRAMME
    walk = guest.visit.walk
    assert walk.done == (True, False, False)
    assert walk.rests
    assert walk.lasts_s == 20.0
    guest.stands(17.0)
    assert guest.place is Place.PROGRAMME
    guest.stands(3.0)
    assert guest.place is Place.SESSION
    guest.stands(6.0).raises(2).stands(0.5).wants(Wish.CHOOSE).stands(6.0)
    assert guest.visit.session.view(guest.now).routine_name == "Hold"
    guest.plays(hold_track(rate_hz=RATE_HZ)).stands(0.5)
    assert guest.visit.walk.done == (True, True, True)
    assert guest.place is Place.PROGRAMME
    guest.stands(21.0)
    assert guest.place is Place.CHOOSE


def test_a_rest_lasts_until_somebody_goes_on_who_asked_to_wait(routines):
    guest = begun(routines).raises(2).stands(0.5)

    guest.wants(Wish.PAUSE).stands(40.0)
    assert guest.place is Place.PROGRAMME
    assert guest.wants(Wish.CHOOSE).place is Place.SESSION


def test_who_stops_in_the_middle_is_not_taken_on_and_can_go_on_later(routines):
    guest = begun(routines).raises(1).stands(0.5)

    guest.wants(Wish.BACK)

    assert guest.place is Place.SUMMARY
    assert guest.visit.walk is None


def test_whoever_is_gone_in_a_rest_is_waited_for_and_then_not(routines):
    guest = begun(routines).raises(2).stands(0.5).wants(Wish.PAUSE)

    guest.plays(empty_track(duration_s=15.0, rate_hz=RATE_HZ))
    assert guest.place is Place.PROGRAMME
    guest.plays(empty_track(duration_s=6.0, rate_hz=RATE_HZ))
    assert guest.place is Place.ATTRACT


def test_it_can_be_chosen_from_the_first_tile(routines):
    guest = Guest(routines, straight=False).stands(1.0)
    assert guest.place is Place.CHOOSE
    assert guest.visit.on_offer.tiles[0].title == "After the knee"

    assert guest.wants(Wish.CHOOSE).place is Place.PROGRAMME


def test_what_comes_next_is_said(routines):
    guest, guide = begun(routines), Guide()
    said = []
    for frame in arm_raise_track(reps=2, rate_hz=RATE_HZ).frames:
        guest.plays(PoseTrack((640, 480), [frame]))
        said += [each.utterance.text for each in guide.heed(guest.visit, guest.now)]

    assert len(said) == 1
    assert said[0].endswith("Rest. Next: Arms: 2 repetitions.")
    assert said[0].startswith("9") or said[0].startswith("100")


# Kept, and gone on with.


@pytest.fixture
def history(tmp_path):
    with SqliteHistory(tmp_path / "history.sqlite3") as found:
        yield found


def test_each_set_is_kept_with_its_place_in_the_programme(routines, history):
    begun(routines, keeper=Keeper(history, ANNA)).raises(2).stands(0.5)

    (session,) = history.sessions()
    assert session.start.planned == PlannedSet("knee", "After the knee", 0, 3, 2.0, "reps")
    assert session.start.person == ANNA


def test_after_a_power_cut_what_was_counted_is_not_asked_for_again(routines, history):
    begun(routines, keeper=Keeper(history, ANNA)).raises(1).stands(0.5)  # and the lights go out
    assert history.sessions()[0].summary is None

    walk = Walk(Guest(routines, keeper=Keeper(history, ANNA)).offered)

    assert walk.done == (False, False, False)
    assert walk.next.planned.number == 0
    assert walk.next.routine.steps[0].reps == 1
    guest = begun(routines, keeper=Keeper(history, ANNA), start_s=500.0).raises(1).stands(0.5)
    assert guest.visit.walk.done == (True, False, False)
    assert guest.visit.walk.next.planned.number == 1


def test_the_week_on_the_screen_has_what_was_kept_today(routines, history):
    keeper = Keeper(history, ANNA)
    begun(routines, keeper=keeper).raises(2).stands(0.5)

    week = keeper.week(replace(PLAN, days=()), None)

    assert {day.day: day.done for day in week.days if day.done} == {week.today: 1}
    assert [day.planned for day in week.days] == [3] * 7


def test_another_person_begins_at_the_beginning(routines, history):
    begun(routines, keeper=Keeper(history, ANNA)).raises(2).stands(0.5)

    assert Keeper(history, ANNA).done_today("knee") == {0: 2.0}
    assert Keeper(history, NamedPerson("Bert")).done_today("knee") == {}
    assert Keeper(history, None).done_today("knee") == {}
    assert Keeper(history, ANNA).done_today("shoulder") == {}
