"""What a view does not show is not told: movements towards the camera, bent trunks, nearly straight legs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import posecoach
from builders import (
    arm_raise_track,
    front_pose,
    learned,
    normalised_poses,
    performance,
    pose_of,
    side_pose,
    squat_track,
)
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.gauges import GAUGES, NEARLY_STRAIGHT_DEG, compared_deg, gauge_trust
from posecoach.coach.hold_run import HoldRun
from posecoach.coach.measure import measure
from posecoach.coach.phases import stretches
from posecoach.coach.routine import View
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.support import LEAST_IN_PICTURE, in_picture, travel, unsupported
from posecoach.coach.view import Stage, StepKind, Verdict
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.skeleton import Joint, Keypoint

STARTER = Path(posecoach.__file__).parent / "starter"
KNEE = GAUGES.index(Joint.LEFT_KNEE)
SHOULDERS = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]


def hardly_moving(reference: PoseSequence, share: float) -> PoseSequence:
    """The same cycle as it looks from where most of it goes towards the camera."""
    xy = reference.xy[:1] + share * (reference.xy - reference.xy[:1])
    return PoseSequence(reference.at_s, xy, reference.weights, reference.directions)


def with_side_view(routine, share):
    (step,) = routine.steps
    front = step.views[View.FRONT]
    return replace(step, views={View.FRONT: front, View.LEFT: hardly_moving(front, share)})


@pytest.mark.parametrize(("share", "judged"), [(0.2, False), (0.45, True)])
def test_a_view_that_shows_little_of_the_movement_is_declined(arms, share, judged):
    """However much it is recommended."""
    step = replace(with_side_view(arms, share), best_views=(View.LEFT,))

    assert travel(step, View.LEFT) == pytest.approx(share * travel(step, View.FRONT))
    assert unsupported(step, View.FRONT) == ""
    assert (unsupported(step, View.LEFT) == "") is judged
    if not judged:
        assert unsupported(step, View.LEFT).endswith("turn to face the camera")


@pytest.mark.parametrize(
    ("name", "view", "told"),
    [
        ("squat", View.FRONT, "from the front: turn your side to the camera"),
        ("shoulder_abduction", View.LEFT, "from this side: turn to face the camera"),
        ("heel_raise", View.FRONT, ""),
        ("warrior_two", View.RIGHT, "from this side: turn to face the camera"),
        ("tree", View.RIGHT, ""),
    ],
)
def test_what_goes_towards_the_camera_is_not_told_from_there(name, view, told):
    (step,) = starter(name).steps
    unsaid = replace(step, best_views=())  # nobody has said what is best: the references tell it alone

    assert unsupported(step, view) == (told and f"this cannot be judged {told}")
    assert bool(unsupported(unsaid, view)) is bool(told)
    assert all(unsupported(step, each) == "" for each in step.best_views)
    assert unsupported(replace(step, best_views=(view,)), view) == ""


def test_a_view_that_hides_one_of_two_turning_points_is_declined():
    """Of a march seen from the side one knee alone comes up."""
    (step,) = starter("knee_raise").steps

    assert in_picture(step, View.LEFT) >= LEAST_IN_PICTURE
    assert unsupported(step, View.LEFT).endswith("turn to face the camera")
    assert unsupported(step, View.FRONT) == ""


def test_where_only_one_view_is_known_it_is_judged():
    (step,) = starter("squat").steps
    alone = replace(step, views={View.FRONT: step.views[View.FRONT]}, best_views=())

    assert in_picture(alone, View.FRONT) == 1.0
    assert unsupported(alone, View.FRONT) == ""


def test_a_hold_that_the_view_does_not_show_has_no_clock():
    """From the side somebody who only stands is in this pose."""
    stands = [side_pose()] * 90
    (step,) = starter("warrior_two").steps
    run = HoldRun(yardstick(step, View.LEFT), None)
    clock_s = []
    for sample in normalised_poses(stands):
        run.advance(sample)
        clock_s.append(run.progress(sample.captured_at).held_s)
    run.close()

    assert max(clock_s) == 0.0
    assert run.parts == ()
    assert run.reason == unsupported(step, View.LEFT) != ""


def test_who_goes_on_all_the_same_is_asked_to_turn_meanwhile():
    session = Session(starter("squat"), options=SessionOptions(gated=False))
    for at_s in np.arange(0.0, 3.0, 1 / 30):
        session.advance(float(at_s), [pose_of(front_pose())])

    assert session.stage is Stage.ACTIVE
    assert session.view(3.0).prompt == "This cannot be judged from the front: turn your side to the camera"


def starter(name):
    return RoutineFolders(STARTER, read_track=read_track, write_track=write_track).load(name)


def test_where_the_view_does_not_support_it_a_repetition_is_not_judged(arms):
    """Instead of a fault that nobody made there is what to do."""
    (step,) = arms.steps
    little = learned(arm_raise_track(top_deg=40.0)).steps[0].views[View.FRONT]
    flat = replace(step, views={View.FRONT: little, View.LEFT: step.views[View.FRONT]})
    done = performance(arm_raise_track(top_deg=40.0), replace(arms, steps=(flat,)))

    assert {part.verdict for part in done.parts} == {Verdict.NOT_JUDGED}
    assert "turn your left side to the camera" in done.reason
    assert all(part.faults == () for part in done.parts)
    assert done.score is None
    assert [cue for outcome in done.steps for cue in outcome.cues] == []


def test_a_trunk_bent_towards_the_camera_has_no_lean(arms):
    ruler = yardstick(arms.steps[0], View.FRONT)
    upright, bent = (sequence_of(normalised_poses([front_pose()])) for _ in range(2))
    bent.xy[:, SHOULDERS, 1] *= 0.3

    assert gauge_trust(upright, ruler)[0, GAUGES.index(None)] == 1.0
    for gauge in (None, Joint.LEFT_HIP, Joint.RIGHT_SHOULDER):
        assert gauge_trust(bent, ruler)[0, GAUGES.index(gauge)] == 0.0
    assert gauge_trust(bent, ruler)[0, KNEE] == 1.0


def test_of_a_held_pose_a_thigh_that_looks_short_tells_nothing(arms):
    (step,) = arms.steps
    held = sequence_of(normalised_poses([front_pose()]))
    held.xy[:, Keypoint.LEFT_KNEE] = held.xy[:, Keypoint.LEFT_HIP] + (0.1, 0.3)
    ruler = yardstick(step, View.FRONT)

    assert gauge_trust(held, ruler)[0, KNEE] == 1.0
    assert gauge_trust(held, replace(ruler, kind=StepKind.HOLD))[0, KNEE] == 0.0


def test_legs_nearly_straight_are_alike_from_the_front():
    ruler = yardstick(learned(squat_track()).steps[0], View.LEFT)
    front = replace(ruler, view=View.FRONT)

    assert compared_deg(ruler.reference, ruler)[0, KNEE] > NEARLY_STRAIGHT_DEG
    assert compared_deg(front.reference, front)[0, KNEE] == NEARLY_STRAIGHT_DEG


def test_an_arm_that_stays_below_its_turning_point_is_as_far_off_as_it_is(arms):
    """The warping path would pair it with the way there, and forgive what it lacks."""
    ruler = yardstick(arms.steps[0], View.FRONT)
    share = 0.5 - 0.5 * np.cos(np.linspace(0, 2 * np.pi, 90))
    low = [front_pose(left_arm_deg=10 + 130 * each, right_arm_deg=10 + 160 * each) for each in share]
    performed = sequence_of(normalised_poses(low))
    turn = next(
        each for each in stretches(performed, measure(performed, ruler), ruler) if each.phase == "turn"
    )

    assert turn.off_deg[GAUGES.index(Joint.LEFT_SHOULDER)] == pytest.approx(-30.0, abs=3.0)
    assert turn.off_deg[GAUGES.index(Joint.RIGHT_SHOULDER)] == pytest.approx(0.0, abs=3.0)
