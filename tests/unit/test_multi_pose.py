"""The multi-pose decoders against a naive one and each other, and their promises one by one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive_multi_pose import EDGES, naive_decode
from posecoach.errors import ShapeError
from posecoach.skeleton import MIRROR, Keypoint
from posecoach.vision.heads import PART_TREE, Head, Heads
from posecoach.vision.multi_pose import DecodeOptions, decode_multi_pose

STRIDE = 16
SURE, UNSURE = 4.0, -6.0


@cache
def kernel_decoder():
    """The compiled decoder; where numba is not installed, what it is compiled from."""
    from posecoach.vision import multi_pose_compiled as compiled

    for kernel in compiled.KERNELS:
        kernel.build()
    fastest = compiled.fastest_decoder()
    if fastest is decode_multi_pose:
        return compiled.decoder_of(*(kernel.python for kernel in compiled.KERNELS))
    return fastest


def decode_compiled(heads, options=None):
    return kernel_decoder()(heads, options)


both = pytest.mark.parametrize("decode", [decode_multi_pose, decode_compiled])


def heads_of(rows, cols, *, stride=STRIDE):
    """Heads of floats where nothing is seen and all offsets are 0, to be written into."""
    heat = np.full((rows, cols, 17), UNSURE, np.float32)
    short = np.zeros((rows, cols, 34), np.float32)
    mid = np.zeros((rows, cols, 64), np.float32)
    return Heads(Head(heat), Head(short), Head(mid), stride)


def put(heads, row, col, logit=SURE, keypoints=range(17)):
    """Somebody folded up in one cell."""
    heads.heatmaps.values[row, col, list(keypoints)] = logit


def random_heads(seed):
    rng = np.random.default_rng(seed)
    rows, cols = (int(n) for n in rng.integers(1, 8, 2))
    kind = (np.uint8, np.int8, np.float32)[seed % 3]
    # Offsets change by less than a cell from cell to cell. A steeper field makes the refinement chaotic,
    # and two correct decoders then part by rounding alone.
    scales = (float(rng.uniform(0.01, 0.06)), 0.0171, 0.0151)

    def head(channels, scale):
        if kind is np.float32:
            return Head((rng.integers(-128, 128, (rows, cols, channels)) * scale).astype(np.float32))
        limits = np.iinfo(kind)
        zero = int(rng.integers(limits.min + 90, limits.max - 90))
        stored = rng.integers(limits.min, limits.max + 1, (rows, cols, channels))
        return Head(stored.astype(kind), scale, zero)

    return Heads(
        *(head(n, s) for n, s in zip((17, 34, 64), scales, strict=True)), int(rng.choice([8, 16, 32]))
    )


def assert_same(decode, heads, options):
    parts = (heads.heatmaps, heads.short_offsets, heads.mid_offsets)
    expected = naive_decode(
        tuple(part.values for part in parts),
        [(part.scale, part.zero_point) for part in parts],
        heads.output_stride,
        options.max_poses,
        options.score_threshold,
        options.nms_radius_px,
    )
    found = decode(heads, options)
    assert len(found) == len(expected)
    for ours, naive in zip(found, expected, strict=True):
        assert ours.score == pytest.approx(naive.score, abs=1e-5)
        assert np.allclose(ours.keypoints_xy[:, ::-1], naive.yx, atol=1e-3)
        assert np.allclose(ours.keypoint_scores, naive.scores, atol=1e-5)


@both
@settings(max_examples=150, deadline=None, database=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    max_poses=st.integers(1, 12),
    threshold=st.floats(0.05, 0.75),
    radius=st.floats(0.1, 60),
)
def test_it_finds_what_the_naive_decoder_finds(decode, seed, max_poses, threshold, radius):
    assert_same(decode, random_heads(seed), DecodeOptions(max_poses, threshold, radius))


@both
@pytest.mark.parametrize("seed", range(6))
def test_it_finds_what_the_naive_decoder_finds_among_many_roots(decode, seed):
    rng = np.random.default_rng(seed)
    heads = heads_of(12, 14)
    heads.heatmaps.values[...] = rng.normal(-1.5, 1.2, heads.heatmaps.values.shape)
    heads.mid_offsets.values[...] = rng.normal(0, 6, heads.mid_offsets.values.shape)
    options = DecodeOptions(max_poses=10, score_threshold=0.19, nms_radius_px=9.7)
    assert len(decode(heads, options)) > 1
    assert_same(decode, heads, options)


def assert_equal(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert np.allclose(one.keypoints_xy, other.keypoints_xy, rtol=0, atol=1e-9)
        assert np.allclose(one.keypoint_scores, other.keypoint_scores, rtol=0, atol=1e-9)
        assert one.score == pytest.approx(other.score, abs=1e-9)


def test_the_compiled_decoder_is_the_other_one():
    people = 0
    for seed in range(120):
        rng = np.random.default_rng(seed)
        heads = random_heads(seed)
        options = DecodeOptions(
            int(rng.integers(1, 12)),
            float(rng.uniform(0.05, 0.75)),
            float(rng.uniform(0.1, 60)),
            max_roots=int(rng.choice([2, 9, 960])),
        )
        expected = decode_multi_pose(heads, options)
        assert_equal(decode_compiled(heads, options), expected)
        people += len(expected)
    assert people > 200


@both
@pytest.mark.parametrize("form", ["read-only", "strided", "mixed"])
def test_heads_may_lie_in_memory_as_they_like(decode, form):
    heads = random_heads(3)
    assert heads.heatmaps.values.dtype == np.uint8
    parts = []
    for head in (heads.heatmaps, heads.short_offsets, heads.mid_offsets):
        values = head.values.copy()
        if form == "strided":
            values = np.repeat(values, 2, axis=1)[:, ::2]
        if form == "mixed" and head is heads.mid_offsets:
            values = values.astype(np.float32)
        values.flags.writeable = form != "read-only"
        parts.append(Head(values, head.scale, head.zero_point))
    found = decode(Heads(*parts, heads.output_stride))
    assert found
    assert_equal(found, decode_multi_pose(heads))


@both
def test_a_bound_that_no_picture_reaches_costs_nothing(decode):
    heads = heads_of(5, 6)
    put(heads, 2, 3)
    options = DecodeOptions(max_poses=10**18, max_roots=10**30)
    assert len(decode(heads, options)) == 1


@both
def test_nobody_is_an_empty_list(decode):
    assert decode(heads_of(5, 6)) == []


@both
def test_a_keypoint_is_its_cell_times_the_stride_plus_the_short_offset(decode):
    heads = heads_of(5, 6)
    put(heads, 2, 3)
    heads.short_offsets.values[2, 3, Keypoint.NOSE] = -3.0
    heads.short_offsets.values[2, 3, 17 + Keypoint.NOSE] = 5.0
    [pose] = decode(heads)
    assert pose.keypoints_xy[Keypoint.NOSE] == pytest.approx([3 * STRIDE + 5, 2 * STRIDE - 3])


@both
def test_mid_offsets_lead_from_parent_to_child_and_back(decode):
    heads = heads_of(5, 6)
    put(heads, 2, 2, logit=3.0)
    put(heads, 2, 4, logit=3.0, keypoints=[Keypoint.LEFT_EYE])
    put(heads, 2, 2, logit=SURE, keypoints=[Keypoint.NOSE])
    edge = PART_TREE.index((Keypoint.NOSE, Keypoint.LEFT_EYE))
    heads.mid_offsets.values[..., 16 + edge] = 2 * STRIDE  # forward, dx
    heads.mid_offsets.values[..., 48 + edge] = -2 * STRIDE  # backward, dx
    [pose] = decode(heads)
    assert pose.keypoints_xy[Keypoint.LEFT_EYE, 0] == pytest.approx(4 * STRIDE)
    put(heads, 2, 4, logit=SURE + 1, keypoints=[Keypoint.LEFT_EYE])  # now the root
    [pose] = decode(heads)
    assert pose.keypoints_xy[Keypoint.NOSE, 0] == pytest.approx(2 * STRIDE)


@both
def test_people_come_best_first(decode):
    heads = heads_of(9, 9)
    put(heads, 1, 1, 1.0)
    put(heads, 7, 7, 3.0)
    put(heads, 1, 7, 2.0)
    poses = decode(heads)
    assert [tuple(pose.keypoints_xy[0]) for pose in poses] == [(112, 112), (112, 16), (16, 16)]
    assert [pose.score for pose in poses] == sorted((pose.score for pose in poses), reverse=True)


@both
def test_equal_roots_are_taken_by_row_then_column_then_keypoint(decode):
    heads = heads_of(9, 9)
    for row, col in ((7, 1), (1, 7), (1, 1)):
        put(heads, row, col)
    first, second = decode(heads, DecodeOptions(max_poses=2))
    assert tuple(first.keypoints_xy[0]) == (16, 16)
    assert tuple(second.keypoints_xy[0]) == (112, 16)


@both
def test_a_root_exactly_at_the_radius_is_the_same_pose(decode):
    def columns(radius_px):
        heads = heads_of(5, 12)
        for col, logit in ((2, 4.0), (4, 3.0), (9, 2.0)):
            put(heads, 2, col, logit)
        poses = decode(heads, DecodeOptions(max_poses=2, nms_radius_px=radius_px))
        return [pose.keypoints_xy[Keypoint.NOSE, 0] / STRIDE for pose in poses]

    assert columns(2 * STRIDE) == [2, 9]  # the second is the first, and takes nobody's place
    assert columns(2 * STRIDE - 0.01) == [2, 4]


@both
def test_a_keypoint_shared_with_a_better_pose_does_not_count_for_the_worse(decode):
    heads = heads_of(5, 9)
    put(heads, 2, 2, 3.0)
    put(heads, 2, 6, 2.0)
    # The worse person's left ankle is found at the better person's.
    edge = PART_TREE.index((Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE))
    heads.mid_offsets.values[2, 6, 16 + edge] = -4 * STRIDE
    heads.heatmaps.values[2, 6, Keypoint.LEFT_ANKLE] = UNSURE
    better, worse = decode(heads)
    assert worse.keypoints_xy[Keypoint.LEFT_ANKLE] == pytest.approx(better.keypoints_xy[Keypoint.LEFT_ANKLE])
    assert worse.keypoint_scores[Keypoint.LEFT_ANKLE] > 0.9
    sigmoid = 1 / (1 + np.exp(-2.0))
    assert worse.score == pytest.approx(sigmoid * 16 / 17, abs=1e-6)


@both
def test_a_plateau_is_one_person(decode):
    heads = heads_of(5, 9)
    for col in (3, 4):
        put(heads, 2, col)
    assert len(decode(heads, DecodeOptions(nms_radius_px=STRIDE))) == 1


@both
def test_a_rejected_pose_does_not_use_up_a_place(decode):
    heads = heads_of(5, 9)
    put(heads, 2, 1, 5.0, keypoints=[Keypoint.NOSE])  # a nose and nothing else: below the threshold
    put(heads, 2, 6, 2.0)
    [pose] = decode(heads, DecodeOptions(max_poses=1))
    assert pose.keypoints_xy[Keypoint.NOSE, 0] == 6 * STRIDE


@both
def test_at_most_max_poses_are_returned(decode):
    heads = heads_of(9, 9)
    for row in range(0, 9, 2):
        for col in range(0, 9, 2):
            put(heads, row, col)
    options = DecodeOptions(max_poses=7, nms_radius_px=1)
    assert len(decode(heads, options)) == 7


@both
def test_only_max_roots_are_followed_best_first(decode):
    heads = heads_of(9, 40)
    for col in range(0, 36, 2):
        put(heads, 2, col, 5.0 - col * 0.01, keypoints=[Keypoint.NOSE])
    put(heads, 6, 20, 2.0)
    assert decode(heads, DecodeOptions(max_roots=1)) == []
    assert len(decode(heads)) == 1


@both
def test_a_root_that_belongs_to_an_earlier_pose_is_not_followed(decode):
    heads = heads_of(5, 12)
    put(heads, 2, 1, 3.0)  # one person, 17 roots
    put(heads, 2, 4, 2.0, keypoints=[Keypoint.NOSE])  # nobody
    put(heads, 2, 9, 1.0)
    assert len(decode(heads, DecodeOptions(max_roots=2))) == 1
    assert len(decode(heads, DecodeOptions(max_roots=3))) == 2


@both
def test_keypoints_stay_inside_the_grid(decode):
    heads = heads_of(4, 5)
    put(heads, 0, 0)
    heads.short_offsets.values[...] = -500
    [pose] = decode(heads)
    assert (pose.keypoints_xy == 0).all()


@both
def test_a_grid_of_one_cell_works(decode):
    heads = heads_of(1, 1)
    put(heads, 0, 0)
    [pose] = decode(heads)
    assert (pose.keypoints_xy == 0).all()


@both
@pytest.mark.parametrize("kind", [np.uint8, np.int8])
def test_heads_that_are_the_same_everywhere_end_soon(decode, kind):
    values = [np.full((31, 41, n), np.iinfo(kind).max, kind) for n in (17, 34, 64)]
    heads = Heads(*(Head(v, 0.05, 0) for v in values), STRIDE)
    assert len(decode(heads)) <= 10


@both
def test_extreme_logits_do_not_overflow(decode):
    heads = heads_of(3, 3)
    heads.heatmaps.values[...] = -1e30
    put(heads, 1, 1, 1e30)
    [pose] = decode(heads)
    assert pose.score == 1.0


@both
def test_the_extreme_thresholds_are_allowed(decode):
    heads = heads_of(3, 3)
    put(heads, 1, 1)
    assert decode(heads, DecodeOptions(score_threshold=1.0)) == []
    assert decode(heads, DecodeOptions(score_threshold=0.0))


def test_the_part_tree_reaches_every_keypoint_once_and_is_symmetric():
    assert list(PART_TREE) == EDGES
    assert sorted(child for _, child in PART_TREE) == list(range(1, 17))
    assert {(int(MIRROR[a]), int(MIRROR[b])) for a, b in PART_TREE} == set(PART_TREE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_poses": 0},
        {"score_threshold": -0.1},
        {"score_threshold": float("nan")},
        {"nms_radius_px": -1.0},
        {"nms_radius_px": float("inf")},
        {"max_roots": 0},
    ],
)
def test_options_outside_their_range_are_refused_by_name(wrong):
    with pytest.raises(ShapeError, match=next(iter(wrong))):
        DecodeOptions(**wrong)


def test_heads_of_different_grids_are_refused():
    heads = heads_of(4, 5)
    with pytest.raises(ShapeError, match="short_offsets"):
        Heads(heads.heatmaps, heads_of(5, 5).short_offsets, heads.mid_offsets, STRIDE)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_head_with_nan_or_infinity_is_refused(bad):
    values = np.zeros((2, 2, 17), np.float32)
    values[1, 1, 3] = bad
    with pytest.raises(ShapeError, match="NaN"):
        Head(values)


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), 1e9])
def test_a_head_with_a_senseless_scale_is_refused(scale):
    with pytest.raises(ShapeError, match="scale"):
        Head(np.zeros((2, 2, 17), np.uint8), scale, 0)
