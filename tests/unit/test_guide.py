"""What is heard between the sessions, of somebody who walks through a visit."""

from __future__ import annotations

from builders import arm_raise_track, empty_track
from guests import RATE_HZ, stands
from guests import Guest as Somebody
from posecoach.coach.intent import Wish
from posecoach.coach.look import PLAIN
from posecoach.coach.session import Session
from posecoach.coach.words import ENGLISH
from posecoach.face.guide import Guide
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit


class Guest(Somebody):
    """A guest, and what they hear between the sessions."""

    def __init__(self, routines, **guide):
        super().__init__(Visit(Offer(routines), Session, Wishes(PLAIN)))
        self.guide, self.heard = Guide(**guide), []

    def answered(self):
        for _ in range(60):  # time to hear it
            self.now += 1 / 30
            self.notices()

    def notices(self):
        said = self.guide.heed(self.visit, self.now)
        assert all(0.0 <= each.late_s <= 0.7 for each in said)
        self.heard += [each.utterance.text or f"[{each.utterance.earcon.value}]" for each in said]


CHOOSE = f"{ENGLISH.what_would_you_like} {ENGLISH.how_to_choose}."
PAUSED = f"{ENGLISH.paused}. {ENGLISH.go_on_crossing}."


def test_whoever_comes_is_asked_once_what_they_would_like(routines):
    guest = Guest(routines).plays(stands(6.0))

    assert guest.visit.place is Place.CHOOSE
    assert guest.heard == [CHOOSE]


def test_an_empty_room_hears_nothing(routines):
    assert Guest(routines).plays(empty_track(duration_s=6.0, rate_hz=RATE_HZ)).heard == []


def test_what_is_marked_is_said_to_those_who_cannot_see_it(routines):
    wishes = (Wish.NEXT, Wish.NEXT, Wish.CHOOSE, Wish.CHOOSE)
    seeing, unseen = (Guest(routines, unseen=unseen).plays(stands(8.0)) for unseen in (False, True))

    assert seeing.wants(*wishes).heard == [CHOOSE]
    assert unseen.wants(*wishes).heard == [
        *(CHOOSE, "Hold.", "Settings."),
        "Picture: a figure.",
    ]


def test_somebody_who_rests_is_told_how_to_go_on_and_hears_that_they_do(routines):
    guest = Guest(routines[:1]).plays(stands(6.0)).plays(arm_raise_track(reps=1, rate_hz=RATE_HZ))
    assert guest.heard == [], "the session speaks for itself"

    guest.wants(Wish.PAUSE)
    assert guest.visit.place is Place.PAUSED
    assert guest.heard == [PAUSED]
    guest.wants(Wish.PAUSE)
    assert guest.visit.place is Place.SESSION
    assert guest.heard == [PAUSED, "[start]"]


def test_whoever_wants_silence_has_it(routines):
    guest = Guest(routines[:1]).plays(stands(6.0)).plays(arm_raise_track(reps=1, rate_hz=RATE_HZ))

    assert guest.wants(Wish.MUTE, Wish.PAUSE, Wish.PAUSE).heard == []
