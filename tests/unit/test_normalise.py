"""Poses without the camera: there and back, what does not change, and the length of a torso."""

from __future__ import annotations

import numpy as np
import pytest

from builders import ADULT, LEFT_SIDE, RIGHT_SIDE, arm_raise, front_pose, side_pose
from posecoach.errors import ShapeError
from posecoach.motion.normalise import (
    SURE_SCORE,
    UNSEEN_SCORE,
    NormalisedPose,
    TorsoScale,
    confidence_weights,
    normalise,
    scores_of,
    torso,
)
from posecoach.skeleton import Keypoint

SEEN = np.ones(17)
HIPS = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]


def pixels(xy, scale=100.0, at=(320.0, 440.0)):
    return xy * scale + at


def normalised(xy_px, weights=SEEN):
    origin, length_px = torso(xy_px, weights)
    return normalise(1.0, xy_px, weights, origin, length_px)


def test_there_and_back():
    xy = pixels(front_pose(left_arm_deg=120))
    pose = normalised(xy)

    assert pose.xy * pose.torso_px + pose.origin_xy == pytest.approx(xy)


@pytest.mark.parametrize(
    ("scale", "at"), [(100.0, (10.0, 900.0)), (37.0, (320.0, 440.0)), (260.0, (0.0, 0.0))]
)
def test_place_and_size_do_not_matter(scale, at):
    xy = front_pose(left_arm_deg=70, lean_deg=15)

    assert normalised(pixels(xy, scale, at)).xy == pytest.approx(normalised(pixels(xy)).xy)


def test_the_middle_of_the_hips_is_the_origin_and_the_torso_is_one():
    xy = normalised(pixels(front_pose())).xy

    assert xy[HIPS].mean(axis=0) == pytest.approx([0.0, 0.0])
    assert xy[[5, 6]].mean(axis=0) == pytest.approx([0.0, -1.0])


@pytest.mark.parametrize("hidden", [LEFT_SIDE, RIGHT_SIDE])
def test_a_hidden_hip_or_shoulder_leaves_its_twin_to_stand_for_both(hidden):
    xy = pixels(side_pose())
    weights = SEEN.copy()
    weights[list(hidden)] = 0.0
    xy[list(hidden)] = -5000.0  # where a hidden keypoint is reported does not matter
    origin, length_px = torso(xy, weights)

    shown = Keypoint.RIGHT_HIP if hidden is LEFT_SIDE else Keypoint.LEFT_HIP
    assert origin == pytest.approx(xy[shown])
    assert length_px == pytest.approx(100.0)


@pytest.mark.parametrize("keypoints", [[5, 6], [11, 12]])
def test_without_shoulders_or_without_hips_there_is_no_torso(keypoints):
    weights = SEEN.copy()
    weights[keypoints] = 0.0

    assert torso(pixels(front_pose()), weights) is None


def test_shoulders_on_the_hips_are_no_torso():
    assert torso(np.full((17, 2), 30.0), SEEN) is None


def test_half_sure_keypoints_weigh_half():
    xy = pixels(front_pose())
    weights = SEEN.copy()
    weights[Keypoint.LEFT_HIP] = 0.5
    origin, _ = torso(xy, weights)

    assert origin == pytest.approx((xy[Keypoint.LEFT_HIP] + 2 * xy[Keypoint.RIGHT_HIP]) / 3)


@pytest.mark.parametrize(
    ("score", "weight"), [(0.0, 0.0), (UNSEEN_SCORE, 0.0), (0.325, 0.5), (SURE_SCORE, 1.0), (1.0, 1.0)]
)
def test_weights_rise_from_unseen_to_sure(score, weight):
    assert confidence_weights(np.full(17, score)) == pytest.approx(np.full(17, weight))


def test_scores_of_weights_give_the_weights_again():
    weights = np.linspace(0.0, 1.0, 17)

    assert confidence_weights(scores_of(weights)) == pytest.approx(weights)
    assert scores_of(weights)[0] == 0.0


def test_a_pose_of_another_shape_is_refused():
    with pytest.raises(ShapeError, match=r"\(17, 2\), \(17,\)"):
        NormalisedPose(0.0, np.zeros((16, 2)), SEEN, np.zeros(2), 1.0)


# -- the length of the torso over time --


def scales(poses, rate_hz=30.0, weights=SEEN):
    """The scale after each frame of ``(17, 2)`` poses in pixels."""
    scale = TorsoScale()
    found = []
    for index, xy in enumerate(poses):
        _, length_px = torso(xy, weights)
        found.append(scale.update(index / rate_hz, length_px, xy, weights))
    return np.array(found)


def bending(share):
    """Towards the camera: the torso shortens in the picture, nothing else does."""
    xy = front_pose()
    upper = slice(0, 11)
    hips_y = xy[HIPS, 1].mean()
    xy[upper, 1] = hips_y + (xy[upper, 1] - hips_y) * (1.0 - share)
    return pixels(xy)


def test_the_first_torso_is_taken_as_it_is():
    assert scales([pixels(front_pose(), 83.0)])[0] == pytest.approx(83.0)


def test_bending_forward_for_three_seconds_hardly_changes_the_scale():
    upright, bent = [bending(0.0)] * 30, [bending(0.5)] * 90

    assert scales(upright + bent)[-1] > 0.85 * 100.0


def test_a_longer_torso_is_believed_within_a_second():
    assert scales([bending(0.5)] * 30 + [bending(0.0)] * 30)[-1] > 95.0


def test_somebody_who_steps_back_is_followed_within_a_second():
    """The whole body shrinks, not the torso alone."""
    sizes = np.concatenate([np.linspace(180.0, 90.0, 60), np.full(30, 90.0)])
    found = scales([pixels(front_pose(), size) for size in sizes])

    assert found[-1] == pytest.approx(90.0, rel=0.08)


def test_somebody_who_comes_nearer_is_followed_within_a_second():
    sizes = np.concatenate([np.linspace(60.0, 120.0, 60), np.full(30, 120.0)])
    found = scales([pixels(front_pose(), size) for size in sizes])

    assert found[-1] == pytest.approx(120.0, rel=0.08)


def test_a_movement_in_place_leaves_the_scale_alone():
    poses = [pixels(arm_raise(0.5 - 0.5 * np.cos(at), ADULT)) for at in np.linspace(0.0, 20.0, 300)]

    assert scales(poses) == pytest.approx(np.full(300, 100.0), rel=0.02)


def test_hidden_limbs_do_not_keep_somebody_from_stepping_back():
    weights = SEEN.copy()
    weights[13:] = 0.0
    sizes = np.concatenate([np.linspace(180.0, 90.0, 60), np.full(30, 90.0)])
    found = scales([pixels(front_pose(), size) for size in sizes], weights=weights)

    assert found[-1] == pytest.approx(90.0, rel=0.08)


@pytest.mark.parametrize("factor", [0.3, 4.0])
def test_the_scale_scales(factor):
    poses = [bending(share) for share in np.linspace(0.0, 0.6, 60)]

    assert scales([xy * factor for xy in poses]) == pytest.approx(scales(poses) * factor)
