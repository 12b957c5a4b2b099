"""The single-pose decoder."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.skeleton import Keypoint
from posecoach.vision.heads import Head, Heads
from posecoach.vision.single_pose import decode_single_pose

STRIDE = 16


def quantised_heads(rows=4, cols=5, stride=STRIDE):
    return Heads(
        Head(np.full((rows, cols, 17), 50, np.uint8), 0.05, 128),
        Head(np.full((rows, cols, 34), 128, np.uint8), 0.4, 128),
        Head(np.full((rows, cols, 64), 117, np.uint8), 1.4, 117),
        stride,
    )


@pytest.mark.parametrize("stride", [8, 16, 32])
def test_each_keypoint_is_its_best_cell_plus_the_offset_there(stride):
    heads = quantised_heads(stride=stride)
    for keypoint in Keypoint:
        heads.heatmaps.values[keypoint % 4, keypoint % 5, keypoint] = 200
        heads.short_offsets.values[keypoint % 4, keypoint % 5, keypoint] = 138  # dy: 10 steps of 0.4 px
        heads.short_offsets.values[keypoint % 4, keypoint % 5, 17 + keypoint] = 123  # dx: -5 steps
    pose = decode_single_pose(heads)
    expected = [(k % 5 * stride - 2, k % 4 * stride + 4) for k in Keypoint]
    assert pose.keypoints_xy == pytest.approx(np.array(expected), abs=1e-5)


def test_scores_are_the_sigmoid_and_the_instance_score_their_mean():
    heads = quantised_heads()
    heads.heatmaps.values[1, 1, 3:] = 168  # 40 steps of 0.05: logit 2
    pose = decode_single_pose(heads)
    low, high = (1 / (1 + np.exp(-logit)) for logit in (-3.9, 2.0))
    assert pose.keypoint_scores == pytest.approx(np.array([low] * 3 + [high] * 14))
    assert pose.score == pytest.approx((3 * low + 14 * high) / 17)


def test_among_equal_cells_the_first_in_reading_order_is_taken():
    heads = quantised_heads()
    for cell in ((2, 1), (1, 4), (3, 0)):
        heads.heatmaps.values[cell] = 200
    assert tuple(decode_single_pose(heads).keypoints_xy[0]) == (4 * STRIDE, 1 * STRIDE)


def test_extreme_logits_do_not_overflow():
    heads = Heads(
        Head(np.full((2, 2, 17), -1e30, np.float32)),
        Head(np.zeros((2, 2, 34), np.float32)),
        Head(np.zeros((2, 2, 64), np.float32)),
        STRIDE,
    )
    assert decode_single_pose(heads).score == 0.0
