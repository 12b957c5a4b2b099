"""Camera, network and screen as the appliance has them: replaced when they fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach import app
from posecoach.adapters.data_home import data_home
from posecoach.cli.appliance_options import ApplianceOptions
from posecoach.cli.recordings import ModelChoice, open_estimator, stored_model
from posecoach.errors import PosecoachError
from posecoach.live import Live
from posecoach.ports import Camera, Display, PoseEstimator
from posecoach.service.board import Board
from posecoach.service.child_camera import ChildCamera
from posecoach.service.child_estimator import ChildEstimator, opened_warm
from posecoach.service.coral_usb import CoralUsb
from posecoach.service.faults import Injection, of_part
from posecoach.service.faulty import open_faulty_camera, open_faulty_display, open_faulty_estimator
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


def open_live(
    stack: ExitStack,
    options: ApplianceOptions,
    board: Board,
    begun_at: float,
    may_change: Callable[[], bool],
) -> Live:
    """Camera and network as processes that are replaced when they fail; `stack` ends them.

    Args:
        stack: See there.
        options: What a command line says.
        board: Where troubles are told.
        begun_at: When it all began, on the monotonic clock.
        may_change: Whether another network may take over now.
    """
    estimator = _estimator(options, board, begun_at, may_change)
    camera = _camera(options, board, begun_at)
    live = Live(camera, estimator.estimate, prepare=partial(estimator.start, _known_picture))
    stack.callback(estimator.let_go)
    stack.callback(live.stop)
    stack.enter_context(estimator)
    stack.enter_context(camera)
    return live


def _camera(options: ApplianceOptions, board: Board, begun_at: float) -> SteadyCamera:
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
        LastResort(data_home() / "service-state.json"),
        spare=lambda: Spawned(prepare),
    )


def _estimator(
    options: ApplianceOptions, board: Board, begun_at: float, may_change: Callable[[], bool]
) -> SteadyEstimator:
    faults = of_part(options.injections, "estimator")
    wanted = stored_model(options.model).model_id
    if not wanted.endswith(_TPU):
        model = _kept(options.model, wanted, Climb(ESTIMATOR_LADDER), faults, begun_at)
        return SteadyEstimator(model, board, may_change=may_change)
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
        may_change=may_change,
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


def _known_picture() -> NDArray[np.uint8]:
    """The athlete: the model that ships sees him, and any other says the same of him each time."""
    from posecoach.synthetic.camera import SyntheticCamera

    with SyntheticCamera("squat,seed=3,size=320x180") as camera:
        return next(camera.frames()).image
