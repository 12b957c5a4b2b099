"""Steps being done, sample by sample: what is followed, what is kept, what is said of what was hidden."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import (
    LEFT_SIDE,
    LEGS,
    RIGHT_SIDE,
    arm_raise,
    arm_raise_track,
    cycles,
    cycles_s,
    flow_pose,
    flow_track,
    front_pose,
    hold_pose,
    hold_track,
    learned,
    normalised_poses,
    performance,
    score_of,
    squat_track,
    still_track,
)
from posecoach.coach.flow_run import MOST_KEPT, FlowRun
from posecoach.coach.follow import Follower
from posecoach.coach.hold_run import HoldRun
from posecoach.coach.measure import hidden_reason
from posecoach.coach.reps_run import RepsRun
from posecoach.coach.routine import View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind, Verdict
from posecoach.skeleton import Limb

RATE_HZ = 15.0


@pytest.fixture(scope="module")
def arms():
    return ruler(learned(arm_raise_track()))


@pytest.fixture(scope="module")
def flow():
    return ruler(learned(flow_track(flow_s=8.0), kind=StepKind.FLOW))


@pytest.fixture(scope="module")
def hold():
    return ruler(learned(hold_track(), kind=StepKind.HOLD))


def ruler(routine):
    return yardstick(routine.steps[0], View.FRONT)


def raises(reps, rep_s=3.0, rest_s=1.0, **pose):
    share = cycles(reps, rep_s, rest_s)
    times = np.arange(int(cycles_s(reps, rep_s, rest_s) * RATE_HZ)) / RATE_HZ
    return normalised_poses([arm_raise(share(at_s), **pose) for at_s in times])


def fed(run, samples):
    """The progress after every sample."""
    progress = []
    for sample in samples:
        run.advance(sample)
        progress.append(run.progress(sample.captured_at))
    return progress


# -- repetitions --


def test_every_repetition_is_followed_from_its_beginning_to_its_end(arms):
    """Not only the first: the follower starts again with each."""
    phases = [step.phase for step in fed(RepsRun(arms, None), raises(3))]
    runs = "".join("-" if phase is None else "x" for phase in phases).split("-")
    followed = [len(run) for run in runs if run]
    starts = [
        index for index in range(1, len(phases)) if phases[index - 1] is None and phases[index] is not None
    ]

    assert len(followed) == 3
    for start, length in zip(starts, followed, strict=True):
        each = phases[start : start + length]
        assert each[0] < 0.4
        assert each[length // 2] == pytest.approx(0.55, abs=0.2)
        assert each[-1] > 0.85
        assert each == sorted(each)


def test_the_reach_of_the_repetition_under_way_is_told(arms):
    progress = fed(RepsRun(arms, None), raises(1))
    best = [step.best_reach for step in progress if step.best_reach is not None]

    assert best == sorted(best)
    assert best[-1] == pytest.approx(1.0, abs=0.05)
    assert progress[-1].best_reach is None


def test_it_is_complete_with_the_last_repetition_asked_for(arms):
    run = RepsRun(arms, 2)
    complete = []
    for sample in raises(3):
        run.advance(sample)
        complete.append((len(run.parts), run.complete))

    assert {known for known in complete if known[1]} == {(2, True), (3, True)}
    assert (1, True) not in complete


def test_a_part_says_from_when_to_when(arms):
    run = RepsRun(arms, None)
    fed(run, raises(2, rep_s=3.0, rest_s=2.0))

    assert [part.start_s for part in run.parts] == pytest.approx([2.0, 7.0], abs=0.4)
    assert [part.end_s for part in run.parts] == pytest.approx([5.0, 10.0], abs=0.4)


def test_somebody_who_takes_for_ever_over_one_repetition_is_still_counted(arms):
    """Longer than what is remembered."""
    run = RepsRun(arms, None)
    fed(run, raises(1, rep_s=50.0))

    assert len(run.parts) == 1


def test_resting_for_minutes_does_not_change_a_score(arms):
    run = RepsRun(arms, None)
    fed(run, raises(2, rest_s=40.0))

    assert [part.score for part in run.parts] == pytest.approx([100.0, 100.0], abs=2.0)


@pytest.mark.parametrize(("rep_s", "least", "most"), [(3.0, 0.85, 1.15), (1.5, 1.6, 2.4), (6.0, 0.4, 0.65)])
def test_the_pace_is_shown_while_somebody_moves_and_stays_until_they_move_again(arms, rep_s, least, most):
    shown = fed(RepsRun(arms, None), raises(4, rep_s=rep_s, rest_s=1.5))
    first_rep = [step.pace for step in shown if step.phase is not None]
    assert first_rep[0] == pytest.approx(1.0, abs=0.15)
    later = [step.pace for step in shown[len(shown) // 2 :]]
    assert least <= np.median(later) <= most
    resting = [step.pace for step in shown[len(shown) // 2 :] if step.phase is None]
    assert all(pace is not None and least <= pace <= most for pace in resting[5:])
    assert shown[0].pace is None


def test_the_pace_does_not_leap(arms):
    shown = [step.pace for step in fed(RepsRun(arms, None), raises(4, rep_s=1.5))]
    moved = np.array([pace for pace in shown if pace is not None])
    assert np.abs(np.diff(np.log2(moved))).max() < 0.35


def test_who_stops_on_the_way_is_seen_to_fall_behind(arms):
    up = raises(1, rep_s=3.0)[:32]
    stopped = [replace(up[-1], captured_at=up[-1].captured_at + number / RATE_HZ) for number in range(1, 60)]
    shown = fed(RepsRun(arms, None), [*up, *stopped])
    assert shown[len(up) - 1].pace == pytest.approx(1.0, abs=0.2)
    assert shown[-1].pace < 0.5


def test_half_way_through_a_sequence_its_pace_is_known(flow):
    samples = normalised_poses(
        [flow_pose(share) for share in [0.0] * 20 + list(np.linspace(0.0, 1.0, int(5.0 * RATE_HZ)))]
    )
    shown = [step.pace for step in fed(FlowRun(flow), samples)]
    assert shown[0] is None
    assert shown[-10] == pytest.approx(8.0 / 5.0, abs=0.25)


# -- holds --


def test_a_held_pose_a_few_degrees_off_is_nearly_perfect(hold):
    for arms_deg, least, most in ((85.0, 98.0, 100.0), (70.0, 85.0, 99.0), (60.0, 70.0, 92.0)):
        run = HoldRun(hold, None)
        fed(run, normalised_poses([hold_pose(arms_deg=arms_deg)] * 40))
        run.close()

        assert least <= run.parts[0].score <= most


def test_a_hold_lasts_from_its_first_sample_to_its_last(hold):
    run = HoldRun(hold, None)
    fed(run, normalised_poses([front_pose()] * 20 + [hold_pose()] * 46 + [front_pose()] * 20))

    (part,) = run.parts
    assert part.held_s == pytest.approx(3.0)
    assert part.end_s - part.start_s == pytest.approx(3.0)
    assert part.tempo == 1.0


def test_a_wobble_does_not_stop_the_clock_and_leaving_does(hold):
    for out, holds in ((8, 1), (14, 2)):
        run = HoldRun(hold, None)
        fed(run, normalised_poses([hold_pose()] * 30 + [front_pose()] * out + [hold_pose()] * 30))
        run.close()

        assert len(run.parts) == holds


def test_passing_through_a_pose_is_not_holding_it(hold):
    run = HoldRun(hold, None)
    fed(run, normalised_poses([front_pose()] * 10 + [hold_pose()] * 10 + [front_pose()] * 30))
    run.close()

    assert run.parts == ()


def stood(*spans):
    """Samples of each pose for its seconds, one pose after the other."""
    return normalised_poses([xy for xy, seconds in spans for _ in range(round(seconds * RATE_HZ))])


HALF_WAY = hold_pose(arms_deg=40.0)


def test_whoever_only_stands_there_is_told_nothing(hold):
    run = HoldRun(hold, None)

    assert {step.cue for step in fed(run, stood((front_pose(), 20.0)))} == {None}
    assert run.said == ()


def test_whoever_has_begun_and_stops_is_told_what_is_missing(hold):
    run = HoldRun(hold, None)
    told = fed(run, stood((front_pose(), 3.0), (HALF_WAY, 0.8), (HALF_WAY, 2.2)))

    assert told[round(3.7 * RATE_HZ)].cue is None  # still moving, for all that is known
    assert told[-1].cue.text.startswith("Raise both arms ")
    assert run.parts == ()


def test_going_back_to_stand_is_no_hold_that_lacks_something(hold):
    run = HoldRun(hold, None)
    fed(run, stood((front_pose(), 3.0), (hold_pose(), 3.0), (front_pose(), 6.0)))

    assert run.said == ()
    assert len(run.parts) == 1


def test_the_limb_that_keeps_the_clock_from_starting_is_named_first(hold):
    """The leg is further off in degrees and matters as much, but is near enough."""
    run = HoldRun(replace(hold, must_see=(Limb.LEFT_ARM,)), None)
    pose = front_pose(left_arm_deg=10, right_arm_deg=90, left_leg_deg=25, right_leg_deg=25, left_knee_deg=60)
    fed(run, stood((front_pose(), 3.0), (pose, 3.0)))

    assert "left arm" in run.said[0].text


def test_no_cue_while_the_pose_is_held(hold):
    run = HoldRun(hold, None)
    told = fed(run, stood((front_pose(), 3.0), (HALF_WAY, 2.0), (hold_pose(), 3.0)))

    assert told[round(4.9 * RATE_HZ)].cue is not None
    assert told[-1].cue is None


# -- flows --


def test_a_flow_waits_for_its_starting_pose(flow):
    run = FlowRun(flow)
    waiting = fed(run, normalised_poses([flow_pose(0.3)] * 30))

    assert {step.phase for step in waiting} == {0.0}
    assert run.parts == ()
    assert run.reason == "the starting pose was never seen"


def test_a_flow_is_over_at_its_end_and_not_before(flow):
    run = FlowRun(flow)
    progress = fed(run, normalised_poses([flow_pose(share) for share in np.linspace(0, 1, 120)]))

    assert run.complete
    assert [step.phase for step in progress][-1] >= 0.97
    assert run.parts[0].end_s >= 7.0


def test_a_flow_that_takes_far_too_long_is_over_too(flow):
    run = FlowRun(flow)
    begun = [flow_pose(share) for share in np.linspace(0.0, 0.4, 60)]
    fed(run, normalised_poses(begun + begun[-1:] * int((4 * 9.0 + 6.0) * RATE_HZ)))

    assert run.complete
    assert run.parts[0].verdict is Verdict.ATTEMPT


def test_whoever_takes_very_long_is_remembered_more_coarsely_and_scored_the_same():
    """So that memory stays bounded. Many samples a second, to have many soon."""
    long = ruler(learned(flow_track(flow_s=20.0, rate_hz=10.0), kind=StepKind.FLOW))
    run = FlowRun(long)
    shares = np.linspace(0, 1, MOST_KEPT + 700)
    fed(run, normalised_poses([flow_pose(share) for share in shares], rate_hz=60.0))

    assert run.complete
    assert run.parts[0].score >= 97
    assert run.parts[0].coverage == pytest.approx(1.0)


def flowed(*spans):
    """A flow whose share goes from one value to another in so many seconds, one span after the other."""
    shares = [np.linspace(first, last, round(seconds * RATE_HZ)) for first, last, seconds in spans]
    return normalised_poses([flow_pose(share) for share in np.concatenate(shares)])


def test_a_part_of_a_flow_that_was_left_out_is_named_and_costs_what_it_was(flow):
    whole, run = FlowRun(flow), FlowRun(flow)
    fed(whole, flowed((0, 1, 8)))
    fed(run, flowed((0, 0.3, 2.4), (0.75, 1, 2)))

    (part,) = run.parts
    assert part.verdict is Verdict.ATTEMPT
    assert "was left out" in part.reason
    assert part.score < 80 < whole.parts[0].score


def test_going_through_a_flow_fast_leaves_nothing_out(flow):
    run = FlowRun(flow)
    fed(run, flowed((0, 1, 4)))

    (part,) = run.parts
    assert part.reason == ""
    assert part.score >= 97
    assert "Slow down" in run.said[0].text


def test_a_flow_that_stopped_says_where_and_is_worth_what_was_done(flow):
    run = FlowRun(flow)
    fed(run, flowed((0, 0.5, 4)))
    run.close()

    (part,) = run.parts
    assert part.verdict is Verdict.ATTEMPT
    assert part.reason.startswith("stopped at 5")
    assert 20 < part.score < 70
    assert part.faults == ()


def test_staying_in_a_pose_of_a_flow_is_told_to_go_on(flow):
    run = FlowRun(flow)
    fed(run, flowed((0, 0.4, 3), (0.4, 0.4, 6)))

    assert [cue.text for cue in run.said] == ["Go on with the next part."]


def test_the_pace_of_the_reference_is_none_to_speak_of(flow):
    run = FlowRun(flow)
    fed(run, flowed((0, 1, 8)))

    assert run.said == ()


# -- what was hidden --


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        (LEFT_SIDE, "your left side is hidden"),
        (RIGHT_SIDE, "your right side is hidden"),
        (LEGS, "your legs are out of the picture"),
        (range(17), "too little of you"),
        ((*LEFT_SIDE, 8, 10, 14), "your left side is hidden"),
        ((5, 6, 7, 8, 9, 10), "too little of you"),
        ((7, 9, 13, 15), "your left side is hidden"),
    ],
)
def test_what_is_hidden_is_named(hidden, words):
    weights = np.ones(17)
    weights[list(hidden)] = 0.0

    assert hidden_reason(weights, np.ones(17)).startswith(words)


def test_only_what_matters_is_missed():
    """Legs that do not count are no reason to step back."""
    weights, emphasis = np.ones(17), np.ones(17)
    weights[[*LEGS, 7, 9]] = 0.0
    emphasis[list(LEGS)] = 0.0

    assert hidden_reason(weights, emphasis).startswith("your left side")


@pytest.mark.parametrize(
    ("track", "kind"),
    [(arm_raise_track(), StepKind.REPS), (hold_track(), StepKind.HOLD), (flow_track(), StepKind.FLOW)],
    ids=["reps", "hold", "flow"],
)
def test_standing_still_half_hidden_is_no_zero_but_no_score(track, kind):
    """Nothing was done, but nobody could have seen it."""
    done = performance(still_track(hidden=LEFT_SIDE), learned(track, kind=kind))

    assert done.score is None
    assert done.reason.startswith("your left side is hidden")


def test_no_repetition_at_all_is_a_zero_with_a_reason():
    done = performance(still_track(), learned(arm_raise_track()))

    assert done.score == 0.0
    assert done.reason == "no repetition was seen"


def test_never_standing_ready_is_told():
    overhead = front_pose(left_arm_deg=170, right_arm_deg=170)
    done = performance(still_track(overhead), learned(arm_raise_track()))

    assert done.reason == "the starting pose was never seen"


# -- following --


def test_the_nearest_pose_is_found_wherever_it_is(flow):
    follower = Follower(flow)
    for index in (0, 30, 77, len(flow.reference) - 1):
        sample = normalised_poses([flow.reference.xy[index]])[0]
        found = follower.nearest(sample)

        assert np.abs(flow.reference.xy[found] - flow.reference.xy[index]).max() < 0.05


def test_live_limb_scores_tell_which_limb_is_off(arms):
    run = RepsRun(arms, None)
    share = cycles(1, 3.0, 1.0)
    shares = [share(at_s) for at_s in np.arange(int(2.6 * RATE_HZ)) / RATE_HZ]  # just past the top
    uneven = [front_pose(left_arm_deg=10 + 160 * done, right_arm_deg=10 + 100 * done) for done in shares]
    scores = fed(run, normalised_poses(uneven))[-1].limb_scores

    assert scores["left_arm"] > scores["right_arm"] + 30
    assert scores["left_leg"] == pytest.approx(100.0)


def test_two_recordings_of_one_squat_agree():
    """A routine from one camera's rate, a performance at another's, half a second of it missed."""
    routine = learned(squat_track(rate_hz=24.0))

    assert score_of(squat_track(rate_hz=60.0, lost=[(2.0, 2.4)]), routine) >= 97
