"""A sitting before a live camera whose parts are processes: the screen goes on whatever they do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from posecoach.adapters.wishes_file import read_wishes, write_wishes
from posecoach.cli.aloud import Aloud, Telling
from posecoach.cli.checking import Checking
from posecoach.cli.keeping import Keeper, broken_off, steady_history
from posecoach.cli.programmes_here import DayOf
from posecoach.cli.sitting import MOST_PERFORMANCES, compared, nothing, recorder, told_as_well
from posecoach.cli.stick import MountedStick
from posecoach.coach.events import Event, Finished
from posecoach.coach.look import PLAIN, Look
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.routine import Routine
from posecoach.coach.scene import Scene
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.summary import Performance
from posecoach.coach.trend import Trend
from posecoach.coach.view import SessionView, Stage
from posecoach.face.compose_visit import Shown, compose_visit
from posecoach.face.offer import Offer
from posecoach.face.place import Place
from posecoach.face.recorder import Records
from posecoach.face.self_start import SelfStart
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.face.walk import OfferedProgramme
from posecoach.frame_loop import coach_live
from posecoach.live import Live, Turn
from posecoach.ports import Display
from posecoach.service.board import Board
from posecoach.service.heartbeat import Heartbeat

BACK_PLACE_S: Final = 0.3
BACK_COUNTDOWN_S: Final = 0.5
"""Whoever was in the middle of a session when the coach died stands there already, and knows what to do."""

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
        look: Look = PLAIN,
        wishes_folder: Path | None = None,
        person: NamedPerson | None = None,
        forgetful: bool = False,
        records: Records | None = None,
        start_by_itself: bool = False,
        stick: MountedStick | None = None,
        programmes: Sequence[DayOf] = (),
        straight: bool = False,
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
            look: How the screen says things.
            wishes_folder: Where what is set at the screen is kept; `None` nowhere.
            person: Whose finished repetitions they are; `None` of nobody in particular.
            forgetful: Whether `coach` remembers nothing of what was done.
            records: How a new movement is recorded; `None` where that is not allowed.
            start_by_itself: Whether whoever just begins to move, instead of choosing, is recognised.
            stick: Where somebody may bring routines; `None` where nothing is taken.
            programmes: What this person was given to do.
            straight: Whether whoever comes goes on with the first of them without having to choose it.
            watch: Called after every scene that was shown.
            told: Called with every event, once it is stored.
            aloud: What is heard; `None` for nothing.
        """
        self._display, self._board, self._heartbeat = display, board, heartbeat
        self._limit_s, self._options, self._look = limit_s, session, look
        self._watch, self._told = watch, told
        self._stick = stick
        self._view: SessionView | None = None
        self._aloud = aloud or Aloud(())
        self._telling: Telling | None = None
        self._guide: Callable[[float], None] = lambda now: None
        self._record = recorder(stack, record, display, self._aloud.film)
        self._keep: Callable[[Event], None] = nothing
        self._checking = stack.enter_context(Checking())
        self._performances: deque[Performance] = deque(maxlen=MOST_PERFORMANCES)
        self._history = steady_history(board) if keep_history else None
        self._keeper = stack.enter_context(Keeper(self._history, person)) if self._history else None
        self._records = records
        self._forgetful, self._wishes_folder = forgetful, wishes_folder
        self._start_by_itself, self._straight = start_by_itself, straight
        self._programmes = tuple(map(self._offered, programmes))
        self._visit: Visit | None = None
        self._comes_back = self._history is not None and broken_off(self._history)

    def between_reps(self) -> bool:
        """Whether nobody is in the middle of a movement that is being judged."""
        view = self._view
        return view is None or view.stage is not Stage.ACTIVE or not view.phase

    def coach(self, routines: Sequence[Routine], live: Live) -> list[Performance]:
        """Coach one person after the other; the newest performances.

        Args:
            routines: To choose from; a single one is not chosen, it begins.
            live: Camera and poses.

        Raises:
            RestartWanted: Only a new start can help; what was done until now is kept.
        """
        wishes, folder = Wishes(self._look), self._wishes_folder
        visit = Visit(
            Offer(
                tuple(routines),
                checks=True,
                sound=self._aloud.speaks,
                trend=self._trend,
                programmes=self._programmes,
                stick=self._stick,
                records=self._records,
            ),
            self._begin,
            wishes if folder is None else read_wishes(folder, wishes),
            wished=(lambda wishes: None) if folder is None else partial(write_wishes, folder),
            forgetful=self._forgetful,
            straight=self._programmes[0] if self._straight else None,
            self_start=SelfStart(routines, self._options.body) if self._start_by_itself else None,
        )
        self._visit = visit
        self._guide = self._aloud.guide(visit)
        try:
            coach_live(
                self._limited(live.turns()),
                visit,
                self._display,
                compose=self._compose,
                store=self._store,
                shown=lambda _, turn: self._shown(visit, turn),
            )
        except KeyboardInterrupt:  # what was done until now is kept and summed up
            pass
        finally:
            visit.finish()
            for event in visit.take_events():
                self._store(event)
        return list(self._performances)

    @property
    def _trend(self) -> Callable[[], Trend | None] | None:
        """How this person got on, to be asked for; `None` where it is nobody in particular."""
        return self._keeper.trend if self._keeper is not None and self._keeper.knows_somebody else None

    def _offered(self, day: DayOf) -> OfferedProgramme:
        """A programme, with what the history knows of it; where nothing is kept, it begins anew each time."""
        keeper = self._keeper
        if keeper is None:
            return OfferedProgramme(day.programme, day.sets, dict)
        return OfferedProgramme(
            day.programme,
            day.sets,
            partial(keeper.done_today, day.programme.id),
            partial(keeper.week, day.programme, day.since) if keeper.knows_somebody else lambda: None,
        )

    def _begin(self, routine: Routine) -> Session:
        self._telling = self._aloud.session(routine)
        planned = None if self._visit is None else self._visit.planned
        kept = self._keeper.session(routine, planned) if self._keeper else nothing
        self._keep = told_as_well(kept, self._telling.note)
        options = compared(self._options, self._keeper, routine)
        if self._comes_back:  # once, after a start
            self._comes_back = False
            options = replace(
                options,
                place_s=min(options.place_s, BACK_PLACE_S),
                countdown_s=min(options.countdown_s, BACK_COUNTDOWN_S),
            )
        return Session(routine, options=options)

    def _store(self, event: Event) -> None:
        self._keep(event)
        self._told(event)
        if isinstance(event, Finished) and event.performance.steps and not self._forgetful:
            self._performances.append(event.performance)

    def _limited(self, turns: Iterator[Turn]) -> Iterator[Turn]:
        start: float | None = None
        for turn in turns:
            start = turn.now if start is None else start
            if self._limit_s is not None and turn.now - start >= self._limit_s:
                return
            yield turn

    def _compose(self, visit: Visit, turn: Turn) -> Scene:
        self._view = view = visit.view(turn.now)
        flash = None if self._telling is None or view is None else self._telling.flash(view.now)
        checks = None
        if visit.place is Place.CHECKS:
            checks = self._checking.rows(visit.wishes.look.words)
        else:
            self._checking.forget()
        shown = Shown(turn.now, view, turn.frame, turn.late_s, self._board.troubles, flash, checks)
        return compose_visit(visit, shown, self._display.wh)  # a window may have been given another size

    def _shown(self, visit: Visit, turn: Turn) -> None:
        if self._history is not None:
            self._history.tend()
        if self._stick is not None and visit.place is not Place.SESSION:  # nobody is disturbed
            self._stick.look(turn.now)
        if self._record is not None:
            self._record(self._display.pixels(), turn.now)
        if self._telling is not None and self._view is not None and visit.heard:
            self._telling.heed(self._view, turn.now - visit.rested_s)
        self._guide(turn.now)
        self._heartbeat.beat(
            turn.now,
            frame_at=turn.frame_at,
            looked_at=turn.looked_at,
            troubled=self._board.parts,
            status=self._status(visit),
        )
        if self._watch is not None and visit.session is not None:
            self._watch(visit.session, self._display, turn)

    def _status(self, visit: Visit) -> str:
        """What is being done, in a few words for whoever asks systemd."""
        view = self._view
        doing = str(visit.place)
        if view is not None:
            stage = view.stage if visit.place is Place.SESSION else visit.place
            doing = f"{stage}, {view.routine_name}"
        if view is not None and view.reps:
            doing += f", {len(view.reps)} done"
        troubles = "; ".join(f"{trouble.code} {trouble.text}" for trouble in self._board.troubles)
        return f"{doing}; {troubles}" if troubles else doing
