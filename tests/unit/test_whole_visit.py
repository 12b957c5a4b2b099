"""A whole visit by the athlete, from an empty room to an empty room, by nothing but gestures."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.cli.recordings import routines
from posecoach.coach.events import Finished, PartFinished
from posecoach.coach.look import PLAIN
from posecoach.coach.session import Session
from posecoach.coach.view import Verdict
from posecoach.face.compose_visit import Shown, compose_visit
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.frame import Frame
from posecoach.synthetic.camera import SyntheticCamera
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.synthetic.visit import CHOSEN
from posecoach.synthetic.visit import Visit as Played

RATE_HZ = 15.0


@pytest.mark.parametrize("seed", [5])
def test_from_attract_to_summary_and_away_by_gestures_only(seed):
    store = routines()
    offered = tuple(store.load(name) for name in store.ids() if not store.is_own(name))
    visit = Visit(Offer(offered), Session, Wishes(PLAIN))
    image = np.zeros((720, 1280, 3), np.uint8)
    places, events, now = [visit.place], [], 100.0
    performed = Played(ViewCamera(), seed=seed).truth(RATE_HZ)
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
        Place.SESSION,
        Place.PAUSED,
        Place.SESSION,
        Place.RESULT,
        Place.SUMMARY,
        Place.CHOOSE,
        Place.ATTRACT,
    ]
    parts = [event.part for event in events if isinstance(event, PartFinished)]
    (finished,) = [event for event in events if isinstance(event, Finished)]
    assert finished.performance.routine.id == CHOSEN
    assert [part.verdict for part in parts] == [Verdict.GOOD] * 10


def test_a_visit_can_be_looked_at():
    with SyntheticCamera("visit,size=160x90,rate=2,duration=30") as camera:
        pictures = [frame.image for frame in camera.frames()]

    assert len(pictures) == 60
    still = [
        np.abs(one.astype(int) - other).mean() for one, other in zip(pictures[1:], pictures, strict=False)
    ]
    assert max(still) < 20, "it is one room and one person all the time"
    assert np.abs(pictures[0].astype(int) - pictures[12]).max() > 40, "somebody has come in"
