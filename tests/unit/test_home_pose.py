"""Where a repetition starts and ends, and what that says of it."""

from __future__ import annotations

import numpy as np
import pytest

from builders import (
    arm_raise,
    arm_raise_track,
    front_pose,
    learned,
    normalised_poses,
)
from posecoach.coach.home_pose import was_another
from posecoach.coach.routine import View
from posecoach.coach.step_yardstick import yardstick
from posecoach.motion.sequence import sequence_of

UP_AND_DOWN = 0.5 - 0.5 * np.cos(np.linspace(0.0, 2.0 * np.pi, 46))


@pytest.fixture(scope="module")
def arms():
    return yardstick(learned(arm_raise_track()).steps[0], View.FRONT)


def told(movement, ruler, home_xy, *, reach=1.0, back=True):
    poses = normalised_poses([movement(at) for at in UP_AND_DOWN])
    [home] = normalised_poses([home_xy])
    return was_another(sequence_of(poses), reach, home, ruler, back=back)


def bent_over(at, number):
    """Arms raised and lowered by somebody who has folded forward meanwhile, as in a sun salutation."""
    xy = arm_raise(at)
    if number > 30:
        above = np.arange(17) < 11
        xy[above, 1] -= xy[above, 1].min() * (number - 30) / 15.0
    return xy


def test_coming_back_home_is_part_of_a_repetition(arms):
    upright = [arm_raise(at) for at in UP_AND_DOWN]
    folded = [bent_over(at, number) for number, at in enumerate(UP_AND_DOWN)]
    for poses_xy, is_another in ((upright, False), (folded, True)):
        poses = normalised_poses(poses_xy)
        assert was_another(sequence_of(poses), 1.0, poses[0], arms) is is_another


def test_whoever_stopped_need_not_have_come_back(arms):
    there = normalised_poses([arm_raise(at) for at in UP_AND_DOWN[:23]])

    assert was_another(sequence_of(there), 1.0, there[0], arms)
    assert not was_another(sequence_of(there), 1.0, there[0], arms, back=False)


def test_each_limb_starts_where_it_should(arms):
    """One arm that hangs beside the head is no starting pose, whatever all else does."""
    raised = {"left_arm_deg": 150.0, "right_arm_deg": 150.0}

    assert not told(arm_raise, arms, front_pose())
    assert told(arm_raise, arms, front_pose(**raised))
