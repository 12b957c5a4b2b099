"""Each starter routine done well, live, by somebody who had no part in making it: counted, and good."""

from __future__ import annotations

import pytest

from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.coach.report import report
from posecoach.coach.session import Session
from posecoach.coach.view import StepKind
from posecoach.synthetic.athlete import Athlete
from posecoach.synthetic.motions import MOTIONS
from posecoach.synthetic.view_camera import VIEW_YAW_DEG, ViewCamera

REPS = 3
GOOD = 90.0
COUNTED_IN_S = 6.0


@pytest.mark.parametrize("name", MOTIONS)
def test_somebody_else_who_does_it_well_is_counted_and_good(name):
    routine = RoutineFolders(STARTER, read_track=read_track, write_track=write_track).load(name)
    (step,) = routine.steps
    reps = REPS if step.kind is StepKind.REPS else 1
    athlete = Athlete(
        MOTIONS[name],
        camera=ViewCamera(yaw_deg=VIEW_YAW_DEG[step.best_views[0]]),
        reps=reps,
        seed=50,
        lead_s=COUNTED_IN_S,
    )
    session = Session(routine)
    for frame in athlete.truth(0.0, athlete.duration_s, 15.0):
        session.advance(frame.at_s, [frame.pose] if frame.pose else [])
    outcome = report(session.finish(athlete.duration_s))

    done = outcome["holds"] if step.kind is StepKind.HOLD else outcome["reps"]
    assert [part["verdict"] for part in done] == ["good"] * reps
    assert outcome["score"] >= GOOD
    assert outcome["view"] == step.best_views[0]
    if step.kind is StepKind.HOLD:
        assert done[0]["held_s"] >= step.hold_s - 0.1
