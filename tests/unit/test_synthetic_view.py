"""Where points of the world lie in the athlete's pictures, and which of them can be seen."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.coach.routine import View
from posecoach.coach.viewpoint import viewpoint
from posecoach.errors import CameraError
from posecoach.skeleton import Keypoint
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.room import Room, painted_room
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera


def athlete(name: str = "squat", **options) -> Athlete:
    camera = options.pop("camera", None) or ViewCamera(yaw_deg=options.pop("yaw_deg", 0.0))
    return Athlete(MOTIONS[name], camera=camera, **options)


def test_a_known_point_lands_where_the_formula_says():
    camera = ViewCamera((1000, 500), distance_m=4.0, height_m=1.0, tilt_deg=0.0, focal_px=800.0)

    # One metre to the subject's left, half a metre above the camera, at 4 m: right of the middle, above it.
    xy, depth = camera.project(np.array([0.0, 1.0, 1.5]))

    np.testing.assert_allclose(xy, [499.5 + 800 / 4, 249.5 - 800 * 0.5 / 4])
    assert depth == pytest.approx(4.0)


def test_tilting_down_moves_the_picture_up():
    level, tilted = (ViewCamera(tilt_deg=tilt).project(np.zeros(3))[0] for tilt in (0.0, 10.0))

    assert tilted[1] < level[1]
    assert tilted[0] == pytest.approx(level[0])


def test_from_the_left_a_body_faces_the_left_of_the_picture():
    camera = ViewCamera(yaw_deg=VIEW_YAW_DEG[View.LEFT])
    ahead, _ = camera.project(np.array([0.3, 0.0, 1.0]))
    behind, _ = camera.project(np.array([-0.3, 0.0, 1.0]))

    assert ahead[0] < behind[0]


@pytest.mark.parametrize("view", View)
def test_the_coach_recognises_the_view_it_is_seen_from(view):
    someone = athlete(yaw_deg=VIEW_YAW_DEG[view])
    xy, seen = someone.keypoints(np.linspace(0, 1, 8))
    torso = np.linalg.norm(xy[:, 5:7].mean(axis=1) - xy[:, 11:13].mean(axis=1), axis=1)

    assert viewpoint(xy / torso[:, None, None], seen.astype(float)) is view


@pytest.mark.parametrize("yaw_deg", [0, 47, 90, 180, 270])
def test_a_keypoint_outside_the_picture_is_never_seen(yaw_deg):
    close = athlete(camera=ViewCamera((640, 360), distance_m=1.2, yaw_deg=yaw_deg))
    xy, seen = close.keypoints(np.linspace(0, 4, 20))
    inside = ((xy >= 0) & (xy <= (639, 359))).all(axis=-1)

    assert not inside.all()
    assert not (seen & ~inside).any()


def test_from_the_front_everything_in_a_standing_body_is_seen():
    _, seen = athlete(variation=0.0).keypoints(np.array([0.0]))

    assert seen.all()


@pytest.mark.parametrize(
    ("yaw_deg", "hidden"),
    [
        (90, [Keypoint.RIGHT_EAR, Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_HIP]),
        (270, [Keypoint.LEFT_EAR, Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP]),
        (180, [Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE]),
    ],
)
def test_what_is_behind_the_body_is_not_seen(yaw_deg, hidden):
    _, seen = athlete(yaw_deg=yaw_deg, variation=0.0).keypoints(np.array([0.0]))

    assert not seen[0, hidden].any()
    assert seen[0].sum() >= 8


def test_a_camera_too_near_is_refused():
    with pytest.raises(CameraError, match=r"0\.5 to 20 m, got 0\.1"):
        ViewCamera(distance_m=0.1)


def test_the_truth_is_a_track_with_times_from_zero():
    track = athlete().truth(1.0, 2.0, 10.0)

    assert [frame.at_s for frame in track] == pytest.approx(np.arange(11) / 10)
    assert track.image_wh == (1280, 720)


def test_the_truth_gives_what_is_hidden_the_score_asked_for():
    scores = [
        set(athlete(yaw_deg=90).truth(0, 0, 10, hidden_score=hidden).frames[0].pose.keypoint_scores.tolist())
        for hidden in (0.0, 0.3)
    ]

    assert scores == [{0.0, 1.0}, {0.3, 1.0}]


def test_nobody_is_in_the_truth_before_they_walk_in():
    walking = athlete(walk_in_s=3.0, walk_out_s=3.0)
    track = walking.truth(0.0, walking.duration_s, 10.0)

    assert track.frames[0].pose is None
    assert track.frames[35].pose is not None
    assert track.frames[-1].pose is None


def test_a_camera_outside_the_walls_has_a_picture():
    """Lines of sight that leave the walls behind it end far below the floor."""
    camera = ViewCamera((64, 48), distance_m=7.5, height_m=2.2, tilt_deg=12.0, aside_m=7.8, roll_deg=-30.0)

    assert painted_room(Room(), camera).shape == (48, 64, 3)
