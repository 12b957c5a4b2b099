"""One's own starting pose, and what several people make of a routine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import (
    arm_raise,
    arm_raise_track,
    cycle_track,
    front_pose,
    joined,
    knee_lift,
    learned,
    normalised_poses,
    performance,
    routine_of,
    still_track,
)
from posecoach.coach.calibration import calibration
from posecoach.coach.learn import learn
from posecoach.coach.own_posture import OwnPosture
from posecoach.coach.routine import Sides, View
from posecoach.coach.view import StepKind
from posecoach.motion.floor_level import raised, risen


def leaning(deg, **look):
    """The arms raised by somebody who always leans."""
    return cycle_track(lambda share: arm_raise(share, lean_deg=deg), **{"reps": 2, **look})


def allowing(posture):
    [step] = learned(arm_raise_track()).steps
    return routine_of(replace(step, posture=posture))


def test_ones_own_posture_costs_nothing_where_it_is_allowed():
    as_it_is, forgiven = (performance(leaning(8.0), allowing(posture)).score for posture in (0.0, 0.3))

    assert forgiven >= 95
    assert as_it_is < forgiven - 5


def test_no_more_is_forgiven_than_is_allowed():
    scores = [performance(leaning(30.0), allowing(posture)).score for posture in (0.1, 0.3)]

    assert scores[0] < scores[1] < 90


def test_who_slouches_after_the_first_repetition_is_told():
    done = performance(joined(arm_raise_track(reps=1), leaning(15.0)), allowing(0.3))

    assert done.parts[0].score >= 98
    assert max(part.score for part in done.parts[1:]) < 90


def test_the_beginning_of_a_rise_is_no_posture():
    """Somebody who rises onto the toes is under way only when they are a third of the way up."""
    stood = normalised_poses([front_pose()] * 10)
    rising = [replace(raised(stood[0], 0.004 * n), captured_at=1.0 + n / 15.0) for n in range(10)]
    posture = OwnPosture(stood[0].xy, 0.05, build=True)
    for sample in (*stood, *rising):
        posture.wait(sample)

    seen = posture.out_of(rising[-1])

    assert risen(seen.xy, seen.weights) == pytest.approx(0.036, abs=1e-6)


def test_somebody_who_stands_still_has_done_nothing():
    assert performance(still_track(), allowing(0.3)).score == 0.0


def test_people_who_do_it_with_the_other_leg_make_it_a_step_for_either():
    def other(share):
        return front_pose(left_leg_deg=8.0 + 40.0 * share)

    def one(share):
        return front_pose(right_leg_deg=8.0 + 40.0 * share)

    mixed = learn([cycle_track(move, reps=1) for move in (one, one, other)], StepKind.REPS)
    same = learn([cycle_track(one, reps=1) for _ in range(3)], StepKind.REPS)

    assert (mixed.step.sides, same.step.sides) == (Sides.EITHER, Sides.BOTH)
    assert any("the other side" in note for note in mixed.notes)
    assert performance(cycle_track(other), routine_of(mixed.step)).mirrored


def test_the_posture_that_is_allowed_is_that_of_the_people_recorded():
    one = learn([arm_raise_track(reps=1)], StepKind.REPS).step
    three = learn([leaning(deg, reps=1) for deg in (-6.0, 0.0, 6.0)], StepKind.REPS).step

    assert one.posture == 0.0
    assert 0.02 < three.posture <= 0.25


@pytest.mark.parametrize("movement", [arm_raise, knee_lift])
def test_the_calibration_is_told_in_numbers(movement):
    [step] = learned(cycle_track(movement)).steps
    told = " ".join(calibration(step, View.FRONT))

    assert "99 points or more: within 0.0" in told
    assert "nothing of what moves, and 0.20 torso lengths off in what rests" in told
    assert "degrees" in told
