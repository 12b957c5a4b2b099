"""A visit: what leads where, as data; and somebody who walks it."""

from __future__ import annotations

import pytest

import face_views
from guests import RATE_HZ, nobody, raises, stands
from guests import Guest as Somebody
from posecoach.coach.events import Finished, Started
from posecoach.coach.gesture import Gesture
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.look import PLAIN, Look, PictureMode
from posecoach.coach.session import Session
from posecoach.coach.view import Stage, TroubleView
from posecoach.face.menu import Marked
from posecoach.face.offer import Offer
from posecoach.face.place import MANNERS, MOVES, Act, Place, Turn
from posecoach.face.settings import SETTINGS, Wishes
from posecoach.face.visit import Visit


class Guest(Somebody):
    """A guest whose wishes are kept."""

    def __init__(self, offer, wishes=None, **options):
        self.saved = []
        super().__init__(Visit(offer, Session, wishes or Wishes(PLAIN), wished=self.saved.append, **options))


def came(routines):
    return Guest(Offer(routines)).plays(stands(1.0))


def test_every_place_has_manners_and_can_be_reached():
    assert set(MANNERS) == set(Place)
    reached, edge = set(), {Place.ATTRACT}
    chosen = {Place.SESSION, Place.PROGRAMME, Place.TREND, Place.SETTINGS, Place.STICK, Place.RECORD}
    taken = {Place.CHOOSE: chosen, Place.SETTINGS: {Place.CHECKS}}
    away = {Place.SESSION: {Place.AWAY}}
    while edge:
        place = edge.pop()
        reached.add(place)
        to = {move.to for (at, _), move in MOVES.items() if at is place}
        edge |= (to | taken.get(place, set()) | away.get(place, set())) - reached
    assert reached == set(Place)


@pytest.mark.parametrize("place", [place for place in Place if place is not Place.ATTRACT])
def test_without_anybody_every_place_ends_where_it_began(place):
    seen = [place]
    while seen[-1] is not Place.ATTRACT:
        move = MOVES.get((seen[-1], Turn.GONE))
        assert move is not None, seen
        assert move.to not in seen, seen
        seen.append(move.to)


@pytest.mark.parametrize("place", [place for place in Place if place not in (Place.ATTRACT, Place.SESSION)])
def test_every_place_has_a_way_back_and_one_on(place):
    assert (place, Wish.BACK) in MOVES
    assert (place, Wish.CHOOSE) in MOVES


@pytest.mark.parametrize("place", Place)
def test_a_gesture_that_is_listened_to_leads_somewhere(place):
    for gesture, wish in MANNERS[place].gestures.items():
        assert (place, wish) in MOVES, gesture


def test_while_somebody_exercises_only_signs_that_no_exercise_has_are_listened_to():
    assert set(MANNERS[Place.SESSION].gestures) == {Gesture.CROSS_ARMS, Gesture.LEAVE}
    for (place, cause), move in MOVES.items():
        if place is Place.SESSION and move.act is Act.FINISH:
            assert cause is Wish.BACK  # a key; no gesture means it there


def test_somebody_who_walks_past_is_not_asked_anything(routines):
    guest = Guest(Offer(routines)).plays(nobody(1.0)).plays(stands(0.3)).plays(nobody(1.0))
    assert guest.place is Place.ATTRACT
    assert "Nothing leaves this box. No picture is kept." in guest.sees()


def test_somebody_who_comes_chooses_and_a_session_of_it_begins(routines):
    guest = came(routines)
    assert guest.place is Place.CHOOSE
    assert {"Arms", "Hold", "Settings"} <= set(guest.sees())
    guest.wants(Wish.NEXT, Wish.NEXT, Wish.NEXT, Wish.PREVIOUS, Wish.PREVIOUS)
    assert guest.visit.marked.at == 1
    guest.wants(Wish.CHOOSE)
    assert guest.place is Place.SESSION
    assert guest.visit.view(guest.now).routine_name == "Hold"


def test_what_is_pointed_at_is_taken(routines):
    guest = came(routines)
    guest.sees()
    guest.wants(Intent(Wish.POINT, (0.99, 0.01)))
    assert guest.place is Place.CHOOSE, "nothing stands there"
    guest.wants(Intent(Wish.POINT, (0.5, 0.3)))
    assert guest.visit.view(guest.now).routine_name == "Hold"


def test_a_whole_visit(routines):
    guest = came(routines).wants(Wish.CHOOSE).plays(stands(5.0))
    assert guest.visit.session.stage is Stage.ACTIVE
    guest.plays(raises(3)).plays(stands(1.0))
    assert [type(event) for event in guest.events[:1]] == [Started]
    assert len(guest.parts) == 3
    guest.wants(Wish.BACK)
    assert guest.place is Place.RESULT
    told = [text.split(":")[0] for text in guest.sees()]
    assert [text for text in told if text.startswith("Rep ")] == ["Rep 1", "Rep 2", "Rep 3"]
    guest.plays(stands(9.0))
    assert guest.place is Place.SUMMARY
    assert any("100" in text for text in guest.sees())
    guest.plays(stands(21.0))
    assert guest.place is Place.CHOOSE
    guest.plays(nobody(11.0))
    assert guest.place is Place.ATTRACT
    assert sum(isinstance(event, Finished) for event in guest.events) == 1


def test_once_more_begins_the_same_again(routines):
    guest = came(routines).wants(Wish.CHOOSE).plays(stands(5.0)).plays(raises(2)).wants(Wish.BACK, Wish.NEXT)
    first = guest.visit.session
    guest.wants(Wish.CHOOSE)
    assert guest.place is Place.SESSION
    assert guest.visit.session is not first
    assert guest.visit.view(guest.now).routine_name == "Arms"


def test_in_a_pause_the_session_rests(routines):
    guest = came(routines).wants(Wish.CHOOSE).plays(stands(5.0)).plays(raises(1)).plays(stands(1.0))
    before = guest.visit.session.now
    guest.wants(Wish.PAUSE)
    assert guest.place is Place.PAUSED
    assert "Pause" in guest.sees()
    guest.plays(raises(2)).plays(stands(20.0))
    assert guest.visit.session.now == before
    assert len(guest.parts) == 1, "what is done in a pause does not count"
    guest.wants(Wish.RESUME)
    assert guest.place is Place.SESSION
    guest.plays(stands(1.0)).plays(raises(2)).plays(stands(1.0))
    assert len(guest.parts) == 3
    assert guest.visit.session.now == pytest.approx(before + 2.0 + len(raises(2).frames) / RATE_HZ, abs=0.5)


def test_a_pause_without_end_is_an_end(routines):
    guest = came(routines).wants(Wish.CHOOSE).plays(stands(5.0)).plays(raises(2)).plays(stands(1.0))
    guest.wants(Wish.PAUSE).plays(nobody(31.0))
    assert guest.place is Place.SUMMARY
    (finished,) = [event for event in guest.events if isinstance(event, Finished)]
    assert len(finished.performance.parts) == 2


def test_what_has_not_begun_cannot_be_paused_and_is_left_without_a_trace(routines):
    guest = came(routines).wants(Wish.CHOOSE, Wish.PAUSE)
    assert guest.place is Place.SESSION
    guest.wants(Wish.BACK)
    assert guest.place is Place.CHOOSE
    assert guest.events == []


def test_nobody_there_before_it_began_leads_back_to_the_beginning(routines):
    guest = came(routines).wants(Wish.CHOOSE).plays(nobody(11.0))
    assert guest.place is Place.ATTRACT
    assert guest.visit.session is None


def test_a_single_routine_is_not_chosen(routines):
    guest = Guest(Offer(routines[:1]))
    assert guest.place is Place.SESSION
    guest.plays(nobody(30.0))
    first = guest.visit.session
    assert guest.place is Place.SESSION
    guest.plays(stands(6.0)).plays(raises(2)).plays(stands(1.0)).wants(Wish.BACK)
    assert guest.visit.session is first
    assert len(guest.parts) == 2
    guest.plays(stands(9.0)).plays(stands(21.0))
    assert guest.place is Place.SESSION
    assert guest.visit.session is not first


def test_every_setting_can_be_changed_and_comes_round_again(routines):
    wishes = Wishes(PLAIN)
    for setting in SETTINGS:
        seen, now = [], wishes
        while now not in seen:
            seen.append(now)
            now = setting.changed(now)
        assert now == wishes
        assert len({setting.told(each).value for each in seen}) == len(seen) >= 2


def test_settings_take_effect_at_once_and_are_told(routines):
    guest = came(routines).wants(Wish.PREVIOUS, Wish.CHOOSE)
    assert guest.place is Place.SETTINGS
    guest.wants(Wish.CHOOSE)
    assert guest.visit.wishes.look.picture is PictureMode.SILHOUETTE
    assert guest.saved[-1] == guest.visit.wishes
    assert "a figure" in guest.sees()
    guest.wants(Wish.PREVIOUS, Wish.CHOOSE)
    assert guest.place is Place.CHOOSE, "the last row leads back"


def test_in_a_kiosk_what_one_person_set_does_not_outlast_them(routines):
    private = Wishes(Look(picture=PictureMode.SKELETON))
    guest = (
        Guest(Offer(routines), private, forgetful=True).plays(stands(1.0)).wants(Wish.PREVIOUS, Wish.CHOOSE)
    )
    guest.wants(Wish.CHOOSE)
    assert guest.visit.wishes.look.picture is PictureMode.CAMERA
    guest.plays(nobody(11.0))
    assert guest.place is Place.ATTRACT
    assert guest.visit.wishes == private


def test_anybody_can_mute_anywhere_and_quit(routines):
    guest = came(routines).wants(Wish.MUTE)
    assert guest.visit.wishes.silent
    assert guest.visit.wanted
    guest.wants(Wish.QUIT)
    assert not guest.visit.wanted


def test_checks_are_shown_where_there_are_some(routines):
    guest = Guest(Offer(routines, checks=True)).plays(stands(1.0)).wants(Wish.PREVIOUS, Wish.CHOOSE)
    guest.wants(*[Wish.NEXT] * len(SETTINGS), Wish.CHOOSE)
    assert guest.place is Place.CHECKS
    assert any(text.startswith("Checking") for text in guest.sees())
    guest.wants(Wish.BACK)
    assert guest.place is Place.SETTINGS


def test_troubles_reach_every_screen(routines):
    trouble = TroubleView("C1", "The camera stopped. Starting it again")
    guest = Guest(Offer(routines))
    assert trouble.text in guest.sees(troubles=(trouble,))
    guest.plays(stands(1.0))
    assert trouble.text in guest.sees(troubles=(trouble,))
    guest.wants(Wish.CHOOSE)
    assert guest.sees(troubles=(trouble,)).count(trouble.text) == 1


def test_marking_goes_round_and_by_rows():
    marked = Marked(7, 6, columns=3)
    assert marked.moved(Wish.NEXT).at == 0
    assert marked.moved(Wish.UP).at == 3
    assert marked.moved(Wish.DOWN).at == 2


def tile_of(guest, place):
    return next(i for i, tile in enumerate(guest.visit.on_offer.tiles) if tile.leads is place)


def test_how_it_went_before_is_asked_for_and_leafed_through(routines):
    asked = []

    def trend():
        asked.append(True)
        return face_views.trend_of()

    guest = Guest(Offer(routines, trend=trend)).plays(stands(1.0))
    assert not asked, "not before somebody wants to see it"
    guest.wants(*[Wish.NEXT] * tile_of(guest, Place.TREND), Wish.CHOOSE)
    assert guest.place is Place.TREND
    assert "Squat" in guest.sees()
    assert "Warrior II" in guest.wants(Wish.NEXT).sees()
    assert "Squat" in guest.wants(Wish.NEXT).sees()
    assert "Warrior II" in guest.wants(Intent(Wish.POINT, at=(0.9, 0.5))).sees()
    assert guest.wants(Intent(Wish.POINT, at=(0.5, 0.5))).place is Place.CHOOSE
    assert asked == [True]


def test_nobody_in_particular_has_no_tile_for_how_it_went_before(routines):
    assert Place.TREND not in {tile.leads for tile in came(routines).visit.on_offer.tiles}


def test_where_nothing_is_ever_said_there_is_nothing_to_silence(routines):
    guest = Guest(Offer(routines, checks=True, sound=False)).plays(stands(1.0))
    guest.wants(Wish.PREVIOUS, Wish.CHOOSE)
    assert "Sound" not in guest.sees()
    guest.wants(Wish.NEXT, Wish.CHOOSE)
    assert guest.visit.wishes.look.large, "the row after the picture is that of the letters"
    guest.wants(*[Wish.NEXT] * (len(SETTINGS) - 2), Wish.CHOOSE)
    assert guest.place is Place.CHECKS
    assert "Sound" in came(routines).wants(Wish.PREVIOUS, Wish.CHOOSE).sees()
