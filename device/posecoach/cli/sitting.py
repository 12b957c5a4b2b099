"""A sitting: one camera, one screen, session after session; what `run` and `demo` share."""

from __future__ import annotations

import argparse
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.cli.aloud import Aloud, Telling
from posecoach.coach.compose import compose
from posecoach.coach.events import Event
from posecoach.coach.look import PLAIN, Look
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.routine import Routine
from posecoach.coach.scene import Scene
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.summary import Performance, summary_view
from posecoach.coach.view import SessionView, Verdict
from posecoach.frame_loop import coach, show_summary, summary_ticks, ticks_of
from posecoach.ports import Camera, Display, PoseEstimator
from posecoach.ticks import SCREEN_RATE_HZ, Tick, held_s

if TYPE_CHECKING:  # not needed where nothing is kept
    from posecoach.cli.keeping import Keeper

MOST_PERFORMANCES: Final = 20
"""How many are summed up at the end of a sitting: a box coaches for years, and the history has them all."""


class Sitting:
    """Coach whoever comes, on one camera and one screen."""

    def __init__(
        self,
        stack: ExitStack,
        camera: Camera,
        estimator: PoseEstimator,
        display: Display,
        *,
        record: Path | None,
        keep_history: bool,
        paced: bool,
        limit_s: float | None,
        session: SessionOptions | None = None,
        look: Look = PLAIN,
        person: NamedPerson | None = None,
        watch: Callable[[Session, Display], None] | None = None,
        aloud: Aloud | None = None,
    ) -> None:
        """Get ready.

        Args:
            stack: Closes what is opened here.
            camera: Whom to watch.
            estimator: Finds the people in a frame.
            display: Where to show it.
            record: Where to record the screen to, `None` nowhere.
            keep_history: Whether finished repetitions are stored.
            paced: Whether a recording plays at its own speed.
            limit_s: When to stop, `None` never.
            session: When a session begins and ends, and whose body it is for.
            look: How the screen says things.
            person: Whose finished repetitions they are; `None` of nobody in particular.
            watch: Called after every scene that was shown.
            aloud: What is heard; `None` for nothing.
        """
        self._camera = camera
        self._estimator = estimator
        self._display = display
        self._paced = paced and not camera.live
        self._limit_s = limit_s
        self._watch = watch
        self._options, self._look = session or SessionOptions(), look
        self._aloud = aloud or Aloud(())
        self._telling: Telling | None = None
        self._view: SessionView | None = None
        self._record = recorder(stack, record, display, self._aloud.film)
        self._keeper = keeper(stack, person) if keep_history else None

    @property
    def lead_in_s(self) -> float:
        """How long a recording's first frame is held: when on the session's clock the recording begins."""
        return held_s(self._counting_in_s)

    def turn_to(self, camera: Camera) -> None:
        """Watch another camera from now on, on the same screen and in the same recording of it."""
        self._camera = camera

    def coach(self, routine: Routine) -> list[Performance]:
        """Coach one recording, or one person after the other until somebody quits; the newest performances.

        Raises:
            InputMissing: The recording holds no picture.
        """
        ticks = ticks_of(
            self._camera,
            lead_in_s=self._counting_in_s,
            paced=self._paced,
            limit_s=self._limit_s,
        )
        performances: deque[Performance] = deque(maxlen=MOST_PERFORMANCES)
        go_on = True
        while go_on:
            session = Session(routine, self._compose, compared(self._options, self._keeper, routine))
            self._telling = telling = self._aloud.session(routine)
            store = told_as_well(self._keeper.session(routine) if self._keeper else nothing, telling.note)
            now, go_on = self._one(session, ticks, store)
            performance = session.finish(now)
            for event in session.take_events():
                store(event)
            if performance.steps:
                performances.append(performance)
            shown = partial(self._shown, session)
            if go_on:
                go_on = show_summary(
                    summary_ticks(ticks, self._camera, now, paced=self._paced),
                    session,
                    self._display,
                    shown=shown,
                )
            go_on = go_on and self._camera.live and self._limit_s is None
        return list(performances)

    @property
    def _counting_in_s(self) -> float:
        return self._options.place_s + self._options.countdown_s + 0.4

    def _compose(self, view: SessionView) -> Scene:
        if self._telling is not None:
            view = replace(view, flash=self._telling.flash(view.now))
        self._view = view
        return compose(view, self._display.wh, self._look)  # a window may have been given another size

    def _one(
        self, session: Session, ticks: Iterator[Tick], store: Callable[[Event], None]
    ) -> tuple[float, bool]:
        try:
            return coach(
                ticks,
                self._estimator,
                session,
                self._display,
                store=store,
                shown=partial(self._shown, session),
            )
        except KeyboardInterrupt:  # what was done until now is kept and summed up
            return session.now, False

    def _shown(self, session: Session, display: Display) -> None:
        if self._record is not None:
            # A live camera gives no steady rate: each picture is recorded at its own time.
            self._record(display.pixels(), session.now if self._camera.live else None)
        if self._telling is not None and self._view is not None:
            self._telling.heed(self._view)
        if self._watch is not None:
            self._watch(session, display)


def summary_lines(performance: Performance) -> Iterator[str]:
    """A performance in a few lines of text."""
    summary = summary_view(performance)
    score = "no score" if summary.score is None else f"{summary.score:.0f} of 100"
    counts = {verdict: sum(part.verdict is verdict for part in performance.parts) for verdict in Verdict}
    seen = f"seen from the {performance.view}, coverage {summary.coverage:.0%}"
    yield f"{performance.routine.name}: {score}, {seen}"
    if summary.reason:
        yield f"  {summary.reason}"
    yield "  " + ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in counts.items())
    for part in performance.parts:
        points = "  -" if part.score is None else f"{part.score:3.0f}"
        why = f": {part.reason}" if part.reason else ""
        yield f"  {part.index + 1:3d}  {points}  {part.verdict.replace('_', ' ')}{why}"
    if summary.best and summary.worst:
        yield f"  best: {summary.best}; to work on: {summary.worst}"
    if summary.advice:
        yield f"  next time: {summary.advice}"


def recorder(
    stack: ExitStack,
    path: Path | None,
    display: Display,
    sound: Callable[[int], NDArray[np.int16]] | None = None,
) -> Callable[[NDArray[np.uint8], float | None], None] | None:
    """What to call with each picture of the screen and its time; `None` where it is not recorded.

    Args:
        stack: Closes the file.
        path: Where to record to, `None` nowhere.
        display: What is recorded.
        sound: Gives what is heard, the next so many samples; `None` for silence.
    """
    if path is None:
        return None
    from posecoach.adapters.mp4_writer import Mp4Writer

    writer = Mp4Writer(path, wh=display.wh, rate_hz=SCREEN_RATE_HZ, sound=sound)
    return stack.enter_context(writer).write


def keeper(stack: ExitStack, person: NamedPerson | None) -> Keeper:
    """Keeps a person's sessions in this box's history."""
    from posecoach.cli.keeping import Keeper

    return stack.enter_context(Keeper.open(person))


def compared(options: SessionOptions, kept: Keeper | None, routine: Routine) -> SessionOptions:
    """The options of the next session, which is compared with the last that was kept of the same person."""
    return replace(options, last=kept.last_time(routine)) if kept else options


def nothing(event: Event) -> None:
    """Keep nothing."""


def told_as_well(store: Callable[[Event], None], note: Callable[[Event], None]) -> Callable[[Event], None]:
    """Store an event, and tell it to somebody else once it is stored."""

    def both(event: Event) -> None:
        store(event)
        note(event)

    return both


def seconds(text: str) -> float:
    """How long a sitting may last, from a command line."""
    number = float(text)
    if not 0 < number < 1e7:
        raise argparse.ArgumentTypeError(f"must be more than 0 seconds, got {text}")
    return number
