"""``posecoach run``: the appliance."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from posecoach.adapters._languages_here import languages
from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.cli.aloud import open_aloud
from posecoach.cli.appliance_options import ApplianceOptions
from posecoach.cli.body import add_body_options, body_known, body_of, person
from posecoach.cli.ending import end_as_by_ctrl_c
from posecoach.cli.programmes_here import DayOf, day_of, given_days, programmes
from posecoach.cli.recordings import add_model_option, model_choice, open_estimator, routines
from posecoach.cli.settings import Setup, body_here, require_nothing_kept, settings_for, setup_of
from posecoach.cli.sitting import Sitting, seconds, summary_lines
from posecoach.coach.adapt import doable, require_doable
from posecoach.coach.body_limits import BodyDifferences
from posecoach.coach.look import PictureMode
from posecoach.coach.routine import Routine
from posecoach.coach.summary import Performance
from posecoach.errors import InputMissing, PosecoachError, ProgrammeError
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
        "--routine",
        metavar="ID",
        help="see `posecoach routine list`; without it whoever stands before a live camera chooses",
    )
    command.add_argument(
        "--programme",
        metavar="ID",
        help="go on with a programme, see `posecoach programme list`; without it, those that --person was "
        "given stand first among what can be chosen",
    )
    command.add_argument("--display", choices=["auto", "fullscreen", "window", "headless"])
    command.add_argument("--language", choices=languages(), help="of screen and voice")
    command.add_argument(
        "--picture",
        choices=[str(mode) for mode in PictureMode],
        help="what of you is shown: the camera's picture, a filled figure, or the skeleton alone",
    )
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
    command.add_argument(
        "--person", type=person, metavar="NAME", help="whose session it is; nobody in particular without"
    )
    command.add_argument(
        "--kiosk", action="store_true", help="for whoever comes: nobody has a name, and nothing is kept"
    )
    command.add_argument(
        "--start-by-itself",
        action="store_true",
        help="whoever just begins to move where they could choose is recognised, and it counts",
    )
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
        "camera:stall|black|unplug|kill|stop, estimator:kill|stop|abort|hang|slow|nonsense, display:gone, "
        "voice:kill|stop|abort|hang; "
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
    if arguments.kiosk:
        require_nothing_kept(arguments)
    body = body_of(arguments, body_known(arguments.person, body_here(configuration)))
    days = _programmes(arguments, body, choice=steady)
    offered = _routines(arguments.routine, choice=steady)
    if len(offered) == 1:
        require_doable(offered[0], body)
    offered = [routine for routine in offered if doable(routine, body)]
    setup = setup_of(configuration, arguments, body)
    end_as_by_ctrl_c()
    performances = (
        _steady(arguments, offered, setup, injections, days)
        if steady
        else _in_process(arguments, offered[0], setup)
    )
    for performance in () if arguments.kiosk else performances:  # the journal is kept
        print("\n".join(summary_lines(performance)))
    if arguments.record_screen:
        print(f"the screen was recorded to {arguments.record_screen}")
    return 0


def _steady(
    arguments: argparse.Namespace,
    routines: Sequence[Routine],
    setup: Setup,
    injections: tuple[Injection, ...],
    days: tuple[DayOf, ...] = (),
) -> list[Performance]:
    from posecoach.cli.appliance import run_appliance  # with it comes the camera's and the network's side

    return run_appliance(appliance_options(arguments, setup, injections, days), routines)


def appliance_options(
    arguments: argparse.Namespace,
    setup: Setup,
    injections: tuple[Injection, ...] = (),
    days: tuple[DayOf, ...] = (),
) -> ApplianceOptions:
    """What the command line and the configuration together ask for."""
    return ApplianceOptions(
        camera=arguments.camera,
        model=model_choice(arguments),
        display=arguments.display,
        record=arguments.record_screen,
        keep_history=not arguments.no_history,
        person=arguments.person,
        forgetful=arguments.kiosk,
        recording=arguments.recording,
        start_by_itself=arguments.start_by_itself,
        programmes=days,
        straight=arguments.programme is not None,
        limit_s=arguments.duration,
        injections=injections,
        setup=setup,
    )


def _in_process(arguments: argparse.Namespace, routine: Routine, setup: Setup) -> list[Performance]:
    from posecoach.app import open_camera, open_display

    with ExitStack() as stack:
        camera = stack.enter_context(open_camera(arguments.camera))
        estimator = stack.enter_context(open_estimator(model_choice(arguments)))
        display = stack.enter_context(open_display(arguments.display, keys=setup.keys))
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
            person=arguments.person,
            limit_s=arguments.duration,
            session=setup.session,
            look=setup.look,
            aloud=open_aloud(
                stack, setup.sound, heard=paced or camera.live, filmed=filmed, words=setup.look.words
            ),
        )
        return sitting.coach(routine)


def _programmes(arguments: argparse.Namespace, body: BodyDifferences, *, choice: bool) -> tuple[DayOf, ...]:
    """The programme that is meant, before those that this person was given; none where nobody can choose."""
    if arguments.programme is None:
        given = choice and arguments.routine is None
        return tuple(given_days(arguments.person, body)) if given else ()
    if not choice or arguments.routine is not None:
        raise ProgrammeError("--programme needs a live camera, such as synthetic:live=1, and no --routine")
    store = programmes()
    since = (
        {} if arguments.person is None else {g.programme: g.since for g in store.given_to(arguments.person)}
    )
    programme = store.load(arguments.programme)
    return (day_of(programme, body, since.get(programme.id)),)


def _routines(given: str | None, *, choice: bool) -> list[Routine]:
    """The routine that is meant, or all of them, one's own first, where somebody can choose."""
    store = routines()
    if given is not None:
        return [store.load(given)]
    own = store.own_ids()
    if choice:
        return list(_loadable(store, (*own, *(name for name in store.ids() if name not in own))))
    if len(own) != 1:
        raise InputMissing(f"--routine ID is needed; there are: {', '.join(store.ids())}")
    return [store.load(own[0])]


def _loadable(store: RoutineFolders, names: Sequence[str]) -> Iterator[Routine]:
    """Those that can be loaded: a broken one must not keep somebody from the others."""
    for name in names:
        try:
            yield store.load(name)
        except PosecoachError as error:
            print(f"posecoach: left out: {error}", file=sys.stderr, flush=True)
