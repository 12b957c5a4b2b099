"""A history that goes on: what cannot be written now is kept in memory, and written when it can be.

A full disk, a read-only card and a damaged file are no reason to stop coaching. What is not on the disk yet
is said on the screen before the repetition is, and tried again until it is written.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from posecoach.coach.named_person import NamedPerson
from posecoach.coach.phrase import Phrase
from posecoach.coach.records import HoldRecord, RepRecord, SessionRecord, SessionStart, SessionSummary
from posecoach.coach.view import TroubleView
from posecoach.errors import HistoryError, InputMissing
from posecoach.ports import Closes, History
from posecoach.service.board import Board

_log = logging.getLogger(__name__)

PART: Final = "history"
TRY_EVERY_S: Final = 5.0
SAY_S: Final = 20.0
"""How long it is said that a damaged history was set aside."""
COPIED_WITHIN_S: Final = 10.0
REMEMBERED: Final = 32
"""Sessions that are kept in memory, to be written again should the file be damaged later."""
MOST_HELD: Final = 500
"""Sessions kept in memory because they cannot be written; of more, the oldest are given up."""

_SAID: Final = (
    Phrase("The disk is full: what you do is not saved yet. Free some space on it"),
    Phrase("What you do is not saved yet: the disk cannot be written. Trying again"),
    Phrase("The history was damaged. It was set aside, and its readable part kept"),
)
_FULL, _STUCK, _DAMAGED = (TroubleView(f"H{number}", words) for number, words in enumerate(_SAID, start=1))


class HistoryFile(History, Protocol):
    """A history in a file that may be found damaged."""

    @property
    def damaged_file(self) -> Path | None:
        """Where a damaged file was set aside when this was opened."""

    def keep_copy(self) -> None:
        """Keep a second file, to begin with should this be damaged."""


_Key = tuple[bool, int, int]


def _key(part: RepRecord) -> _Key:
    """What no other part of its session has."""
    return isinstance(part, HoldRecord), part.step, part.index


@dataclass(eq=False)
class _Held:
    """One session in memory.

    Attributes:
        start, parts, summary: What there is to store.
        id, uuid: In the file; `None` and empty where it is not there.
        stored: Which of its parts are in the file.
        closed: Whether its summary is.
    """

    start: SessionStart
    parts: list[RepRecord] = field(default_factory=list)
    summary: SessionSummary | None = None
    id: int | None = None
    uuid: str = ""
    stored: set[_Key] = field(default_factory=set)
    closed: bool = False

    @property
    def waiting(self) -> bool:
        """Whether there is more than the file has."""
        ended = self.summary is not None
        return self.id is None or len(self.stored) < len(self.parts) or ended != self.closed


class SteadyHistory(Closes):
    """Stores what can be stored, and holds the rest. For one thread; never raises `HistoryError`."""

    def __init__(
        self,
        start: Callable[[], HistoryFile],
        board: Board,
        *,
        make_copy: Callable[[], None] = lambda: None,
        full: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the history, if that is possible now.

        Args:
            start: Opens it; sets a damaged one aside.
            board: Where it is told what cannot be stored.
            make_copy: Opens it once more, as it is, and keeps a copy; called in a thread of its own.
            full: Whether the disk is.
            clock: Of this process.
        """
        self._start, self._board, self._full, self._clock = start, board, full, clock
        self._make_copy = make_copy
        self._file: HistoryFile | None = None
        self._sessions: dict[int, _Held] = {}
        self._remembered: deque[int] = deque()
        self._begun = self._failures = 0
        self._try_at: float | None = None
        self._said_until: float | None = None
        self._copying: threading.Thread | None = None
        self._write()
        if self._file is not None:
            self._file.keep_copy()

    def begin(self, start: SessionStart) -> int:
        """Hold a session, and store it; the number it is known by here, which is not its id in the file."""
        self._begun += 1
        self._sessions[self._begun] = _Held(start)
        self._remembered.append(self._begun)
        self._forget()
        self._write()
        return self._begun

    def add_rep(self, session_id: int, rep: RepRecord) -> None:
        """Store a finished repetition or flow; where that fails it is told, and tried again."""
        self._sessions[session_id].parts.append(rep)
        self._write()

    def add_hold(self, session_id: int, hold: HoldRecord) -> None:
        """Store a finished hold, likewise."""
        self._sessions[session_id].parts.append(hold)
        self._write()

    def finish(self, session_id: int, summary: SessionSummary) -> None:
        """Store how a session came out, and see whether the file is as it should be."""
        self._sessions[session_id].summary = summary
        self._write()
        self._let_go()  # what is opened again is looked through
        self._write()
        if self._file is not None:  # else there is nothing to copy, and nobody else must make a file
            self._copying = threading.Thread(target=self._copy, name="history copy", daemon=True)
            self._copying.start()

    def sessions(
        self,
        limit: int | None = None,
        *,
        person: NamedPerson | None = None,
        routine_id: str | None = None,
        before: int | None = None,
    ) -> list[SessionRecord]:
        """The newest sessions of the file, by their ids there; none where it cannot be read."""
        with suppress(HistoryError):
            if self._file is not None:
                return self._file.sessions(limit, person=person, routine_id=routine_id, before=before)
        return []

    def reps(self, session_id: int) -> list[RepRecord]:
        """The repetitions of a session of the file; none where it cannot be read."""
        with suppress(HistoryError):
            if self._file is not None:
                return self._file.reps(session_id)
        return []

    def holds(self, session_id: int) -> list[HoldRecord]:
        """The holds of a session of the file, likewise."""
        with suppress(HistoryError):
            if self._file is not None:
                return self._file.holds(session_id)
        return []

    def tend(self) -> None:
        """Try again what could not be stored, when it is time to: to be called all the time."""
        now = self._clock()
        if self._try_at is not None and now >= self._try_at:
            self._write()
        if self._said_until is not None and now >= self._said_until:
            self._said_until = None
            if self._try_at is None:
                self._board.tell(PART, None)

    @property
    def unsaved(self) -> int:
        """Finished parts that are in memory only."""
        return sum(len(held.parts) - len(held.stored) for held in self._sessions.values())

    def close(self) -> None:
        """Try a last time, and let the file go; a second call does nothing."""
        if self._try_at is not None:
            self._write()
        if self.unsaved:
            _log.error("%d finished repetitions could not be saved and are lost", self.unsaved)
        self._let_go()
        if self._copying is not None:
            self._copying.join(COPIED_WITHIN_S)

    def _copy(self) -> None:
        """Keep a copy, beside whoever draws: on a card that takes a moment."""
        with suppress(HistoryError):
            self._make_copy()

    def _write(self) -> None:
        """Bring the file to what is held."""
        try:
            if self._file is None:
                file = self._start()
                try:
                    self._compare(file)
                except HistoryError:
                    file.close()
                    raise
                self._file = file
            for held in self._sessions.values():
                if held.waiting:
                    _store(self._file, held)
        except (HistoryError, InputMissing) as error:
            self._fell(error)
            return
        self._failures, self._try_at = 0, None
        if self._said_until is None:
            self._board.tell(PART, None)

    def _fell(self, error: Exception) -> None:
        self._failures += 1
        full = self._full()
        if not full:
            self._let_go()  # a full disk is no fault of the file, and to open it again would need space
        self._try_at = self._clock() + TRY_EVERY_S
        self._board.tell(PART, _FULL if full else _STUCK, str(error))
        if not full and self._failures == 1:
            self._write()  # opened again at once: where it is damaged that is all there is to do

    def _compare(self, file: HistoryFile) -> None:
        """Note what of what is held the file has, which may be another one now."""
        damaged = file.damaged_file
        if damaged is not None:
            self._said_until = self._clock() + SAY_S
            self._board.tell(PART, _DAMAGED, f"it is now {damaged.name}")
        ids = {session.uuid: session.id for session in file.sessions(MOST_HELD)} if self._sessions else {}
        for number, held in list(self._sessions.items()):
            if held.id is None:
                continue
            held.id = ids.get(held.uuid)
            if held.id is not None:
                held.stored = {_key(part) for part in (*file.reps(held.id), *file.holds(held.id))}
                held.closed = file.session(held.id).finished
            elif damaged is not None or held.summary is None:
                held.stored, held.closed = set(), False
            else:
                self._drop(number)  # somebody has deleted it

    def _forget(self) -> None:
        """Give up the oldest sessions: first those that are stored."""
        for number in list(self._remembered):
            if len(self._remembered) <= REMEMBERED:
                return
            if not self._sessions[number].waiting or len(self._remembered) > MOST_HELD:
                self._drop(number)

    def _drop(self, number: int) -> None:
        del self._sessions[number]
        self._remembered.remove(number)

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def _store(file: HistoryFile, held: _Held) -> None:
    if held.id is None:
        held.id = file.begin(held.start)
        held.uuid = file.session(held.id).uuid
    for part in held.parts:
        if _key(part) in held.stored:
            continue
        if isinstance(part, HoldRecord):
            file.add_hold(held.id, part)
        else:
            file.add_rep(held.id, part)
        held.stored.add(_key(part))
    if held.summary is not None and not held.closed:
        file.finish(held.id, held.summary)
        held.closed = True


AnyHistory = History | SteadyHistory
"""One that raises what goes wrong, or one that goes on."""
