"""Repair of keypoints: what cannot be is set right or aside, what can be is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from builders import arm_raise, cycles, front_pose, side_pose, squat
from posecoach.motion.repair import BRIDGED_S, Repair, RepairedPose, Standing
from posecoach.motion.sides import BODY_PATIENCE_S, LIMB_PATIENCE_S
from posecoach.skeleton import MIRROR, Keypoint

_K = Keypoint
TORSO_PX = 100.0
RATE_HZ = 30.0
ALL = np.ones(17)


def still(seconds: float, **pose) -> np.ndarray:
    """``(time, 17, 2)`` of somebody who stands, with a network's noise."""
    frames = round(seconds * RATE_HZ)
    xy = front_pose(**pose) * TORSO_PX + (300.0, 440.0)
    return xy + np.random.default_rng(1).normal(0.0, 1.5, (frames, 17, 2))


def moving(movement, seconds: float, rate_hz: float = RATE_HZ) -> np.ndarray:
    return np.array([movement(at_s) for at_s in np.arange(0.0, seconds, 1.0 / rate_hz)]) * TORSO_PX + 300.0


def repaired(xy, weights=None, *, rate_hz=RATE_HZ, used: Repair | None = None) -> list[RepairedPose]:
    repairer = used or Repair()
    weights = np.ones(xy.shape[:2]) if weights is None else weights
    return [
        repairer.repair(index / rate_hz, points, weight, TORSO_PX)
        for index, (points, weight) in enumerate(zip(xy, weights, strict=True))
    ]


def places(poses: list[RepairedPose]) -> np.ndarray:
    return np.array([pose.xy for pose in poses])


def exchanged(xy: np.ndarray, *keypoints: Keypoint) -> np.ndarray:
    """The same, with the labels of these keypoints and their twins exchanged."""
    order = np.arange(17)
    order[list(keypoints)] = MIRROR[list(keypoints)]
    order[MIRROR[list(keypoints)]] = keypoints
    return xy[:, order]


# -- what can be is left alone --


@pytest.mark.parametrize("rate_hz", [5.0, 15.0, 30.0, 60.0])
@pytest.mark.parametrize("rep_s", [0.9, 3.0])
def test_movements_of_any_pace_pass_through_unchanged(rate_hz, rep_s):
    for movement in (arm_raise, squat):
        share = cycles(3, rep_s, 0.4)
        xy = moving(
            lambda at_s, movement=movement, share=share: movement(share(at_s)), 3 * rep_s + 2, rate_hz
        )

        found = repaired(xy, rate_hz=rate_hz)

        assert np.array_equal(places(found), xy)
        assert all((pose.standing == Standing.MEASURED).all() for pose in found)


def test_noise_passes_through_unchanged():
    xy = still(3.0)

    assert np.array_equal(places(repaired(xy)), xy)


def test_legs_that_cross_are_not_exchanged():
    """Walking seen from the side: the ankles pass each other again and again."""

    def walk(at_s):
        xy = side_pose()
        swing = 0.35 * np.sin(2.0 * np.pi * 0.9 * at_s)
        xy[[_K.LEFT_ANKLE, _K.RIGHT_ANKLE], 0] += (swing, -swing)
        xy[[_K.LEFT_KNEE, _K.RIGHT_KNEE], 0] += (0.6 * swing, -0.6 * swing)
        return xy  # fmt: skip

    xy = moving(walk, 5.0)

    assert np.array_equal(places(repaired(xy)), xy)


def test_on_its_second_use_it_is_as_it_was_on_its_first():
    xy = still(1.0)
    weights = np.ones((30, 17))
    weights[10:14, 9] = 0.0

    first, second = repaired(xy, weights), repaired(xy, weights)

    assert all(
        np.array_equal(one.xy, other.xy) and np.array_equal(one.weights, other.weights)
        for one, other in zip(first, second, strict=True)
    )


# -- what cannot be --


def test_a_keypoint_that_flies_off_for_two_frames_stays_where_it_was():
    xy = still(2.0)
    xy[30:32, _K.RIGHT_WRIST] += (-60.0, 170.0)

    found = repaired(xy)

    off = np.linalg.norm(places(found)[30:32, _K.RIGHT_WRIST] - xy[29, _K.RIGHT_WRIST], axis=1)
    assert (off < 10.0).all()
    assert [pose.standing[_K.RIGHT_WRIST] for pose in found[29:33]] == [2, 1, 1, 2]
    assert 0.0 < found[31].weights[_K.RIGHT_WRIST] < found[30].weights[_K.RIGHT_WRIST] < 1.0


def test_a_foot_that_flickers_to_the_other_shin_stays_on_the_floor():
    """What PoseNet does to somebody who stands on one leg."""
    xy = still(4.0)
    flicker = np.arange(120) % 5 >= 3
    flicker[:15] = False
    floor = xy[:, _K.LEFT_ANKLE].copy()
    xy[flicker, _K.LEFT_ANKLE] += (-55.0, -25.0)

    off = np.linalg.norm(places(repaired(xy))[:, _K.LEFT_ANKLE] - floor, axis=1)

    assert flicker.sum() > 20
    assert off.max() < 10.0


def test_who_is_really_somewhere_else_is_believed_soon():
    """After a cut, or a step in front of the camera: everything has jumped, and stays."""
    xy = still(2.0)
    xy[30:] += (250.0, 0.0)

    found = repaired(xy)

    assert np.array_equal(places(found)[36:], xy[36:])
    assert found[34].anew.any() or found[33].anew.any()


def test_a_bone_twice_its_length_is_not_believed_though_it_grew_slowly():
    xy = still(3.0)
    xy[30:60, _K.LEFT_WRIST] += np.linspace(0.0, 100.0, 30)[:, None] * (0.8, 0.6)
    xy[60:, _K.LEFT_WRIST] += (80.0, 60.0)

    weights = np.array([pose.weights[_K.LEFT_WRIST] for pose in repaired(xy)])

    assert weights[30] == 1.0
    assert weights[66] == 0.0


def test_an_elbow_folded_flat_is_not_believed():
    xy = still(2.0, left_arm_deg=90.0)
    xy[30:34, _K.LEFT_WRIST] = xy[30:34, _K.LEFT_SHOULDER] + (10.0, 0.0)

    assert [pose.standing[_K.LEFT_WRIST] for pose in repaired(xy)[29:35]] == [2, 1, 1, 1, 1, 2]


# -- gaps --


def test_a_short_gap_is_bridged_along_the_movement_and_fades():
    xy = np.tile(still(1 / RATE_HZ), (40, 1, 1))
    xy[:, _K.LEFT_WRIST, 0] += 2.0 * np.arange(40) - 40.0
    weights = np.ones((40, 17))
    weights[20:23, _K.LEFT_WRIST] = 0.0
    wrong = xy.copy()
    wrong[20:23, _K.LEFT_WRIST] = 0.0

    found = repaired(wrong, weights)

    off = np.linalg.norm(places(found) - xy, axis=2)[20:23, _K.LEFT_WRIST]
    assert (off < 2.0).all()
    faded = [pose.weights[_K.LEFT_WRIST] for pose in found[19:24]]
    assert faded == pytest.approx([1.0, *(1 - n / RATE_HZ / BRIDGED_S for n in (1, 2, 3)), 1.0])


def test_a_long_gap_ends_absent():
    weights = np.ones((60, 17))
    weights[20:, _K.LEFT_WRIST] = 0.0

    found = repaired(still(2.0), weights)

    gone = 20 + int(BRIDGED_S * RATE_HZ) + 1
    assert [pose.standing[_K.LEFT_WRIST] for pose in (found[19], found[21], found[gone])] == [2, 1, 0]
    assert all(pose.weights[_K.LEFT_WRIST] == 0.0 for pose in found[gone:])


def test_what_was_never_seen_is_absent_and_where_it_was_reported():
    xy, weights = still(0.5), np.ones((15, 17))
    weights[:, _K.LEFT_HIP] = 0.0

    found = repaired(xy, weights)

    assert np.array_equal(found[0].xy, xy[0])
    assert {int(pose.standing[_K.LEFT_HIP]) for pose in found} == {Standing.ABSENT}


# -- left and right --


LEG = (_K.LEFT_KNEE, _K.LEFT_ANKLE)
PAIRS = [LEG, (_K.LEFT_ANKLE,), (_K.LEFT_ELBOW, _K.LEFT_WRIST), (_K.LEFT_WRIST,), (_K.LEFT_HIP,)]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("frames", [1, 3, 20])
def test_sides_exchanged_for_a_moment_are_exchanged_back(pair, frames):
    truth = still(2.0)
    xy = truth.copy()
    xy[20 : 20 + frames] = exchanged(truth[20 : 20 + frames], *pair)

    assert np.array_equal(places(repaired(xy)), truth)


def test_weights_go_with_their_keypoints():
    truth, weights = still(1.0), np.ones((30, 17))
    weights[:, _K.LEFT_ANKLE] = 0.6
    xy = truth.copy()
    xy[10:20] = exchanged(truth[10:20], _K.LEFT_ANKLE)
    weights[10:20] = exchanged(weights[10:20, :, None], _K.LEFT_ANKLE)[..., 0]

    found = repaired(xy, weights)

    assert {float(pose.weights[_K.LEFT_ANKLE]) for pose in found} == {0.6}
    assert {float(pose.weights[_K.RIGHT_ANKLE]) for pose in found} == {1.0}


def test_ankles_exchanged_at_a_low_rate_are_exchanged_back():
    """At 5 frames/s a movement can have taken them there, but it takes crossed legs."""
    truth = np.tile(still(1 / RATE_HZ), (20, 1, 1))
    xy = truth.copy()
    xy[10] = exchanged(truth[10:11], _K.LEFT_ANKLE)[0]

    assert np.array_equal(places(repaired(xy, rate_hz=5.0)), truth)


def test_labels_that_stay_exchanged_are_believed_in_the_end():
    xy = still(5.0)
    xy[30:] = exchanged(xy[30:], *LEG)

    found = places(repaired(xy))

    last = 30 + int(LIMB_PATIENCE_S * RATE_HZ)
    assert not np.array_equal(found[last - 2], xy[last - 2])
    assert np.array_equal(found[last + 3 :], xy[last + 3 :])


def test_who_turns_round_all_at_once_is_believed_soon():
    """Every pair changes sides: the network has changed its mind about front and back."""
    xy = still(3.0, left_arm_deg=40.0, right_arm_deg=60.0)
    xy[30:] = xy[30:, MIRROR]

    found = places(repaired(xy))

    soon = 30 + int((BODY_PATIENCE_S + 0.1) * RATE_HZ)
    trunk = [_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER, _K.LEFT_HIP, _K.RIGHT_HIP]
    assert np.array_equal(found[soon:, trunk], xy[soon:, trunk])
    assert np.array_equal(found[soon:], xy[soon:])


def test_who_turns_round_slowly_is_not_repaired():
    def turning(at_s):
        xy = front_pose()
        xy[:, 0] *= np.cos(np.pi * min(at_s / 2.0, 1.0))
        return xy

    xy = moving(turning, 3.0)

    assert np.array_equal(places(repaired(xy)), xy)
