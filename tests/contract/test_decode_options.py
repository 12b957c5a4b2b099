"""Output stride, image scale factor and flip, through the whole estimator, for both decoders."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")

from posecoach.adapters.litert_estimator import LiteRtEstimator
from posecoach.frame import Frame
from tiny_posenet import INPUT_WH, tiny_posenet

WIDTH, HEIGHT = INPUT_WH
SPOT = (96, 32)  # a cell of every stride, and left and right of the middle differ

pytestmark = [
    pytest.mark.parametrize("single", [False, True], ids=["multi", "single"]),
    pytest.mark.parametrize("stride", [8, 16, 32]),
]


def bright_at(x, y, side):
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    half = side // 2
    image[max(y - half, 0) : y + half + 1, max(x - half, 0) : x + half + 1] = 255
    return Frame(0, 0.0, image)


def person(stride, single, given, **options):
    with LiteRtEstimator(tiny_posenet(stride=stride), model_id="tiny", single=single, **options) as estimator:
        assert estimator.infer(estimator.prepare(given)).output_stride == stride
        [pose] = estimator.estimate(given)
    return pose


def test_the_person_is_where_the_network_puts_them(stride, single):
    pose = person(stride, single, bright_at(*SPOT, stride))
    assert pose.keypoints_xy[0] == pytest.approx(SPOT, abs=1)
    assert pose.keypoint_scores[0] > 0.9


def test_in_a_shrunken_picture_they_are_in_the_same_place(stride, single):
    pose = person(stride, single, bright_at(*SPOT, 2 * stride), scale_factor=0.5)
    assert pose.keypoints_xy[0] == pytest.approx(SPOT, abs=stride)


def test_in_a_mirrored_picture_they_are_on_the_other_side(stride, single):
    given = bright_at(*SPOT, stride)
    pose = person(stride, single, given, flip_horizontal=True)
    mirrored = Frame(0, 0.0, np.ascontiguousarray(given.image[:, ::-1]))
    plain = person(stride, single, mirrored)
    assert np.array_equal(pose.keypoints_xy, plain.keypoints_xy)
    assert pose.keypoints_xy[0] == pytest.approx((WIDTH - 1 - SPOT[0], SPOT[1]), abs=1)
