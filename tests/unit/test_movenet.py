"""MoveNet's answer, and the square around the person that it looks at next."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.errors import ModelError, ShapeError
from posecoach.pose import PoseEstimate
from posecoach.skeleton import Keypoint
from posecoach.vision.movenet import MoveNetForm, decode_movenet
from posecoach.vision.person_crop import PersonCrop, Square, square_around
from posecoach.vision.posenet_form import TensorForm

PICTURE = TensorForm(0, (1, 192, 192, 3), np.dtype(np.uint8))
ANSWER = TensorForm(1, (1, 1, 17, 3), np.dtype(np.float32))
STORED = TensorForm(1, (1, 1, 17, 3), np.dtype(np.uint8), (1 / 128,), (64,))

WH = (640, 480)


def answer(**places):
    """All keypoints in the middle with score 0.5; `places` sets (y, x, score) of some."""
    rows = np.full((1, 17, 3), 0.5, np.float32)
    for name, place in places.items():
        rows[0, Keypoint[name.upper()]] = place
    return rows


def standing(hips=(300.0, 240.0), *, score=0.8, **places):
    """Somebody whose keypoints are all on the hips, but for `places`."""
    xy = np.tile(np.asarray(hips), (17, 1))
    scores = np.full(17, score)
    for name, (x, y, seen) in places.items():
        xy[Keypoint[name.upper()]], scores[Keypoint[name.upper()]] = (x, y), seen
    return PoseEstimate(xy, scores, float(scores.mean()))


def sides(square):
    return square.left, square.top, square.side


class TestForm:
    @pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int32, np.float32])
    def test_a_square_picture_of_any_type_is_its_input(self, kind):
        form = MoveNetForm.match([TensorForm(0, (1, 256, 256, 3), np.dtype(kind))], [ANSWER], "thunder")
        assert form.input_wh == (256, 256)

    @pytest.mark.parametrize(
        ("inputs", "outputs"),
        [
            ([TensorForm(0, (1, 192, 256, 3), np.dtype(np.uint8))], [ANSWER]),
            ([TensorForm(0, (1, 192, 192, 1), np.dtype(np.uint8))], [ANSWER]),
            ([PICTURE, PICTURE], [ANSWER]),
            ([PICTURE], [TensorForm(1, (1, 6, 56), np.dtype(np.float32))]),
            ([PICTURE], [TensorForm(1, (1, 1, 17, 3), np.dtype(np.uint8))]),
            ([PICTURE], []),
        ],
    )
    def test_other_ends_are_refused_with_what_was_found(self, inputs, outputs):
        with pytest.raises(ModelError, match=r"x is not a MoveNet: from .*\(1, .*expected one"):
            MoveNetForm.match(inputs, outputs, "x")


class TestDecode:
    def test_y_comes_first_and_counts_in_parts_of_the_input(self):
        form = MoveNetForm.match([PICTURE], [ANSWER], "x")
        pose = decode_movenet(answer(nose=(0.25, 0.75, 0.9)), form)
        assert pose.keypoints_xy[Keypoint.NOSE] == pytest.approx((144, 48))
        assert pose.keypoint_scores[Keypoint.NOSE] == pytest.approx(0.9)
        assert pose.score == pytest.approx((0.9 + 16 * 0.5) / 17)

    def test_a_quantised_answer_means_the_same(self):
        form = MoveNetForm.match([PICTURE], [STORED], "x")
        stored = (answer(nose=(0.25, 0.75, 1.0)) * 128 + 64).astype(np.uint8)
        pose = decode_movenet(stored, form)
        assert pose.keypoints_xy[Keypoint.NOSE] == pytest.approx((144, 48))
        assert pose.keypoint_scores[Keypoint.NOSE] == 1

    def test_a_score_a_step_outside_is_brought_back(self):
        form = MoveNetForm.match([PICTURE], [ANSWER], "x")
        pose = decode_movenet(answer(nose=(0, 0, 1.004), left_eye=(0, 0, -0.004)), form)
        assert list(pose.keypoint_scores[:2]) == [1, 0]

    def test_nan_is_refused(self):
        form = MoveNetForm.match([PICTURE], [ANSWER], "x")
        with pytest.raises(ShapeError, match="MoveNet answers with NaN"):
            decode_movenet(answer(nose=(np.nan, 0, 0)), form)


class TestSquare:
    """Numbers by hand, from the rule of TensorFlow's tutorial: 1.9 torso reaches, 1.2 body reaches."""

    def test_limbs_ask_for_more_room_than_the_torso(self):
        pose = standing(left_shoulder=(300, 200, 0.8), left_ankle=(300, 340, 0.8))
        # Torso 1.9 * 40 = 76, body 1.2 * 100 = 120.
        assert sides(square_around(pose, WH)) == pytest.approx((180, 120, 240))

    def test_a_torso_that_reaches_far_asks_for_more_than_the_limbs(self):
        pose = standing(left_shoulder=(300, 160, 0.8), left_ankle=(300, 340, 0.8))
        assert sides(square_around(pose, WH)) == pytest.approx((148, 88, 304))  # 1.9 * 80

    def test_the_farther_of_across_and_down_counts(self):
        pose = standing(left_wrist=(400, 190, 0.8), left_shoulder=(300, 200, 0.8))
        assert square_around(pose, WH).side == pytest.approx(240)

    def test_a_limb_that_is_not_seen_asks_for_nothing(self):
        pose = standing(left_shoulder=(300, 200, 0.8), left_ankle=(300, 340, 0.19))
        assert square_around(pose, WH).side == pytest.approx(2 * 76)

    def test_a_shoulder_that_is_not_seen_still_asks(self):
        pose = standing(left_shoulder=(300, 160, 0.1), right_shoulder=(300, 200, 0.8))
        assert square_around(pose, WH).side == pytest.approx(2 * 152)

    def test_the_middle_of_both_hips_is_its_middle(self):
        pose = standing(left_hip=(320, 240, 0.8), right_hip=(280, 260, 0.1), left_shoulder=(300, 200, 0.8))
        square = square_around(pose, WH)
        assert (square.left + square.side / 2, square.top + square.side / 2) == pytest.approx((300, 250))

    @pytest.mark.parametrize("gone", [("left_hip", "right_hip"), ("left_shoulder", "right_shoulder")])
    def test_without_a_torso_it_is_everywhere(self, gone):
        seen = standing(left_shoulder=(300, 200, 0.8))
        one = standing(left_shoulder=(300, 200, 0.8), **{gone[1]: (300, 230, 0.1)})
        both = standing(**{"left_shoulder": (300, 200, 0.8)} | dict.fromkeys(gone, (300, 230, 0.1)))
        assert square_around(seen, WH) is not None
        assert square_around(one, WH) is not None
        assert square_around(both, WH) is None

    def test_it_reaches_no_farther_than_the_farthest_edge(self):
        pose = standing((300, 240), left_shoulder=(300, 60, 0.8))
        # 1.9 * 180 = 342, but the farthest edge is 340 away; that is more than half the picture.
        assert square_around(pose, WH) is None
        assert square_around(standing((320, 240), left_shoulder=(320, 60, 0.8)), WH).side == 640

    def test_keypoints_fallen_together_are_nobody_to_follow(self):
        assert square_around(standing(), WH) is None


class TestCrop:
    def picture(self, wh=(64, 48), *spots):
        image = np.zeros((wh[1], wh[0], 3), np.uint8)
        for x, y in spots:
            image[y, x] = 200
        return image

    def test_a_square_of_the_input_s_size_is_the_picture_itself(self):
        image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
        crop = PersonCrop(Square(16, 8, 32), (64, 48), (32, 32))
        assert np.array_equal(crop.fit(image), image[8:40, 16:48])

    def test_what_lies_outside_the_picture_is_black(self):
        image = np.full((48, 64, 3), 255, np.uint8)
        fitted = PersonCrop(Square(-16, 32, 32), (64, 48), (32, 32)).fit(image)
        assert (fitted[:16, 16:] == 255).all()
        assert not fitted[16:].any()
        assert not fitted[:, :16].any()

    def test_shrinking_takes_the_mean(self):
        image = np.zeros((48, 64, 3), np.uint8)
        image[::2] = 201
        fitted = PersonCrop(Square(0, 0, 48), (64, 48), (24, 24)).fit(image)
        assert (fitted == 101).all()  # 100.5, rounded up

    @pytest.mark.parametrize("flip", [False, True])
    def test_a_spot_comes_back_where_it_was(self, flip):
        seen_x = 63 - 40 if flip else 40
        square = Square(seen_x - 7.3, 20.0, 15.7)
        crop = PersonCrop(square, (64, 48), (96, 96), flip)
        fitted = crop.fit(self.picture((64, 48), (40, 30)))[..., 0].astype(float)
        ys, xs = np.mgrid[:96, :96] + 0.5
        middle = np.array([(xs * fitted).sum(), (ys * fitted).sum()]) / fitted.sum()
        assert crop.to_image(middle) == pytest.approx((seen_x + 0.5, 30.5), abs=0.1)

    def test_a_smaller_rendering_shows_the_same(self):
        large = np.repeat(np.repeat(self.picture((64, 48), (40, 30)), 4, axis=0), 4, axis=1)
        crop = PersonCrop(Square(120, 80, 80), (256, 192), (40, 40))
        small = crop.fit(self.picture((64, 48), (40, 30)))
        assert np.array_equal(crop.fit(large), small)
        assert small.any()
