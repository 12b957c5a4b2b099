"""What is on the way of a movement, and what is another one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import (
    Body,
    arm_raise,
    arm_raise_track,
    cycle_track,
    front_pose,
    knee_lift,
    learned,
    normalised_poses,
    side_pose,
    squat,
    squat_track,
)
from posecoach.coach.likeness import ASIDE, BENT, another, stays_in_another, unlikeness
from posecoach.coach.routine import View
from posecoach.coach.stay import STAYS, longest_stay
from posecoach.coach.step_yardstick import yardstick
from posecoach.motion.sequence import sequence_of
from posecoach.skeleton import Keypoint

TALL = Body(upper_arm=0.7, forearm=0.6, thigh=0.95, shin=0.95)
SHOULDERS = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
THERE_AND_BACK = 0.5 - 0.5 * np.cos(np.linspace(0.0, 2.0 * np.pi, 46))


@pytest.fixture(scope="module")
def arms():
    return yardstick(learned(arm_raise_track()).steps[0], View.FRONT)


@pytest.fixture(scope="module")
def squats():
    return yardstick(learned(squat_track()).steps[0], View.LEFT)


def done(movement, ruler):
    poses = normalised_poses([movement(share) for share in THERE_AND_BACK])
    return unlikeness(sequence_of(poses), poses[0], ruler)


@pytest.mark.parametrize("share", [0.3, 0.6, 1.0])
def test_any_part_of_the_way_is_the_movement(arms, squats, share):
    for off in (
        done(lambda at: arm_raise(share * at), arms),
        done(lambda at: squat(share * at), squats),
        done(lambda at: arm_raise(share * at, TALL), arms),
    ):
        assert off.places < 0.25
        assert off.bent < 0.1
        assert not another(off, share)


def test_another_movement_is_none_of_it(arms, squats):
    assert another(done(knee_lift, arms), 0.5)
    assert another(done(arm_raise, squats), 0.5)


def test_one_arm_alone_is_half_of_it(arms):
    off = done(lambda at: front_pose(left_arm_deg=10 + 160 * at), arms)
    assert off.places > 0.7
    assert not another(off, 0.5)


def raised_forwards(share):
    """Arms that come up towards the camera: between the same two ends they are seen along the trunk."""
    return (1.0 - share) * arm_raise(0.0) + share * arm_raise(1.0)


def test_the_same_ends_by_another_way_is_another_movement(arms):
    forwards, sideways = done(raised_forwards, arms), done(lambda at: arm_raise(at, TALL), arms)

    assert forwards.aside > ASIDE
    assert another(replace(forwards, bent=0.1), 1.0)
    assert sideways.aside < ASIDE / 2
    assert not another(sideways, 1.0)


def test_who_goes_less_far_or_too_far_is_not_aside(arms):
    half = yardstick(learned(arm_raise_track(top_deg=90.0)).steps[0], View.FRONT)

    assert done(lambda at: arm_raise(0.5 * at), arms).aside < ASIDE / 2
    assert done(arm_raise, half).aside < ASIDE / 2


def test_a_leg_may_go_as_it_likes():
    lifts = yardstick(learned(cycle_track(knee_lift)).steps[0], View.FRONT)
    straight = done(lambda at: (1.0 - at) * knee_lift(0.0) + at * knee_lift(1.0), lifts)

    assert straight.places > 0.0
    assert straight.aside == 0.0


def test_a_short_stay_has_to_be_more_unlike_than_a_long_one(arms):
    off = replace(done(knee_lift, arms), limbs=False, whole=0.4)
    assert stays_in_another(off, stopped=True)
    assert not stays_in_another(off, stopped=False)
    assert stays_in_another(replace(off, whole=0.6), stopped=False)


def test_one_arm_that_pauses_on_its_way_stays_in_the_movement(arms):
    up = normalised_poses([front_pose()] + [front_pose(left_arm_deg=170)] * 20)
    there = unlikeness(sequence_of(up[1:]), up[0], arms)
    assert there.whole > 0.5
    assert not stays_in_another(there, stopped=False)


def test_a_gesture_that_bends_where_the_way_is_straight_is_another(arms):
    """An arm bent overhead is not half a raise; arms bent all the way up are a poor one."""
    scratch = done(lambda at: front_pose(left_arm_deg=10 + 110 * at, left_elbow_deg=180 - 130 * at), arms)
    assert another(scratch, 0.5)
    bent = done(lambda at: arm_raise(at, left_elbow_deg=140.0, right_elbow_deg=140.0), arms)
    assert not another(bent, 0.96)


def test_a_small_movement_must_be_more_like_it(arms):
    off = done(lambda at: arm_raise(at, lean_deg=0.0, left_knee_deg=180 - 30 * at), arms)
    assert another(replace(off, places=0.5, whole=0.5, bent=0.1), 0.3)
    assert not another(replace(off, places=0.5, whole=0.5, bent=0.1), 0.5)


def test_leaning_is_a_fault_of_the_arms_and_no_other_movement(arms):
    upright = done(arm_raise, arms)
    leaning = done(lambda at: arm_raise(at, lean_deg=20.0 * at), arms)
    assert leaning.limbs
    assert leaning.places < upright.places + 0.1
    assert leaning.bent < upright.bent + 0.1


def test_a_limb_that_turned_all_the_way_may_have_bent(arms):
    off = done(lambda at: arm_raise(at, left_elbow_deg=140.0, right_elbow_deg=140.0), arms)
    assert off.bent > BENT
    assert not another(replace(off, turned=0.95), 0.6)
    assert another(replace(off, turned=0.8), 0.6)


def test_a_small_movement_is_less_of_it_where_its_limbs_turned_as_little(arms):
    """A knee lifted by half that is seen from the front goes less far; a shift of weight nowhere."""
    off = replace(done(arm_raise, arms), places=0.5, whole=0.5, bent=0.002)
    assert not another(replace(off, turned=0.45), 0.3)
    assert another(replace(off, turned=0.1), 0.3)
    assert another(replace(off, turned=1.15), 0.3)


@pytest.mark.parametrize("lean_deg", [-20.0, 20.0])
def test_leaning_is_a_fault_of_the_legs_where_the_reference_stays_upright(lean_deg):
    """As in a heel raise: the shoulders go further then than the legs."""
    ruler = yardstick(learned(cycle_track(lifted)).steps[0], View.FRONT)
    emphasis = ruler.emphasis.copy()
    emphasis[SHOULDERS] = emphasis.max()
    ruler = replace(ruler, emphasis=emphasis)
    upright, leaning = done(lifted, ruler), done(lambda at: lifted(at, lean_deg * at), ruler)
    assert not leaning.limbs
    assert leaning.places < upright.places + 0.1
    assert not another(leaning, 0.7)


def test_of_a_movement_of_the_trunk_leaning_is_none_of_the_way(squats):
    """A squat leans forward: nothing of it is turned back."""
    assert another(done(lambda at: side_pose(trunk_deg=-30.0 * at), squats), 0.5)


def lifted(share, lean_deg=0.0):
    """One leg, a little to the side."""
    return front_pose(left_leg_deg=8 + 25 * share, lean_deg=lean_deg)


def test_nothing_seen_is_not_known(arms):
    poses = sequence_of(normalised_poses([front_pose()] * 5))
    hidden = type(poses)(poses.at_s, poses.xy, poses.weights * 0.0, poses.directions)
    assert unlikeness(hidden, normalised_poses([front_pose()])[0], arms) is None


def test_the_longest_stay_is_found_wherever_it_is():
    way = np.concatenate([np.linspace(0, 0.5, 20), np.full(31, 0.5), np.linspace(0.5, 1.0, 20)])
    stay = longest_stay(sequence_of(normalised_poses([arm_raise(float(at)) for at in way])))
    assert 15 <= stay.start <= 20
    assert 50 <= stay.stop - 1 <= 56
    assert STAYS < 0.5
