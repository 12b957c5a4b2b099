"""``posecoach run``: the appliance."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from posecoach.cli.aloud import SoundOptions, open_aloud
from posecoach.cli.body import add_body_options, body_of
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, routines
from posecoach.cli.settings import session_options, settings_for, sound_options
from posecoach.cli.sitting import Sitting, seconds, summary_lines
from posecoach.coach.adapt import require_doable
from posecoach.coach.routine import Routine
from posecoach.coach.session import SessionOptions
from posecoach.coach.summary import Performance
from posecoach.errors import InputMissing
from posecoach.service.faults import FaultError, Injection


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "run",
        help="the appliance: watch, score, coach",
        description="Watch a person do a routine, score it and say what to change, on the screen. Ends "
        "with Esc, Q or the end of a recording; a live camera waits for the next person. Before a live "
        "camera, camera and network are processes of their own, which are replaced when they fail.",
    )
    command.add_argument(
        "--camera",
        metavar="SRC",
        help="auto (the default, see `posecoach config`), picamera2, v4l2:/dev/video0, file:PATH (a video or "
        "a folder of pictures) "
        "or synthetic[:MOTION[,reps=5][,seed=3][,view=left][,fault=shallow:0.4@2]], the built-in athlete",
    )
    command.add_argument(
        "--routine", metavar="ID", help="see `posecoach routine list`; needed unless exactly one is your own"
    )
    command.add_argument("--display", choices=["auto", "fullscreen", "window", "headless"])
    command.add_argument("--duration", type=seconds, metavar="S", help="stop after so many seconds")
    command.add_argument("--record-screen", type=Path, metavar="OUT.mp4", help="record what the screen shows")
    command.add_argument(
        "--sound",
        choices=["on", "off", "only"],
        help="only: more is said, for whoever does not see the screen",
    )
    command.add_argument(
        "--cue-sheet",
        type=Path,
        metavar="OUT.txt",
        help="write down what was said when, and what for; as JSON lines where it ends in .jsonl",
    )
    command.add_argument("--no-history", action="store_true", help="keep nothing of this session")
    add_body_options(command)
    command.add_argument(
        "--in-process",
        action="store_true",
        help="run camera and network inside this process, as for a recording: nothing is replaced when it "
        "fails, and every frame waits for the network",
    )
    command.add_argument(
        "--inject",
        action="append",
        default=[],
        metavar="PART:FAULT@S",
        help="have a part fail after so many seconds, as often as wanted, to see what the coach does: "
        "camera:stall|black|unplug|kill|stop, estimator:kill|stop|abort|hang|slow|nonsense, display:gone; "
        "as in camera:stall@5s, estimator:slow*20@10s+5s (twenty times slower, for 5 s)",
    )
    add_model_option(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Coach until told to stop."""
    from posecoach.app import is_live

    configuration = settings_for(arguments)
    injections = tuple(map(Injection.parse, arguments.inject))
    steady = is_live(arguments.camera) and not arguments.in_process and sys.platform == "linux"
    if injections and not steady:
        raise FaultError("--inject needs a live camera, such as synthetic:squat,live=1, and no --in-process")
    routine, body = _routine(arguments.routine), body_of(arguments)
    require_doable(routine, body)
    session, sound = session_options(configuration, body), sound_options(configuration, arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    performances = (
        _steady(arguments, routine, session, sound, injections)
        if steady
        else _in_process(arguments, routine, session, sound)
    )
    for performance in performances:
        print("\n".join(summary_lines(performance)))
    if arguments.record_screen:
        print(f"the screen was recorded to {arguments.record_screen}")
    return 0


def _steady(
    arguments: argparse.Namespace,
    routine: Routine,
    session: SessionOptions,
    sound: SoundOptions,
    injections: tuple[Injection, ...],
) -> list[Performance]:
    from posecoach.cli.appliance import ApplianceOptions, run_appliance

    options = ApplianceOptions(
        camera=arguments.camera,
        model=model_choice(arguments),
        display=arguments.display,
        record=arguments.record_screen,
        keep_history=not arguments.no_history,
        limit_s=arguments.duration,
        injections=injections,
        session=session,
        sound=sound,
    )
    return run_appliance(options, routine)


def _in_process(
    arguments: argparse.Namespace, routine: Routine, session: SessionOptions, sound: SoundOptions
) -> list[Performance]:
    from posecoach.app import open_camera, open_display

    with ExitStack() as stack:
        camera = stack.enter_context(open_camera(arguments.camera))
        estimator = stack.enter_context(open_estimator(model_choice(arguments)))
        display = stack.enter_context(open_display(arguments.display))
        paced = arguments.display != "headless"
        filmed = arguments.record_screen is not None
        sitting = Sitting(
            stack,
            camera,
            estimator,
            display,
            record=arguments.record_screen,
            keep_history=not arguments.no_history,
            paced=paced,
            limit_s=arguments.duration,
            session=session,
            aloud=open_aloud(stack, sound, heard=paced or camera.live, filmed=filmed),
        )
        return sitting.coach(routine)


def _routine(given: str | None) -> Routine:
    store = routines()
    if given is not None:
        return store.load(given)
    own = store.own_ids()
    if len(own) != 1:
        raise InputMissing(f"--routine ID is needed; there are: {', '.join(store.ids())}")
    return store.load(own[0])


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Let systemd's SIGTERM end a session as Ctrl-C does: recorded, stored and closed."""
    raise KeyboardInterrupt
