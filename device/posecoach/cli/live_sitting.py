"""A sitting before a live camera whose parts are processes: the screen goes on whatever they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from posecoach.cli.aloud import Aloud, Telling
from posecoach.cli.sitting import keeper, nothing, recorder, told_as_well
from posecoach.coach.compose import compose
from posecoach.coach.events import Event
from posecoach.coach.routine import Routine
from posecoach.coach.scene import Scene
from posecoach.coach.session import Session, SessionOptions
from posecoach.coach.summary import Performance
from posecoach.coach.view import SessionView, Stage
from posecoach.frame_loop import LIVE_SUMMARY_S, coach_live
from posecoach.live import Live, Turn
from posecoach.ports import Display
from posecoach.service.board import Board
from posecoach.service.heartbeat import Heartbeat
from posecoach.service.last_resort import RestartWanted

Watch = Callable[[Session, Display, Turn], None]


class LiveSitting:
    """Coach whoever comes, until somebody quits."""

    def __init__(
        self,
        stack: ExitStack,
        display: Display,
        board: Board,
        heartbeat: Heartbeat,
        *,
        record: Path | None,
        keep_history: bool,
        limit_s: float | None,
        session: SessionOptions,
        watch: Watch | None = None,
        told: Callable[[Event], None] = nothing,
        aloud: Aloud | None = None,
    ) -> None:
        """Get ready.

        Args:
            stack: Closes what is opened here.
            display: Where to show it.
            board: What is wrong with the box.
            heartbeat: Told of every scene.
            record: Where to record the screen to, `None` nowhere.
            keep_history: Whether finished repetitions are stored.
            limit_s: When to stop, `None` never.
            session: When a session begins and ends, and whose body it is for.
            watch: Called after every scene that was shown.
            told: Called with every event, once it is stored.
            aloud: What is heard; `None` for nothing.
        """
        self._display, self._board, self._heartbeat = display, board, heartbeat
        self._limit_s, self._options = limit_s, session
        self._watch, self._told = watch, told
        self._view: SessionView | None = None
        self._aloud = aloud or Aloud(())
        self._telling: Telling | None = None
        self._record = recorder(stack, record, display, self._aloud.film)
        self._keeper = keeper(stack) if keep_history else None

    def between_reps(self) -> bool:
        """Whether nobody is in the middle of a movement that is being judged."""
        view = self._view
        return view is None or view.stage is not Stage.ACTIVE or not view.phase

    def coach(self, routine: Routine, live: Live) -> list[Performance]:
        """Coach one person after the other.

        Raises:
            RestartWanted: Only a new start can help; what was done until now is kept.
        """
        turns = self._limited(live.turns())
        performances = []
        go_on = True
        while go_on:
            session = Session(routine, self._compose, self._options)
            self._telling = telling = self._aloud.session(routine)
            keep = self._keeper.session(routine) if self._keeper else nothing
            store = told_as_well(told_as_well(keep, telling.note), self._told)

            def shown(display: Display, turn: Turn, session: Session = session) -> None:
                self._shown(session, turn)

            restart: RestartWanted | None = None
            now = 0.0
            try:
                now, go_on = coach_live(
                    turns,
                    session,
                    self._display,
                    store=store,
                    shown=shown,
                    troubles=lambda: self._board.troubles,
                )
            except KeyboardInterrupt:  # what was done until now is kept and summed up
                go_on = False
            except RestartWanted as error:
                restart, go_on = error, False
            performance = session.finish(max(now, session.now))
            for event in session.take_events():
                store(event)
            if performance.steps:
                performances.append(performance)
            if restart is not None:
                raise restart
            if go_on:
                over_at = now + LIVE_SUMMARY_S
                _, go_on = coach_live(
                    turns,
                    session,
                    self._display,
                    store=store,
                    shown=shown,
                    troubles=lambda: self._board.troubles,
                    until=lambda _, at_s, over_at=over_at: at_s >= over_at,  # type: ignore[misc]
                )
        return performances

    def _limited(self, turns: Iterator[Turn]) -> Iterator[Turn]:
        start: float | None = None
        for turn in turns:
            start = turn.now if start is None else start
            if self._limit_s is not None and turn.now - start >= self._limit_s:
                return
            yield turn

    def _compose(self, view: SessionView) -> Scene:
        if self._telling is not None:
            view = replace(view, flash=self._telling.flash(view.now))
        self._view = view
        return compose(view, self._display.wh)  # a window may have been given another size

    def _shown(self, session: Session, turn: Turn) -> None:
        if self._record is not None:
            self._record(self._display.pixels(), turn.now)
        if self._telling is not None and self._view is not None:
            self._telling.heed(self._view, turn.now)
        self._heartbeat.beat(
            turn.now,
            frame_at=turn.frame_at,
            looked_at=turn.looked_at,
            troubled=self._board.parts,
            status=self._status(session),
        )
        if self._watch is not None:
            self._watch(session, self._display, turn)

    def _status(self, session: Session) -> str:
        """What is being done, in a few words for whoever asks systemd."""
        view = self._view
        doing = str(session.stage) if view is None else f"{session.stage}, {view.routine_name}"
        if view is not None and view.reps:
            doing += f", {len(view.reps)} done"
        troubles = "; ".join(f"{trouble.code} {trouble.text}" for trouble in self._board.troubles)
        return f"{doing}; {troubles}" if troubles else doing
