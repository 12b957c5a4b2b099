"""The athlete around its repetitions: fidgets, a chair, the camera, and turning back early."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.errors import RoutineError
from posecoach.synthetic.angles import Angle
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.faults import Fault
from posecoach.synthetic.fidgets import Fidget, FidgetKind
from posecoach.synthetic.kinematics import Part
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import ViewCamera


def athlete(name="squat", *fidgets, faults=(), reps=2):
    return Athlete(
        MOTIONS[name],
        camera=ViewCamera(),
        reps=reps,
        seed=3,
        variation=0.0,
        fidgets=fidgets,
        faults=[Fault.parse(text) for text in faults],
    )


@pytest.mark.parametrize("kind", FidgetKind)
def test_a_fidget_takes_its_time_and_leaves_the_repetitions_as_they_are(kind):
    fidget = Fidget(kind, 1, 5.0)
    plain, fidgety = athlete(), athlete("squat", fidget)
    for number in (0, 1):
        before, after = plain.timeline.reps[number], fidgety.timeline.reps[number]
        assert after.end_s - after.start_s == pytest.approx(before.end_s - before.start_s)
    assert fidgety.duration_s == pytest.approx(plain.duration_s + fidget.whole_s)
    rep = fidgety.timeline.reps[0]
    during = np.linspace(rep.start_s, rep.end_s, 20)
    assert np.allclose(plain.posture(during).origins, fidgety.posture(during).origins)


def test_nobody_jumps():
    """At 60 frames a second no part goes further than the fastest hand does."""
    kinds = [Fidget(kind, 0, 6.0, side) for kind in FidgetKind for side in ("left", "right")]
    fidgety = athlete("squat", *kinds)
    at_s = np.arange(0.0, fidgety.timeline.reps[0].start_s, 1 / 60)
    steps_m = np.linalg.norm(np.diff(fidgety.posture(at_s).origins, axis=0), axis=-1)
    assert steps_m.max() < 0.12


def test_sitting_down_puts_the_pelvis_on_the_seat():
    fidgety = athlete("squat", Fidget(FidgetKind.SIT, 0, 6.0))
    at_s = np.linspace(0.0, fidgety.timeline.reps[0].start_s, 200)
    heights_m = fidgety.posture(at_s).origins[:, Part.PELVIS, 2]
    assert heights_m.min() < 0.65 * heights_m[0]


def test_coming_to_the_camera_grows_in_the_picture():
    fidgety = athlete("squat", Fidget(FidgetKind.APPROACH, 0, 6.0))
    at_s = np.linspace(0.0, fidgety.timeline.reps[0].start_s, 100)
    xy, _ = fidgety.keypoints(at_s)
    torso_px = np.linalg.norm(xy[:, 5:7].mean(axis=1) - xy[:, 11:13].mean(axis=1), axis=-1)
    assert torso_px.max() > 2.0 * torso_px[0]
    assert torso_px[-1] == pytest.approx(torso_px[0], rel=0.02)


def test_nobody_on_a_seat_walks_away():
    with pytest.raises(RoutineError, match="done standing"):
        athlete("seated_arm_raise", Fidget(FidgetKind.APPROACH, 0, 6.0))


def test_a_fidget_must_be_possible():
    with pytest.raises(RoutineError, match="up to 60 seconds"):
        Fidget(FidgetKind.LOOK, 0, 0.0)
    with pytest.raises(RoutineError, match="left or right"):
        Fidget(FidgetKind.LOOK, 0, 2.0, "both")


def test_turning_back_early_goes_the_same_way_and_not_to_its_end():
    whole, early = athlete(reps=1), athlete(reps=1, faults=["early:0.5"])
    rep = whole.timeline.reps[0]
    at_s = np.linspace(rep.start_s, rep.end_s, 400)
    way_m = []
    for each in (whole, early):
        hand = each.posture(at_s).origins[:, Part.LEFT_HAND]
        way_m.append(np.linalg.norm(hand - hand[0], axis=-1).max())
    assert way_m[1] == pytest.approx(0.5 * way_m[0], rel=0.1)
    on_the_way = whole.angles(at_s)[:, [Angle.LEFT_KNEE_FLEX, Angle.LEFT_HIP_FLEX]]
    for row in early.angles(at_s)[::20, [Angle.LEFT_KNEE_FLEX, Angle.LEFT_HIP_FLEX]]:
        assert np.abs(on_the_way - row).sum(axis=1).min() < 2.5


def test_turning_back_early_does_so_on_both_sides():
    early = athlete("knee_raise", reps=1, faults=["early:0.5"])
    rep = early.timeline.reps[0]
    rows = early.angles(np.linspace(rep.start_s, rep.end_s, 300))
    most = rows[:, [Angle.LEFT_HIP_FLEX, Angle.RIGHT_HIP_FLEX]].max(axis=0)
    assert most[0] == pytest.approx(most[1], abs=3.0)
    assert 30.0 < most[0] < 75.0
