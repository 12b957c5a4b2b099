"""``posecoach mirror``: whoever stands before the camera, and beside them who in a library stands so."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from posecoach.adapters._languages_here import languages
from posecoach.cli.appliance_options import ApplianceOptions
from posecoach.cli.ending import end_as_by_ctrl_c
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, stored_model
from posecoach.cli.settings import Setup, settings_for, setup_of
from posecoach.cli.shown_library import ShownLibrary
from posecoach.cli.sitting import recorder, seconds
from posecoach.cli.thumbnail_reader import Thumbnails
from posecoach.coach.body_limits import BodyDifferences
from posecoach.coach.look import PictureMode
from posecoach.coach.scene import Scene
from posecoach.coach.view import TroubleView
from posecoach.face.compose_mirror import compose_mirror
from posecoach.face.mirroring import Mirroring
from posecoach.frame_loop import coach_live, ticks_of
from posecoach.library.metric import Metric
from posecoach.live import Looked, Turn
from posecoach.ports import Display


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "mirror",
        help="who in a library of pictures stands like you, live",
        description="Show whoever stands before the camera, and beside them the one in a library who stands "
        "most like them, as they are or mirrored. Nothing of it is kept. Ends with Esc, Q or the end of a "
        "recording.",
    )
    command.add_argument(
        "--library", type=Path, required=True, metavar="LIB", help="see `posecoach library build`"
    )
    command.add_argument("--camera", metavar="SRC", help="as for `posecoach run`")
    command.add_argument("--display", choices=["auto", "fullscreen", "window", "headless"])
    command.add_argument("--language", choices=languages(), help="of the screen")
    command.add_argument(
        "--picture", choices=[str(mode) for mode in PictureMode], help="what of you is shown"
    )
    command.add_argument("--duration", type=seconds, metavar="S", help="stop after so many seconds")
    command.add_argument("--record-screen", type=Path, metavar="OUT.mp4", help="record what the screen shows")
    command.add_argument(
        "--in-process", action="store_true", help="run camera and network inside this process, as a recording"
    )
    add_model_option(command)
    # What a session would have, and the mirror has not.
    command.set_defaults(
        run=run, sound=None, routine=None, person=None, kiosk=False, no_history=True, cue_sheet=None
    )


def run(arguments: argparse.Namespace) -> int:
    """Mirror until told to stop."""
    from posecoach.app import is_live

    steady = is_live(arguments.camera) and not arguments.in_process and sys.platform == "linux"
    with ExitStack() as stack:
        decode = stack.enter_context(Thumbnails()).decoded if steady else None
        library = stack.enter_context(ShownLibrary(arguments.library, decode))
        configuration = settings_for(arguments)
        setup = setup_of(configuration, arguments, BodyDifferences())
        end_as_by_ctrl_c()
        mirroring = Mirroring(library.index, library.named, Metric.WEIGHTED, library.renewed)
        with suppress(KeyboardInterrupt):
            (_steady if steady else _in_process)(arguments, setup, mirroring)
    if arguments.record_screen:
        print(f"the screen was recorded to {arguments.record_screen}")
    return 0


def _steady(arguments: argparse.Namespace, setup: Setup, mirroring: Mirroring) -> None:
    """Before a live camera: camera and network are processes, which are replaced when they fail."""
    from posecoach.adapters.systemd_notify import notifier
    from posecoach.cli.journal import log_to_stderr
    from posecoach.cli.steady_parts import open_live, open_screen
    from posecoach.service.board import Board
    from posecoach.service.heartbeat import Heartbeat, watchdog_interval_s

    log_to_stderr()
    begun_at, board = time.monotonic(), Board()
    options = ApplianceOptions(
        camera=arguments.camera, model=model_choice(arguments), display=arguments.display, setup=setup
    )
    stored_model(options.model)  # a wrong name is said at once, and not on the screen
    heartbeat = Heartbeat(notifier(), interval_s=watchdog_interval_s(), now=begun_at)
    with ExitStack() as stack:
        display = stack.enter_context(open_screen(options, board, begun_at))
        record = recorder(stack, arguments.record_screen, display)
        live = open_live(stack, options, board, begun_at, lambda: True)
        stack.callback(heartbeat.stopping)

        def shown(display: Display, turn: Turn) -> None:
            if record is not None:
                record(display.pixels(), turn.now)
            heartbeat.beat(
                turn.now,
                frame_at=turn.frame_at,
                looked_at=turn.looked_at,
                troubled=board.parts,
                status="mirror",
            )

        coach_live(
            _limited(live.turns(), arguments.duration),
            mirroring,
            display,
            compose=_composer(display, setup, lambda: board.troubles),
            store=lambda event: None,
            shown=shown,
        )


def _in_process(arguments: argparse.Namespace, setup: Setup, mirroring: Mirroring) -> None:
    """A recording: every frame is looked at, and drawn with what was found in it."""
    from posecoach.app import open_camera, open_display

    with ExitStack() as stack:
        camera = stack.enter_context(open_camera(arguments.camera))
        estimator = stack.enter_context(open_estimator(model_choice(arguments)))
        display = stack.enter_context(open_display(arguments.display, keys=setup.keys))
        record = recorder(stack, arguments.record_screen, display)
        paced = arguments.display != "headless"

        def turns() -> Iterator[Turn]:
            looked: list[Looked] = []
            for tick in ticks_of(camera, lead_in_s=0.0, paced=paced, limit_s=arguments.duration):
                if tick.frame is not None:
                    looked.append(Looked(tick.frame, estimator.estimate(tick.frame)))
                if tick.draw:
                    yield Turn(tick.now, tuple(looked), None, 0.0, None, None)
                    looked.clear()

        def shown(display: Display, turn: Turn) -> None:
            if record is not None:
                record(display.pixels(), turn.now if camera.live else None)

        coach_live(
            turns(),
            mirroring,
            display,
            compose=_composer(display, setup, lambda: ()),
            store=lambda event: None,
            shown=shown,
        )


def _composer(
    display: Display, setup: Setup, troubles: Callable[[], tuple[TroubleView, ...]]
) -> Callable[[Mirroring, Turn], Scene]:
    def compose(mirroring: Mirroring, turn: Turn) -> Scene:
        view = mirroring.view(turn.frame, turn.late_s)
        return compose_mirror(view, display.wh, setup.look, troubles())

    return compose


def _limited(turns: Iterator[Turn], limit_s: float | None) -> Iterator[Turn]:
    start: float | None = None
    for turn in turns:
        start = turn.now if start is None else start
        if limit_s is not None and turn.now - start >= limit_s:
            return
        yield turn
