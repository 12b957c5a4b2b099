"""Who stands ready, and who has only passed through the starting pose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from builders import front_pose, normalised_poses
from posecoach.coach.arming import STILL_S, Arming, walked

RATE_HZ = 15.0
READY = int(STILL_S * RATE_HZ)


def standing(count, *, at=(0.0, 0.0), per_sample=(0.0, 0.0), first=0, torso_px=100.0):
    """Somebody in the starting pose, whose hips go so many pixels a sample."""
    poses = normalised_poses([front_pose()] * (first + count))[first:]
    return [
        replace(
            pose,
            origin_xy=pose.origin_xy + np.array(at) + number * np.array(per_sample),
            torso_px=torso_px,
        )
        for number, pose in enumerate(poses)
    ]


def looked(arming, samples, reach=0.0, *, in_starting_pose=True):
    for sample in samples:
        arming.look(sample, reach, in_starting_pose=in_starting_pose)
    return arming


def test_who_is_there_from_the_first_sample_is_ready_at_once():
    assert looked(Arming(), standing(1)).home is not None


def test_who_was_not_must_stand_still_for_a_moment():
    arming = looked(Arming(), standing(1), in_starting_pose=False)
    assert looked(arming, standing(READY - 2, first=1)).home is None
    assert looked(arming, standing(3, first=READY - 1)).home is not None


def test_who_travels_across_the_picture_is_not_ready():
    arming = looked(Arming(), standing(1), in_starting_pose=False)
    assert looked(arming, standing(40, first=1, per_sample=(4.0, 0.0))).home is None


def test_who_has_left_must_come_to_a_stand_again():
    arming = looked(Arming(), standing(20))
    arming.leave()
    assert looked(arming, standing(3, first=20)).home is None
    assert looked(arming, standing(READY, first=23)).home is not None


def test_a_slow_movement_does_not_take_home_with_it():
    arming = Arming()
    slow = normalised_poses([front_pose(left_arm_deg=10 + 0.1 * n) for n in range(150)])
    for number, sample in enumerate(slow):
        arming.look(sample, 0.001 * number, in_starting_pose=True)

    assert np.abs(arming.home.xy - slow[0].xy).max() < 0.12
    assert np.abs(slow[-1].xy - slow[0].xy).max() > 0.2


def test_all_of_somebody_goes_when_they_walk():
    start, aside = standing(1)[0], standing(1, at=(80.0, 0.0))[0]
    assert walked(start, aside)
    assert not walked(start, standing(1, at=(30.0, 0.0))[0])


def test_hips_that_go_while_the_feet_stand_are_a_movement():
    """As in a squat from the side."""
    start, end = standing(2)
    xy = end.xy + np.array([-0.8, 0.0])  # all but the hips stays where it was in the picture
    moved = replace(end, xy=xy, origin_xy=end.origin_xy + np.array([80.0, 0.0]))
    assert not walked(start, moved)


def test_coming_nearer_is_walking_too():
    start = standing(1)[0]
    assert walked(start, standing(1, torso_px=150.0)[0])
    assert walked(start, standing(1, torso_px=60.0)[0])
    assert not walked(start, standing(1, torso_px=110.0)[0])
