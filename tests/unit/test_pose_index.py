"""Search among many poses: against direct evaluation of every one, by the definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.errors import ShapeError
from posecoach.library.metric import Metric, asked, turned
from posecoach.library.pose_index import BLOCK, Found, PoseIndex
from posecoach.library.scan import NUMPY
from posecoach.library.scan_compiled import compiled_weighted_losses
from posecoach.motion.named_metrics import cosine_distance, weighted_distance
from posecoach.pose import PoseEstimate
from posecoach.skeleton import MIRROR, Keypoint

AGREES = 1e-6
MANY = BLOCK + 700  # so that the last block is not full


def some_poses(seed, count):
    rng = np.random.default_rng(seed)
    return (rng.normal(0.0, 1.0, (count, 17, 2)) * (60.0, 120.0) + (300.0, 200.0)).astype(np.float32)


def some_scores(seed):
    return np.random.default_rng(seed).uniform(0.0, 1.0, 17)


@pytest.fixture(scope="module")
def many():
    return some_poses(1, MANY)


@pytest.fixture(scope="module")
def index(many):
    return PoseIndex([many[:1000], many[1000:]])


def direct(metric, query, scores, poses):
    """Distances by the definitions, of all poses to the query and to its mirrored twin."""
    twin, twin_scores = turned(query), scores[MIRROR]
    if metric is Metric.COSINE:
        return np.stack([cosine_distance(query, poses), cosine_distance(twin, poses)])
    return np.stack([weighted_distance(query, scores, poses), weighted_distance(twin, twin_scores, poses)])


@pytest.mark.parametrize("metric", Metric)
@pytest.mark.parametrize("most", [1, 20, 300])
def test_the_nearest_are_those_of_a_direct_evaluation(many, index, metric, most):
    query, scores = some_poses(2, 1)[0], some_scores(3)

    found = index.nearest(asked(query, scores, metric), most)

    distances = direct(metric, query, scores, many)
    nearest = np.sort(distances.min(axis=0))[:most]
    assert len(found) == most
    np.testing.assert_allclose([each.distance for each in found], nearest, atol=AGREES)
    for each in found:
        assert each.distance == pytest.approx(distances[int(each.mirrored), each.at], abs=AGREES)


@pytest.mark.parametrize("metric", Metric)
def test_a_pose_finds_itself_first_and_so_does_its_mirrored_twin(many, index, metric):
    place = BLOCK + 5
    scores = some_scores(4)

    assert index.nearest(asked(many[place], scores, metric), 1) == [Found(place, 0.0, mirrored=False)]
    twin = turned(many[place]) + np.array((640.0, 0.0))
    (found,) = index.nearest(asked(twin, scores, metric), 1)
    assert (found.at, found.mirrored) == (place, True)
    assert found.distance < AGREES


def test_a_twin_is_what_a_mirror_shows_with_left_and_right_named_anew():
    pose = some_poses(9, 1)[0]

    twin = turned(pose)

    for keypoint in Keypoint:
        side, _, rest = keypoint.name.partition("_")
        other = {"LEFT": f"RIGHT_{rest}", "RIGHT": f"LEFT_{rest}"}.get(side, keypoint.name)
        x, y = pose[Keypoint[other]]
        assert twin[keypoint].tolist() == [-x, y]


@pytest.mark.parametrize("metric", Metric)
def test_a_twin_is_left_out_where_it_is_not_asked_for(many, index, metric):
    found = index.nearest(asked(turned(many[3]), some_scores(4), metric, twin=False), 1)

    assert found[0].at != 3


@pytest.mark.parametrize("metric", Metric)
def test_place_and_size_of_a_person_do_not_matter(many, index, metric):
    scores = some_scores(5)
    nearer = many[40].astype(np.float64) * 3.7 + np.array((1000.0, -50.0))

    (found,) = index.nearest(asked(nearer, scores, metric), 1)

    assert (found.at, found.mirrored) == (40, False)
    assert found.distance < AGREES


@pytest.mark.parametrize("metric", Metric)
def test_of_equally_near_poses_the_first_come_first(metric):
    """Also where more are equal than are asked for, and in another block."""
    poses = some_poses(6, MANY)
    alike = [3, *range(77, 400, 7), BLOCK - 1, BLOCK, BLOCK + 600]
    poses[alike] = poses[3]

    found = PoseIndex([poses]).nearest(asked(poses[3], np.ones(17), metric), 30)

    assert [each.at for each in found] == alike[:30]
    assert {each.distance for each in found} == {0.0}


def test_a_pose_that_is_its_own_twin_is_not_called_mirrored():
    pose = some_poses(7, 1)[0].astype(np.float64)
    own_twin = (pose + turned(pose)) / 2

    (found,) = PoseIndex([own_twin[None]]).nearest(asked(own_twin, np.ones(17), Metric.COSINE), 1)

    assert not found.mirrored


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 80), st.sampled_from(Metric))
def test_any_small_library_is_searched_exactly(seed, count, most, metric):
    poses, query, scores = some_poses(seed, count), some_poses(seed + 1, 1)[0], some_scores(seed)

    found = PoseIndex(np.array_split(poses, 3)).nearest(asked(query, scores, metric), most)

    expected = direct(metric, query, scores, poses).min(axis=0)
    assert len(found) == min(most, count)
    np.testing.assert_allclose([each.distance for each in found], np.sort(expected)[:most], atol=AGREES)
    assert len({each.at for each in found}) == len(found)


def test_the_compiled_scan_is_the_same_as_the_one_without(many):
    compiled = compiled_weighted_losses()
    if compiled is None:
        pytest.skip("no kernel was built for this machine")
    block = np.ascontiguousarray(many[:BLOCK].reshape(BLOCK, 34).T)
    for columns in (BLOCK, 3):
        part = np.ascontiguousarray(block[:, :columns])
        wanted = asked(many[0], some_scores(8), Metric.WEIGHTED)
        room = np.empty((2, BLOCK), np.float32)[:, :columns]

        one = compiled(part, wanted, room.copy())
        other = NUMPY[Metric.WEIGHTED](part, wanted, room.copy())

        np.testing.assert_allclose(one, other, rtol=1e-5)
        np.testing.assert_array_equal(compiled(part, wanted, room), one)


@pytest.mark.parametrize("metric", Metric)
def test_a_twin_that_was_seen_is_looked_for_in_the_place_of_the_one_that_is_reckoned(many, index, metric):
    seen = PoseEstimate(many[BLOCK + 9], some_scores(10), 0.9)

    (found,) = index.nearest(
        asked(many[3] + 5000 * some_poses(2, 1)[0], np.ones(17), metric, seen_twin=seen), 1
    )

    assert (found.at, found.mirrored, found.distance) == (BLOCK + 9, True, 0.0)


def test_an_empty_library_has_nobody():
    index = PoseIndex([])

    assert len(index) == 0
    assert index.nearest(asked(some_poses(1, 1)[0], np.ones(17), Metric.COSINE), 5) == []


def test_what_cannot_be_compared_is_refused(index):
    point = np.full((17, 2), 5.0)
    pose = some_poses(1, 1)[0]
    with pytest.raises(ShapeError, match="single point"):
        asked(point, np.ones(17), Metric.COSINE)
    with pytest.raises(ShapeError, match="no keypoint"):
        asked(pose, np.zeros(17), Metric.WEIGHTED)
    with pytest.raises(ShapeError, match=r"\(n, 17, 2\)"):
        PoseIndex([np.zeros((2, 16, 2))])
    with pytest.raises(ShapeError, match="finite"):
        PoseIndex([np.full((1, 17, 2), np.nan)])
    with pytest.raises(ShapeError, match="at least one"):
        index.nearest(asked(pose, np.ones(17), Metric.COSINE), 0)
