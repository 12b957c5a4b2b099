"""``posecoach demo``: two whole sessions with the built-in athlete, camera to summary."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from posecoach.adapters.routine_folder import STARTER, RoutineFolders
from posecoach.adapters.track_file import read_track, write_track
from posecoach.cli.aloud import SoundOptions, open_aloud
from posecoach.cli.moments import Moments
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, routines, track_video
from posecoach.cli.sitting import Sitting, seconds, summary_lines
from posecoach.cli.transcript import Act, transcript, transcript_lines
from posecoach.coach.learn import learn
from posecoach.coach.report import report
from posecoach.coach.routine import Routine, View
from posecoach.coach.summary import summary_view
from posecoach.coach.view import StepKind
from posecoach.errors import InputMissing, OutputError
from posecoach.ports import Camera, PoseEstimator

ACTS: Final[tuple[Act, ...]] = (
    Act("squat", View.LEFT, 3),
    Act(
        "shoulder_abduction",
        View.FRONT,
        4,
        ("low_arm.left:35", "shallow:0.35", "lean.right:20", "asymmetry.right:0.3"),
    ),
)
"""One routine done well, and one with a fault in every repetition."""
RATE_HZ: Final = 15.0
"""Frames a second of the athlete's camera: a box without a TPU sees as many, and it is quick anywhere."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "demo",
        help="two whole sessions with the built-in athlete, to a video and a picture",
        description="The built-in athlete does two routines before a painted camera, one well and one with "
        "a fault in every repetition; the coach watches through its network, counts, scores, names the "
        "faults and sums up. Needs no camera, no download and no network. Opens a window where there is a "
        "desktop, and leaves a video and a picture of the screen.",
    )
    command.add_argument(
        "--duration", type=seconds, metavar="S", help="do each routine for about so many seconds"
    )
    command.add_argument("--seed", type=int, default=11, metavar="N", help="of the athletes and their rooms")
    command.add_argument("--json", action="store_true", help="what was done wrong and what was said, as JSON")
    command.add_argument(
        "--camera",
        metavar="SRC",
        help="coach somebody else, see `posecoach run`; a video of a repeated movement is its own routine",
    )
    command.add_argument("--routine", metavar="ID", help="with --camera: the routine to coach")
    command.add_argument("--output", type=Path, default=Path("posecoach-demo"), metavar="FOLDER")
    command.add_argument(
        "--sound", choices=["on", "off"], default="on", help="of the window and of the video"
    )
    add_model_option(command)
    command.set_defaults(run=run, refuse=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Show what the coach does."""
    if arguments.routine and not arguments.camera:
        arguments.refuse("--routine goes with --camera; the athlete does the same two every time")
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{arguments.output}: cannot make the folder: {error.strerror}") from error
    return _somebody(arguments) if arguments.camera else _athlete(arguments)


def starter(act: Act) -> Routine:
    """The routine that ships for what the athlete does, as many repetitions as it does."""
    store = RoutineFolders(STARTER, read_track=read_track, write_track=write_track)
    routine = store.load(act.motion)
    return replace(routine, steps=(replace(routine.steps[0], reps=act.reps),))


def _athlete(arguments: argparse.Namespace) -> int:
    from posecoach.synthetic.camera import SyntheticCamera

    acts = ACTS
    if arguments.duration is not None:
        acts = tuple(act.lasting(arguments.duration) for act in ACTS)
    told = []
    with ExitStack() as stack:
        estimator = stack.enter_context(open_estimator(model_choice(arguments)._replace(camera="synthetic")))
        moments = Moments()
        sitting: Sitting | None = None
        for number, act in enumerate(acts):
            scenario = act.scenario(arguments.seed + number, RATE_HZ)
            camera = stack.enter_context(SyntheticCamera(scenario))
            if sitting is None:
                sitting = _sitting(stack, arguments, camera, estimator, moments)
            else:
                sitting.turn_to(camera)
            length_s = sitting.lead_in_s + (camera.duration_s or 0.0)
            moments.begin(f"{act.motion.replace('_', ' ')}, {number + 1} of {len(acts)}", length_s)
            for performance in sitting.coach(starter(act)):  # none where somebody has closed the window
                told.append(transcript(act, scenario, camera.athlete, performance, sitting.lead_in_s))
                moments.end()
                if not arguments.json:
                    print("\n".join(transcript_lines(told[-1])))
                    if advice := summary_view(performance).advice:
                        print(f"  next time: {advice}")
        moments.end()
        model = estimator.model_id
    left = _left(arguments, moments)
    if arguments.json:
        print(json.dumps({"model": model, "seed": arguments.seed, "routines": told, **left}))
    else:
        _say_where(left, "both sessions")
    return 0


def _somebody(arguments: argparse.Namespace) -> int:
    """Coach whoever is before another camera, or in a recording."""
    from posecoach.app import open_camera

    moments = Moments()
    with ExitStack() as stack:
        camera = stack.enter_context(open_camera(arguments.camera))
        estimator = stack.enter_context(open_estimator(model_choice(arguments)))
        known = arguments.routine
        routine = routines().load(known) if known else _learned(arguments, estimator)
        sitting = _sitting(stack, arguments, camera, estimator, moments)
        moments.begin(routine.name, camera.duration_s)
        performances = sitting.coach(routine)
        moments.end()
        model = estimator.model_id
    left = _left(arguments, moments)
    if arguments.json:
        told: list[dict[str, Any]] = [
            {
                "routine": routine.id,
                "name": routine.name,
                "scenario": arguments.camera,
                "report": report(each),
            }
            for each in performances
        ]
        print(json.dumps({"model": model, "seed": None, "routines": told, **left}))
        return 0
    for performance in performances:
        print("\n".join(summary_lines(performance)))
    _say_where(left, "the session")
    return 0


def _learned(arguments: argparse.Namespace, estimator: PoseEstimator) -> Routine:
    """What a recording shows, as a routine for the same recording."""
    video = Path(arguments.camera.removeprefix("file:"))
    if not video.exists():
        raise InputMissing(f"--camera {arguments.camera} needs a routine: add --routine ID")
    learned = learn([track_video(video, estimator)], StepKind.REPS)
    if not arguments.json:
        print(f"learned from {video}: {learned.notes[0]}")
    return Routine("demo", "Exercise", (replace(learned.step, reps=learned.examples),))


def _sitting(
    stack: ExitStack,
    arguments: argparse.Namespace,
    camera: Camera,
    estimator: PoseEstimator,
    moments: Moments,
) -> Sitting:
    from posecoach.app import has_desktop, open_display

    window = has_desktop()
    return Sitting(
        stack,
        camera,
        estimator,
        stack.enter_context(open_display("window" if window else "headless")),
        record=arguments.output / "session.mp4",
        keep_history=False,
        paced=window,
        limit_s=arguments.duration if arguments.camera else None,
        watch=moments.watch,
        aloud=open_aloud(stack, SoundOptions(mode=arguments.sound), heard=window, filmed=True),
    )


def _left(arguments: argparse.Namespace, moments: Moments) -> dict[str, str]:
    """The files that are left, by what they are."""
    from posecoach.adapters.pictures import write_png

    left = {"video": str(arguments.output / "session.mp4")}
    if moments.pixels is not None:
        still = arguments.output / "session.png"
        write_png(still, moments.pixels)
        left["picture"] = str(still)
    return left


def _say_where(left: dict[str, str], what: str) -> None:
    print(f"{what} as a video: {left['video']}")
    if "picture" in left:
        print(f"{'one moment:':{len(what) + 12}} {left['picture']}")
