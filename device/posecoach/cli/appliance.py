"""The appliance: camera and network as processes that are replaced when they fail, and a steady screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from posecoach import app
from posecoach.adapters.data_home import data_home
from posecoach.adapters.systemd_notify import notifier
from posecoach.cli.aloud import Aloud, MakeVoice, open_aloud
from posecoach.cli.journal import log_to_stderr
from posecoach.cli.live_sitting import LiveSitting, Watch
from posecoach.cli.programmes_here import DayOf
from posecoach.cli.recorded import records_here
from posecoach.cli.recordings import ModelChoice, open_estimator, routines, stored_model
from posecoach.cli.settings import Setup
from posecoach.cli.sitting import nothing
from posecoach.cli.stick import MountedStick
from posecoach.coach.adapt import require_doable
from posecoach.coach.events import Event
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.routine import Routine
from posecoach.coach.summary import Performance
from posecoach.errors import PosecoachError
from posecoach.live import Live
from posecoach.ports import Camera, Display, PoseEstimator
from posecoach.service.board import Board
from posecoach.service.child_camera import ChildCamera
from posecoach.service.child_estimator import ChildEstimator, opened_warm
from posecoach.service.coral_usb import CoralUsb
from posecoach.service.faults import Injection, of_part
from posecoach.service.faulty import (
    open_faulty_camera,
    open_faulty_display,
    open_faulty_estimator,
    open_faulty_voice,
)
from posecoach.service.heartbeat import Heartbeat, watchdog_interval_s
from posecoach.service.kept_model import KeptModel
from posecoach.service.ladder import ESTIMATOR_LADDER, TPU_LADDER, Climb, Remedy
from posecoach.service.last_resort import LastResort
from posecoach.service.spawned import Spawned
from posecoach.service.steady_camera import SteadyCamera
from posecoach.service.steady_display import SteadyDisplay, connectors_in_use
from posecoach.service.steady_estimator import SteadyEstimator
from posecoach.service.tried_screen import TriedScreen, why_not

_TPU: Final = "-edgetpu"
_FALLBACKS: Final = ("movenet-lightning", "posenet-mobilenet-075-353x481")
"""The processor's models that are quick enough to coach with, best first."""

DisplayMode = Literal["auto", "fullscreen", "window", "headless"]


@dataclass(frozen=True, slots=True)
class ApplianceOptions:
    """What a command line says about the appliance.

    Attributes:
        camera: As for ``--camera``, live.
        model: As for ``--model``.
        display: As for ``--display``.
        record: Where the screen is recorded to.
        keep_history: Whether finished repetitions are stored.
        person: Whose they are; `None` of nobody in particular.
        forgetful: Whether what was done is not even remembered: a kiosk is for whoever comes.
        recording: Whether new movements can be recorded at the screen.
        start_by_itself: Whether whoever just begins to move, instead of choosing, is recognised.
        programmes: What this person was given to do.
        straight: Whether whoever comes goes on with the first of them without having to choose it.
        limit_s: When to stop, `None` never.
        injections: What goes wrong.
        setup: How the box is set.
    """

    camera: str
    model: ModelChoice
    display: DisplayMode = "auto"
    record: Path | None = None
    keep_history: bool = True
    person: NamedPerson | None = None
    forgetful: bool = False
    recording: bool = False
    start_by_itself: bool = False
    programmes: tuple[DayOf, ...] = ()
    straight: bool = False
    limit_s: float | None = None
    injections: tuple[Injection, ...] = ()
    setup: Setup = field(default_factory=Setup)


def run_appliance(
    options: ApplianceOptions,
    routines: Sequence[Routine],
    *,
    watch: Watch | None = None,
    told: Callable[[Event], None] = nothing,
) -> list[Performance]:
    """Coach whoever comes, until somebody quits, whatever fails.

    Args:
        options: See there.
        routines: To choose from; a single one begins by itself.
        watch: Called after every scene that was shown.
        told: Called with every event, once it is stored.

    Raises:
        ModelUnavailable: The model is not on this box.
        RestartWanted: Only a new start can help; what was done until now is kept.
    """
    log_to_stderr()
    begun_at = time.monotonic()
    stored_model(options.model)  # a wrong name is said at once, and not on the screen
    board = Board()
    heartbeat = Heartbeat(notifier(), interval_s=watchdog_interval_s(), now=begun_at)
    last_resort = LastResort(data_home() / "service-state.json")
    with ExitStack() as stack:
        display = stack.enter_context(open_screen(options, board, begun_at))
        sitting = LiveSitting(
            stack,
            display,
            board,
            heartbeat,
            record=options.record,
            keep_history=options.keep_history,
            person=options.person,
            forgetful=options.forgetful,
            start_by_itself=options.start_by_itself,
            stick=_stick(stack, options),
            programmes=options.programmes,
            straight=options.straight,
            limit_s=options.limit_s,
            session=options.setup.session,
            look=options.setup.look,
            wishes_folder=data_home() if options.keep_history else None,
            records=records_here(stack, options.setup.session) if options.recording else None,
            watch=watch,
            told=told,
            aloud=_aloud(stack, options, begun_at),
        )
        live = open_live(stack, options, board, last_resort, begun_at, sitting.between_reps)
        stack.callback(heartbeat.stopping)  # first of all
        return sitting.coach(routines, live)


def open_live(
    stack: ExitStack,
    options: ApplianceOptions,
    board: Board,
    last_resort: LastResort,
    begun_at: float,
    may_change: Callable[[], bool],
) -> Live:
    """Camera and network as processes that are replaced when they fail; `stack` ends them.

    Args:
        stack: See there.
        options: What a command line says.
        board: Where troubles are told.
        last_resort: What to do when nothing helps.
        begun_at: When it all began, on the monotonic clock.
        may_change: Whether another network may take over now.
    """
    estimator = _estimator(options, board, begun_at, may_change)
    camera = _camera(options, board, last_resort, begun_at)
    live = Live(camera, estimator.estimate, prepare=partial(estimator.start, _known_picture))
    stack.callback(estimator.let_go)
    stack.callback(live.stop)
    stack.enter_context(estimator)
    stack.enter_context(camera)
    return live


def _camera(
    options: ApplianceOptions, board: Board, last_resort: LastResort, begun_at: float
) -> SteadyCamera:
    source = options.camera
    if source.startswith("synthetic") and "since=" not in source:
        source = f"{source},since={begun_at:.3f}"  # the athlete goes on while nobody watches
    make: Callable[[], Camera] = partial(app.open_camera, source)
    if faults := of_part(options.injections, "camera"):
        make = partial(open_faulty_camera, make, faults, begun_at)
    prepare = partial(app.import_camera, source)
    return SteadyCamera(
        lambda spare: ChildCamera(make, child=spare or Spawned(prepare)),
        board,
        last_resort,
        spare=lambda: Spawned(prepare),
    )


def _estimator(
    options: ApplianceOptions, board: Board, begun_at: float, between_reps: Callable[[], bool]
) -> SteadyEstimator:
    faults = of_part(options.injections, "estimator")
    wanted = stored_model(options.model).model_id
    if not wanted.endswith(_TPU):
        model = _kept(options.model, wanted, Climb(ESTIMATOR_LADDER), faults, begun_at)
        return SteadyEstimator(model, board, may_change=between_reps)
    usb = CoralUsb()
    fallback = _fallback(options.model, wanted)
    possible = usb.possible | {Remedy.NEW_CHILD, Remedy.ASK}
    if fallback is not None:
        possible |= {Remedy.OTHER_MODEL}
    return SteadyEstimator(
        _kept(
            options.model,
            wanted,
            Climb(TPU_LADDER, possible=possible),
            faults,
            begun_at,
            present=lambda: usb.attached,
        ),
        board,
        fallback=fallback and _kept(fallback, fallback.name or "", Climb(ESTIMATOR_LADDER), (), begun_at),
        usb=usb,
        may_change=between_reps,
    )


def _kept(
    choice: ModelChoice,
    model_id: str,
    climb: Climb,
    faults: Sequence[Injection],
    begun_at: float,
    present: Callable[[], bool] = lambda: False,
) -> KeptModel:
    make: Callable[[], PoseEstimator] = partial(open_estimator, choice, probe=False)
    warm: Callable[[], PoseEstimator] = partial(opened_warm, make)
    if faults:
        make = partial(open_faulty_estimator, make, faults, begun_at)
        warm = partial(open_faulty_estimator, warm, faults, begun_at)

    def start(spare: Spawned | None, picture: NDArray[np.uint8]) -> ChildEstimator:
        return ChildEstimator(make, child=spare or Spawned(app.import_estimator), picture=picture)

    def stand_by() -> Spawned:
        spare = Spawned(app.import_estimator)
        if not model_id.endswith(_TPU):  # a stick is of one process at a time
            spare.open(warm)
        return spare

    return KeptModel(model_id, start, climb, spare=stand_by, present=present)


def _fallback(choice: ModelChoice, wanted: str) -> ModelChoice | None:
    """The processor's model for when the stick does not work: the same, or another that is on this box."""
    for model_id in (wanted.removesuffix(_TPU), *_FALLBACKS):
        candidate = choice._replace(name=model_id, tpu=None)
        try:
            stored_model(candidate)
        except PosecoachError:
            continue
        return candidate
    return None


def open_screen(options: ApplianceOptions, board: Board, begun_at: float) -> Display:
    """The screen that is there now, or comes to be."""
    make: Callable[[], Display] = partial(app.open_display, options.display, keys=options.setup.keys)
    if faults := of_part(options.injections, "display"):
        make = partial(open_faulty_display, make, faults, begun_at)
    watched = options.display in ("auto", "fullscreen") and not app.has_desktop()
    if watched:
        make = TriedScreen(make, data_home() / "screen-opening", partial(why_not, options.display))
    plugged: Callable[[], Any] = connectors_in_use if watched else lambda: None
    return SteadyDisplay(make, board, plugged=plugged)


def _aloud(stack: ExitStack, options: ApplianceOptions, begun_at: float) -> Aloud:
    faults = of_part(options.injections, "voice")

    def spoil(make: MakeVoice) -> MakeVoice:
        return partial(open_faulty_voice, make, faults, begun_at) if faults else make

    return open_aloud(
        stack,
        options.setup.sound,
        heard=True,
        filmed=options.record is not None,
        words=options.setup.look.words,
        spoil=spoil,
    )


def _stick(stack: ExitStack, options: ApplianceOptions) -> MountedStick | None:
    def load(id_: str) -> Routine:
        routine = routines().load(id_)
        require_doable(routine, options.setup.session.body)
        return routine

    folder = options.setup.stick_folder
    return None if folder is None else stack.enter_context(MountedStick(folder, load))


def _known_picture() -> NDArray[np.uint8]:
    """The athlete: the model that ships sees him, and any other says the same of him each time."""
    from posecoach.synthetic.camera import SyntheticCamera

    with SyntheticCamera("squat,seed=3,size=320x180") as camera:
        return next(camera.frames()).image
