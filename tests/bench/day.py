"""A day of coaching in an hour: a fault at random every minute of it, and at its end nothing has grown.

``python tests/bench/day.py [--hours 24] [--seed 1]``. The parts are those of the appliance: camera, estimator
and voice in processes of their own, pictures through shared memory, their ladders, the screen's, a session
after the other, scenes composed and drawn (in memory, small, at a screen's own rate), the history on the
disk. What is not real is around it: the voice is silent, and the camera's pictures carry the pose in their
pixels, where the estimator reads it. The camera's clock goes as fast as the coach can follow; deadlines stay
what they are, so a hang costs the day a second as it does a real one.

Prints what is held after the first hour and at the end, and where every repetition is that was performed.
Ends with an error when something has grown, or a repetition is not accounted for.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device"), str(ROOT / "tests" / "bench")]
os.environ["PYTHONPATH"] = str(ROOT / "tests" / "bench")  # for what its processes open

from posecoach import app  # noqa: E402
from posecoach.cli.aloud import Aloud  # noqa: E402
from posecoach.cli.live_sitting import LiveSitting  # noqa: E402
from posecoach.cli.progress_bar import ProgressBar  # noqa: E402
from posecoach.cli.recordings import routines  # noqa: E402
from posecoach.coach.session_options import SessionOptions  # noqa: E402
from posecoach.live import Live  # noqa: E402
from posecoach.service.board import Board  # noqa: E402
from posecoach.service.child_camera import ChildCamera  # noqa: E402
from posecoach.service.child_estimator import ChildEstimator  # noqa: E402
from posecoach.service.child_voice import ChildVoice  # noqa: E402
from posecoach.service.faults import Injection, of_part  # noqa: E402
from posecoach.service.faulty import open_faulty_display  # noqa: E402
from posecoach.service.heartbeat import Heartbeat  # noqa: E402
from posecoach.service.kept_model import KeptModel  # noqa: E402
from posecoach.service.ladder import ESTIMATOR_LADDER, Climb  # noqa: E402
from posecoach.service.last_resort import LastResort  # noqa: E402
from posecoach.service.spawned import Spawned  # noqa: E402
from posecoach.service.steady_camera import SteadyCamera  # noqa: E402
from posecoach.service.steady_display import SteadyDisplay  # noqa: E402
from posecoach.service.steady_estimator import SteadyEstimator  # noqa: E402
from posecoach.service.steady_voice import SteadyVoice  # noqa: E402
from rehearsal import carried  # noqa: E402
from rehearsal.accounting import Account, account, account_table, same_as_history  # noqa: E402
from rehearsal.faults_of_day import drawn, upcoming  # noqa: E402
from rehearsal.growth import Held, grown, growth_table  # noqa: E402
from rehearsal.performance import MOTION, REPS, Performance  # noqa: E402
from rehearsal.record import Record, Troubles, lines  # noqa: E402
from rehearsal.shutter import DrawnInRealTime, Shutter  # noqa: E402

RATE_HZ = 12.0
SCREEN_WH = (640, 360)
SWITCH_S = 2e-4
"""Threads take turns so soon: else a frame that has come waits for the drawing of a whole scene."""
BEGUN_AT = 1000.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=24.0, help="how much of the day")
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    parser.add_argument("--folder", type=Path, help="keep history and record there; by default nowhere")
    chosen = parser.parse_args()
    sys.setswitchinterval(SWITCH_S)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    faults = drawn(int(chosen.hours * 60), chosen.seed)
    performance = Performance(RATE_HZ)
    with tempfile.TemporaryDirectory() as named:
        folder = chosen.folder or Path(named)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["POSECOACH_DATA"] = str(folder)
        begun = time.monotonic()
        record = a_day(folder, performance, faults, chosen.hours)
        took_s = time.monotonic() - begun
        struck = [fault for fault in faults if fault.at_s + fault.for_s < record.until_s]
        print(
            f"{record.until_s / 3600:.1f} hours of session time in {took_s / 60:.1f} minutes, {len(struck)} "
            f"faults; {record.frames} frames looked at, {record.turns} scenes drawn "
            f"({record.turns / took_s:.0f} a second); load of the machine at the end: {os.getloadavg()}\n"
        )
        flat = nothing_grown(folder / "record")
        performed = performance.reps(record.until_s)
        found = account(folder / "record", struck, performed, record.until_s)
        return 0 if all_found(found, folder) and flat else 1


def nothing_grown(record: Path) -> bool:
    """Print what was held; whether it is no more at the end than after the first hour."""
    samples = [(held.pop("at_s") / 3600.0, Held(**held)) for held in lines(record, "held")]
    more = grown(samples)
    print(growth_table(samples), f"grown: {', '.join(more) or 'nothing'}", "", sep="\n")
    return not more


def all_found(found: Account, folder: Path) -> bool:
    """Print where the repetitions are; whether each is accounted for."""
    told, kept, wrong = same_as_history(folder / "record", folder / "history.sqlite3")
    print(account_table(found), end="\n\n")
    print(f"counted {told}, in the history {kept}, of these otherwise than told {wrong}")
    for rep in found.unexplained[:20]:
        print(f"  not accounted for: {rep.start_s:.1f} s to {rep.end_s:.1f} s")
    for from_s, to_s in found.ghosts[:20]:
        print(f"  not performed: {from_s:.1f} s to {to_s:.1f} s")
    return not found.unexplained and not found.ghosts and told == kept and not wrong


def a_day(folder: Path, performance: Performance, faults: list[Injection], hours: float) -> Record:
    """Coach for so long, or until Ctrl-C; what has happened."""
    poses = folder / "poses.npy"
    performance.write(poses)
    routine = routines().load(MOTION)
    routine = replace(routine, steps=(replace(routine.steps[0], reps=REPS),))
    with ExitStack() as stack:
        shutter = Shutter(folder / "shutter", begun_at=BEGUN_AT, rate_hz=RATE_HZ)
        stack.callback(shutter.close)
        record = stack.enter_context(Record(folder / "record", folder, begun_at=BEGUN_AT, rate_hz=RATE_HZ))
        log = logging.getLogger("posecoach")
        log.setLevel(logging.INFO)
        log.addHandler(Troubles(record, shutter.now))
        log.propagate = False
        board = Board()
        bar = ProgressBar("the day", 3600.0 * hours)
        display = stack.enter_context(
            SteadyDisplay(
                partial(
                    open_faulty_display,
                    partial(app.open_display, "headless", SCREEN_WH),
                    of_part(faults, "display"),
                    BEGUN_AT,
                    shutter.now,
                ),
                board,
                clock=shutter.now,
            )
        )

        def shown(session, display, turn):
            shutter.taken(len(turn.looked))
            record.shown(session, display, turn)
            bar.advance(turn.now - BEGUN_AT)

        sitting = LiveSitting(
            stack,
            display,
            board,
            Heartbeat(lambda message: True, interval_s=3.0, now=BEGUN_AT),
            record=None,
            keep_history=True,
            limit_s=3600.0 * hours,
            session=SessionOptions(),
            watch=shown,
            told=record.told,
            aloud=Aloud((stack.enter_context(a_voice(faults, shutter)),)),
        )
        estimator = an_estimator(faults, board, shutter, sitting)
        camera = a_camera(folder, poses, faults, board, shutter)

        def look(frame):
            shutter.looking()
            found = estimator.estimate(frame)
            if found is not None:
                shutter.looked()
            return found

        live = Live(
            camera,
            look,
            prepare=partial(estimator.start, lambda: carried.painted(performance.known())),
            pacing=DrawnInRealTime(),
            clock=shutter.now,
        )
        stack.callback(estimator.let_go)
        stack.callback(live.stop)
        stack.enter_context(estimator)
        stack.enter_context(camera)
        sitting.coach([routine], live)
        bar.close()
    return record


def a_camera(folder: Path, poses: Path, faults, board: Board, shutter: Shutter) -> SteadyCamera:
    def start(spare: Spawned | None) -> ChildCamera:
        now = shutter.now()
        make = partial(
            carried.open_camera,
            folder / "shutter",
            poses,
            BEGUN_AT,
            RATE_HZ,
            now,
            upcoming(faults, "camera", now - BEGUN_AT),
        )
        return ChildCamera(make, child=spare or a_process(), clock=shutter.now)

    return SteadyCamera(
        start, board, LastResort(folder / "service-state.json"), spare=a_process, clock=shutter.now
    )


def an_estimator(faults, board: Board, shutter: Shutter, sitting: LiveSitting) -> SteadyEstimator:
    def start(spare: Spawned | None, picture) -> ChildEstimator:
        now = shutter.now()
        make = partial(carried.open_estimator, BEGUN_AT, now, upcoming(faults, "estimator", now - BEGUN_AT))
        return ChildEstimator(make, child=spare or a_process(), picture=picture)

    model = KeptModel("carried", start, Climb(ESTIMATOR_LADDER), spare=a_process)
    return SteadyEstimator(model, board, may_change=sitting.between_reps, clock=shutter.now)


def a_voice(faults: list[Injection], shutter: Shutter) -> SteadyVoice:
    def start(process: Spawned) -> ChildVoice:
        now = shutter.now()
        make = partial(carried.open_voice, BEGUN_AT, now, upcoming(faults, "voice", now - BEGUN_AT))
        return ChildVoice(make, child=process)

    return SteadyVoice(start, spawn=a_process, clock=shutter.now)


def a_process() -> Spawned:
    return Spawned(carried.ready)


if __name__ == "__main__":
    sys.exit(main())
