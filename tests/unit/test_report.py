"""What is left of a session: the report, the summary, the figure one is shown beside oneself."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from builders import (
    LEGS,
    arm_raise_track,
    front_pose,
    hold_track,
    learned,
    normalised_poses,
    side_pose,
    squat,
)
from posecoach.coach.extent import Extent
from posecoach.coach.fault import Change, Fault
from posecoach.coach.perception import Percept
from posecoach.coach.placing import READY_COVERAGE, ghost, ready_to_start
from posecoach.coach.progress import LiveLimbs, Part
from posecoach.coach.report import part_report, report
from posecoach.coach.routine import View
from posecoach.coach.summary import Performance, StepOutcome, mean, summary_view
from posecoach.coach.view import CueView, LastTime, StepKind, Verdict
from posecoach.skeleton import Joint, Keypoint, Limb

ANKLES = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
FAULT = Fault(
    Limb.LEFT_LEG, "turn", 14.2678, "bend your left knee 14 degrees more at the bottom", 11.0, Change.BEND
)
PART = Part(
    index=2,
    start_s=1.23456,
    end_s=4.56789,
    verdict=Verdict.ATTEMPT,
    score=61.23456,
    reason="both knees 20 degrees short",
    coverage=0.98765,
    faults=(FAULT,),
    joints={Joint.LEFT_KNEE: Extent(90.1234, 85.26), Joint.RIGHT_KNEE: Extent(70.5678, 105.0)},
    tempo=1.23456,
    limbs={limb: 70.0 + number for number, limb in enumerate(Limb)},
    keypoints=tuple(50.04 + number for number in range(17)),
)


def with_ranges(ranges):
    return {joint: Extent(degrees, 180.0 - degrees) for joint, degrees in ranges.items()}


@pytest.fixture(scope="module")
def step():
    return learned(arm_raise_track(reps=1)).steps[0]


@pytest.fixture
def done(step):
    """A performance of given parts."""

    def make(*parts, enough=True, reason="no repetition was seen", coverage=0.91234, cues=()):
        outcome = StepOutcome(step, parts, reason, coverage, enough, cues)
        routine = replace(learned(arm_raise_track(reps=1)), id="arms")
        return Performance(routine, View.FRONT, (outcome,), 12.5)

    return make


# -- the report --


def test_a_part_is_reported_with_the_rounding_of_the_definition():
    assert part_report(PART) == {
        "index": 2,
        "start_s": 1.235,
        "end_s": 4.568,
        "verdict": "attempt",
        "score": 61.2,
        "reason": "both knees 20 degrees short",
        "coverage": 0.988,
        "faults": [
            {
                "limb": "left_leg",
                "phase": "turn",
                "degrees": 14.3,
                "text": "bend your left knee 14 degrees more at the bottom",
                "change": "bend",
                "joint": None,
                "both": False,
            }
        ],
        "range_of_motion_deg": {"left_knee": 90.1, "right_knee": 70.6},
        "symmetry": {
            "knee": {
                "range_deg": {"left": 90.1, "right": 70.6},
                "peak_deg": {"left": 85.3, "right": 105.0},
                "difference_deg": 19.6,
            }
        },
        "tempo": 1.23,
    }


def test_a_part_without_a_score_says_null_and_why():
    made = part_report(replace(PART, score=None, verdict=Verdict.NOT_JUDGED, reason="too little of you"))

    assert (made["score"], made["verdict"], made["reason"]) == (None, "not_judged", "too little of you")


def test_a_good_part_has_no_reason():
    assert part_report(replace(PART, reason=""))["reason"] is None


def test_only_a_hold_says_how_long_it_was_held():
    assert "held_s" not in part_report(PART)
    assert part_report(replace(PART, held_s=3.14159))["held_s"] == 3.142


def test_a_zero_has_one_spelling():
    assert "-0.0" not in json.dumps(part_report(replace(PART, score=-0.0, start_s=-0.00001)))


def test_a_performance_is_reported_whole(done):
    cues = (
        CueView("Bend your left knee.", Limb.LEFT_LEG, 4.56789, about=FAULT),
        CueView("That's it.", None, 9.0, praise=True),
    )
    made = report(done(PART, replace(PART, score=81.0), cues=cues))

    assert made["routine"] == "arms"
    assert made["view"] == "front"
    assert made["mirrored"] is False
    assert made["score"] == 71.1
    assert made["coverage"] == 0.912
    assert made["reason"] is None
    assert [rep["score"] for rep in made["reps"]] == [61.2, 81.0]
    assert made["limbs"]["head"] == 70.0
    assert made["keypoints"]["nose"] == 50.0
    assert made["keypoints"]["rightAnkle"] == 66.0
    assert made["cues"] == [
        {
            "t": 4.568,
            "text": "Bend your left knee.",
            "praise": False,
            "about": part_report(PART)["faults"][0],
        },
        {"t": 9.0, "text": "That's it.", "praise": True},
    ]


def test_where_nothing_was_done_the_report_says_why(done):
    made = report(done())

    assert (made["score"], made["reason"], made["reps"], made["keypoints"]) == (
        0.0, "no repetition was seen", [], {},
    )  # fmt: skip
    assert set(made["limbs"].values()) == {None}


def test_where_too_little_was_seen_there_is_no_zero(done):
    made = report(done(enough=False, reason="your left side is hidden"))

    assert (made["score"], made["reason"]) == (None, "your left side is hidden")


def test_holds_and_repetitions_are_apart(step):
    hold = learned(hold_track(), kind=StepKind.HOLD)
    outcomes = (
        StepOutcome(step, (PART,), "", 1.0, True, ()),
        StepOutcome(hold.steps[0], (replace(PART, held_s=5.0),), "", 1.0, True, ()),
    )
    made = report(Performance(hold, View.FRONT, outcomes, 20.0))

    assert [(rep["step"], "held_s" in rep) for rep in made["reps"]] == [(0, False)]
    assert [(held["step"], held["held_s"]) for held in made["holds"]] == [(1, 5.0)]


# -- the summary --


def test_the_summary_names_the_best_and_the_worst_of_the_limbs_that_matter(done):
    limbs = {**dict.fromkeys(Limb, 100.0), Limb.LEFT_ARM: 60.0, Limb.RIGHT_ARM: 80.0, Limb.LEFT_LEG: 5.0}
    summary = summary_view(done(replace(PART, limbs=limbs)))

    assert (summary.best, summary.worst) == ("right arm", "left arm")


def test_limbs_that_did_alike_are_not_ranked(done):
    limbs = {**dict.fromkeys(Limb, 100.0), Limb.LEFT_ARM: 80.0, Limb.RIGHT_ARM: 82.0}
    summary = summary_view(done(replace(PART, limbs=limbs)))

    assert (summary.best, summary.worst) == (None, None)


def test_the_summary_gives_the_mean_of_the_widest_ranges(done):
    ranges = [
        {Joint.LEFT_KNEE: 90.0, Joint.LEFT_HIP: 50.0, Joint.LEFT_ELBOW: 5.0, Joint.RIGHT_ELBOW: 4.0},
        {Joint.LEFT_KNEE: 70.0, Joint.LEFT_HIP: 95.0, Joint.RIGHT_KNEE: 30.0},
    ]
    summary = summary_view(
        done(
            *(
                replace(PART, joints={joint: Extent(deg, deg) for joint, deg in each.items()})
                for each in ranges
            )
        )
    )

    assert list(summary.range_of_motion_deg.items()) == [
        ("left knee", 80.0), ("left hip", 72.5), ("right knee", 30.0), ("left elbow", 5.0),
    ]  # fmt: skip


def test_the_summary_begins_with_the_joints_that_the_reference_moves_however_little_they_went(done):
    ranges = {Joint.LEFT_SHOULDER: 12.0, Joint.LEFT_KNEE: 60.0, Joint.LEFT_ELBOW: 3.0}
    joints = {joint: Extent(deg, deg) for joint, deg in ranges.items()}
    last = LastTime(70.0, 1.1, {"left_shoulder": 9.0, "right_hip": 80.0})
    summary = summary_view(done(replace(PART, joints=joints)), last)

    assert list(summary.range_of_motion_deg) == ["left shoulder", "left knee", "left elbow"]
    assert summary.reference_deg == {"left shoulder": pytest.approx(158.9, abs=0.1)}  # of an arm raise
    assert summary.last_deg == {"left shoulder": 9.0}
    assert summary.last is last


def test_what_was_not_judged_says_nothing_of_ranges_and_tempo(done):
    joints = {Joint.LEFT_SHOULDER: Extent(150.0, 160.0)}
    hidden = replace(PART, score=None, verdict=Verdict.NOT_JUDGED, joints=joints, tempo=3.0)
    seen = replace(PART, joints=joints)
    summary = summary_view(done(replace(seen, tempo=0.8), hidden, seen))

    assert summary.tempo == pytest.approx((0.8 + PART.tempo) / 2)
    assert summary_view(done(hidden)).tempo is None
    assert summary_view(done(hidden)).range_of_motion_deg == {}


def test_the_advice_is_the_fault_that_cost_most_over_all(done):
    often = replace(FAULT, limb=Limb.LEFT_ARM, severity=8.0, text="raise your left arm 9 degrees higher")
    worst_of_it = replace(often, severity=9.0, text="raise your left arm 12 degrees higher")
    summary = summary_view(done(replace(PART, faults=(FAULT, often)), replace(PART, faults=(worst_of_it,))))

    assert summary.advice == "Raise your left arm 12 degrees higher"


UNEVEN = {
    Joint.LEFT_SHOULDER: 150.0,
    Joint.RIGHT_SHOULDER: 130.0,
    Joint.LEFT_KNEE: 40.0,
    Joint.RIGHT_KNEE: 3.0,
}


def test_the_report_has_the_mean_of_left_beside_right(done):
    other = {Joint.LEFT_SHOULDER: 140.0, Joint.RIGHT_SHOULDER: 136.0, Joint.LEFT_KNEE: 20.0}
    unseen = replace(PART, score=None, joints=with_ranges({Joint.LEFT_SHOULDER: 9.0}))
    parts = [replace(PART, joints=with_ranges(each)) for each in (UNEVEN, other)]
    made = report(done(*parts, unseen))["symmetry"]

    assert made["shoulder"]["range_deg"] == {"left": 145.0, "right": 133.0}
    assert made["shoulder"]["peak_deg"] == {"left": 35.0, "right": 47.0}
    assert made["shoulder"]["difference_deg"] == 12.0
    assert set(made) == {"shoulder", "knee"}


def test_a_side_that_goes_less_far_is_told_in_the_end(done):
    """Of joints that the routine moves alike; a knee that it rests is nobody's fault."""
    part = replace(PART, faults=(), verdict=Verdict.GOOD, reason="", joints=with_ranges(UNEVEN))
    alike = replace(part, joints=with_ranges({**UNEVEN, Joint.RIGHT_SHOULDER: 142.0}))

    assert done(part, part).uneven == "your right shoulder moves 20 degrees less than your left"
    assert summary_view(done(part, part)).advice == "Your right shoulder moves 20 degrees less than your left"
    assert done(alike, alike).uneven == ""
    assert done(part).uneven == ""


def test_without_faults_the_advice_is_what_kept_an_attempt_from_counting(done):
    good = replace(PART, faults=(), verdict=Verdict.GOOD, reason="")

    assert summary_view(done(good, replace(PART, faults=()))).advice == "Both knees 20 degrees short"
    assert summary_view(done(good)).advice == ""


def test_a_mean_is_of_what_is_there():
    assert mean([1.0, None, 3.0]) == 2.0
    assert mean([None]) is None
    assert mean([]) is None


# -- live scores --


def test_live_distances_are_calmed_and_come_to_rest():
    live = LiveLimbs()
    assert live.costs_and_weights is None
    live.update(np.zeros(17), np.ones(17))
    costs = []
    for _ in range(30):
        live.update(np.ones(17), np.ones(17))
        costs.append(live.costs_and_weights[0][0])

    assert 0.05 < costs[0] < 0.4
    assert costs == sorted(costs)
    assert costs[-1] == pytest.approx(1.0, abs=0.01)


def test_what_is_hardly_seen_hardly_changes_what_is_known():
    live = LiveLimbs()
    live.update(np.zeros(17), np.ones(17))
    live.update(np.ones(17), np.full(17, 0.01))

    costs, weights = live.costs_and_weights
    assert costs[0] < 0.01
    assert weights[0] == pytest.approx(0.8, abs=0.05)


# -- placing --


def percept(xy, hidden=()):
    pose = normalised_poses([xy])[0]
    pose.weights[list(hidden)] = 0.0
    return Percept(pose.xy * pose.torso_px + pose.origin_xy, pose.weights, pose, ())


def test_the_ghost_of_a_deeper_squat_stands_on_the_persons_feet():
    """Its hips are lower, not its feet in the floor."""
    person = percept(squat(0.4))
    deeper = normalised_poses([squat(1.0)])[0]
    drawn = ghost(person.pose, deeper.xy)

    assert drawn[ANKLES].mean(axis=0) == pytest.approx(person.keypoints_xy[ANKLES].mean(axis=0))
    assert drawn[Keypoint.LEFT_HIP, 1] > person.keypoints_xy[Keypoint.LEFT_HIP, 1] + 30.0


def test_where_the_feet_are_hidden_the_ghost_hangs_on_the_hips():
    person = percept(squat(0.4), hidden=LEGS)
    drawn = ghost(person.pose, normalised_poses([squat(1.0)])[0].xy)

    hips = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
    assert drawn[hips].mean(axis=0) == pytest.approx(person.keypoints_xy[hips].mean(axis=0))


def test_a_ghost_of_ones_own_pose_covers_one():
    person = percept(front_pose(left_arm_deg=70))

    assert ghost(person.pose, person.pose.xy) == pytest.approx(person.keypoints_xy)


def test_whoever_is_seen_well_enough_can_start(step):
    assert ready_to_start(percept(front_pose()), step)
    assert not ready_to_start(percept(front_pose(), hidden=(7, 8, 9, 10)), step)
    assert 0.5 < READY_COVERAGE < 1.0


def test_without_shoulders_or_hips_nobody_can_start(step):
    seen = percept(front_pose())

    assert not ready_to_start(Percept(seen.keypoints_xy, seen.weights, None, ()), step)


def test_from_the_side_one_half_is_enough_to_start(step):
    right = [k for k in Keypoint if k.name.startswith("RIGHT")]
    from_the_side = replace(step, views={View.LEFT: step.views[View.FRONT]})

    assert ready_to_start(percept(side_pose(), hidden=right), from_the_side)
    assert not ready_to_start(percept(front_pose(), hidden=right), step)


def test_who_stands_sideways_can_start_a_step_that_is_known_from_the_front_as_well(step):
    right = [k for k in Keypoint if k.name.startswith("RIGHT")]
    from_both = replace(step, views={**step.views, View.LEFT: step.views[View.FRONT]})

    assert ready_to_start(percept(side_pose(), hidden=right), from_both)
