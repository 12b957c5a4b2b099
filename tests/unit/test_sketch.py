"""Strokes and skeletons on pictures."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.pose import PoseEstimate
from posecoach.skeleton import Keypoint
from posecoach.vision.brush import figures, figures_width_px, stroke
from posecoach.vision.sketch import sketched


def canvas(wh=(64, 48), level=0):
    return np.full((wh[1], wh[0], 3), level, np.uint8)


def test_a_stroke_is_as_wide_as_asked_and_nowhere_else():
    image = canvas()
    stroke(image, (10, 24), (50, 24), 4, (255, 255, 255))
    column = image[:, 30, 0] / 255
    assert column.sum() == pytest.approx(8, abs=0.1)
    assert image[24, :5].max() == 0
    assert (image[:, 30, 0] > 0).nonzero()[0].tolist() == list(range(20, 28))


def test_a_disc_has_the_area_of_a_disc():
    image = canvas()
    stroke(image, (32, 24), (32, 24), 10, (255, 255, 255))
    assert image[..., 0].sum() / 255 == pytest.approx(np.pi * 100, rel=0.02)


def test_opacity_blends_along_the_stroke():
    image = canvas()
    stroke(image, (8, 24), (56, 24), 3, (255, 255, 255), (1.0, 0.0))
    row = image[24, 8:56, 0].astype(int)
    assert (np.diff(row) <= 0).all()
    assert row[0] > 240
    assert row[-1] < 12


@pytest.mark.parametrize("end", [(-500.0, -500.0), (1e6, 24.0), (32.0, 1e5)])
def test_strokes_may_leave_the_picture(end):
    image = canvas()
    stroke(image, (32, 24), end, 3, (255, 255, 255))
    assert image[24, 32, 0] > 0


def test_a_stroke_outside_the_picture_changes_nothing():
    image = canvas()
    stroke(image, (-50, -50), (-20, 200), 3, (255, 255, 255))
    assert not image.any()


def test_every_figure_has_its_own_shape():
    shapes = set()
    for character in "0123456789%":
        image = canvas()
        figures(image, character, (8, 8), 24, (255, 255, 255))
        assert image.any()
        shapes.add(image.tobytes())
    assert len(shapes) == 11
    assert figures_width_px("88", 24) == pytest.approx(2 * figures_width_px("8", 24) + 8)


def person(score=0.9, keypoint_scores=None, at=(100.0, 20.0)):
    rows = [0, -3, -3, -1, -1, 20, 20, 45, 45, 65, 65, 70, 70, 100, 100, 130, 130]
    sides = [0, 3, -3, 6, -6, 18, -18, 26, -26, 30, -30, 12, -12, 14, -14, 15, -15]
    xy = np.column_stack([sides, rows]) + np.array(at)
    scores = np.full(17, 0.95) if keypoint_scores is None else keypoint_scores
    return PoseEstimate(xy, scores, score)


def test_the_picture_itself_is_not_changed():
    image = canvas((200, 180), 128)
    sketched(image, [person()])
    assert (image == 128).all()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_skeleton_reads_on_any_ground(level):
    drawn = sketched(canvas((200, 180), level), [person()]).astype(int)
    wrist = person().keypoints_xy[Keypoint.LEFT_WRIST].astype(int)
    around = drawn[wrist[1] - 8 : wrist[1] + 9, wrist[0] - 8 : wrist[0] + 9].sum(axis=2)
    assert around.max() - around.min() > 250


def test_left_and_right_have_their_own_colours():
    drawn = sketched(canvas((200, 180)), [person()]).astype(int)
    left, right = (
        drawn[int(y), int(x)] for x, y in person().keypoints_xy[[Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]]
    )
    assert left[2] > left[0] + 100  # blue
    assert right[0] > right[2] + 100  # orange


def test_an_uncertain_keypoint_is_faint_and_an_unseen_one_is_not_drawn():
    def strength(score):
        scores = np.full(17, 0.95)
        scores[Keypoint.LEFT_ANKLE] = score
        drawn = sketched(canvas((200, 180), 255), [person(keypoint_scores=scores)])
        x, y = person().keypoints_xy[Keypoint.LEFT_ANKLE].astype(int)
        return int((255 - drawn[y - 2 : y + 3, x - 2 : x + 3].astype(int)).sum())

    assert strength(0.95) > strength(0.25) > strength(0.0) == 0


def test_nobody_and_somebody_unseen_leave_the_picture_as_it_is():
    image = canvas((200, 180), 90)
    assert np.array_equal(sketched(image, []), image)
    assert np.array_equal(sketched(image, [person(keypoint_scores=np.zeros(17))]), image)


@pytest.mark.parametrize("at", [(0.0, 0.0), (199.0, 179.0), (-5000.0, 40.0)])
def test_people_at_the_edge_and_tiny_pictures_are_drawn(at):
    assert sketched(canvas((200, 180)), [person(at=at)]).shape == (180, 200, 3)
    assert sketched(canvas((16, 16)), [person(at=at)]).shape == (16, 16, 3)
