"""How far one pose is from another, and the sequences of them."""

from __future__ import annotations

import numpy as np
import pytest

from builders import LONG_LIMBED, arm_raise, front_pose, normalised_poses
from posecoach.errors import ShapeError
from posecoach.motion.local_cost import LocalCost, cost_matrix
from posecoach.motion.pose_distance import (
    BONE_SHARE,
    bone_directions,
    keypoint_distances,
    pose_distances,
    weighted_mean,
)
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.skeleton import MIRROR, Keypoint

HEAD_AND_TRUNK = [0, 1, 2, 3, 4, 5, 6, 11, 12]
_K = Keypoint
BONES = [
    (_K.LEFT_SHOULDER, _K.LEFT_ELBOW),
    (_K.RIGHT_SHOULDER, _K.RIGHT_ELBOW),
    (_K.LEFT_ELBOW, _K.LEFT_WRIST),
    (_K.RIGHT_ELBOW, _K.RIGHT_WRIST),
    (_K.LEFT_HIP, _K.LEFT_KNEE),
    (_K.RIGHT_HIP, _K.RIGHT_KNEE),
    (_K.LEFT_KNEE, _K.LEFT_ANKLE),
    (_K.RIGHT_KNEE, _K.RIGHT_ANKLE),
]


def distances(one, other):
    return keypoint_distances(one, bone_directions(one), other, bone_directions(other))


def raised(shares):
    return sequence_of(normalised_poses([arm_raise(share) for share in shares]))


def test_a_pose_is_at_no_distance_from_itself():
    xy = front_pose(left_arm_deg=50)

    assert distances(xy, xy).tolist() == [0.0] * 17


def test_distances_are_symmetric():
    one, other = np.random.default_rng(0).normal(size=(2, 17, 2))

    assert distances(one, other) == pytest.approx(distances(other, one))


def test_each_keypoint_is_measured_by_hand():
    """Positions for head and trunk; half position, half chord of the bone for the rest."""
    one, other = np.random.default_rng(1).normal(size=(2, 17, 2))
    expected = np.hypot(*(one - other).T)
    for start, end in BONES:
        turn = [complex(*(xy[end] - xy[start])) for xy in (one, other)]
        chord = abs(turn[0] / abs(turn[0]) - turn[1] / abs(turn[1]))
        expected[end] = 0.5 * (np.hypot(*(one[end] - other[end])) + BONE_SHARE * chord)

    assert distances(one, other) == pytest.approx(expected)


def test_one_pose_and_one_other_are_as_far_apart_as_of_many():
    one, other = np.random.default_rng(4).normal(size=(2, 17, 2))
    one[9] = one[7]  # a bone without length

    assert pose_distances(one, other) == pytest.approx(distances(one, other), rel=1e-12)


def test_a_keypoint_without_a_bone_minds_no_direction():
    xy, moved = front_pose(), front_pose()
    moved[HEAD_AND_TRUNK] += 0.3

    assert distances(xy, moved)[HEAD_AND_TRUNK] == pytest.approx(np.full(9, 0.3 * np.sqrt(2)))


def test_mirrored_poses_are_as_far_apart():
    one, other = np.random.default_rng(2).normal(size=(2, 17, 2))
    flip = np.array([-1.0, 1.0])

    assert distances(one[MIRROR] * flip, other[MIRROR] * flip) == pytest.approx(distances(one, other)[MIRROR])


def test_a_bone_without_length_has_no_direction():
    assert bone_directions(np.zeros((17, 2))).tolist() == [[0.0, 0.0]] * 8


def test_other_proportions_in_the_same_pose_have_the_same_directions():
    assert bone_directions(arm_raise(0.6, LONG_LIMBED)) == pytest.approx(bone_directions(arm_raise(0.6)))


def test_a_mean_without_weight_is_zero():
    assert weighted_mean(np.ones((2, 17)), np.zeros((2, 17))).tolist() == [0.0, 0.0]


def test_a_keypoint_without_weight_does_not_count():
    values, weights = np.ones(17), np.ones(17)
    values[3], weights[3] = 900.0, 0.0

    assert float(weighted_mean(values, weights)) == 1.0


def test_the_cost_matrix_is_the_local_cost_of_every_pose():
    query, reference = raised(np.linspace(0, 1, 5)), raised(np.linspace(0, 1, 7))
    emphasis = np.linspace(0.1, 1.0, 17)
    cost = cost_matrix(query, reference, emphasis)

    assert cost.shape == (5, 7)
    for row in range(5):
        for column in range(7):
            apart = distances(query.xy[row], reference.xy[column])
            assert cost[row, column] == pytest.approx((apart * emphasis).sum() / emphasis.sum())


def test_what_the_reference_does_not_show_costs_nothing():
    reference = raised([0.0, 1.0])
    reference.weights[:, 9] = 0.0
    xy, weights = reference.xy[0].copy(), np.ones(17)
    xy[9] += 50.0

    assert LocalCost(reference, np.ones(17)).column(xy, weights)[0] == pytest.approx(0.0)


def test_mirroring_a_sequence_twice_gives_it_again():
    sequence = raised([0.0, 0.4, 1.0])
    again = sequence.mirrored().mirrored()

    assert np.array_equal(again.xy, sequence.xy)
    assert again.directions == pytest.approx(sequence.directions)


def test_a_mirrored_sequence_lifts_the_other_arm():
    one_armed = sequence_of(normalised_poses([front_pose(left_arm_deg=120)]))
    other_armed = sequence_of(normalised_poses([front_pose(right_arm_deg=120)]))

    assert one_armed.mirrored().xy == pytest.approx(other_armed.xy)


def test_a_part_of_a_sequence_keeps_its_times():
    assert raised(np.linspace(0, 1, 16))[3:7].at_s == pytest.approx(np.arange(3, 7) / 15.0)
    assert raised(np.linspace(0, 1, 16)).duration_s == pytest.approx(1.0)


def test_a_sequence_of_nothing_and_one_of_other_shapes_are_refused():
    with pytest.raises(ShapeError, match="at least one pose"):
        sequence_of([])
    with pytest.raises(ShapeError, match="pose sequence needs"):
        PoseSequence(np.zeros(2), np.zeros((3, 17, 2)), np.ones((2, 17)), np.zeros((2, 8, 2)))
