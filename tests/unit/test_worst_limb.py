"""One limb that is off costs the whole, and one that does something else makes it another exercise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import arm_raise, arm_raise_track, cycle_track, front_pose, learned, performance, routine_of
from posecoach.coach.routine import LimbRule
from posecoach.skeleton import Limb

ARMS = (Limb.LEFT_ARM, Limb.RIGHT_ARM)


@pytest.fixture(scope="module")
def arms():
    (step,) = learned(arm_raise_track()).steps
    return routine_of(
        replace(step, limbs={limb: LimbRule(1.0 if limb in ARMS else 0.1, 0.08) for limb in Limb})
    )


def arms_and(left_arm_share=1.0, left_leg_deg=8.0, left_knee_deg=180.0):
    """Both arms raised, the left one less far, standing on one leg."""

    def pose(share):
        both = arm_raise(share)
        other = arm_raise(left_arm_share * share)
        lifted = front_pose(left_leg_deg=left_leg_deg, left_knee_deg=left_knee_deg)
        xy = both.copy()
        xy[[7, 9]] = other[[7, 9]]
        xy[[13, 15]] = lifted[[13, 15]]
        return xy

    return cycle_track(pose, reps=2)


def test_one_of_two_arms_that_is_too_low_costs_visibly_and_more_the_lower(arms):
    right, low, lower = (performance(arms_and(share), arms).score for share in (1.0, 0.75, 0.6))

    assert right >= 98
    assert 70 <= low <= 95
    assert lower < low


def test_whoever_balances_on_one_leg_meanwhile_does_another_exercise(arms):
    balancing = performance(arms_and(left_leg_deg=70.0, left_knee_deg=50.0), arms)

    assert balancing.score <= 20


def test_what_the_body_cannot_do_is_not_asked(arms):
    (step,) = arms.steps
    without = routine_of(replace(step, without=(Limb.LEFT_LEG.value,)))

    assert performance(arms_and(left_leg_deg=70.0, left_knee_deg=50.0), without).score >= 95
