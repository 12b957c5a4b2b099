"""What a repetition is called, and what is said of it: leaning, pace, small ones, two sides, stopping."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from builders import (
    ADULT,
    LEGS,
    Body,
    arm_raise,
    arm_raise_track,
    cycle_track,
    cycles,
    front_pose,
    joined,
    knee_lift,
    normalised_poses,
    performance,
    routine_of,
    side_pose,
    squat,
    squat_track,
    still_track,
    track_of,
)
from posecoach.coach.fault import Change
from posecoach.coach.gauges import GAUGES, gauge_weights, gauges_deg
from posecoach.coach.reference import reference_of
from posecoach.coach.report import report
from posecoach.coach.routine import LimbRule, Step, View
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind, Verdict
from posecoach.motion.sequence import sequence_of
from posecoach.skeleton import Joint, Keypoint, Limb

DEGREES = 5.0
"""What a fault may be off by: smoothing, and the mean over a phase instead of its end."""


def gauge(joint, poses, view, **options):
    done = sequence_of(normalised_poses(poses))
    return gauges_deg(done.xy, done.weights, view, **options)[:, GAUGES.index(joint)]


def said(done):
    return [cue.text for outcome in done.steps for cue in outcome.cues]


# -- what is measured --


@pytest.mark.parametrize("lean_deg", [-25.0, 0.0, 10.0])
def test_from_the_front_a_lean_is_positive_to_the_subjects_left(lean_deg):
    assert gauge(None, [front_pose(lean_deg=lean_deg)], View.FRONT) == pytest.approx([lean_deg], abs=0.1)


@pytest.mark.parametrize(("faces_left", "view"), [(True, View.LEFT), (False, View.RIGHT)])
def test_from_a_side_a_lean_is_positive_forward(faces_left, view):
    pose = side_pose(trunk_deg=30.0, faces_left=faces_left)

    assert gauge(None, [pose], view) == pytest.approx([30.0], abs=1.5)


def test_a_lean_needs_both_shoulders_from_the_front_and_one_from_the_side():
    weights = np.ones((1, 17))
    weights[0, Keypoint.RIGHT_SHOULDER] = 0.0

    assert gauge_weights(weights, View.FRONT)[0, -1] == 0.0
    assert gauge_weights(weights, View.LEFT)[0, -1] == 1.0


def pressed(pose, share):
    """A pose with its thighs turned towards the camera: as much shorter in the picture."""
    bent = pose.copy()
    for side in ("LEFT", "RIGHT"):
        hip, knee, ankle = (Keypoint[f"{side}_{name}"] for name in ("HIP", "KNEE", "ANKLE"))
        bent[knee] = pose[hip] + share * (pose[knee] - pose[hip])
        bent[ankle] = bent[knee] + pose[ankle] - pose[knee]
    return bent


def test_from_the_front_a_thigh_that_points_at_the_camera_is_a_bent_hip():
    straight = front_pose(left_leg_deg=0.0, right_leg_deg=0.0)
    hips = gauge(Joint.LEFT_HIP, [straight, pressed(straight, 0.5), pressed(straight, 0.05)], View.FRONT)

    assert hips[0] > 170
    assert 100 < hips[1] < 150
    assert hips[2] == pytest.approx(95.0, abs=10.0)


def test_from_the_front_knees_on_both_feet_follow_from_the_height_of_the_hips():
    straight = front_pose(left_leg_deg=0.0, right_leg_deg=0.0)
    knees = gauge(Joint.LEFT_KNEE, [straight, pressed(straight, 0.4)], View.FRONT, on_both_feet=True)
    thigh, shin = ADULT.thigh, ADULT.shin
    apart = 0.4 * thigh + shin
    expected = np.degrees(np.arccos((thigh**2 + shin**2 - apart**2) / (2 * thigh * shin)))

    assert knees[0] > 165
    assert knees[1] == pytest.approx(expected, abs=3.0)


# -- leaning --


@pytest.mark.parametrize(("lean_deg", "way"), [(20.0, "left"), (-20.0, "right")])
def test_leaning_to_a_side_is_told_with_its_direction(arms, lean_deg, way):
    track = cycle_track(lambda share: arm_raise(share, lean_deg=lean_deg * share))
    worst = performance(track, arms).parts[0].faults[0]

    assert (worst.limb, worst.change) == (Limb.TRUNK, Change.LEAN_LESS)
    assert f"less to the {way}" in worst.text
    assert worst.degrees == pytest.approx(20.0, abs=DEGREES)


def test_leaning_forward_is_told_from_the_side(squats):
    def movement(share):
        return side_pose(
            shin_deg=32 * share, thigh_deg=88 * share, trunk_deg=42 * share + 25 * share, arm_deg=110 * share
        )

    told = performance(cycle_track(movement), squats).parts[0].faults

    assert any("less forward at the bottom" in fault.text for fault in told), told
    assert not any(fault.joint and "hip" in fault.joint for fault in told)


# -- pace --


def test_a_rush_is_told(arms):
    fast = performance(arm_raise_track(rep_s=1.3), arms)

    assert {part.faults[0].change for part in fast.parts} == {Change.SLOWER}
    assert fast.parts[0].faults[0].limb is None
    assert fast.parts[0].verdict is Verdict.GOOD
    assert said(fast)[0].startswith("Slow down: take 3 seconds, not 1.")


def test_a_pause_at_the_top_is_told_and_is_no_slowness(arms):
    paused = performance(arm_raise_track(rep_s=6.0, pause_s=3.0), arms)

    assert {part.faults[0].change for part in paused.parts} == {Change.KEEP_MOVING}
    assert said(paused)[0] == "Keep moving: you stopped for 3 seconds at the top."


@pytest.mark.parametrize("rep_s", [2.4, 3.0, 4.0])
def test_a_pace_of_ones_own_is_no_fault(arms, rep_s):
    assert all(part.faults == () for part in performance(arm_raise_track(rep_s=rep_s), arms).parts)


def test_the_pace_has_no_limb_in_a_report(arms):
    [rep, *_] = report(performance(arm_raise_track(rep_s=1.3), arms))["reps"]

    assert rep["faults"][0]["limb"] is None


# -- small ones, and those of another body --


@pytest.mark.parametrize("depth", [0.3, 0.4, 0.5])
def test_a_small_repetition_is_an_attempt_that_says_how_much_was_missing(arms, depth):
    track = joined(arm_raise_track(reps=1), arm_raise_track(reps=1, top_deg=10 + 160 * depth))
    good, small = performance(joined(track, arm_raise_track(reps=1)), arms).parts[:2]

    assert good.verdict is Verdict.GOOD
    assert small.verdict is Verdict.ATTEMPT
    assert small.reason.startswith("both shoulders")
    assert small.reason.endswith("degrees short at the top")
    assert small.faults[0].change is Change.RAISE
    assert small.score <= 100 * depth / 0.9 + 5


@pytest.mark.parametrize(
    "fidget",
    [
        lambda share: front_pose(lean_deg=8 * share),
        lambda share: knee_lift(0.25 * share),
        lambda share: front_pose(left_elbow_deg=180 - 100 * share, right_elbow_deg=180 - 100 * share),
    ],
    ids=["swaying", "a foot", "folding the arms"],
)
def test_a_small_movement_of_another_kind_is_none(arms, fidget):
    assert performance(cycle_track(fidget, reps=4), arms).parts == ()


def test_a_body_that_goes_less_far_in_the_picture_has_done_all_of_it(squats):
    """Long in the trunk, short in the legs: the same angles, three quarters of the way."""
    body = Body(torso=1.25, thigh=0.8, shin=0.78)
    done = performance(cycle_track(lambda share: squat(share, body)), squats)

    assert {part.verdict for part in done.parts} == {Verdict.GOOD}


def test_the_legs_alone_decide_whether_a_squat_is_judged(squats):
    """From the front too, where the arms point at the camera and cannot be seen."""
    arms_hidden = (7, 8, 9, 10)

    assert performance(squat_track(hidden=arms_hidden), squats).parts[0].verdict is Verdict.GOOD
    assert performance(squat_track(hidden=LEGS), squats).score is None


# -- first to one side, then to the other --


def bend(share):
    return front_pose(lean_deg=25.0 * share)


def sides(first=1.0, second=-1.0, reps=1):
    """To one side and back, to the other and back; how far each goes."""
    share = cycles(2 * reps, 2.0, 0.4)
    return track_of(
        lambda at_s: bend(share(at_s) * (first, second)[int(at_s / 2.4) % 2]), 2 * reps * 2.4 + 0.4
    )


@pytest.fixture(scope="module")
def bends():
    rules = dict.fromkeys(Limb, LimbRule(0.3, 0.08)) | {Limb.TRUNK: LimbRule(1.0, 0.08)}
    return routine_of(Step(StepKind.REPS, {View.FRONT: reference_of(sides())}, rules, reps=5))


def test_both_sides_are_one_repetition(bends):
    done = performance(joined(*[sides()] * 3), bends)

    assert [part.verdict for part in done.parts] == [Verdict.GOOD] * 3
    assert done.score >= 95
    assert said(done) == []


def test_it_may_begin_with_the_other_side(bends):
    done = performance(joined(*[sides(-1.0, 1.0)] * 3), bends)

    assert [part.verdict for part in done.parts] == [Verdict.GOOD] * 3
    assert done.score >= 95


def test_one_side_alone_is_an_attempt(bends):
    done = performance(joined(sides(1.0, 1.0), still_track(duration_s=6.0)), bends)

    assert [(part.verdict, part.reason) for part in done.parts] == [
        (Verdict.ATTEMPT, "only one side was done")
    ] * 2


@pytest.mark.parametrize(("first", "second", "way"), [(0.4, -1.0, "left"), (1.0, -0.4, "right")])
def test_the_side_that_falls_short_is_named(bends, first, second, way):
    [part] = performance(sides(first, second), bends).parts

    assert part.verdict is Verdict.ATTEMPT
    assert part.faults[0].change is Change.LEAN_FURTHER
    assert f"further to the {way}" in part.faults[0].text
    assert part.faults[0].degrees == pytest.approx(15.0, abs=DEGREES)


def test_a_movement_to_one_side_has_one_turning_point(arms, bends):
    assert len(yardstick(arms.steps[0], View.FRONT).turns) == 1
    assert len(yardstick(bends.steps[0], View.FRONT).turns) == 2


# -- stopping on the way --


def stopping(at_share, stays_s):
    """A whole repetition, and one that stops on the way up for good."""
    share = cycles(1, 3.0, 1.0)

    def movement(at_s):
        return arm_raise(min(at_share, share(at_s - 4.0)) if 4.0 < at_s < 6.5 else at_share * (at_s >= 6.5))

    return joined(arm_raise_track(reps=1), track_of(lambda at_s: movement(at_s + 4.0), 2.5 + stays_s))


def test_whoever_stops_on_the_way_is_reminded_and_has_made_an_attempt(arms):
    done = performance(stopping(0.6, 5.0), arms)

    assert [part.verdict for part in done.parts] == [Verdict.GOOD, Verdict.ATTEMPT]
    assert re.fullmatch(r"stopped at 6\d% of the way", done.parts[1].reason)
    assert "Keep moving: finish the repetition." in said(done)


def test_a_recording_that_ends_on_the_way_has_no_repetition_there(arms):
    assert len(performance(stopping(0.6, 0.3), arms).parts) == 1


# -- what is said --


def test_what_could_not_be_seen_takes_back_what_was_said(arms):
    low = arm_raise_track(reps=1, top_deg=120.0)
    lost = arm_raise_track(reps=1, lost=[(1.8, 4.0)])
    session = Session(arms, options=SessionOptions(gated=False, open_ended=True))
    cues = []
    for frame in joined(low, lost, still_track(duration_s=2.0)):
        session.advance(frame.at_s, [frame.pose] if frame.pose else [])
        cues.append(session.view(frame.at_s).cue)
    done = session.finish(frame.at_s)

    assert [part.verdict for part in done.parts] == [Verdict.ATTEMPT, Verdict.NOT_JUDGED]
    assert any(cue is not None for cue in cues)
    assert cues[-1] is None


def test_a_routine_speaks_in_its_own_words(arms):
    [step] = arms.steps
    words = {"raise_arm": "Reach for the ceiling.", "raise_left_arm": "Left hand up"}
    own = routine_of(replace(step, cues=words))

    def one(side):
        return cycle_track(
            lambda share: front_pose(
                **{
                    f"{each}_arm_deg": 10 + (110 if each == side else 160) * share
                    for each in ("left", "right")
                }
            ),
            reps=1,
        )

    assert said(performance(one("left"), own))[0].startswith("Left hand up: ")
    assert said(performance(one("right"), own))[0].startswith("Reach for the ceiling, right arm: ")
    both = said(performance(arm_raise_track(reps=1, top_deg=120.0), own))[0]
    assert both.startswith("Reach for the ceiling: ")
    assert both.endswith(" degrees at the top.")


def test_two_arms_that_are_low_by_far_from_the_same_are_told_apart(arms):
    track = cycle_track(
        lambda share: front_pose(left_arm_deg=10 + 100 * share, right_arm_deg=10 + 130 * share), reps=1
    )
    first, second = performance(track, arms).parts[0].faults[:2]

    assert (first.limb, first.both) == (Limb.LEFT_ARM, False)
    assert (second.limb, second.both) == (Limb.RIGHT_ARM, False)
