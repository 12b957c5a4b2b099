"""How large somebody is drawn who exercises without the camera's picture."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import screen_views as views
from posecoach.coach.close_up import NEAREST, CloseUp, framed
from posecoach.coach.compose import compose
from posecoach.coach.look import Look, PictureMode
from posecoach.coach.perception import Percept
from posecoach.coach.scene import Box
from posecoach.coach.view import Stage

WH = (1280, 720)
RATE_HZ = 30.0
SKELETON = Look(picture=PictureMode.SKELETON)


def percept(raised=0.0, *, outlier=None, weights=0.9):
    """Somebody small in the frame, their hands so far over their hips, in heights of the body."""
    xy = views.person(WH).keypoints_xy * 0.5 + (320.0, 180.0)
    xy[[9, 10], 1] -= raised * 300.0
    if outlier is not None:
        xy[9] = outlier
    return Percept(xy, np.full(17, weights), None, ())


def followed(percepts, close_up=None):
    close_up = close_up or CloseUp()
    shown = []
    for number, each in enumerate(percepts):
        close_up.look(number / RATE_HZ, each, WH)
        shown.append(close_up.at(number / RATE_HZ))
    return shown


def test_somebody_is_all_in_it():
    seen = percept().keypoints_xy / WH
    box = followed([percept()])[-1]

    assert (box.x, box.y) == pytest.approx(seen.min(axis=0))
    assert (box.right, box.bottom) == pytest.approx(seen.max(axis=0))


def test_hands_that_go_up_widen_it_without_a_jump_and_it_does_not_breathe_with_them():
    swings = [0.5 - 0.5 * np.cos(2 * np.pi * number / 90) for number in range(12 * 90)]
    tops = np.array([box.y for box in followed([percept(swing) for swing in swings])])

    assert np.abs(np.diff(tops)).max() < 0.01
    assert tops[0] - tops[-1] > 0.1
    later = tops[6 * 90 :]
    assert np.ptp(later) < 0.25 * (tops[0] - tops[-1])


def test_a_keypoint_that_is_wrong_once_is_not_followed():
    quiet = [percept()] * 30
    shown = followed([*quiet, percept(outlier=(10.0, 10.0)), *quiet])

    assert max(abs(box.x - shown[0].x) for box in shown) < 0.06


def test_what_is_guessed_does_not_widen_it():
    before = followed([percept()] * 3)[-1]
    unsure = percept(outlier=(10.0, 10.0))
    unsure.weights[9] = 0.2

    assert followed([percept(), unsure, unsure])[-1].x == pytest.approx(before.x, abs=1e-3)


def test_it_stays_while_nobody_is_seen():
    close_up = CloseUp()
    before = followed([percept()], close_up)[-1]
    close_up.look(5.0, None, WH)

    assert close_up.at(5.0) == before
    assert CloseUp().at(1.0) is None


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_what_is_shown_keeps_its_shape(share):
    shows, needs = Box(0.1, 0.0, 0.8, 1.0), Box(0.4, 0.2, 0.1, 0.5)
    box = framed(shows, needs, share)

    assert box.w / box.h == pytest.approx(shows.w / shows.h)
    assert (box == shows) is (share == 0.0)
    if share == 1.0:
        assert box.centre == pytest.approx(needs.centre)
        assert box.h > needs.h


def test_nobody_is_drawn_too_large_or_smaller_than_in_the_picture():
    shows = Box(0.0, 0.0, 1.0, 1.0)

    assert framed(shows, Box(0.5, 0.5, 0.01, 0.01), 1.0).h == pytest.approx(1.0 / NEAREST)
    assert framed(shows, Box(-0.5, -0.5, 2.0, 2.0), 1.0).h == 1.0


def shown(look, **changes):
    return compose(replace(views.view(), **changes), WH, look).picture.shows


def test_a_picture_of_the_camera_and_a_still_screen_show_what_they_always_show():
    usual = shown(Look())

    assert shown(Look(), close_up=Box(0.4, 0.2, 0.1, 0.5)) == usual
    assert shown(replace(SKELETON, calm=True)) == usual
    assert shown(SKELETON).h < usual.h
    assert shown(Look(picture=PictureMode.SILHOUETTE)).h < usual.h


def test_it_glides_there_when_the_exercise_begins_and_back_when_it_rests():
    usual, needs = shown(Look()), Box(0.4, 0.25, 0.15, 0.4)
    active = [shown(SKELETON, close_up=needs, stage_since=18.0 - after / 30) for after in range(60)]
    rest = [
        shown(SKELETON, close_up=needs, stage=Stage.REST, countdown_s=5.0, stage_since=18.0 - after / 30)
        for after in range(60)
    ]

    assert active[0] == rest[-1] == usual
    assert active[-1] == rest[0]
    for boxes in (active, rest):
        assert max(abs(one.h - other.h) for one, other in pairwise(boxes)) < 0.025
    assert shown(SKELETON, close_up=needs, stage=Stage.PLACING) == usual
