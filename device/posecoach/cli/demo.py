"""``posecoach demo``: one whole session, camera to summary, on a recording."""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.cli.recordings import add_model_option, open_estimator, track_video
from posecoach.cli.sitting import Sitting, summary_lines
from posecoach.coach.learn import learn
from posecoach.coach.routine import Routine
from posecoach.coach.session import Session
from posecoach.coach.view import Stage, StepKind
from posecoach.errors import InputMissing, OutputError
from posecoach.ports import Display

VIDEO: Final = Path("data") / "video" / "tfjs" / "pose_squats.mp4"
SOURCE: Final = "https://github.com/tensorflow/tfjs-models (pose-detection/test_data/pose_squats.mp4)"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "demo",
        help="one whole session on a recording, to a video and a picture",
        description="Learn a squat from a recording of a person, coach the same recording from the first "
        "frame to the summary, and leave a video and a picture of the screen. Opens a window where "
        "there is a desktop.",
    )
    command.add_argument("--camera", metavar="file:PATH", help="another video of a repeated movement")
    command.add_argument("--output", type=Path, default=Path("posecoach-demo"), metavar="FOLDER")
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show what the coach does."""
    from posecoach.adapters.file_camera import FileCamera
    from posecoach.adapters.pictures import write_png
    from posecoach.app import has_desktop, open_display

    video = Path(arguments.camera.removeprefix("file:")) if arguments.camera else shared_video()
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{arguments.output}: cannot make the folder: {error.strerror}") from error
    film, still = arguments.output / "session.mp4", arguments.output / "session.png"
    best = BestMoment()
    with ExitStack() as stack:
        estimator = stack.enter_context(open_estimator(arguments.model))
        print(f"learning the movement from {video}")
        learned = learn([track_video(video, estimator)], StepKind.REPS)
        print(f"  {learned.notes[0]}")
        routine = Routine("demo", "Squat", (replace(learned.step, reps=learned.examples),))
        print("coaching the same recording")
        window = has_desktop()
        camera = stack.enter_context(FileCamera(video))
        display = stack.enter_context(open_display("window" if window else "headless"))
        sitting = Sitting(
            stack,
            camera,
            estimator,
            display,
            record=film,
            keep_history=False,
            paced=window,
            limit_s=None,
            watch=best.watch,
        )
        performances = sitting.coach(routine)
    for performance in performances:
        print("\n".join(summary_lines(performance)))
    print(f"the session as a video: {film}")
    if best.pixels is not None:
        write_png(still, best.pixels)
        print(f"one moment of it:       {still}")
    return 0


class BestMoment:
    """Keeps the picture of the deepest moment of the last repetition, for people who only look once."""

    def __init__(self) -> None:
        """Start without one."""
        self.pixels: NDArray[np.uint8] | None = None
        self._reach = 0.0
        self._reps = 0

    def watch(self, session: Session, display: Display) -> None:
        """Look at what is shown now."""
        if session.stage is not Stage.ACTIVE:
            return
        view = session.view(session.now)
        if len(view.reps) != self._reps:
            self._reps, self._reach = len(view.reps), 0.0
        if view.best_reach is not None and view.reach is not None and view.reach > self._reach:
            self._reach = view.reach
            self.pixels = display.pixels()


def shared_video() -> Path:
    """The exercise video beside the checkout.

    Raises:
        InputMissing: It is not there; says what to fetch.
    """
    checkout = Path(__file__).resolve().parents[3]
    shared = Path(os.environ.get("POSECOACH_SHARED", checkout.parent / "shared"))
    if not (shared / VIDEO).is_file():
        raise InputMissing(
            f"the demo plays {shared / VIDEO}, which is not here; fetch pose_squats.mp4 from "
            f"{SOURCE} and run: posecoach demo --camera file:pose_squats.mp4 (or set POSECOACH_SHARED to the "
            "folder that holds data/ and models/)"
        )
    return shared / VIDEO
