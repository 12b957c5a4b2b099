"""Routines, how they are measured, and from which side."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from builders import (
    LEFT_SIDE,
    RIGHT_SIDE,
    arm_raise,
    arm_raise_track,
    front_pose,
    hold_pose,
    hold_track,
    learned,
    normalised_poses,
    routine_of,
    side_pose,
    squat_track,
)
from posecoach.coach.points import INSIDE, NOTHING, points
from posecoach.coach.routine import LimbRule, Routine, Step, View
from posecoach.coach.step_yardstick import yardstick
from posecoach.coach.view import StepKind
from posecoach.coach.viewpoint import viewpoint
from posecoach.errors import RoutineError
from posecoach.motion.sequence import sequence_of
from posecoach.skeleton import MIRROR, Keypoint, Limb

RULES = {limb: LimbRule(0.5, 0.1) for limb in Limb}


def reference(poses=None):
    return sequence_of(normalised_poses(poses or [arm_raise(share) for share in np.linspace(0, 1, 9)]))


def step(**changes):
    return Step(
        **{"kind": StepKind.REPS, "views": {View.FRONT: reference()}, "limbs": RULES, "reps": 3, **changes}
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"views": {}}, "at least one view"),
        ({"limbs": {Limb.HEAD: LimbRule(1, 0.1)}}, "missing: left_arm"),
        ({"limbs": {limb: LimbRule(0, 0.1) for limb in Limb}}, "every emphasis is 0"),
        ({"reps": None}, "reps >= 1, got None"),
        ({"reps": 0}, "reps >= 1, got 0"),
        ({"kind": StepKind.HOLD}, "hold_s > 0, got None"),
        ({"kind": StepKind.HOLD, "hold_s": 0.0}, "hold_s > 0, got 0"),
        ({"best_views": (View.LEFT,)}, "best_views names left, of which there is no track"),
        ({"cues": {"bend_nee": "lower"}}, "did you mean 'bend_knee'"),
    ],
)
def test_a_step_that_cannot_be_done_is_refused(changes, words):
    with pytest.raises(RoutineError, match=words):
        step(**changes)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ((1.1, 0.1), "emphasis"),
        ((-0.1, 0.1), "emphasis"),
        ((1.0, 0.0), "tolerance"),
        ((1.0, 2.1), "tolerance"),
    ],
)
def test_a_rule_outside_its_bounds_is_refused(rule, words):
    with pytest.raises(RoutineError, match=words):
        LimbRule(*rule)


def test_a_step_whose_track_shows_nothing_that_matters_is_refused():
    """Only the arms matter, and they are not in the picture."""
    shown = reference()
    shown.weights[:, [7, 8, 9, 10]] = 0.0
    arms = {limb: LimbRule(1.0 if "arm" in limb else 0.0, 0.1) for limb in Limb}

    with pytest.raises(RoutineError, match="the front track shows nothing"):
        step(views={View.FRONT: shown}, limbs=arms)


def test_a_routine_without_a_step_is_refused():
    with pytest.raises(RoutineError, match="no step"):
        Routine("a", "A", ())


def test_left_and_right_matter_alike():
    emphasis = step().emphasis()

    assert np.array_equal(emphasis, emphasis[MIRROR])
    assert emphasis[Keypoint.LEFT_HIP] < emphasis[Keypoint.LEFT_SHOULDER]


# -- the yardstick --


def measured(**changes):
    return yardstick(step(**changes), View.FRONT)


def test_reach_is_0_at_rest_and_1_at_the_turning_point():
    ruler = measured()

    assert ruler.reach(ruler.reference.xy[0], np.ones(17)) == pytest.approx(0.0)
    assert ruler.reach(ruler.reference.xy[ruler.turn], np.ones(17)) == pytest.approx(1.0)
    assert ruler.turn == 8


def test_reach_does_not_need_to_see_both_arms():
    ruler = measured()
    weights = np.ones(17)
    weights[list(LEFT_SIDE)] = 0.0

    assert ruler.reach(ruler.reference.xy[8], weights) == pytest.approx(1.0)


def test_without_what_moves_there_is_no_reach():
    weights = np.ones(17)
    weights[[7, 8, 9, 10]] = 0.0
    arms = {limb: LimbRule(1.0 if "arm" in limb else 0.1, 0.1) for limb in Limb}

    assert measured(limbs=arms).reach(reference().xy[4], weights) is None


def test_a_score_is_99_or_more_within_tolerance_5_at_the_zero_level_and_never_stops_falling():
    ruler, seen = measured(), np.ones(17)
    tolerance, zero = ruler.levels(seen)

    assert ruler.score(np.zeros(17), seen) == 100.0
    assert ruler.score(np.full(17, tolerance), seen) == pytest.approx(INSIDE)
    assert points(zero, tolerance, zero) < INSIDE
    assert points(0.5, 0.1, 0.5) == pytest.approx(NOTHING)
    beyond = [points(0.5 * times, 0.1, 0.5) for times in (1.5, 2.0, 3.0, 4.0)]
    assert all(0 < after < before < NOTHING for before, after in itertools.pairwise(beyond))
    assert ruler.score(ruler.zero, np.zeros(17)) is None


def test_a_score_falls_as_the_cost_rises():
    ruler = measured()
    scores = [ruler.score(np.full(17, cost), np.ones(17)) for cost in np.linspace(0, 1, 30)]

    assert all(after <= before for before, after in itertools.pairwise(scores))


def test_a_limb_of_which_less_than_half_is_seen_has_no_score():
    ruler, weights = measured(), np.ones(17)
    weights[Keypoint.LEFT_WRIST] = 0.0
    assert ruler.limb_scores(np.zeros(17), weights)[Limb.LEFT_ARM] == 100.0
    weights[Keypoint.LEFT_ELBOW] = 0.9

    assert ruler.limb_scores(np.zeros(17), weights)[Limb.LEFT_ARM] is None
    assert ruler.limb_scores(np.zeros(17), weights)[Limb.RIGHT_ARM] == 100.0


def test_coverage_is_the_share_of_what_matters_that_was_seen():
    ruler, half = measured(), np.ones(17)
    half[list(LEFT_SIDE)] = 0.0

    assert ruler.coverage(np.ones(17)) == pytest.approx(1.0)
    assert ruler.coverage(np.zeros(17)) == 0.0
    assert ruler.coverage(half) == pytest.approx(0.55, abs=0.05)


@pytest.mark.parametrize(
    ("view", "unneeded"),
    [
        (View.FRONT, set()),
        (View.LEFT, {Limb.RIGHT_ARM, Limb.RIGHT_LEG}),
        (View.RIGHT, {Limb.LEFT_ARM, Limb.LEFT_LEG}),
    ],
)
def test_from_the_side_the_limbs_behind_the_body_need_not_be_seen(view, unneeded):
    ruler = yardstick(step(views={view: reference()}), view)

    assert set(ruler.must_see) == set(Limb) - {Limb.HEAD} - unneeded


def test_a_limb_that_hardly_matters_need_not_be_seen():
    limbs = {**RULES, Limb.LEFT_LEG: LimbRule(0.2, 0.1)}

    assert Limb.LEFT_LEG not in measured(limbs=limbs).must_see


# -- views --


def seen_from(poses, hidden=()):
    sequence = reference(poses)
    sequence.weights[:, list(hidden)] = 0.0
    return viewpoint(sequence.xy, sequence.weights)


@pytest.mark.parametrize(
    ("poses", "view"),
    [
        ([front_pose()], View.FRONT),
        ([front_pose(left_arm_deg=170, lean_deg=30)], View.FRONT),
        ([hold_pose()], View.FRONT),
        ([side_pose()], View.LEFT),
        ([side_pose(faces_left=False)], View.RIGHT),
        ([side_pose(thigh_deg=80, trunk_deg=45)], View.LEFT),
        ([side_pose(trunk_deg=-40)], View.LEFT),
        ([side_pose(trunk_deg=-40, faces_left=False)], View.RIGHT),
    ],
)
def test_the_side_that_is_seen_is_recognised(poses, view):
    assert seen_from(poses) is view


@pytest.mark.parametrize("hidden", [LEFT_SIDE, RIGHT_SIDE])
@pytest.mark.parametrize(("faces_left", "view"), [(True, View.LEFT), (False, View.RIGHT)])
def test_one_side_is_enough_to_tell_where_somebody_faces(hidden, faces_left, view):
    assert seen_from([side_pose(faces_left=faces_left)], hidden) is view


def test_the_mirrored_person_is_seen_from_the_other_side():
    sequence = reference([side_pose()])
    mirrored = sequence.mirrored()

    assert viewpoint(mirrored.xy, mirrored.weights) is View.RIGHT


@pytest.mark.parametrize(("width", "view"), [(1.0, View.FRONT), (0.75, View.FRONT), (0.5, View.LEFT)])
def test_a_person_turned_half_way_is_still_seen_from_the_front(width, view):
    """Shoulders across are 0.74 of the torso; turned by 60 degrees, half of that is left."""
    xy = front_pose() * (width, 1.0)
    xy[Keypoint.NOSE, 0] -= 0.2 * (width < 1)

    assert seen_from([xy]) is view


def test_a_step_without_the_view_seen_is_measured_by_its_first():
    from posecoach.coach.agenda import best_view

    (squat,) = learned(squat_track(reps=1)).steps
    both = replace(squat, views={View.LEFT: squat.views[View.LEFT], View.FRONT: reference()})

    assert best_view(squat, View.FRONT) is View.LEFT
    assert best_view(both, View.FRONT) is View.FRONT


def test_steps_of_every_kind_are_one_routine():
    steps = (*learned(arm_raise_track(reps=1)).steps, *learned(hold_track(), kind=StepKind.HOLD).steps)

    assert [step.kind for step in routine_of(*steps).steps] == [StepKind.REPS, StepKind.HOLD]
