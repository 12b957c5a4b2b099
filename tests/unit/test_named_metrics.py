"""The metrics others have named, against the formulas written out in plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from builders import arm_raise, front_pose, normalised_poses, squat
from posecoach.motion.named_metrics import (
    cosine_distance,
    cosine_similarity,
    cropped,
    euclidean_distance,
    keypoint_dtw,
    pose_vector,
    weighted_distance,
)
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.skeleton import MIRROR, Keypoint

poses = arrays(np.float64, (17, 2), elements=st.floats(-2000.0, 2000.0).map(lambda value: round(value, 2)))
confidences = arrays(np.float64, 17, elements=st.floats(0.01, 1.0))


# -- independent implementations --


def naive_vector(xy):
    """Crop to the box, longer side to 1, length to 1: as the article says it, number by number."""
    left, top = min(x for x, _ in xy), min(y for _, y in xy)
    side = max(max(x for x, _ in xy) - left, max(y for _, y in xy) - top)
    if side == 0:
        return [0.0] * 34
    numbers = []
    for x, y in xy:
        numbers += [(x - left) / side, (y - top) / side]
    length = math.sqrt(sum(number**2 for number in numbers))
    return [number / length for number in numbers]


def naive_cosine(one, other):
    return sum(a * b for a, b in zip(naive_vector(one), naive_vector(other), strict=True))


def naive_weighted(one, confidence, other):
    a, b = naive_vector(one), naive_vector(other)
    summed = 0.0
    for number in range(34):
        summed += confidence[number // 2] * abs(a[number] - b[number])
    return summed / sum(confidence)


def naive_dtw_score(xy, weights, to_xy, to_weights):
    """Classic DTW by its recursion, unseen points free, then the weighted mean along the one path."""
    sure = [w if w >= 0.3 else 0.0 for w in weights]
    to_sure = [w if w >= 0.3 else 0.0 for w in to_weights]
    if 2 * sure.count(0.0) > len(sure) or 2 * to_sure.count(0.0) > len(to_sure):
        return None
    best = {}
    for i, (x, y) in enumerate(xy):
        for j, (a, b) in enumerate(to_xy):
            before = [best[cell] for cell in ((i - 1, j - 1), (i - 1, j), (i, j - 1)) if cell in best]
            cost, path = min(before, key=lambda each: each[0], default=(0.0, ()))
            here = math.hypot(x - a, y - b) if sure[i] and to_sure[j] else 0.0
            best[i, j] = (cost + here, (*path, (i, j)))
    summed = total = 0.0
    for i, j in best[len(xy) - 1, len(to_xy) - 1][1]:
        trust = sure[i] * to_sure[j]
        summed += trust * math.hypot(xy[i][0] - to_xy[j][0], xy[i][1] - to_xy[j][1])
        total += trust
    return min(max(100.0 - 100.0 * summed / total, 0.0), 100.0) if total else None


# -- two poses --


@settings(max_examples=60, deadline=None)
@given(poses, poses, confidences)
def test_they_are_what_the_formulas_say(one, other, confidence):
    similarity = naive_cosine(one, other)

    assert cosine_similarity(one, other) == pytest.approx(similarity, abs=1e-12)
    assert cosine_distance(one, other) == pytest.approx(math.sqrt(max(2 * (1 - similarity), 0)), abs=1e-6)
    assert weighted_distance(one, confidence, other) == pytest.approx(
        naive_weighted(one, confidence, other), abs=1e-12
    )


@settings(max_examples=60, deadline=None)
@given(poses, poses, confidences)
def test_they_are_symmetric_and_within_their_bounds(one, other, confidence):
    """The weighted distance as far as both are equally sure: it asks about the first."""
    assert cosine_similarity(one, other) == cosine_similarity(other, one)
    assert euclidean_distance(one, other) == euclidean_distance(other, one)
    assert weighted_distance(one, confidence, other) == weighted_distance(other, confidence, one)
    assert 0 <= cosine_similarity(one, other) <= 1
    assert 0 <= cosine_distance(one, other) <= math.sqrt(2)
    assert 0 <= euclidean_distance(one, other) <= math.sqrt(2) + 1e-12
    assert 0 <= weighted_distance(one, confidence, other) < math.inf


def test_the_weighted_distance_asks_about_the_first():
    one, other = front_pose(), front_pose(left_arm_deg=170)
    sure, unsure = np.ones(17), np.ones(17)
    unsure[[Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST]] = 0.01

    assert weighted_distance(one, unsure, other) < 0.9 * weighted_distance(one, sure, other)


@pytest.mark.parametrize("xy", [front_pose(), squat(1.0), front_pose(left_arm_deg=120)])
def test_a_pose_is_like_itself_wherever_and_however_large(xy):
    moved = 3.7 * xy + (500.0, -200.0)

    assert cosine_similarity(xy, moved) == pytest.approx(1.0, abs=1e-12)
    assert cosine_distance(xy, xy) == pytest.approx(0.0, abs=1e-7)
    assert euclidean_distance(xy, moved) == pytest.approx(0.0, abs=1e-12)
    assert weighted_distance(xy, np.full(17, 0.4), moved) == pytest.approx(0.0, abs=1e-12)


def test_the_box_keeps_its_shape():
    """Stretched to a square, arms out would be as long as the body is high."""
    box = cropped(front_pose())

    assert box.min() == 0.0
    assert box[:, 1].max() == 1.0
    assert box[:, 0].max() < 0.5


@settings(max_examples=30, deadline=None)
@given(poses, poses, confidences)
def test_mirrored_twins_are_as_far_apart(one, other, confidence):
    """Left and right exchanged in both is the same; turned round in its box as well, it is the twin."""

    def twin(xy):
        box = cropped(xy)
        return (box * (-1.0, 1.0) + (box[:, 0].max(), 0.0))[MIRROR]

    relabelled = weighted_distance(one[MIRROR], confidence[MIRROR], other[MIRROR])
    assert relabelled == pytest.approx(weighted_distance(one, confidence, other), abs=1e-12)
    assert cosine_similarity(one[MIRROR], other[MIRROR]) == pytest.approx(cosine_similarity(one, other))
    assert euclidean_distance(one[MIRROR], other[MIRROR]) == pytest.approx(euclidean_distance(one, other))
    assert cropped(twin(twin(one))) == pytest.approx(cropped(one), abs=1e-9)


def test_one_arm_up_is_not_the_other():
    left, right = front_pose(left_arm_deg=170), front_pose(right_arm_deg=170)

    assert cosine_distance(left, right) > 0.1
    assert cosine_distance(left, (right * (-1.0, 1.0))[MIRROR]) == pytest.approx(0.0, abs=1e-7)


def test_nothing_to_compare_is_no_number_out_of_nowhere():
    point, standing = np.full((17, 2), 7.0), front_pose()

    assert (pose_vector(point) == 0.0).all()
    assert cosine_similarity(point, standing) == 0.0
    assert cosine_distance(point, standing) == pytest.approx(math.sqrt(2))
    assert weighted_distance(standing, np.zeros(17), point) == math.inf
    assert weighted_distance(standing, np.zeros(17), standing) == math.inf


def test_many_are_compared_at_once():
    """One against a library."""
    library = np.stack([front_pose(left_arm_deg=degrees) for degrees in (0, 60, 120, 180)])
    asked = front_pose(left_arm_deg=115)

    assert cosine_similarity(asked, library).argmax() == 2
    assert weighted_distance(asked, np.ones(17), library).argmin() == 2
    for number, each in enumerate(library):
        assert cosine_distance(asked, library)[number] == cosine_distance(asked, each)


def test_the_distance_of_the_vectors_is_the_cosine_distance():
    one, other = front_pose(), squat(0.7)

    assert cosine_distance(one, other) == pytest.approx(
        np.linalg.norm(pose_vector(one) - pose_vector(other)), abs=1e-9
    )


# -- two movements --


def raises(count=12, *, top_deg=170.0, weights=None):
    """One arm raise."""
    shares = 0.5 - 0.5 * np.cos(np.linspace(0, 2 * np.pi, count))
    sequence = sequence_of(normalised_poses([arm_raise(share, top_deg=top_deg) for share in shares]))
    if weights is None:
        return sequence
    return PoseSequence(sequence.at_s, sequence.xy, weights, sequence.directions)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 7), st.integers(1, 7))
def test_keypoint_scores_are_what_the_formula_says(seed, length, wanted_length):
    rng = np.random.default_rng(seed)

    def movement(samples):
        made = raises(samples, weights=rng.choice([0.0, 0.2, 0.4, 1.0], (samples, 17)))
        return PoseSequence(
            made.at_s, made.xy + rng.normal(0, 0.3, made.xy.shape), made.weights, made.directions
        )

    done, wanted = movement(length), movement(wanted_length)

    for keypoint, score in enumerate(keypoint_dtw(done, wanted)):
        expected = naive_dtw_score(
            done.xy[:, keypoint],
            done.weights[:, keypoint],
            wanted.xy[:, keypoint],
            wanted.weights[:, keypoint],
        )
        assert score == (None if expected is None else pytest.approx(expected, abs=1e-9))


def test_the_same_movement_is_100_at_any_pace():
    assert keypoint_dtw(raises(12), raises(12)) == [100.0] * 17
    assert min(keypoint_dtw(raises(91), raises(46))) > 95.0


def test_x_and_y_stay_together():
    """As one row of numbers, a wrist that has only gone up would align its x with the other's y."""
    still, moved = raises(8, top_deg=10.0), raises(8, top_deg=10.0)
    swapped = PoseSequence(moved.at_s, moved.xy[..., ::-1].copy(), moved.weights, moved.directions)
    wrist = Keypoint.LEFT_WRIST
    apart = float(np.hypot(*(still.xy[0, wrist] - swapped.xy[0, wrist])))

    assert keypoint_dtw(still, swapped)[wrist] == pytest.approx(max(100 - 100 * apart, 0))


def test_it_does_not_go_below_0():
    away = raises(8)
    away = PoseSequence(away.at_s, away.xy + 40.0, away.weights, away.directions)

    assert keypoint_dtw(raises(8), away) == [0.0] * 17


def test_what_was_not_seen_has_no_score_and_no_say():
    weights = np.ones((12, 17))
    weights[:, Keypoint.LEFT_ANKLE] = 0.0
    weights[:5, Keypoint.RIGHT_WRIST] = 0.0
    weights[:7, Keypoint.NOSE] = 0.0
    done = raises(12, weights=weights)
    done.xy[:, Keypoint.LEFT_ANKLE] = 99.0
    done.xy[:5, Keypoint.RIGHT_WRIST] = 99.0

    scores = keypoint_dtw(done, raises(12))

    assert scores[Keypoint.LEFT_ANKLE] is None
    assert scores[Keypoint.NOSE] is None
    assert scores[Keypoint.RIGHT_WRIST] > 80.0
    assert keypoint_dtw(raises(12), done)[Keypoint.LEFT_ANKLE] is None


def test_the_twin_of_a_movement_has_the_twin_scores():
    done, wanted = raises(9, top_deg=120.0), raises(11)
    mirrored = keypoint_dtw(done.mirrored(), wanted.mirrored())

    assert [mirrored[twin] for twin in MIRROR] == pytest.approx(keypoint_dtw(done, wanted))
