"""From where somebody is seen: told once they stand, revised when they turn, nothing lost meanwhile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import (
    LEFT_SIDE,
    arm_raise_track,
    front_pose,
    joined,
    learned,
    normalised_poses,
    performance,
    routine_of,
    side_pose,
    squat_track,
    still_track,
)
from posecoach.coach.facing import Facing
from posecoach.coach.report import report
from posecoach.coach.routine import View
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.standpoint import SETTLED_S, TURNED_S, Standpoint
from posecoach.coach.view import Verdict

RATE_HZ = 15.0
LEFTWARDS, RIGHTWARDS = side_pose(), side_pose(faces_left=False)


def posed(*spans, x_from=0.0, x_to=0.0, start_s=0.0):
    """Samples of each pose for its seconds, one after the other, gone from one place to another."""
    poses = [xy for xy, seconds in spans for _ in range(round(seconds * RATE_HZ))]
    made = normalised_poses(poses)
    ways = np.linspace(x_from, x_to, len(made))
    return [
        replace(
            sample,
            captured_at=start_s + sample.captured_at,
            origin_xy=sample.origin_xy + np.array([100.0 * way, 0.0]),
        )
        for sample, way in zip(made, ways, strict=True)
    ]


def facing_after(samples):
    facing = Facing()
    for sample in samples:
        facing.look(sample)
    return facing


def taken(samples, standpoint=None, *, judged=False, measured=lambda view: view):
    standpoint = standpoint or Standpoint()
    return standpoint, [standpoint.take(sample, measured, judged=judged) for sample in samples]


@pytest.fixture(scope="module")
def squats():
    """A squat from either side, the right one first."""
    (right,), (left,) = (learned(squat_track(faces_left=left)).steps for left in (False, True))
    return routine_of(replace(right, views={**right.views, **left.views}))


# -- the way somebody is turned --


@pytest.mark.parametrize(
    ("xy", "view"),
    [
        (front_pose(), View.FRONT),
        (LEFTWARDS, View.LEFT),
        (RIGHTWARDS, View.RIGHT),
        (side_pose(trunk_deg=150.0), View.LEFT),
        (side_pose(trunk_deg=150.0, faces_left=False), View.RIGHT),
    ],
    ids=["front", "left", "right", "left-bent-down", "right-bent-down"],
)
def test_a_view_is_told_from_shoulders_and_face(xy, view):
    assert facing_after(posed((xy, 1.0))).view is view


def test_somebody_who_walks_across_the_picture_does_not_stand_yet():
    facing = facing_after(posed((RIGHTWARDS, 3.0), x_from=-4.0))

    assert facing.view is View.RIGHT
    assert facing.steady_s < 0.1


def test_somebody_who_sways_stands():
    samples = posed((front_pose(), 4.0))
    swaying = [
        replace(s, origin_xy=s.origin_xy + np.array([15.0 * np.sin(2 * s.captured_at), 0.0])) for s in samples
    ]

    assert facing_after(swaying).steady_s > 3.5


def test_somebody_half_turned_does_not_flicker_between_views():
    """The shoulders as wide as at the limit, give or take a twentieth."""
    rng = np.random.default_rng(4)
    facing, views = Facing(), []
    for sample in posed((front_pose(), 20.0)):
        xy = sample.xy.copy()
        xy[:, 0] *= (0.5 + rng.uniform(-0.05, 0.05)) / 0.74
        facing.look(replace(sample, xy=xy))
        views.append(facing.view)

    assert len(set(views)) == 1


def test_a_gap_starts_anew():
    samples = posed((front_pose(), 2.0)) + posed((LEFTWARDS, 0.2), start_s=9.0)
    facing = facing_after(samples)

    assert facing.view is View.LEFT
    assert facing.steady_s < 0.3


# -- what waits until it is clear --


def test_what_was_done_before_the_view_is_known_is_gone_through_then():
    samples = posed((front_pose(), 2.0))
    standpoint, batches = taken(samples)

    assert standpoint.view is View.FRONT
    first = next(number for number, batch in enumerate(batches) if batch)
    assert samples[first].captured_at == pytest.approx(SETTLED_S, abs=0.1)
    assert [sample for batch in batches for sample in batch] == samples


def test_walking_in_is_not_gone_through():
    walk = posed((RIGHTWARDS, 3.0), x_from=-4.0)
    stand = posed((front_pose(), 2.0), start_s=3.0)
    standpoint, batches = taken(walk + stand)
    released = [sample for batch in batches for sample in batch]

    assert standpoint.view is View.FRONT
    assert released[-1] is stand[-1]
    assert released[0].captured_at >= 2.9


@pytest.mark.parametrize(("judged", "turned_s"), [(False, SETTLED_S), (True, TURNED_S)])
def test_turning_takes_longer_once_something_was_judged(judged, turned_s):
    standpoint, _ = taken(posed((front_pose(), 2.0)))
    turned = posed((LEFTWARDS, 4.0), start_s=2.0)
    _, batches = taken(turned, standpoint, judged=judged)

    found = next(sample.captured_at for sample, batch in zip(turned, batches, strict=True) if len(batch) > 1)
    assert standpoint.view is View.LEFT
    assert found - 2.0 == pytest.approx(turned_s, abs=0.4)
    assert batches[-1] == [turned[-1]]


def test_looking_aside_for_a_moment_loses_nothing():
    samples = posed((front_pose(), 2.0), (LEFTWARDS, 1.0), (front_pose(), 1.0))
    standpoint, _ = taken(samples[:30])
    _, batches = taken(samples[30:], standpoint, judged=True)

    assert [] in batches
    assert standpoint.view is View.FRONT
    assert [sample for batch in batches for sample in batch] == samples[30:]


def test_turning_does_not_matter_to_what_is_measured_the_same():
    standpoint, _ = taken(posed((front_pose(), 2.0)), measured=lambda view: "the only view")
    turned = posed((LEFTWARDS, 1.0), start_s=2.0)
    _, batches = taken(turned, standpoint, measured=lambda view: "the only view")

    assert batches == [[sample] for sample in turned]


def test_somebody_who_never_stands_still_is_taken_as_they_mostly_were():
    walk = posed((RIGHTWARDS, 3.0), x_from=-4.0)
    standpoint, _ = taken(walk)

    assert standpoint.view is None
    assert standpoint.end() == walk
    assert standpoint.view is View.RIGHT


def test_going_on_for_ever_does_not_wait_for_ever():
    there_and_back = [posed((RIGHTWARDS, 3.0), x_from=-4.0 + way, start_s=way) for way in (0.0, 3.0, 6.0)]
    standpoint, batches = taken([sample for part in there_and_back for sample in part])

    assert standpoint.view is View.RIGHT
    assert any(batches)


# -- a whole session --


def test_the_view_is_that_of_somebody_who_has_walked_in_and_turned(squats):
    walk = still_track(LEFTWARDS, duration_s=2.0)
    walk = replace_x(walk, np.linspace(-300.0, 0.0, len(walk.frames)))
    made = report(performance(joined(walk, squat_track(reps=2, faces_left=False)), squats))

    assert made["view"] == "right"
    assert [rep["verdict"] for rep in made["reps"]] == ["good", "good"]
    assert made["coverage"] == 1.0


def test_somebody_who_faces_the_camera_first_and_then_turns_is_judged_from_the_side(squats):
    """The front is measured by the first view there is, which is the other side."""
    made = report(performance(joined(still_track(duration_s=3.0), squat_track(reps=2)), squats))

    assert made["view"] == "left"
    assert [rep["verdict"] for rep in made["reps"]] == ["good", "good"]


def test_turning_between_repetitions_goes_on_from_the_other_side(squats):
    track = joined(squat_track(reps=2), squat_track(reps=2, faces_left=False))
    done = performance(track, squats)

    assert [part.verdict for part in done.parts] == [Verdict.GOOD] * 4
    assert [part.index for part in done.parts] == [0, 1, 2, 3]
    assert done.score >= 97
    assert done.view is View.LEFT


def test_what_was_good_before_turning_counts_towards_the_target(squats):
    asked = routine_of(replace(squats.steps[0], reps=3))
    session = Session(asked, options=SessionOptions(gated=False))
    for frame in joined(squat_track(reps=2), squat_track(reps=2, faces_left=False)):
        session.advance(frame.at_s, [frame.pose])

    assert session.performance is not None
    assert len(session.performance.parts) == 3


def test_somebody_who_turns_away_in_the_end_has_done_nothing_more(squats):
    track = joined(squat_track(reps=2), still_track(RIGHTWARDS, duration_s=1.0))

    assert len(performance(track, squats).parts) == 2


def test_a_recording_shorter_than_it_takes_to_settle_is_judged_all_the_same():
    routine = learned(arm_raise_track())
    made = report(performance(still_track(duration_s=0.4), routine))

    assert made["view"] == "front"
    assert made["reason"] == "no repetition was seen"


def test_a_hidden_side_is_told_though_nobody_knows_the_view():
    made = report(performance(still_track(hidden=LEFT_SIDE), learned(arm_raise_track())))

    assert made["reason"].startswith("your left side is hidden")


def replace_x(track, shifts_px):
    frames = [
        replace(
            frame,
            pose=replace(frame.pose, keypoints_xy=frame.pose.keypoints_xy + np.array([shift, 0.0])),
        )
        for frame, shift in zip(track.frames, shifts_px, strict=True)
    ]
    return replace_frames(track, frames)


def replace_frames(track, frames):
    return type(track)(track.image_wh, frames)
