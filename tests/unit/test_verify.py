"""Whether what a child answers can be believed."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.errors import ModelError
from posecoach.pose import PoseEstimate
from posecoach.service.verify import (
    Doubt,
    Nonsense,
    is_black,
    known_picture,
    require_known,
    require_sane,
    same_answer,
)

WH = (640, 360)


def pose(x=300.0, y=180.0, score=0.9):
    return PoseEstimate(np.full((17, 2), (x, y)), np.full(17, 0.9), score)


def test_people_in_the_picture_or_a_little_outside_are_sane():
    require_sane([], WH)
    require_sane([pose(), pose(-300.0, 500.0, 0.4)], WH)


@pytest.mark.parametrize("poses", [[pose(x=1300.0)], [pose(y=-400.0)], [pose(score=0.2), pose(score=0.9)]])
def test_people_far_away_or_out_of_order_are_not(poses):
    with pytest.raises(Nonsense):
        require_sane(poses, WH)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([], [], True),
        ([pose()], [pose(x=301.0)], True),
        ([pose()], [pose(x=305.0)], False),
        ([pose()], [pose(score=0.7)], False),
        ([pose()], [], False),
    ],
)
def test_answers_agree_or_do_not(one, other, same):
    assert same_answer(one, other) is same
    if not same:
        with pytest.raises(ModelError, match="not to be believed"):
            require_known(one, other, "m")


def doubted(xs, apart_s=1 / 30):
    doubt = Doubt()
    return [doubt.doubts(number * apart_s, [pose(x=x)] if x else [], WH) for number, x in enumerate(xs)]


def test_leaps_in_a_row_are_doubted_and_walking_is_not():
    assert doubted([100, 300, 100, 300]) == [False, False, False, True]
    assert not any(doubted(range(100, 600, 60)))


def test_one_leap_is_another_person():
    assert not any(doubted([100, 110, 120, 400, 410, 420, 100, 110]))


def test_after_a_gap_nothing_is_a_leap():
    assert not any(doubted([100, 300, 100, 300, 100], apart_s=0.5))
    assert not any(doubted([100, 300, None, 300, 100, None]))


@pytest.mark.parametrize(("brightest", "black"), [(0, True), (9, True), (40, False)])
def test_black_is_no_light_at_all(brightest, black):
    image = np.random.default_rng(0).integers(0, brightest + 1, (90, 160, 3), np.uint8)

    assert is_black(image) is black


def test_the_known_picture_is_the_same_each_time_and_not_black():
    np.testing.assert_array_equal(known_picture(), known_picture())
    assert not is_black(known_picture())
