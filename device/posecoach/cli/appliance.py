"""The appliance: camera and network as processes that are replaced when they fail, and a steady screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

from posecoach.adapters.data_home import data_home
from posecoach.adapters.systemd_notify import notifier
from posecoach.cli.aloud import Aloud, MakeVoice, open_aloud
from posecoach.cli.appliance_options import ApplianceOptions
from posecoach.cli.journal import log_to_stderr
from posecoach.cli.live_sitting import LiveSitting, Watch
from posecoach.cli.recorded import records_here
from posecoach.cli.recordings import routines, stored_model
from posecoach.cli.sitting import nothing
from posecoach.cli.steady_parts import open_live, open_screen
from posecoach.cli.stick import MountedStick
from posecoach.coach.adapt import require_doable
from posecoach.coach.events import Event
from posecoach.coach.routine import Routine
from posecoach.coach.summary import Performance
from posecoach.service.board import Board
from posecoach.service.faults import of_part
from posecoach.service.faulty import open_faulty_voice
from posecoach.service.heartbeat import Heartbeat, watchdog_interval_s


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
        live = open_live(stack, options, board, begun_at, sitting.between_reps)
        stack.callback(heartbeat.stopping)  # first of all
        return sitting.coach(routines, live)


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
