"""Beginning by oneself: who just begins to move is recognised, and the first repetition counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import arm_raise_track, cycle_track, knee_lift, learned, squat_track, still_track
from posecoach.coach.events import PartFinished, Started
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.look import PLAIN
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.view import Stage
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.self_start import SelfStart
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.frame import Frame


@pytest.fixture(scope="module")
def routines():
    arms = replace(learned(arm_raise_track()), id="arms", name="Arms")
    squats = replace(learned(squat_track()), id="squats", name="Squats")
    return arms, squats


class Guest:
    def __init__(self, routines, *, by_itself=True):
        self_start = SelfStart(routines) if by_itself else None
        self.sessions = []
        self.visit = Visit(Offer(routines), self._begin, Wishes(PLAIN), self_start=self_start)
        self.now, self.index, self.events = 100.0, 0, []

    def _begin(self, routine):
        self.sessions.append(Session(routine, options=SessionOptions()))
        return self.sessions[-1]

    def plays(self, track):
        places = []
        start = self.now
        for at in track.frames:
            self.index += 1
            self.now = start + at.at_s
            image = np.zeros((*track.image_wh[::-1], 3), np.uint8)
            self.visit.look(Frame(self.index, self.now, image), [at.pose] if at.pose else [])
            self.events += self.visit.take_events()
            if not places or places[-1] is not self.visit.place:
                places.append(self.visit.place)
        self.now += 0.05
        return places

    @property
    def parts(self):
        return [event.part for event in self.events if isinstance(event, PartFinished)]


def test_who_just_begins_is_recognised_and_the_first_repetition_counts(routines):
    guest = Guest(routines)

    places = guest.plays(arm_raise_track(reps=4))

    assert places == [Place.ATTRACT, Place.CHOOSE, Place.SESSION]
    assert [session.view(guest.now).routine_name for session in guest.sessions] == ["Arms"]
    assert guest.visit.session.stage is Stage.ACTIVE
    assert len(guest.parts) == 4
    first, *_ = guest.parts
    assert first.start_s == pytest.approx(101.0, abs=0.5)
    assert first.score is not None
    assert first.score > 90
    (started,) = [event for event in guest.events if isinstance(event, Started)]
    assert started.at_s < first.start_s


def test_they_are_told_what_it_is_while_they_go_on(routines):
    guest = Guest(routines)
    guest.plays(arm_raise_track(reps=1))

    assert guest.visit.view(guest.now).prompt == "Arms: go on, this counts"


@pytest.mark.parametrize(
    "track", [still_track(), cycle_track(knee_lift)], ids=["standing", "another movement"]
)
def test_nothing_else_begins_anything(routines, track):
    guest = Guest(routines)

    assert guest.plays(track)[-1] is Place.CHOOSE
    assert guest.sessions == []


def test_nothing_begins_by_itself_where_that_is_not_wanted(routines):
    guest = Guest(routines, by_itself=False)

    assert guest.plays(arm_raise_track(reps=3))[-1] is Place.CHOOSE


def test_what_was_done_elsewhere_begins_nothing(routines):
    guest = Guest(routines)
    guest.plays(still_track())
    guest.visit.take(Intent(Wish.BACK), guest.now)
    guest.visit.place = Place.SETTINGS
    guest.plays(arm_raise_track(reps=2))
    guest.visit.take(Intent(Wish.BACK), guest.now)

    assert guest.visit.place is Place.CHOOSE
    assert guest.sessions == []


def test_the_session_catches_up_without_stopping_the_screen(routines):
    guest = Guest(routines)
    track = arm_raise_track(reps=2)
    at_most = 0
    before = 0.0
    start = guest.now
    for at in track.frames:
        image = np.zeros((*track.image_wh[::-1], 3), np.uint8)
        guest.visit.look(Frame(1, start + at.at_s, image), [at.pose] if at.pose else [])
        if guest.visit.session is not None:
            now = guest.visit.session.now
            if before:
                at_most = max(at_most, round((now - before) / (track.frames[1].at_s)))
            before = now

    assert 1 < at_most <= 8
    assert guest.visit.session.now == pytest.approx(start + track.frames[-1].at_s)
