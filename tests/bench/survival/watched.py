"""One appliance in this process, from its start to its end, with faults at given seconds.

A real one: camera and network in processes of their own, the athlete before the camera, a screen in memory, a
history on the disk. Faults of its parts are those of ``posecoach run --inject``; what strikes from outside is
called between two pictures.
"""

from __future__ import annotations

import itertools
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli.aloud import SoundOptions
from posecoach.cli.appliance import run_appliance
from posecoach.cli.appliance_options import ApplianceOptions
from posecoach.cli.recordings import ModelChoice, routines
from posecoach.cli.settings import Setup
from posecoach.coach.events import PartFinished
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.view import Stage
from posecoach.service.faults import Injection

CAMERA = "synthetic:squat,live=1,view=left,size=320x180,rate=15,reps=500,seed=3"
FRAME_S = 0.034
FIRST_WITHIN_S = 150.0


@dataclass
class Seen:
    """What happened, on the monotonic clock.

    Attributes:
        begun_at: The start.
        scored: When each frame was taken that a person was scored in.
        drawn: When each picture was drawn.
        counted: When each repetition was stored or held, just before it was shown.
        told: What the coach has logged of troubles.
    """

    begun_at: float
    scored: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)
    told: list[tuple[float, str]] = field(default_factory=list)

    def next_scored(self, after_s: float) -> float | None:
        """Seconds from a moment of this run to the first scored frame that was taken after it."""
        at = self.begun_at + after_s
        return next((round(each - at, 3) for each in self.scored if each > at + FRAME_S), None)

    @property
    def first_s(self) -> float:
        """When somebody was first scored."""
        return self.scored[0] - self.begun_at

    def coached_at(self, at_s: float) -> bool:
        """Whether somebody was being scored then."""
        at = self.begun_at + at_s
        return any(at - 1.5 < each <= at + FRAME_S for each in self.scored)

    def told_in(self, words: str, from_s: float, to_s: float) -> float | None:
        """When, in seconds of this run, a trouble was told between two moments."""
        times = (at - self.begun_at for at, text in self.told if words in text)
        return next((at_s for at_s in times if from_s <= at_s <= to_s), None)

    def rates(self) -> list[int]:
        """Pictures in each second."""
        first, last = self.drawn[0] + 2, self.drawn[-1] - 1
        starts = (first + number for number in range(int(last - first)))
        return [sum(start <= at < start + 1 for at in self.drawn) for start in starts]

    def longest_gap_s(self) -> float:
        """Between two pictures."""
        return max(after - before for before, after in itertools.pairwise(self.drawn))


class _Ear(logging.Handler):
    def __init__(self, told: list[tuple[float, str]]) -> None:
        super().__init__()
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.append((time.monotonic(), record.getMessage()))


def watch_one(
    limit_s: float,
    injections: Sequence[tuple[str, float, float]] = (),
    strikes: Sequence[tuple[float, Callable[[], None]]] = (),
) -> Seen:
    """Run an appliance for so long.

    Args:
        limit_s: How long it draws; with `strikes`, from the first scored frame on.
        injections: Faults of its parts: name, second and how long.
        strikes: What is called from outside, and how long after the first scored frame.
    """
    routine = routines().load("squat")
    routine = replace(routine, steps=(replace(routine.steps[0], reps=500),))
    seen, waiting = Seen(time.monotonic()), sorted(strikes, key=lambda strike: strike[0])
    log = logging.getLogger("posecoach")
    log.addHandler(_Ear(seen.told))
    log.setLevel(logging.INFO)

    def watch(session, _display, turn):
        seen.drawn.append(turn.now)
        if session.stage is Stage.ACTIVE:
            seen.scored.extend(looked.frame.captured_at for looked in turn.looked if looked.poses)
        if not strikes or not seen.scored:
            return
        since_s = time.monotonic() - seen.scored[0]
        while waiting and since_s >= waiting[0][0]:
            waiting.pop(0)[1]()
        if since_s >= limit_s:
            raise KeyboardInterrupt  # as somebody at the keyboard ends it

    def told(event):
        if isinstance(event, PartFinished):
            seen.counted.append(time.monotonic())

    parsed = (Injection.parse(f"{name}@{at_s}s") for name, at_s, _ in injections)
    options = ApplianceOptions(
        camera=CAMERA,
        model=ModelChoice(camera="synthetic"),
        display="headless",
        limit_s=FIRST_WITHIN_S if strikes else limit_s,
        injections=tuple(
            replace(each, for_s=for_s) for each, (_, _, for_s) in zip(parsed, injections, strict=True)
        ),
        setup=Setup(session=SessionOptions(place_s=0.5, countdown_s=1.0), sound=SoundOptions(mode="off")),
    )
    run_appliance(options, [routine], watch=watch, told=told)
    return seen


def stored() -> int:
    """Repetitions in the history of this box."""
    with SqliteHistory(Path(os.environ["POSECOACH_DATA"]) / "history.sqlite3") as history:
        return sum(len(history.reps(session.id)) for session in history.sessions())
