"""Making a routine from recordings: what is found in them, and what is refused, with what to do."""

from __future__ import annotations

import numpy as np
import pytest

from builders import (
    LEGS,
    LONG_LIMBED,
    RIGHT_SIDE,
    SHORT_LIMBED,
    Look,
    arm_raise,
    arm_raise_track,
    cycle_track,
    cycles,
    cycles_s,
    empty_track,
    flow_pose,
    flow_track,
    front_pose,
    hold_track,
    joined,
    knee_lift,
    performance,
    pose_of,
    routine_of,
    score_of,
    side_pose,
    squat,
    squat_track,
    still_track,
    track_of,
)
from posecoach.coach.learn import learn
from posecoach.coach.learn_rules import TOLERANCE_CEILING, learned_tolerances
from posecoach.coach.points import INSIDE
from posecoach.coach.reference import reference_of as as_reference
from posecoach.coach.routine import TOLERANCE_FLOOR, Sides, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.errors import RoutineError
from posecoach.skeleton import Keypoint, Limb
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera
from posecoach.track import PoseTrack, TrackFrame

REPS, HOLD, FLOW = StepKind.REPS, StepKind.HOLD, StepKind.FLOW


def reference_of(learned):
    return next(iter(learned.step.views.values()))


# -- repetitions --


@pytest.mark.parametrize("make", [arm_raise_track, squat_track])
@pytest.mark.parametrize("reps", [1, 2, 5])
def test_every_repetition_is_found(make, reps):
    assert learn([make(reps=reps)], REPS).examples == reps


@pytest.mark.parametrize(
    "movement",
    [
        pytest.param(lambda share: front_pose(left_elbow_deg=180.0 - 140.0 * share), id="a curl of one arm"),
        pytest.param(lambda share: side_pose(trunk_deg=15.0 * share), id="a small bow"),
        pytest.param(lambda share: front_pose(right_leg_deg=8.0 + 20.0 * share), id="one leg lifted"),
    ],
)
def test_a_small_movement_is_one_too(movement):
    assert learn([cycle_track(movement, noise_px=1.0)], REPS).examples == 3


@pytest.mark.parametrize("make", [arm_raise_track, squat_track])
def test_a_reference_is_one_whole_repetition(make):
    learned = learn([make(rep_s=3.0)], REPS)

    assert 2.4 <= reference_of(learned).duration_s <= 3.2
    (track,) = learned.tracks.values()
    assert track.frames[0].at_s == 0.0


@pytest.mark.parametrize(("walk", "scale"), [(3.0, 1.0), (3.0, 1.8), (2.0, 0.6)])
def test_walking_into_place_is_no_repetition(walk, scale):
    track = arm_raise_track(reps=3, walk_in_s=walk, walk_scale=scale, torso_px=80.0)

    assert learn([track], REPS).examples == 3


def test_a_recording_may_begin_and_end_without_a_rest():
    assert learn([arm_raise_track(reps=3, rest_s=0.0)], REPS).examples == 3


def test_a_recording_that_begins_in_the_middle_of_a_movement_gives_the_whole_ones():
    whole = arm_raise_track(reps=4)
    cut = whole.between(2.0, whole.frames[-1].at_s)  # 2 s is on the way up of the first

    assert learn([cut], REPS).examples in (3, 4)
    assert score_of(arm_raise_track(), routine_of(learn([cut], REPS).step)) >= 95


def test_the_starting_pose_is_where_the_recording_begins():
    """Of a movement from overhead down and up again, overhead is the rest."""
    track = cycle_track(lambda share: arm_raise(1.0 - share), reps=3)
    learned = learn([track], REPS)

    assert learned.examples == 3
    assert reference_of(learned).xy[0][9, 1] < -1.5  # wrists above the head


def test_frames_without_hips_are_left_out_of_a_reference():
    whole = arm_raise_track(reps=1)
    hidden = pose_of(front_pose(), Look(hidden=(11, 12)))
    frames = [
        TrackFrame(frame.at_s, hidden if 30 <= index < 33 else frame.pose)
        for index, frame in enumerate(whole.frames)
    ]
    reference = as_reference(PoseTrack(whole.image_wh, frames))

    assert np.isfinite(reference.xy).all()
    assert np.abs(reference.xy).max() < 3.0


def test_a_half_done_repetition_is_no_model_for_others():
    track = joined(arm_raise_track(reps=1, top_deg=70.0), arm_raise_track(reps=3))

    assert learn([track], REPS).examples == 3


@pytest.mark.parametrize("hidden", [LEGS, RIGHT_SIDE])
def test_limbs_that_are_not_in_the_picture_do_not_matter(hidden):
    step = learn([squat_track(hidden=hidden)], REPS).step
    gone = {Limb.LEFT_LEG, Limb.RIGHT_LEG} if hidden is LEGS else {Limb.RIGHT_ARM, Limb.RIGHT_LEG}

    assert {limb for limb, rule in step.limbs.items() if rule.emphasis == 0.0} == gone


def test_the_limbs_that_move_matter_most():
    limbs = learn([arm_raise_track()], REPS).step.limbs

    assert limbs[Limb.LEFT_ARM].emphasis == limbs[Limb.RIGHT_ARM].emphasis == 1.0
    assert max(limbs[Limb.LEFT_LEG].emphasis, limbs[Limb.TRUNK].emphasis) <= 0.3


def test_in_a_squat_the_legs_matter_however_far_the_arms_move():
    """Seen from the hips, the feet hardly move beside the hands."""

    def squat_with_arms(share):
        pose = squat(0.6 * share)
        pose[[Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]] += [-1.5 * share, -1.5 * share]
        return pose

    limbs = learn([cycle_track(squat_with_arms)], REPS).step.limbs

    assert limbs[Limb.LEFT_LEG].emphasis == limbs[Limb.RIGHT_LEG].emphasis == 1.0
    assert limbs[Limb.LEFT_ARM].emphasis == 1.0


def test_whoever_raises_the_arms_goes_down_on_no_foot():
    """The shoulders go up with the arms, and all else seems smaller for it."""
    step = learn([athlete_track("shoulder_abduction", View.FRONT, seed) for seed in range(2)], REPS).step

    assert not yardstick(step, View.FRONT).on_both_feet
    assert step.limbs[Limb.LEFT_LEG].emphasis < 0.5
    squatting = learn([athlete_track("squat", View.LEFT, 1)], REPS).step
    assert yardstick(squatting, View.LEFT).on_both_feet


def test_one_leg_that_moves_matters_more_than_the_other():
    limbs = learn([cycle_track(knee_lift)], REPS).step.limbs

    assert limbs[Limb.LEFT_LEG].emphasis == 1.0
    assert limbs[Limb.RIGHT_LEG].emphasis < 0.5


@pytest.mark.parametrize("view", [View.FRONT, View.LEFT])
def test_a_movement_that_only_lifts_the_whole_body_is_one_too(view):
    """Seen from the hips nothing moves."""
    tracks = [athlete_track("heel_raise", view, seed) for seed in range(2)]
    learned = learn(tracks, REPS)

    assert learned.examples == 4
    assert learned.step.limbs[Limb.LEFT_LEG].emphasis == 1.0
    assert learned.step.limbs[Limb.HEAD].emphasis < 0.5
    assert score_of(athlete_track("heel_raise", view, 5), routine_of(learned.step)) >= INSIDE


# -- one recording and several --


def tolerance(recordings, limb=Limb.LEFT_ARM, kind=REPS):
    return learn(recordings, kind).step.limbs[limb].tolerance


def test_one_repetition_alone_is_worth_the_floor_and_says_so():
    learned = learn([arm_raise_track(reps=1)], REPS)

    assert {rule.tolerance for rule in learned.step.limbs.values()} == {TOLERANCE_FLOOR}
    assert "only one" in learned.notes[-1]


def test_tolerance_grows_with_the_variation_of_the_recordings():
    tops = [[150.0, 150.0, 150.0], [125.0, 150.0, 175.0], [100.0, 150.0, 178.0]]
    found = [tolerance([arm_raise_track(reps=1, top_deg=top) for top in each]) for each in tops]

    assert found[0] == TOLERANCE_FLOOR
    assert found[0] < found[1] < found[2] <= TOLERANCE_CEILING


def test_what_is_hardly_seen_of_the_others_says_nothing_of_the_tolerance():
    step = learn([arm_raise_track(reps=1)], REPS).step
    lower = as_reference(arm_raise_track(reps=1, top_deg=130.0))
    assert learned_tolerances(step, {View.FRONT: [lower]})[Limb.LEFT_ARM] > TOLERANCE_FLOOR
    lower.weights[:, [Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST]] = 0.2

    tolerances = learned_tolerances(step, {View.FRONT: [lower]})
    assert tolerances[Limb.LEFT_ARM] == TOLERANCE_FLOOR
    assert tolerances[Limb.RIGHT_ARM] > TOLERANCE_FLOOR


def test_tolerance_has_a_ceiling():
    assert (
        tolerance([arm_raise_track(reps=1, top_deg=top) for top in (60.0, 120.0, 178.0)]) <= TOLERANCE_CEILING
    )


def test_only_the_limb_that_varied_is_forgiven():
    recordings = [arm_raise_track(reps=1, pose={"left_knee_deg": 180.0 - bent}) for bent in (0.0, 25.0, 45.0)]

    assert tolerance(recordings, Limb.LEFT_LEG) > TOLERANCE_FLOOR
    assert tolerance(recordings, Limb.RIGHT_ARM) == TOLERANCE_FLOOR


def test_the_reference_is_what_most_do():
    """Not the mean, which the one that stops half-way would pull down."""
    recordings = [arm_raise_track(reps=1, top_deg=top) for top in (90.0, 150.0, 152.0, 154.0)]
    learned = learn(recordings, REPS)
    (track,) = learned.tracks.values()
    alone = [learn([recording], REPS).tracks[View.FRONT] for recording in recordings]
    highest = [min(frame.pose.keypoints_xy[9, 1] for frame in one) for one in (track, *alone)]

    assert min(highest[2:]) - 1.0 <= highest[0] <= max(highest[2:]) + 1.0


def test_nobodys_own_slip_is_in_the_reference():
    slips = ({"lean_deg": 25.0}, {"left_elbow_deg": -60.0}, {"left_knee_deg": -40.0})
    straight = {"lean_deg": 0.0, "left_elbow_deg": 180.0, "left_knee_deg": 180.0}

    def slipping(slip):
        (joint, deg), *_ = slip.items()
        return cycle_track(lambda share: arm_raise(share, **{joint: straight[joint] + deg * share}), reps=1)

    tracks = [slipping(slip) for slip in slips]
    clean, mostly, *each = (
        reference_of(learn(recordings, REPS))
        for recordings in ([arm_raise_track(reps=1)], tracks, *([track] for track in tracks))
    )

    def apart(reference):
        highest, wanted = (one.xy[one.xy[:, Keypoint.RIGHT_WRIST, 1].argmin()] for one in (reference, clean))
        return np.hypot(*(highest - wanted).T).max()

    assert apart(mostly) < 0.5 * min(map(apart, each))


def test_of_two_the_first_is_the_reference():
    one, other = arm_raise_track(reps=1, top_deg=150.0), arm_raise_track(reps=1, top_deg=160.0)
    both, alone = (learn(tracks, REPS).tracks[View.FRONT] for tracks in ([one, other], [one]))

    assert [frame.pose.keypoints_xy[9, 1] for frame in both] == [
        frame.pose.keypoints_xy[9, 1] for frame in alone
    ]


def test_everybody_recorded_scores_full_marks_against_what_was_learned_from_them():
    recordings = [arm_raise_track(body=body) for body in (SHORT_LIMBED, LONG_LIMBED)]
    routine = routine_of(learn(recordings, REPS).step)

    assert min(score_of(recording, routine) for recording in recordings) >= INSIDE


# -- views --


@pytest.mark.parametrize(
    ("track", "view"),
    [
        pytest.param(arm_raise_track(reps=1), View.FRONT, id="front"),
        pytest.param(squat_track(reps=1), View.LEFT, id="left"),
        pytest.param(squat_track(reps=1, faces_left=False), View.RIGHT, id="right"),
    ],
)
def test_the_view_is_recognised(track, view):
    assert list(learn([track], REPS).step.views) == [view]


def test_a_view_that_is_given_is_believed():
    assert list(learn([arm_raise_track(reps=1)], REPS, View.LEFT).step.views) == [View.LEFT]


def one_arm(share):
    return front_pose(left_arm_deg=10.0 + 150.0 * share)


def other_arm(share):
    return front_pose(right_arm_deg=10.0 + 150.0 * share)


def athlete_track(motion, view, seed):
    """Two repetitions by the built-in athlete."""
    camera = ViewCamera(yaw_deg=VIEW_YAW_DEG[view])
    athlete = Athlete(MOTIONS[motion], camera=camera, reps=2, seed=seed, lead_s=1.0)
    return athlete.truth(0.0, athlete.duration_s, 15.0)


def test_recordings_from_the_front_and_the_side_are_one_step_with_two_views():
    front, aside = (
        athlete_track("shoulder_flexion", view, seed) for seed, view in enumerate((View.FRONT, View.LEFT))
    )
    learned = learn([front, aside], REPS)

    assert set(learned.step.views) == set(learned.tracks) == {View.FRONT, View.LEFT}
    assert learned.step.origin.performances == {View.FRONT: 2, View.LEFT: 2}
    assert score_of(aside, routine_of(learned.step)) >= INSIDE


def test_views_that_were_recorded_apart_are_not_taken_for_one_performance():
    """They do not last equally long, so nothing is known of how it looks from between."""
    front = cycle_track(lambda share: arm_raise(share, top_deg=90.0), rep_s=3.0)
    aside = cycle_track(lambda share: side_pose(arm_deg=90.0 * share), rep_s=4.0)
    step = learn([front, aside], REPS).step

    assert all(yardstick(step, view).reference.around is None for view in step.views)
    assert min(score_of(track, routine_of(step)) for track in (front, aside)) >= INSIDE


def test_left_and_right_become_one_step_that_can_be_done_on_either_side():
    left, right = cycle_track(one_arm), cycle_track(other_arm)
    step = learn([left, right, left], REPS).step

    assert step.sides is Sides.EITHER
    assert step.limbs[Limb.LEFT_ARM].emphasis == 1.0
    assert step.limbs[Limb.RIGHT_ARM].emphasis < 0.5
    assert min(score_of(track, routine_of(step)) for track in (left, right)) >= INSIDE
    assert learn([left, left], REPS).step.sides is Sides.BOTH


def test_one_side_seen_from_the_left_and_the_other_from_the_right_is_one_view():
    """A knee lift with the nearer leg, from either side: as in a mirror."""

    def lift(share, faces_left):
        pose, side = side_pose(faces_left=faces_left), "LEFT" if faces_left else "RIGHT"
        hip, knee, ankle = (Keypoint[f"{side}_{name}"] for name in ("HIP", "KNEE", "ANKLE"))
        thigh, shin = pose[knee, 1] - pose[hip, 1], pose[ankle, 1] - pose[knee, 1]
        angle = np.radians(80.0 * share)
        pose[knee] = pose[hip] + thigh * np.array(
            [-np.sin(angle) if faces_left else np.sin(angle), np.cos(angle)]
        )
        pose[ankle] = pose[knee] + [0.0, shin]
        return pose

    tracks = [cycle_track(lambda share, faces=faces: lift(share, faces)) for faces in (True, False)]
    step = learn(tracks, REPS).step

    assert set(step.views) == {View.LEFT}
    assert step.sides is Sides.EITHER
    assert min(score_of(track, routine_of(step)) for track in tracks) >= INSIDE


# -- what does not fit --


def test_a_recording_without_it_is_left_out_and_said():
    learned = learn([arm_raise_track(), still_track()], REPS, names=("good", "Anna Muster"))

    assert learned.examples == 3
    assert learned.step.origin.recordings == 1
    assert learned.notes[1].startswith("recording 2: left out: no complete repetition")
    assert [each.reason == "" for each in learned.found] == [True, False]


@pytest.mark.parametrize(
    ("tracks", "kind", "odd"),
    [
        pytest.param([squat_track(), arm_raise_track(), arm_raise_track(top_deg=150.0)], REPS, 0, id="view"),
        pytest.param(
            [cycle_track(knee_lift), arm_raise_track(), arm_raise_track(top_deg=150.0)], REPS, 0, id="reps"
        ),
        pytest.param(
            [hold_track(), hold_track(arms_deg=20.0), hold_track(arms_deg=85.0)], HOLD, 1, id="hold"
        ),
    ],
)
def test_another_movement_than_most_is_left_out(tracks, kind, odd):
    learned = learn(tracks, kind)

    assert [number for number, each in enumerate(learned.found) if each.reason] == [odd]
    assert "another movement" in learned.notes[odd]
    assert score_of(tracks[2], routine_of(learned.step)) >= INSIDE


def test_of_two_movements_nobody_knows_which_is_meant():
    with pytest.raises(
        RoutineError, match=r"different movements.*one.*another.*import each movement by itself"
    ):
        learn([arm_raise_track(), cycle_track(knee_lift)], REPS)


def test_people_differ_and_are_all_learned_from():
    tops, bodies = (110.0, 140.0, 170.0), (SHORT_LIMBED, LONG_LIMBED)
    learned = learn(
        [arm_raise_track(reps=1, top_deg=top, body=body) for top in tops for body in bodies], REPS
    )

    assert learned.step.origin.recordings == 6


def test_one_of_many_that_went_wrong_does_not_widen_the_tolerance():
    good = [arm_raise_track(reps=1, rate_hz=10.0, top_deg=165.0 + number % 3) for number in range(10)]
    alone = learn(good, REPS).step.limbs[Limb.LEFT_ARM].tolerance

    assert (
        learn([*good, arm_raise_track(reps=1, top_deg=90.0)], REPS).step.limbs[Limb.LEFT_ARM].tolerance
        == alone
    )
    assert tolerance([*good[:3], arm_raise_track(reps=1, top_deg=90.0)]) > alone


# -- tempo --


def test_the_tempo_is_as_the_recordings_differ():
    slow, usual, fast = (arm_raise_track(rep_s=rep_s) for rep_s in (4.0, 3.0, 2.0))
    step = learn([usual, slow, fast], REPS).step

    assert step.tempo == pytest.approx((0.75, 1.5), abs=0.08)
    assert learn([usual, usual], REPS).step.tempo == (1.0, 1.0)


def test_nobody_is_told_to_slow_down_who_is_as_fast_as_a_recording():
    slow, fast = arm_raise_track(rep_s=5.0), arm_raise_track(rep_s=2.8)

    def told(step):
        faults = [fault for part in performance(fast, routine_of(step)).parts for fault in part.faults]
        return any("slow down" in fault.text for fault in faults)

    assert told(learn([slow], REPS).step)
    assert not told(learn([slow, slow, fast], REPS).step)


# -- holds and flows --


def test_the_pose_that_is_held_is_found():
    step = learn([hold_track(arms_deg=90.0)], HOLD).step
    (reference,) = step.views.values()

    assert len(reference) == 1
    arms_y = reference.xy[0][[5, 7, 9], 1]
    assert np.ptp(arms_y) < 0.1  # shoulder, elbow and wrist level


def test_the_longest_stillness_is_the_hold():
    standing = still_track(duration_s=2.0)

    (reference,) = learn([joined(standing, hold_track(hold_s=5.0), standing)], HOLD).step.views.values()
    assert reference.xy[0][9, 1] < -0.8  # wrists up


def test_a_sequence_is_cut_from_where_it_begins_to_where_it_ends():
    learned = learn([flow_track(flow_s=12.0, rest_s=4.0)], FLOW)

    assert 11.5 <= reference_of(learned).duration_s <= 13.5


@pytest.mark.parametrize("flow_s", [6.0, 60.0])
def test_a_slow_sequence_is_one_too(flow_s):
    """Nobody has to hurry to be seen moving."""
    assert reference_of(learn([flow_track(flow_s=flow_s)], FLOW)).duration_s >= 0.9 * flow_s


# -- what is refused --


@pytest.mark.parametrize("kind", list(StepKind))
def test_a_recording_of_nobody_is_refused(kind):
    with pytest.raises(RoutineError, match="nobody is in the recording"):
        learn([empty_track()], kind)


@pytest.mark.parametrize("kind", list(StepKind))
def test_no_recording_is_refused(kind):
    with pytest.raises(RoutineError, match="at least one recording"):
        learn([], kind)


@pytest.mark.parametrize(
    ("track", "kind", "message"),
    [
        pytest.param(still_track(), REPS, "no complete repetition.*starting pose", id="standing as reps"),
        pytest.param(still_track(), FLOW, "nothing moves.*whole sequence", id="standing as a flow"),
        pytest.param(
            arm_raise_track(rest_s=0.0, rep_s=1.5), HOLD, "no pose is held.*hold still", id="reps as a hold"
        ),
        pytest.param(still_track(duration_s=0.1), REPS, "no complete repetition", id="too short for reps"),
        pytest.param(still_track(duration_s=0.1), HOLD, "no pose is held", id="too short for a hold"),
        pytest.param(still_track(duration_s=0.0), FLOW, "nothing moves", id="one frame as a flow"),
        pytest.param(
            arm_raise_track(reps=1).between(0.0, 2.4), REPS, "no complete repetition", id="up but not down"
        ),
    ],
)
def test_a_recording_of_something_else_is_refused_with_what_to_do(track, kind, message):
    with pytest.raises(RoutineError, match=message):
        learn([track], kind)


def test_a_flow_of_many_minutes_is_refused():
    long = track_of(lambda at_s: flow_pose((at_s % 20.0) / 20.0), 200.0, rate_hz=5.0)

    with pytest.raises(RoutineError, match="at most 180 s; cut it"):
        learn([long], FLOW)


def test_an_error_names_the_recordings():
    with pytest.raises(RoutineError, match=r"^recording 1: nothing moves.*; mine: nothing moves"):
        learn([still_track(), still_track()], FLOW, names=("recording 1", "mine"))


def test_noise_alone_is_no_movement():
    for kind in (REPS, FLOW):
        with pytest.raises(RoutineError):
            learn([still_track(front_pose(), noise_px=2.0)], kind)


def test_what_is_not_seen_does_not_move():
    """Wherever the network says that the hidden legs are."""
    for kind, message in ((REPS, "no complete repetition"), (FLOW, "nothing moves")):
        with pytest.raises(RoutineError, match=message):
            learn([still_track(hidden=LEGS)], kind)
    assert learn([still_track(hidden=LEGS)], HOLD).examples == 1


def test_what_was_found_is_told():
    notes = learn([arm_raise_track(reps=2), arm_raise_track(reps=3)], REPS).notes

    assert notes[0].startswith("recording 1: 2 complete repetitions")
    assert notes[1].startswith("recording 2: 3 complete repetitions")
    assert "5 performances" in notes[2]


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 60.0])
def test_the_cameras_rate_does_not_matter(rate_hz):
    share = cycles(3, 3.0, 1.0)
    track = track_of(
        lambda at_s: front_pose(left_arm_deg=10 + 150 * share(at_s)), cycles_s(3, 3.0, 1.0), rate_hz=rate_hz
    )

    assert learn([track], REPS).examples == 3
