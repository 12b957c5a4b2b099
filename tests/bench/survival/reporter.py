"""Runs in a box in the place of ``posecoach run``: the same, but it writes down what the screen has shown.

The last lines of /told are what somebody before the screen knows: a frame was scored, a repetition counted.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace

from posecoach.cli.appliance import run_appliance
from posecoach.cli.appliance_options import ApplianceOptions
from posecoach.cli.recordings import ModelChoice, routines
from posecoach.coach.events import PartFinished, Started
from posecoach.coach.records import rep_record
from posecoach.coach.view import Stage

CAMERA = "synthetic:squat,live=1,view=left,size=320x180,rate=15,reps=500,seed=3"


def main() -> None:
    file = os.open("/told/lines", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    begun_at, told_at = [0.0], [0.0]

    def line(text: str) -> None:
        os.write(file, f"{time.monotonic():.3f} {text}\n".encode())

    def told(event):
        if isinstance(event, Started):
            begun_at[0] = event.at_s
        elif isinstance(event, PartFinished):
            start_s, end_s = (max(at_s - begun_at[0], 0.0) for at_s in (event.part.start_s, event.part.end_s))
            rep = rep_record(event.step, replace(event.part, start_s=start_s, end_s=end_s))
            line(f"counted {rep.start_s} {rep.end_s} {rep.score}")

    def watch(session, _display, turn):
        scored = [looked.frame.captured_at for looked in turn.looked if looked.poses]
        if session.stage is Stage.ACTIVE and scored and turn.now - told_at[0] > 0.1:
            told_at[0] = turn.now
            line(f"scored {scored[-1]:.3f}")

    routine = routines().load("squat")
    routine = replace(routine, steps=(replace(routine.steps[0], reps=500),))
    model = ModelChoice(name="posecoach-athlete", num_threads=1, camera="synthetic")
    line("started")
    run_appliance(ApplianceOptions(CAMERA, model, "headless"), [routine], watch=watch, told=told)


if __name__ == "__main__":
    main()
