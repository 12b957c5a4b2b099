"""The athlete's body: built like people, and bones that stay as long as they are."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.skeleton import MIRROR, Keypoint
from posecoach.synthetic.angles import LIMITS, NUM_ANGLES, Angle, as_row, mirrored, within_limits
from posecoach.synthetic.body import Body
from posecoach.synthetic.keypoints import keypoints_in_space
from posecoach.synthetic.kinematics import BALL, Part, Posture, Stance, posture
from posecoach.synthetic.motions import MOTIONS

BONES = (
    ("thigh", Part.LEFT_THIGH, Part.LEFT_SHIN),
    ("shin", Part.LEFT_SHIN, Part.LEFT_FOOT),
    ("thigh", Part.RIGHT_THIGH, Part.RIGHT_SHIN),
    ("shin", Part.RIGHT_SHIN, Part.RIGHT_FOOT),
    ("upper_arm", Part.LEFT_UPPER_ARM, Part.LEFT_FOREARM),
    ("forearm", Part.LEFT_FOREARM, Part.LEFT_HAND),
    ("upper_arm", Part.RIGHT_UPPER_ARM, Part.RIGHT_FOREARM),
    ("forearm", Part.RIGHT_FOREARM, Part.RIGHT_HAND),
    ("waist", Part.WAIST, Part.CHEST),
    ("chest", Part.CHEST, Part.NECK),
)


def through(name: str, body: Body | None = None, count: int = 40) -> Posture:
    motion = MOTIONS[name]
    return posture(
        body or Body.average(), motion.angles(np.linspace(0, motion.period_s, count)), motion.stance
    )


def knee_deg(body: Posture, side: int) -> np.ndarray:
    thigh = body.origins[:, Part.LEFT_SHIN + side] - body.origins[:, Part.LEFT_THIGH + side]
    shin = body.origins[:, Part.LEFT_FOOT + side] - body.origins[:, Part.LEFT_SHIN + side]
    cosine = (thigh * shin).sum(axis=1) / np.linalg.norm(thigh, axis=1) / np.linalg.norm(shin, axis=1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


@pytest.mark.parametrize("name", MOTIONS)
def test_bones_keep_their_lengths(name):
    body = Body.sample(np.random.default_rng(1))
    moving = through(name, body)

    for bone, start, end in BONES:
        lengths = np.linalg.norm(moving.origins[:, start] - moving.origins[:, end], axis=1)
        np.testing.assert_allclose(lengths, body.lengths[bone], rtol=1e-6, err_msg=bone)


@pytest.mark.parametrize("name", MOTIONS)
def test_knees_bend_no_further_than_knees_do_and_only_backwards(name):
    moving = through(name)

    for side in (0, 1):
        assert knee_deg(moving, side).max() <= LIMITS[Angle.LEFT_KNEE_FLEX, 1] + 1.0
        shin = moving.origins[:, Part.LEFT_FOOT + side] - moving.origins[:, Part.LEFT_SHIN + side]
        forward = moving.frames[:, Part.LEFT_THIGH + side, :, 0]
        assert (shin * forward).sum(axis=1).max() < 1e-6


@pytest.mark.parametrize("name", MOTIONS)
def test_every_authored_angle_is_within_the_limits_of_its_joint(name):
    np.testing.assert_array_equal(within_limits(MOTIONS[name].rows), MOTIONS[name].rows)


def test_angles_beyond_the_limits_are_brought_back():
    wild = np.full((1, NUM_ANGLES), 500.0)

    np.testing.assert_array_equal(within_limits(wild)[0], LIMITS[:, 1])


@pytest.mark.parametrize("name", ["squat", "half_sun_salutation", "chair", "heel_raise"])
def test_planted_feet_do_not_slip(name):
    moving = through(name)

    for foot in (Part.LEFT_FOOT, Part.RIGHT_FOOT):
        ball = moving.origins[:, foot] + (
            moving.frames[:, foot]
            @ np.array([BALL * Body.average().lengths["foot"], 0, -Body.average().lengths["ankle_height"]])
        )
        np.testing.assert_allclose(ball - ball[0], 0.0, atol=1e-3)
        assert abs(ball[0, 2]) < 1e-9


@pytest.mark.parametrize("name", MOTIONS)
def test_no_foot_goes_through_the_floor(name):
    body = Body.average()
    moving = through(name, body)
    low = -0.2 * body.lengths["ankle_height"]

    for foot in (Part.LEFT_FOOT, Part.RIGHT_FOOT):
        toe = moving.origins[:, foot] + (
            moving.frames[:, foot] @ np.array([BALL * body.lengths["foot"], 0, -body.lengths["ankle_height"]])
        )
        assert moving.origins[:, foot, 2].min() > body.lengths["ankle_height"] + low
        assert toe[:, 2].min() > low, f"{toe[:, 2].min():.3f} m"


@pytest.mark.parametrize(
    "name", ["squat", "sit_to_stand", "shoulder_abduction", "chair", "half_sun_salutation"]
)
def test_a_symmetrical_motion_is_its_own_mirror_image(name):
    body = Body.average()
    points = keypoints_in_space(body, through(name, body))
    reflected = points[:, MIRROR] * (1, -1, 1)

    np.testing.assert_allclose(points, reflected, atol=1e-9)


def test_mirrored_angles_give_the_mirror_image_of_a_posture():
    body = Body.average()
    rows = np.stack(
        [as_row({"left_shoulder_abduct": 70, "spine_side": 20, "neck_turn": 30, "right_knee_flex": 40})] * 2
    )
    rows[1] = mirrored(rows[0])
    one, other = keypoints_in_space(body, posture(body, rows, Stance()))

    np.testing.assert_allclose(one[MIRROR] * (1, -1, 1), other, atol=1e-9)


def test_standing_joints_are_as_high_as_the_published_shares_of_stature():
    body = Body.average(1.80)
    points = keypoints_in_space(body, posture(body, as_row({})[None], Stance()))[0] / 1.80

    # Winter, figure 4.1: knee 0.285, hip 0.530, shoulder 0.818, eye 0.936.
    for keypoint, share in (
        (Keypoint.LEFT_KNEE, 0.285),
        (Keypoint.LEFT_HIP, 0.530),
        (Keypoint.LEFT_SHOULDER, 0.818),
        (Keypoint.LEFT_EYE, 0.936),
    ):
        assert points[keypoint, 2] == pytest.approx(share, abs=0.012), keypoint.part


def test_a_joint_angle_is_the_angle_it_says():
    body = Body.average()
    rows = np.stack([as_row({"left_elbow_flex": bend, "left_shoulder_abduct": 60}) for bend in (0, 45, 90)])
    moving = posture(body, rows, Stance())
    upper = moving.origins[:, Part.LEFT_FOREARM] - moving.origins[:, Part.LEFT_UPPER_ARM]
    fore = moving.origins[:, Part.LEFT_HAND] - moving.origins[:, Part.LEFT_FOREARM]
    cosine = (upper * fore).sum(axis=1) / body.lengths["upper_arm"] / body.lengths["forearm"]

    np.testing.assert_allclose(np.degrees(np.arccos(np.minimum(cosine, 1.0))), [0, 45, 90], atol=1e-4)


def test_bodies_vary_within_what_people_are():
    bodies = [Body.sample(np.random.default_rng(seed)) for seed in range(300)]
    statures = np.array([body.stature_m for body in bodies])
    legs = np.array([(body.lengths["thigh"] + body.lengths["shin"]) / body.stature_m for body in bodies])

    assert 1.45 < statures.min() < 1.60
    assert 1.85 < statures.max() < 2.0
    assert legs.min() > 0.43
    assert legs.max() < 0.55
    assert legs.std() > 0.008


def test_a_body_is_the_same_for_the_same_seed():
    assert Body.sample(np.random.default_rng(5)) == Body.sample(np.random.default_rng(5))
    assert Body.sample(np.random.default_rng(5)) != Body.sample(np.random.default_rng(6))
