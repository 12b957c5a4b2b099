"""A step that may be done on either side: recognised, judged, and told of the right limb."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import (
    cycle_track,
    front_pose,
    learned,
    performance,
    pose_of,
    routine_of,
    side_pose,
    still_track,
    track_of,
)
from posecoach.coach.cue_keys import CUE_KEYS, mirrored_cues
from posecoach.coach.events import PartFinished
from posecoach.coach.getting_ready import TURN_S
from posecoach.coach.perception import Percept
from posecoach.coach.placing import turn_words
from posecoach.coach.report import report
from posecoach.coach.routine import LimbRule, Sides, View
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.view import Stage, StepKind, Verdict
from posecoach.motion.normalise import NormalisedPose
from posecoach.skeleton import MIRROR, Limb
from posecoach.track import PoseTrack, TrackFrame, track_pose


def mirrored(track):
    """The same done with the other side of the body, in front of the same camera."""
    turned, offset = np.array([-1.0, 1.0]), np.array([track.image_wh[0] - 1.0, 0.0])
    frames = [
        TrackFrame(
            frame.at_s,
            frame.pose
            and track_pose(
                frame.pose.keypoints_xy[MIRROR] * turned + offset, frame.pose.keypoint_scores[MIRROR]
            ),
        )
        for frame in track
    ]
    return PoseTrack(track.image_wh, frames)


def leg_track(*, share=1.0, knee_deg=180.0, reps=3, fidget=0.0):
    """The left leg lifted sideways; where asked for, the right one a little before that."""

    def lift(done):
        return front_pose(left_leg_deg=8 + 40 * share * done, left_knee_deg=180 - (180 - knee_deg) * done)

    track = cycle_track(lift, reps=reps, rest_s=1.0)
    if not fidget:
        return track
    first = cycle_track(
        lambda done: front_pose(right_leg_deg=8 + 40 * fidget * done), reps=1, rest_s=0.6, rep_s=1.5
    )
    frames = [TrackFrame(frame.at_s + first.frames[-1].at_s + 1 / 30, frame.pose) for frame in track]
    return PoseTrack(track.image_wh, [*first, *frames])


@pytest.fixture(scope="module")
def leg():
    (step,) = learned(leg_track()).steps
    rules = dict.fromkeys(Limb, LimbRule(0.3, 0.08)) | {Limb.LEFT_LEG: LimbRule(1.0, 0.09)}
    cues = {
        "straighten_left_knee": "keep your lifted leg straight",
        "bend_left_hip": "lift your left leg higher",
    }
    return routine_of(replace(step, limbs=rules, cues=cues, reps=3, sides=Sides.EITHER))


@pytest.fixture(scope="module")
def tree():
    (step,) = learned(still_track(front_pose(left_leg_deg=50, left_knee_deg=60)), kind=StepKind.HOLD).steps
    return routine_of(replace(step, hold_s=3.0, sides=Sides.EITHER))


def verdicts(done):
    return [part.verdict for part in done.parts]


def test_as_recorded_it_is_not_mirrored(leg):
    done = performance(leg_track(), leg)

    assert verdicts(done) == [Verdict.GOOD] * 3
    assert report(done)["mirrored"] is False


def test_with_the_other_leg_it_is_as_good_and_says_so(leg):
    done, twin = (performance(track, leg) for track in (leg_track(), mirrored(leg_track())))

    assert verdicts(twin) == [Verdict.GOOD] * 3
    assert report(twin)["mirrored"] is True
    assert twin.score == pytest.approx(done.score, abs=0.2)


def test_what_may_not_be_done_on_the_other_side_is_not(leg):
    (step,) = leg.steps
    strict = routine_of(replace(step, sides=Sides.BOTH))

    assert Verdict.GOOD not in verdicts(performance(mirrored(leg_track()), strict))


def test_faults_and_words_are_of_the_limb_that_did_it(leg):
    bent = leg_track(knee_deg=140.0)
    left, right = (performance(track, leg).parts[0].faults[0] for track in (bent, mirrored(bent)))

    assert (left.limb, right.limb) == (Limb.LEFT_LEG, Limb.RIGHT_LEG)
    assert left.text.startswith("keep your lifted leg straight, left knee")
    assert right.text.startswith("keep your lifted leg straight, right knee")


@pytest.mark.parametrize("turn", [lambda track: track, mirrored], ids=["left", "right"])
def test_a_fidget_with_the_other_leg_does_not_decide(leg, turn):
    done = performance(turn(leg_track(fidget=0.3)), leg)

    assert verdicts(done).count(Verdict.GOOD) == 3


def test_every_repetition_is_told_once_and_when_it_is_finished(leg):
    session = Session(leg, options=None)
    told = []
    track = mirrored(leg_track())
    still = [TrackFrame(at_s, track.frames[0].pose) for at_s in np.arange(0.0, 5.0, 1 / 30)]
    for frame in [*still, *(TrackFrame(each.at_s + 5.0, each.pose) for each in track)]:
        session.advance(frame.at_s, [frame.pose])
        told += [
            (event.part.index, frame.at_s - event.part.end_s)
            for event in session.take_events()
            if isinstance(event, PartFinished)
        ]

    assert [index for index, _ in told] == [0, 1, 2]
    assert max(late_s for _, late_s in told) < 1.5


@pytest.mark.parametrize("turn", [lambda track: track, mirrored], ids=["left", "right"])
def test_only_parts_of_the_side_that_was_decided_on_are_told(leg, turn):
    session, told = Session(leg, options=SessionOptions(gated=False, open_ended=True)), []
    for frame in turn(leg_track(fidget=0.3)):
        session.advance(frame.at_s, [frame.pose])
        told += [event.part for event in session.take_events() if isinstance(event, PartFinished)]
    done = session.finish(frame.at_s)

    assert tuple(told) == done.parts


@pytest.mark.parametrize("turn", [lambda track: track, mirrored], ids=["left", "right"])
def test_a_pose_is_held_on_either_side(tree, turn):
    way = lambda at_s: min(max(at_s - 1.0, 0.0), 1.0)  # noqa: E731
    track = track_of(
        lambda at_s: front_pose(left_leg_deg=8 + 42 * way(at_s), left_knee_deg=180 - 120 * way(at_s)), 7.0
    )
    done = performance(turn(track), tree)

    assert verdicts(done) == [Verdict.GOOD]
    assert done.mirrored is (turn is mirrored)


def test_nothing_done_is_as_recorded(leg):
    done = performance(still_track(duration_s=4.0), leg)

    assert done.score == 0.0
    assert not done.mirrored


def test_a_mirrored_step_mirrored_is_the_step(leg):
    (step,) = leg.steps
    twin = step.mirrored()
    again = twin.mirrored()

    assert twin.limbs[Limb.RIGHT_LEG] == step.limbs[Limb.LEFT_LEG] != twin.limbs[Limb.LEFT_LEG]
    assert again.limbs == step.limbs
    assert again.cues == step.cues
    assert again.best_views == step.best_views
    for view, reference in step.views.items():
        assert again.views[view].xy == pytest.approx(reference.xy)
        assert again.views[view].weights == pytest.approx(reference.weights)


def test_what_was_recorded_from_the_left_is_mirrored_from_the_right():
    (step,) = learned(cycle_track(lambda share: side_pose(arm_deg=90 * share), reps=1)).steps
    twin = replace(step, best_views=(View.LEFT,)).mirrored()

    assert list(twin.views) == [View.RIGHT]
    assert twin.best_views == (View.RIGHT,)


def test_words_are_mirrored_and_nothing_that_only_looks_like_them():
    assert mirrored_cues(
        {"bend_left_knee": "bend your left knee, not the right: what is left is bright"}
    ) == {"bend_right_knee": "bend your right knee, not the left: what is right is bright"}
    assert {next(iter(mirrored_cues({key: ""}))) for key in CUE_KEYS} == CUE_KEYS


def percept(xy):
    pose = NormalisedPose(0.0, xy, np.ones(17), np.zeros(2), 100.0)
    return Percept(xy, np.ones(17), pose, ())


def test_who_stands_in_another_view_is_told_how_to_turn(leg):
    (step,) = leg.steps
    (arm,) = learned(cycle_track(lambda share: side_pose(arm_deg=90 * share), reps=1)).steps
    left = replace(arm, best_views=(View.LEFT,))

    assert turn_words(percept(front_pose()), left) == "Turn your left side to the camera"
    assert turn_words(percept(side_pose()), left) == ""
    assert turn_words(percept(side_pose(faces_left=False)), left) == "Turn your left side to the camera"
    assert turn_words(percept(side_pose(faces_left=False)), replace(left, sides=Sides.EITHER)) == ""
    assert (
        turn_words(percept(front_pose()), replace(left, sides=Sides.EITHER)) == "Turn your side to the camera"
    )
    assert (
        turn_words(percept(side_pose()), replace(step, best_views=(View.FRONT,))) == "Turn to face the camera"
    )
    assert turn_words(percept(front_pose()), arm) == ""  # nobody has said what is best


def test_it_goes_on_all_the_same_after_a_moment():
    (arm,) = learned(cycle_track(lambda share: side_pose(arm_deg=90 * share), reps=1)).steps
    session = Session(routine_of(replace(arm, best_views=(View.LEFT,))))
    prompts, started_s = [], None
    for at_s in np.arange(0.0, 12.0, 1 / 30):
        session.advance(float(at_s), [pose_of(front_pose())])
        if session.stage is Stage.PLACING:
            prompts.append(session.view(float(at_s)).prompt)
        elif started_s is None and session.stage is Stage.COUNTDOWN:
            started_s = at_s

    assert prompts[1] == "Turn your left side to the camera"
    assert prompts[-1] == "Stand still"
    assert TURN_S <= started_s <= TURN_S + 1.5
