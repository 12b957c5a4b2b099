"""Spotting a movement among all else that somebody does."""

from __future__ import annotations

import pytest

from builders import (
    LONG_LIMBED,
    arm_raise,
    arm_raise_track,
    cycle_track,
    joined,
    knee_lift,
    learned,
    normalised_poses,
    squat_track,
    still_track,
)
from posecoach.coach.named_scores import samples_of
from posecoach.coach.routine import View
from posecoach.coach.spotting import Spotter, spot
from posecoach.coach.step_yardstick import yardstick
from posecoach.skeleton import LIMB_KEYPOINTS, Limb


@pytest.fixture(scope="module")
def raising():
    return yardstick(learned(arm_raise_track(reps=2)).steps[0], View.FRONT)


def spotted(track, by):
    return spot(samples_of(track), by)


def test_each_repetition_is_spotted_where_it_is(raising):
    found = spotted(arm_raise_track(reps=4), raising)

    assert len(found) == 4
    for number, each in enumerate(found):
        assert each.start_s == pytest.approx(1.0 + 4.0 * number, abs=0.5)
        assert each.end_s == pytest.approx(4.0 + 4.0 * number, abs=0.5)
        assert 0.0 <= each.off <= 0.1


@pytest.mark.parametrize("rep_s", [1.5, 6.0])
def test_at_another_pace_and_by_another_body(raising, rep_s):
    assert len(spotted(arm_raise_track(reps=3, rep_s=rep_s, body=LONG_LIMBED), raising)) == 3


def test_nothing_is_spotted_in_anything_else(raising):
    assert spotted(still_track(), raising) == []
    assert spotted(cycle_track(knee_lift), raising) == []
    assert spotted(arm_raise_track(top_deg=35.0), raising) == []


def test_the_movement_is_spotted_among_others(raising):
    track = joined(cycle_track(knee_lift, reps=2), arm_raise_track(reps=2), cycle_track(knee_lift, reps=2))

    assert [round(each.start_s) for each in spotted(track, raising)] == [10, 14]


def test_somebody_hidden_does_nothing(raising):
    """Of what is not seen nothing is far off either."""
    arms = LIMB_KEYPOINTS[Limb.LEFT_ARM] + LIMB_KEYPOINTS[Limb.RIGHT_ARM]

    assert spotted(arm_raise_track(reps=2, hidden=arms), raising) == []


def test_it_forgets_what_is_over(raising):
    spotter = Spotter(raising)
    poses = normalised_poses([arm_raise(0.0)] * 3000)

    for pose in poses:
        assert spotter.advance(pose) is None

    assert len(spotter._at_s) < 400


def test_squats_are_spotted_from_the_side():
    by = yardstick(learned(squat_track(reps=2)).steps[0], View.LEFT)

    assert len(spotted(squat_track(reps=3, noise_px=2.0), by)) == 3
