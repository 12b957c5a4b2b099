"""Somebody who stands beside the recorded view: scored fairly up to 30 degrees, declined further on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.score import scored
from posecoach.coach.around import turned, with_around
from posecoach.coach.beside import as_seen, off_deg, seen_in_first_pose, why_declined
from posecoach.coach.routine import View
from posecoach.coach.step_yardstick import yardstick
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.sequence import PoseSequence
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera

VIEWS = list(View)


@pytest.fixture(scope="module")
def starters():
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track)


@pytest.fixture(scope="module")
def squat(starters):
    return starters.load("squat")


def seen_from(name, view, off, *faults, seed=1):
    athlete = Athlete(
        MOTIONS[name],
        camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[view] + off),
        seed=seed,
        reps=1,
        faults=[Fault.parse(text) for text in faults],
        lead_s=1.5,
    )
    return athlete.truth(0.0, athlete.duration_s, 15.0, hidden_score=0.4)


def pairs(sequence):
    every = np.arange(len(sequence))
    return every, every


# -- what a reference looks like from beside --


@pytest.mark.parametrize("view", VIEWS)
def test_a_quarter_turn_to_the_left_is_the_next_view(squat, view):
    """From the front to the left, and from the right to the front."""
    views = squat.steps[0].views
    following = {View.FRONT: (View.LEFT, 1.0), View.LEFT: (View.FRONT, -1.0), View.RIGHT: (View.FRONT, 1.0)}
    other, sign = following[view]
    seen, wanted = turned(with_around(view, views), 90.0), views[other]

    both = (seen.around[..., 2] > 0) & (wanted.weights > 0.5)
    apart = np.abs(seen.xy[..., 0] - sign * wanted.xy[..., 0])[both]
    assert np.median(apart) < 0.03


@pytest.mark.parametrize("view", VIEWS)
def test_turning_there_and_back_changes_nothing(squat, view):
    wanted = with_around(view, squat.steps[0].views)
    back = turned(turned(wanted, 25.0), -25.0)

    known = (wanted.around[..., 2] > 0) & (wanted.weights > 0)
    assert back.xy[known] == pytest.approx(turned(wanted, 1e-9).xy[known], abs=1e-6)


def test_a_mirrored_reference_knows_the_mirrored_space(squat):
    step = squat.steps[0]
    mirrored = with_around(View.LEFT, step.views).mirrored()
    of_mirrored = with_around(View.RIGHT, step.mirrored().views)

    assert mirrored.around == pytest.approx(of_mirrored.around)


def test_one_view_alone_knows_nothing_of_another(squat):
    left = squat.steps[0].views[View.LEFT]

    assert with_around(View.LEFT, {View.LEFT: left}).around is None


def test_views_of_two_performances_are_not_put_together(squat):
    """The same number of poses, but the other one goes down while this one comes up."""
    views = dict(squat.steps[0].views)
    front = views[View.FRONT]
    other = PoseSequence(
        front.at_s, *(np.roll(each, 20, axis=0) for each in (front.xy, front.weights, front.directions))
    )
    far = replace(other, xy=other.xy * np.array([1.0, -1.0]))

    assert with_around(View.LEFT, {View.LEFT: views[View.LEFT], View.FRONT: far}).around is None


# -- how far beside somebody stands --


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("deg", [-40.0, -15.0, 0.0, 15.0, 40.0])
def test_the_angle_is_found(squat, view, deg):
    wanted = with_around(view, squat.steps[0].views)

    assert off_deg(turned(wanted, deg), wanted, pairs(wanted), view) == pytest.approx(deg, abs=4.0)


def test_the_angle_does_not_depend_on_a_hidden_hip(squat):
    """Its twin is the origin then, and all places are shifted."""
    wanted = with_around(View.LEFT, squat.steps[0].views)
    seen = turned(wanted, 25.0)
    shifted = replace(seen, xy=seen.xy + np.array([0.19, 0.0]))

    assert off_deg(shifted, wanted, pairs(wanted), View.LEFT) == off_deg(
        seen, wanted, pairs(wanted), View.LEFT
    )


def test_somebody_who_stands_as_recorded_is_measured_as_recorded(squat):
    ruler = yardstick(squat.steps[0], View.LEFT)

    assert as_seen(turned(ruler.reference, 4.0), ruler) is ruler
    assert as_seen(turned(ruler.reference, 20.0), ruler).off_deg == pytest.approx(20.0, abs=3.0)


def test_another_movement_is_not_explained_by_turning(starters, squat):
    ruler = yardstick(squat.steps[0], View.LEFT)
    other = yardstick(starters.load("shoulder_flexion").steps[0], View.LEFT)

    assert as_seen(other.reference, ruler).off_deg == 0.0


def test_the_first_pose_is_known_from_beside(starters):
    ruler = yardstick(starters.load("sit_to_stand").steps[0], View.LEFT)
    beside = turned(ruler.reference, -25.0)
    first, standing = (
        NormalisedPose(0.0, beside.xy[index], beside.weights[index], np.zeros(2), 100.0)
        for index in (0, ruler.turn)
    )

    assert seen_in_first_pose(first, ruler, 0.2).off_deg == pytest.approx(-25.0, abs=3.0)
    assert seen_in_first_pose(standing, ruler, 0.2) is None


@pytest.mark.parametrize(
    ("view", "off", "words"),
    [
        (View.FRONT, 45.0, "you stand at an angle: turn to face the camera"),
        (View.LEFT, -45.0, "you stand at an angle: turn your left side to the camera"),
        (View.LEFT, 30.0, ""),
    ],
)
def test_standing_between_two_views_is_declined_in_words(squat, view, off, words):
    assert why_declined(replace(yardstick(squat.steps[0], view), off_deg=off)) == words


# -- a whole performance --


@pytest.mark.parametrize(
    ("name", "view", "off"),
    [
        ("squat", View.LEFT, -30.0),
        ("sit_to_stand", View.RIGHT, 25.0),
        ("knee_raise", View.FRONT, 25.0),
        ("heel_raise", View.LEFT, 30.0),
    ],
)
def test_a_good_repetition_is_good_from_30_degrees_beside(starters, name, view, off):
    made = scored(seen_from(name, view, off), starters.load(name))

    assert [rep["verdict"] for rep in made["reps"]] == ["good"]
    assert made["score"] >= 90
    assert made["reps"][0]["faults"] == []


def test_a_shallow_one_is_an_attempt_from_there_too(squat):
    made = scored(seen_from("squat", View.LEFT, -25.0, "shallow:0.5"), squat)

    assert [rep["verdict"] for rep in made["reps"]] == ["attempt"]


def test_from_45_degrees_there_is_no_score_but_a_reason(squat):
    made = scored(seen_from("squat", View.LEFT, 45.0), squat)

    assert made["score"] is None
    assert made["reason"].endswith("side to the camera")
    assert all(score is None for score in made["limbs"].values())
