"""Bodies that differ: nothing is asked of what is left out, anywhere; the rest is judged as ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import (
    LEGS,
    Look,
    arm_raise,
    arm_raise_track,
    cycle_track,
    front_pose,
    learned,
    pose_of,
    routine_of,
    squat_track,
)
from posecoach.adapters.body_file import read_body
from posecoach.coach.adapt import require_doable, variants
from posecoach.coach.body_limits import PARTS, BodyDifferences, in_words, left_out, mirrored_parts
from posecoach.coach.perception import Perception
from posecoach.coach.placing import ghost, ready_to_start
from posecoach.coach.routine import LimbRule, Sides, View
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import Stage, Verdict
from posecoach.errors import BodyError, InputMissing, RoutineError
from posecoach.skeleton import MIRROR, Joint, Keypoint, Limb

ONE_ARMED = BodyDifferences(without=("left_arm",))
SEATED = BodyDifferences(seated=True)
ARM = [Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST]


@pytest.fixture(scope="module")
def arms():
    """Both arms sideways, from the front."""
    return learned(arm_raise_track(reps=2))


@pytest.fixture(scope="module")
def one_arm():
    """The left arm alone, or the right."""
    step = learned(cycle_track(lambda share: front_pose(left_arm_deg=10 + 150 * share), reps=2)).steps[0]
    limbs = {limb: LimbRule(0.2, 0.1) for limb in Limb} | {Limb.LEFT_ARM: LimbRule(1.0, 0.1)}
    return routine_of(replace(step, sides=Sides.EITHER, limbs=limbs))


def performed(track, routine, body):
    session = Session(routine, options=SessionOptions(gated=False, open_ended=True, body=body))
    for frame in track:
        session.advance(frame.at_s, [frame.pose] if frame.pose else [])
    return session.finish(track.frames[-1].at_s)


def sitting(xy):
    """The same on a chair, towards the camera: thighs short, shins from knees that are higher."""
    xy = xy.copy()
    for side in ("LEFT", "RIGHT"):
        hip = xy[Keypoint[f"{side}_HIP"]]
        xy[Keypoint[f"{side}_KNEE"]] = hip + np.array([0.0, 0.3])
        xy[Keypoint[f"{side}_ANKLE"]] = hip + np.array([0.0, 1.1])
    return xy


def seated_raises(**look):
    return cycle_track(lambda share: sitting(arm_raise(share)), **look)


# -- what can be left out --


def test_with_a_part_goes_what_hangs_on_it():
    assert set(PARTS["left_arm"]) == set(PARTS["left_shoulder"]) == set(ARM)
    assert PARTS["right_knee"] == (Keypoint.RIGHT_ANKLE,)
    assert PARTS["left_wrist"] == (Keypoint.LEFT_WRIST,)
    assert set(Limb) | set(Joint) <= set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_its_twin(part):
    [twin] = mirrored_parts([part])

    assert (left_out([twin]) == left_out([part])[MIRROR]).all()
    assert mirrored_parts([twin]) == (part,)


def test_parts_in_words():
    assert in_words(["left_arm"]) == "left arm"
    assert in_words(["left_leg", "head", "right_leg"]) == "legs and head"
    assert in_words(["left_arm", "right_knee", "head"]) == "left arm, right knee and head"


def test_what_is_no_part_is_refused():
    with pytest.raises(BodyError, match=r"'left_wing'.*left_arm"):
        BodyDifferences(without=("left_wing",))


def test_somebody_who_sits_has_legs_where_the_exercise_is_done_sitting():
    assert set(SEATED.parts(seated_step=False)) == {"left_leg", "right_leg"}
    assert SEATED.parts(seated_step=True) == ()


# -- what is left of a step --


def test_nothing_is_asked_of_a_limb_that_is_not_there(arms):
    [variant] = variants(arms.steps[0], ONE_ARMED)
    measured_by = yardstick(variant.step, View.FRONT)

    assert not measured_by.emphasis[ARM].any()
    assert Limb.LEFT_ARM not in measured_by.must_see
    assert Limb.RIGHT_ARM in measured_by.must_see
    assert not measured_by.reference.weights[:, ARM].any()
    assert measured_by.reference.weights[:, Keypoint.LEFT_SHOULDER].all()


def test_an_arm_that_is_absent_is_neither_missed_nor_judged(arms):
    """The network sees an arm that hangs there, as it likes to."""
    track = arm_raise_track(pose={"left_arm_deg": 12.0, "left_elbow_deg": 90.0})

    whole, without = (performed(track, arms, body) for body in (BodyDifferences(), ONE_ARMED))

    assert (whole.score or 0.0) < 70
    assert without.score >= 98
    assert [part.verdict for part in without.parts] == [Verdict.GOOD] * 3
    assert without.coverage >= 0.98
    assert not without.steps[0].cues
    for part in without.parts:
        assert part.limbs[Limb.LEFT_ARM] is None
        assert part.keypoints[Keypoint.LEFT_WRIST] is None
        assert not part.faults
        assert not {Joint.LEFT_ELBOW, Joint.LEFT_SHOULDER} & set(part.range_of_motion_deg)
        assert Joint.RIGHT_SHOULDER in part.range_of_motion_deg


def test_an_arm_that_is_not_seen_is_not_missed(arms):
    track = arm_raise_track(hidden=ARM)

    assert performed(track, arms, ONE_ARMED).coverage >= 0.98
    assert performed(track, arms, ONE_ARMED).score >= 98
    assert performed(track, arms, BodyDifferences()).coverage < 0.8


def test_the_other_arm_is_judged_as_ever(arms):
    track = arm_raise_track(top_deg=120.0)

    without = performed(track, arms, ONE_ARMED)

    assert {fault.limb for part in without.parts for fault in part.faults} == {Limb.RIGHT_ARM}
    assert without.limbs()[Limb.RIGHT_ARM] == pytest.approx(
        performed(track, arms, BodyDifferences()).limbs()[Limb.RIGHT_ARM], abs=3
    )


def test_a_braced_elbow_is_not_bent_straight(arms):
    """The upper arm still goes where it should, and is judged."""
    braced = BodyDifferences(without=("left_elbow",))
    track = arm_raise_track(pose={"left_elbow_deg": 100.0})

    assert any("elbow" in cue.text for cue in performed(track, arms, BodyDifferences()).steps[0].cues)
    outcome = performed(track, arms, braced)
    assert not outcome.steps[0].cues
    assert outcome.limbs()[Limb.LEFT_ARM] >= 95
    low = performed(arm_raise_track(pose={"left_elbow_deg": 100.0, "left_arm_deg": 60.0}), arms, braced)
    assert low.limbs()[Limb.LEFT_ARM] < 50


def test_the_trunk_of_somebody_in_a_corset_is_not_told_to_straighten(arms):
    track = arm_raise_track(pose={"lean_deg": 25.0})

    assert any(cue.limb is Limb.TRUNK for cue in performed(track, arms, BodyDifferences()).steps[0].cues)
    without = performed(track, arms, BodyDifferences(without=("trunk",)))
    assert not any(cue.limb is Limb.TRUNK for cue in without.steps[0].cues)
    assert without.limbs()[Limb.TRUNK] is None
    assert without.score is not None


def test_a_seated_person_does_a_standing_exercise_of_the_arms(arms):
    sat = seated_raises()

    assert performed(sat, arms, BodyDifferences()).limbs()[Limb.LEFT_LEG] < 50
    without = performed(sat, arms, SEATED)
    assert without.score >= 98
    assert [part.verdict for part in without.parts] == [Verdict.GOOD] * 3
    assert without.limbs()[Limb.LEFT_LEG] is None
    assert not without.steps[0].cues


def test_a_step_can_ask_nothing_of_a_part_itself(arms):
    """As its mirror image, of the other side's."""
    step = replace(arms.steps[0], without=("left_arm",), sides=Sides.EITHER)
    track = arm_raise_track(pose={"left_arm_deg": 12.0})

    assert step.mirrored().without == ("right_arm",)
    assert not step.mirrored().emphasis()[[Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST]].any()
    assert performed(track, routine_of(step), BodyDifferences()).score >= 98


# -- refusals, and the other side --


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BodyDifferences(without=("left_arm", "right_arm")), "without arms"),
        (
            BodyDifferences(without=("left_shoulder", "right_arm", "head")),
            "left shoulder, right arm and head",
        ),
    ],
)
def test_what_is_only_about_what_is_missing_is_refused(arms, body, words):
    with pytest.raises(RoutineError, match=f"A routine: .*{words}.* too little of it is left"):
        require_doable(arms, body)
    with pytest.raises(RoutineError):
        Session(arms, options=SessionOptions(body=body))


def test_no_squats_sitting():
    with pytest.raises(RoutineError, match="without legs"):
        require_doable(learned(squat_track()), SEATED)


def test_a_view_that_shows_only_what_is_missing_is_none():
    """From the left one leg hides the other; with the left one in a brace, the right side tells."""
    hidden = [Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE]
    squat = learned(squat_track(reps=2, hidden=hidden)).steps[0]
    both = replace(squat, views={**squat.views, **squat.mirrored().views})

    [variant] = variants(both, BodyDifferences(without=("left_knee",)))

    assert set(variant.step.views) == {View.RIGHT}


def test_who_lacks_the_one_arm_does_it_with_the_other(one_arm):
    right = cycle_track(lambda share: front_pose(right_arm_deg=10 + 150 * share))

    without = performed(right, one_arm, ONE_ARMED)

    assert without.mirrored
    assert without.score >= 95
    assert [part.verdict for part in without.parts] == [Verdict.GOOD] * 3


def test_the_one_side_that_is_left_is_not_taken_for_the_mirror_image(one_arm):
    left = cycle_track(lambda share: front_pose(left_arm_deg=10 + 150 * share))

    without = performed(left, one_arm, BodyDifferences(without=("right_arm",)))

    assert not without.mirrored
    assert without.score >= 95


def test_nobody_differs_unless_they_say_so(arms):
    track = arm_raise_track(top_deg=120.0)

    [variant] = variants(arms.steps[0], BodyDifferences())

    assert variant.step is arms.steps[0]
    score = performed(track, arms, BodyDifferences()).score
    assert score == pytest.approx(performed(track, arms, SEATED).score, abs=1e-9)
    assert score < 95


# -- on the screen --


def percept_of(xy, **look):
    return Perception().perceive(0.0, [pose_of(xy, Look(**look))])


def test_a_seated_person_is_ready_with_the_legs_out_of_the_picture(arms):
    """Of a step that is as much about the legs."""
    step = replace(arms.steps[0], limbs={limb: LimbRule(1.0, 0.1) for limb in Limb})
    [whole], [sat] = variants(step, BodyDifferences()), variants(step, SEATED)
    seen = percept_of(sitting(front_pose()), hidden=LEGS)

    assert not ready_to_start(seen, whole.step)
    assert ready_to_start(seen, sat.step)


def test_live_a_seated_person_is_counted_in_and_coached(arms):
    track = seated_raises(reps=4, rest_s=2.5, hidden=LEGS)
    step = replace(arms.steps[0], limbs={limb: LimbRule(1.0, 0.1) for limb in Limb})
    stages = {}
    for name, body in (("whole", BodyDifferences()), ("seated", SEATED)):
        session = Session(routine_of(step), options=SessionOptions(place_s=0.5, countdown_s=1.0, body=body))
        for frame in track:
            session.advance(frame.at_s, [frame.pose])
        stages[name] = session.stage
    assert stages == {"whole": Stage.PLACING, "seated": Stage.ACTIVE}


def test_what_is_left_out_is_not_drawn(arms):
    """A network guesses an arm even where there is none."""
    session = Session(arms, options=SessionOptions(gated=False, body=ONE_ARMED))
    for frame in arm_raise_track(reps=1).frames[:60]:
        session.advance(frame.at_s, [frame.pose])

    person = session.view(2.0).person

    assert not person.weights[ARM].any()
    assert person.weights[Keypoint.RIGHT_WRIST] > 0.5
    assert not person.ghost_weights[ARM].any()
    assert person.ghost_weights[Keypoint.RIGHT_WRIST] > 0.5


def test_the_ghost_of_a_seated_person_sits_where_they_do(arms):
    pose = percept_of(sitting(front_pose())).pose
    reference = arms.steps[0].views[View.FRONT].xy[0]
    hips = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]

    def hips_off(mask):
        drawn = (ghost(pose, reference, 0.0, mask) - pose.origin_xy) / pose.torso_px
        return float(np.abs(drawn[hips].mean(axis=0)).max())

    assert hips_off(left_out(())) > 0.3
    assert hips_off(left_out(("left_leg", "right_leg"))) == pytest.approx(0.0, abs=0.02)
    assert hips_off(left_out(("left_leg",))) > 0.3  # on the other foot


# -- a person's file --


def test_a_body_is_read_from_a_file(tmp_path):
    file = tmp_path / "me.toml"
    file.write_text('without = ["left_arm", "right_knee"]\nseated = true\n')

    assert read_body(file) == BodyDifferences(("left_arm", "right_knee"), seated=True)
    file.write_text("")
    assert read_body(file) == BodyDifferences()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('without = "left_arm"', r"without: must be a list"),
        ('without = ["left_wing"]', r"without: 'left_wing' cannot be left out"),
        ("seated = 1", r"seated: must be true or false"),
        ("sitting = true", r"sitting: unknown key"),
        ("without = [", r"not TOML"),
        ("#" * 70_000, r"larger than"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, text, words):
    (tmp_path / "me.toml").write_text(text)

    with pytest.raises(BodyError, match=rf"me\.toml: {words}"):
        read_body(tmp_path / "me.toml")


def test_a_file_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(InputMissing, match=r"me\.toml"):
        read_body(tmp_path / "me.toml")
