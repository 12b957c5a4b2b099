"""Joint angles against an independent formula, and where others lose their digits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from builders import front_pose, side_pose
from posecoach.motion.joint_angles import JOINTS, joint_angles_deg, joint_weights
from posecoach.skeleton import JOINT_TRIPLETS, MIRROR, Joint, Keypoint


def bearing_difference_deg(xy, joint):
    """By the difference of two compass bearings; exact near 0 and 180, unlike the arc cosine."""
    start, corner, end = (complex(*xy[keypoint]) for keypoint in JOINT_TRIPLETS[joint])
    turn = math.degrees(math.atan2((start - corner).imag, (start - corner).real)) - math.degrees(
        math.atan2((end - corner).imag, (end - corner).real)
    )
    turn = abs(turn) % 360.0
    return min(turn, 360.0 - turn)


def angle(xy, joint):
    return float(joint_angles_deg(xy)[JOINTS.index(joint)])


def test_any_pose_has_the_angles_that_bearings_give():
    for seed in range(50):
        xy = np.random.default_rng(seed).normal(0.0, 100.0, (17, 2))

        assert joint_angles_deg(xy) == pytest.approx([bearing_difference_deg(xy, joint) for joint in JOINTS])


@pytest.mark.parametrize("bent_deg", [180.0, 179.999, 170.0, 90.0, 33.0, 1.0, 0.001])
def test_an_elbow_bent_on_purpose_is_measured(bent_deg):
    """Near 0 and 180 an arc cosine of a dot product would lose half of its digits."""
    xy = front_pose(left_elbow_deg=bent_deg, left_arm_deg=77.0)

    assert angle(xy, Joint.LEFT_ELBOW) == pytest.approx(bent_deg, abs=1e-6)


def test_a_tiny_bend_of_a_straight_limb_is_told_from_none():
    straight, bent = np.zeros((17, 2)), np.zeros((17, 2))
    for xy, off in ((straight, 0.0), (bent, 1e-7)):
        xy[Keypoint.LEFT_SHOULDER] = (0.0, 0.0)
        xy[Keypoint.LEFT_ELBOW] = (1.0, 0.0)
        xy[Keypoint.LEFT_WRIST] = (2.0, off)

    assert angle(straight, Joint.LEFT_ELBOW) == 180.0
    assert 180.0 - angle(bent, Joint.LEFT_ELBOW) == pytest.approx(math.degrees(1e-7), rel=1e-3)


def test_a_squats_knee_and_hip_are_its_angles():
    xy = side_pose(shin_deg=30.0, thigh_deg=80.0, trunk_deg=40.0)

    assert angle(xy, Joint.LEFT_KNEE) == pytest.approx(180.0 - 110.0)
    assert angle(xy, Joint.LEFT_HIP) == pytest.approx(180.0 - 120.0)


def test_the_mirrored_pose_has_the_mirrored_angles():
    xy = np.random.default_rng(4).normal(0.0, 1.0, (17, 2))
    mirrored = xy[MIRROR] * (-1.0, 1.0)
    left, right = slice(0, None, 2), slice(1, None, 2)  # JOINTS go left, right, left, right

    assert joint_angles_deg(mirrored)[left] == pytest.approx(joint_angles_deg(xy)[right])


def test_place_and_size_do_not_matter():
    xy = front_pose(left_arm_deg=60, right_knee_deg=120)

    assert joint_angles_deg(xy * 77.0 - 1000.0) == pytest.approx(joint_angles_deg(xy))


def test_keypoints_on_top_of_each_other_give_zero():
    assert joint_angles_deg(np.zeros((17, 2))).tolist() == [0.0] * 8


def test_many_poses_at_once_are_measured_as_one_by_one():
    poses = np.random.default_rng(5).normal(0.0, 1.0, (7, 17, 2))

    assert np.array_equal(joint_angles_deg(poses), np.stack([joint_angles_deg(xy) for xy in poses]))


@pytest.mark.parametrize("joint", JOINTS)
def test_an_angle_is_trusted_as_the_least_of_its_keypoints(joint):
    for place, keypoint in enumerate(JOINT_TRIPLETS[joint]):
        weights = np.ones(17)
        weights[keypoint] = 0.1 * (place + 1)

        assert joint_weights(weights)[JOINTS.index(joint)] == pytest.approx(0.1 * (place + 1))


def test_many_poses_at_once_are_trusted_as_one_by_one():
    weights = np.random.default_rng(6).random((7, 17))

    assert np.array_equal(joint_weights(weights), np.stack([joint_weights(each) for each in weights]))
