"""Two poses side by side, without a network."""

from __future__ import annotations

import pytest

from builders import LEGS, LONG_LIMBED, Look, front_pose, pose_of, side_pose
from posecoach.coach.two_poses import likeness
from posecoach.skeleton import Keypoint, Limb

TORSO = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]


def pose(xy=None, **look):
    return pose_of(front_pose() if xy is None else xy, Look(**look))


def test_a_pose_is_like_itself_elsewhere_and_larger():
    found = likeness(pose(), pose(torso_px=60.0, feet_xy=(200.0, 300.0)))

    assert found.cosine_similarity == pytest.approx(1.0)
    assert found.cosine_distance == pytest.approx(0.0, abs=1e-6)
    assert found.weighted_distance == pytest.approx(0.0, abs=1e-9)
    assert found.euclidean_distance == pytest.approx(0.0, abs=1e-9)
    assert (found.score, found.coverage, found.reason) == (100.0, 1.0, "")


def test_another_body_in_the_same_pose_is_right():
    assert likeness(pose(), pose(front_pose(LONG_LIMBED))).score >= 85


def test_the_further_the_arm_the_less():
    found = [likeness(pose(), pose(front_pose(left_arm_deg=degrees))) for degrees in (10, 40, 90, 160)]

    for metric, sign in (("score", -1), ("cosine_similarity", -1), ("weighted_distance", 1)):
        values = [sign * getattr(each, metric) for each in found]
        assert values == sorted(values), metric
    assert found[-1].limbs[Limb.LEFT_ARM] == 0
    assert found[-1].limbs[Limb.RIGHT_ARM] == 100


def test_what_the_second_does_not_show_is_not_judged():
    found = likeness(pose(), pose(hidden=LEGS))

    assert found.coverage < 0.8
    assert found.score is None
    assert "legs" in found.reason
    assert found.limbs[Limb.LEFT_LEG] is None


def test_what_the_first_does_not_show_is_not_missed():
    found = likeness(pose(hidden=LEGS), pose())

    assert (found.coverage, found.score) == (1.0, 100.0)
    assert found.limbs[Limb.LEFT_LEG] is None


def test_without_a_torso_there_is_no_score_but_a_reason():
    assert likeness(pose(), pose(hidden=TORSO)).reason == "the second shows no shoulders or no hips"
    assert likeness(pose(hidden=TORSO), pose()).reason == "the first shows no shoulders or no hips"
    assert likeness(pose(hidden=TORSO), pose()).score is None


def test_front_and_side_are_not_scored_against_each_other():
    found = likeness(pose(), pose(side_pose()))

    assert found.score is None
    assert "first is seen from the front, the second from the left" in found.reason
    assert found.cosine_distance > 0.1


def test_nothing_sure_is_no_distance():
    assert likeness(pose(hidden=list(Keypoint)), pose()).weighted_distance is None
