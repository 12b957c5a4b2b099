"""What was wrong in a repetition: the joint, the phase, the degrees, in words that can be followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import (
    LEFT_SIDE,
    arm_raise,
    arm_raise_track,
    cycle_track,
    cycles,
    front_pose,
    hold_pose,
    hold_track,
    learned,
    normalised_poses,
    performance,
    routine_of,
    side_pose,
    squat,
    squat_track,
    still_track,
    track_of,
)
from posecoach.coach.extent import joint_extents
from posecoach.coach.instruct import turn_in_words
from posecoach.coach.routine import View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind, Verdict
from posecoach.motion.sequence import sequence_of
from posecoach.skeleton import Joint, Limb

DEGREES = 12.0
"""What a fault may be off by: smoothing, and the mean over a phase instead of its end."""


def ruler(routine):
    return yardstick(routine.steps[0], View.FRONT)


def faults_of(track, routine):
    return performance(track, routine).parts[0].faults


def test_a_perfect_repetition_has_no_fault(arms, squats):
    assert faults_of(arm_raise_track(), arms) == ()
    assert faults_of(squat_track(), squats) == ()


def test_both_arms_too_low_are_one_fault(arms):
    worst = faults_of(arm_raise_track(top_deg=120.0), arms)[0]

    assert worst.text.startswith("raise both arms ")
    assert worst.text.endswith("higher at the top")
    assert worst.phase == "turn"
    assert worst.degrees == pytest.approx(50.0, abs=DEGREES)


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_arm_too_low_is_that_arms_fault(arms, side):
    track = cycle_track(
        lambda share: front_pose(
            **{
                f"{which}_arm_deg": 10 + (110 if which == side else 160) * share
                for which in ("left", "right")
            }
        )
    )
    worst = faults_of(track, arms)[0]

    assert worst.text.startswith(f"raise your {side} arm ")
    assert worst.limb is Limb(f"{side}_arm")
    assert worst.degrees == pytest.approx(50.0, abs=DEGREES)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_bent_elbow_is_told_to_straighten(arms, side):
    pose = {f"{side}_elbow_deg": 110.0}
    worst = faults_of(arm_raise_track(pose=pose), arms)[0]

    assert worst.text.startswith(f"straighten your {side} elbow ")
    assert worst.degrees == pytest.approx(70.0, abs=DEGREES)


@pytest.mark.parametrize(("going_up", "phase"), [(True, "out"), (False, "back")])
def test_a_fault_on_one_way_only_is_told_for_that_way(arms, going_up, phase):
    """An elbow that bends while the arm rises, or while it sinks, between rest and top."""
    share = cycles(1, 3.0, 1.0)

    def movement(at_s):
        between = min(1.0, 6.0 * share(at_s) * (1.0 - share(at_s)))
        bent = 130.0 * between if (at_s < 2.5) == going_up else 0.0
        return arm_raise(share(at_s), left_elbow_deg=180.0 - bent)

    worst = faults_of(track_of(movement, 5.0), arms)[0]

    assert worst.phase == phase
    assert worst.text.endswith(f"on the way {phase}")
    assert "left elbow" in worst.text


def test_a_shallow_squat_is_told_to_bend_more(squats):
    found = faults_of(cycle_track(lambda share: squat(0.5 * share)), squats)
    knees = next(fault for fault in found if "knee" in fault.text and fault.phase == "turn")

    assert knees.text.startswith("bend both knees ")
    assert knees.text.endswith("more at the bottom")
    assert knees.degrees == pytest.approx(60.0, abs=DEGREES)


def test_a_squat_too_deep_is_told_to_open():
    routine = learned(cycle_track(lambda share: squat(0.5 * share)))
    texts = [fault.text for fault in faults_of(squat_track(), routine)]

    assert any(text.startswith("straighten both knees") for text in texts), texts


def test_the_most_severe_comes_first(arms):
    severities = [fault.severity for fault in faults_of(arm_raise_track(top_deg=100.0), arms)]

    assert severities == sorted(severities, reverse=True)
    assert severities


def test_the_same_words_are_there_once(arms):
    texts = [fault.text for fault in faults_of(arm_raise_track(top_deg=100.0), arms)]

    assert len(texts) == len(set(texts))


def test_a_few_degrees_are_no_fault(arms):
    assert faults_of(arm_raise_track(top_deg=163.0), arms) == ()


@pytest.mark.parametrize(("further", "verdict"), [(1.2, Verdict.GOOD), (1.45, Verdict.ATTEMPT)])
def test_what_its_own_recordings_vary_by_is_no_fault(further, verdict):
    """Arms that go a small way: 10 degrees more are a fault, and 22 too far, where nobody did so before."""
    [step] = learned(cycle_track(lambda share: arm_raise(0.2 + 0.33 * share))).steps
    varied = {limb: replace(rule, tolerance=0.25) for limb, rule in step.limbs.items()}
    done = cycle_track(lambda share: arm_raise(0.2 + 0.33 * further * share), reps=1)

    [told], [forgiven] = (
        performance(done, routine_of(each)).parts for each in (step, replace(step, limbs=varied))
    )

    assert (told.verdict, forgiven.verdict) == (verdict, Verdict.GOOD)
    assert told.faults[0].text.startswith("lower both arms")
    assert bool(forgiven.faults) is (further > 1.3)


def test_what_is_hidden_has_no_fault(squats):
    """From the left, the right side may be hidden; nobody is told to bend it."""
    right = [k for k in range(17) if k not in LEFT_SIDE and k != 0]
    found = faults_of(cycle_track(lambda share: squat(0.5 * share), hidden=right), squats)

    assert found
    assert {fault.limb for fault in found} <= {Limb.LEFT_LEG, Limb.LEFT_ARM, Limb.TRUNK}
    assert not any("both" in fault.text or "right" in fault.text for fault in found)


def test_a_held_pose_is_corrected_while_it_is_not_right():
    routine = learned(hold_track(), kind=StepKind.HOLD)
    said = [
        cue.text
        for step in performance(still_track(hold_pose(arms_deg=40.0)), routine).steps
        for cue in step.cues
    ]

    assert said[0].startswith("Raise both arms ")
    assert said[0].endswith(" higher.")


@pytest.mark.parametrize(
    ("track", "words"),
    [
        (squat_track(reps=1), "at the bottom"),
        (arm_raise_track(reps=1), "at the top"),
        (cycle_track(lambda share: side_pose(trunk_deg=60 * share), reps=1), "at the far point"),
    ],
    ids=["squat", "arms", "bending"],
)
def test_the_turning_point_has_a_name(track, words):
    (step,) = learned(track).steps

    assert turn_in_words(yardstick(step, next(iter(step.views)))) == words


def test_a_range_of_motion_is_the_largest_less_the_smallest_angle(arms):
    shares = 0.5 - 0.5 * np.cos(np.linspace(0, 2 * np.pi, 40))
    ranges = joint_extents(sequence_of(normalised_poses([arm_raise(share) for share in shares])), ruler(arms))
    least, most = (_shoulder_deg(arm_raise(share)) for share in (0.0, 1.0))

    assert ranges[Joint.LEFT_SHOULDER].range_deg == pytest.approx(most - least, abs=0.5)
    assert ranges[Joint.LEFT_KNEE].range_deg == pytest.approx(0.0, abs=1e-6)


def _shoulder_deg(xy):
    hip, shoulder, elbow = (complex(*xy[k]) for k in (11, 5, 7))
    quotient = (hip - shoulder) / (elbow - shoulder)
    return abs(np.degrees(np.angle(quotient)))


def test_a_joint_that_was_hardly_seen_has_no_range(arms):
    poses = sequence_of(normalised_poses([arm_raise(share) for share in np.linspace(0, 1, 20)]))
    poses.weights[:10, 9] = 0.0

    assert Joint.LEFT_ELBOW not in joint_extents(poses, ruler(arms))
    assert Joint.RIGHT_ELBOW in joint_extents(poses, ruler(arms))


def test_a_view_is_a_side():
    assert {view.value for view in View} == {"front", "left", "right"}
