"""Finding one's place: soon ready where one stands right, told what is wrong, and never kept for ever."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import screen_views as views
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.compose import compose
from posecoach.coach.getting_ready import ASKED_S, TURN_S
from posecoach.coach.routine import Routine, View
from posecoach.coach.scene import Ink, Silhouette
from posecoach.coach.session import Session
from posecoach.coach.view import PlaceView, Stage
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera

STARTER = Path(__file__).parents[2] / "device" / "posecoach" / "starter"
RATE_HZ = 15.0


@cache
def routine_of(name: str) -> Routine:
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track).load(name)


def getting_ready(motion: str, seconds: float, *, view: View = View.FRONT, **camera):
    """Somebody who stands there: the session, and what it asked and when it counted them in."""
    where = ViewCamera(yaw_deg=VIEW_YAW_DEG[view], **{"distance_m": 3.9, **camera})
    athlete = Athlete(MOTIONS[motion], camera=where, seed=4, reps=1, lead_s=seconds + 1.0)
    session, asked, counted_s = Session(routine_of(motion)), [], None
    frames = list(athlete.truth(0.0, 2.0, RATE_HZ, hidden_score=0.25))
    for number in range(int(seconds * RATE_HZ)):
        at_s = number / RATE_HZ
        pose = frames[number % len(frames)].pose
        people = [] if pose is None else [pose.within(where.image_wh)]
        session.advance(at_s, people, where.image_wh)
        if session.stage is Stage.PLACING:
            asked.append(str(session.view(at_s).prompt))
        elif session.stage is Stage.COUNTDOWN and counted_s is None:
            counted_s = at_s
    return session, asked, counted_s


@pytest.mark.parametrize("motion", ["squat", "shoulder_press", "seated_arm_raise", "warrior_two"])
def test_whoever_stands_right_is_ready_in_less_than_three_seconds(motion):
    view = routine_of(motion).steps[0].best_views[0]
    _, asked, counted_s = getting_ready(motion, 3.0, view=view)

    assert counted_s is not None
    assert counted_s < 3.0
    assert asked[-1] == "Stand still"


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        ({"distance_m": 8.5}, "Come closer"),
        ({"roll_deg": 14.0}, "The camera is tilted: set it level"),
        ({"tilt_deg": 13.0, "height_m": 1.0}, "You reach out of the picture at the top: step back, or tilt"),
    ],
)
def test_who_does_not_is_told_for_a_while_and_then_it_goes_on(camera, words):
    _, asked, counted_s = getting_ready("shoulder_abduction", ASKED_S + 4.0, **camera)

    assert asked[int(1.5 * RATE_HZ)].startswith(words)
    assert counted_s is not None
    assert ASKED_S < counted_s < ASKED_S + 3.0


def test_turning_is_asked_for_more_shortly():
    _, asked, counted_s = getting_ready("shoulder_abduction", TURN_S + 4.0, view=View.LEFT)

    assert "Turn to face the camera" in asked
    assert counted_s is not None
    assert TURN_S < counted_s < TURN_S + 3.0


def test_of_whom_too_little_is_seen_nothing_begins():
    _, asked, counted_s = getting_ready("squat", 2.0 * ASKED_S, view=View.LEFT, tilt_deg=-16.0)

    assert counted_s is None
    assert asked[-1].startswith("Your feet are out of the picture")


def test_where_to_stand_is_in_the_picture_and_then_on_the_person():
    session, _, _ = getting_ready("shoulder_abduction", 1.0, distance_m=8.5)
    place = session.view(1.0).place
    assert place is not None
    assert not place.good
    assert ((place.start_xy >= 0) & (place.start_xy <= (1279, 719))).all()

    session, _, _ = getting_ready("shoulder_abduction", 1.0)
    place, person = session.view(1.0).place, session.view(1.0).person
    assert place is not None
    assert place.good
    assert person is not None
    apart = np.hypot(*(place.start_xy - person.keypoints_xy)[5:].T)
    assert apart.max() < 0.12 * np.ptp(person.keypoints_xy[:, 1])


@pytest.mark.parametrize("good", [True, False])
def test_it_is_drawn_as_an_outline(good):
    view = views.view(Stage.PLACING)
    assert view.person is not None
    place = PlaceView(np.asarray(view.person.keypoints_xy), np.ones(17), good)
    body = compose(replace(view, place=place), (1280, 720)).body
    drawn = [item for item in body if isinstance(item, Silhouette) and item.ink in (Ink.GOOD, Ink.GHOST)]

    assert (Ink.GOOD if good else Ink.GHOST) in {item.ink for item in drawn}
