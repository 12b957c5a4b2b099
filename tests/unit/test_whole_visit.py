"""Whole visits by the athlete, from an empty room to an empty room, by nothing but gestures."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.cli.recorded import keep_recorded
from posecoach.cli.recordings import routines
from posecoach.coach.events import Finished, PartFinished
from posecoach.coach.look import PLAIN
from posecoach.coach.session import Session
from posecoach.coach.view import Verdict
from posecoach.face.compose_visit import Shown, compose_visit
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.recorder import Records
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.frame import Frame
from posecoach.synthetic.camera import SyntheticCamera
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.synthetic.visit import CHOSEN
from posecoach.synthetic.visit import Visit as Played

RATE_HZ = 15.0
IMAGE = np.full((720, 1280, 3), 120, np.uint8)


def went_through(visit, **played):
    """The places that the athlete came through, one after the other, and all that happened."""
    places, events, now = [visit.place], [], 100.0
    performed = Played(ViewCamera(), **played).truth(RATE_HZ)
    poses = [frame.pose for frame in performed.frames] + [None] * int(12 * RATE_HZ)
    for index, pose in enumerate(poses):
        now += 1 / RATE_HZ
        visit.look(Frame(index, now, IMAGE), [] if pose is None else [pose])
        events += visit.take_events()
        if index % 5 == 0 or visit.place is not places[-1]:
            compose_visit(visit, Shown(now, visit.view(now)), (1280, 720))
        if visit.place is not places[-1]:
            places.append(visit.place)
    return places, events


def verdicts(events):
    return [event.part.verdict for event in events if isinstance(event, PartFinished)]


@pytest.mark.parametrize("seed", [5])
def test_from_attract_to_summary_and_away_by_gestures_only(seed):
    store = routines()
    offered = tuple(store.load(name) for name in store.ids() if not store.is_own(name))

    places, events = went_through(Visit(Offer(offered), Session, Wishes(PLAIN)), seed=seed)

    assert places == [
        Place.ATTRACT,
        Place.CHOOSE,
        Place.SESSION,
        Place.PAUSED,
        Place.SESSION,
        Place.RESULT,
        Place.SUMMARY,
        Place.CHOOSE,
        Place.ATTRACT,
    ]
    (finished,) = [event for event in events if isinstance(event, Finished)]
    assert finished.performance.routine.id == CHOSEN
    assert verdicts(events) == [Verdict.GOOD] * 10


@pytest.mark.parametrize("seed", [5])
def test_shown_three_times_kept_and_done_by_gestures_only(seed, tmp_path, monkeypatch):
    """A movement recorded at the screen, kept in the real store, and done at once."""
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    store = routines()
    offered = tuple(map(store.load, store.ids()))
    visit = Visit(Offer(offered, records=Records(keep_recorded)), Session, Wishes(PLAIN))

    places, events = went_through(visit, seed=seed, record="shoulder_abduction", corrected=(0.0, 0.0))

    assert places == [
        Place.ATTRACT,
        Place.CHOOSE,
        Place.RECORD,
        Place.REVIEW,
        Place.KEPT,
        Place.SESSION,
        Place.RESULT,
        Place.SUMMARY,
        Place.CHOOSE,
        Place.ATTRACT,
    ]
    kept = store.load("recorded-1")
    assert kept.name == "Recorded 1"
    assert kept.notes[0].startswith("recording 1: 3 complete repetitions")
    assert visit.on_offer.tiles[0].routine.id == "recorded-1"
    (finished,) = [event for event in events if isinstance(event, Finished)]
    assert finished.performance.routine.id == "recorded-1"
    assert finished.performance.score >= 85
    assert verdicts(events) == [Verdict.GOOD] * 10


def test_a_visit_can_be_looked_at():
    with SyntheticCamera("visit,size=160x90,rate=2,duration=30") as camera:
        pictures = [frame.image for frame in camera.frames()]

    assert len(pictures) == 60
    still = [
        np.abs(one.astype(int) - other).mean() for one, other in zip(pictures[1:], pictures, strict=False)
    ]
    assert max(still) < 20, "it is one room and one person all the time"
