"""A movement recorded at the screen by gestures only, kept, and done at once: with the real store."""

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
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.synthetic.visit import Visit as Played

RATE_HZ = 15.0


@pytest.mark.parametrize("seed", [5])
def test_shown_three_times_kept_and_done_by_gestures_only(seed, tmp_path, monkeypatch):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    store = routines()
    visit = Visit(
        Offer(tuple(map(store.load, store.ids())), records=Records(keep_recorded)), Session, Wishes(PLAIN)
    )
    image = np.full((720, 1280, 3), 120, np.uint8)
    places, events, now = [visit.place], [], 100.0
    performed = Played(ViewCamera(), seed=seed, record="shoulder_abduction", corrected=(0.0, 0.0)).truth(
        RATE_HZ
    )
    poses = [frame.pose for frame in performed.frames] + [None] * int(12 * RATE_HZ)
    for index, pose in enumerate(poses):
        now += 1 / RATE_HZ
        visit.look(Frame(index, now, image), [] if pose is None else [pose])
        events += visit.take_events()
        if index % 5 == 0 or visit.place is not places[-1]:
            compose_visit(visit, Shown(now, visit.view(now)), (1280, 720))
        if visit.place is not places[-1]:
            places.append(visit.place)

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
    parts = [event.part for event in events if isinstance(event, PartFinished)]
    assert [part.verdict for part in parts] == [Verdict.GOOD] * 10
