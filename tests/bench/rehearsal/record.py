"""What happened in the day, written down as it happens: a list in memory would look like a leak."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from posecoach.coach.events import Event, Finished, PartFinished, Started
from posecoach.coach.session import Session
from posecoach.live import Turn
from posecoach.ports import Closes, Display
from rehearsal.growth import held_now

GAP_FRAMES: Final = 2.5
"""Nobody has looked for so many frames: that is a gap."""


class Record(Closes):
    """Lines of JSON: what, and when in seconds since the day began.

    Attributes:
        frames: How many were looked at.
        turns: How many scenes were drawn.
    """

    def __init__(self, path: Path, kept_in: Path, *, begun_at: float, rate_hz: float) -> None:
        """Begin to write.

        Args:
            path: Where to.
            kept_in: The folder of the history.
            begun_at: When the day begins, on the clock of the frames.
            rate_hz: Of the frames.
        """
        self._file = path.open("w", encoding="ascii")
        self._kept_in = kept_in
        self._begun_at, self._gap_s = begun_at, GAP_FRAMES / rate_hz
        self._looked_at = begun_at
        self._session_s = self._rested_s = 0.0
        self._minute = 0
        self.frames = self.turns = 0

    @property
    def until_s(self) -> float:
        """How far the day has gone."""
        return self._looked_at - self._begun_at

    def told(self, event: Event) -> None:
        """Note what the session says has happened, once it is stored."""
        if isinstance(event, PartFinished):
            part = event.part
            self._write(
                "part",
                from_s=self._day_s(part.start_s),
                to_s=self._day_s(part.end_s),
                verdict=str(part.verdict),
                reason=part.reason,
            )
        elif isinstance(event, Started):
            self._write("started", at_s=self._day_s(event.at_s))
        else:
            assert isinstance(event, Finished)
            self._write("finished", at_s=self._day_s(event.at_s))

    def shown(self, session: Session, display: Display, turn: Turn) -> None:
        """Note the frames that were not looked at, and once a minute what is held."""
        self.turns += 1
        for looked in turn.looked:
            self.frames += 1
            at = looked.frame.captured_at
            if at - self._looked_at > self._gap_s:
                self._write("gap", from_s=self._looked_at - self._begun_at, to_s=at - self._begun_at)
            self._looked_at = at
        if session.now != self._session_s:  # it does not rest
            self._session_s, self._rested_s = session.now, self._looked_at - session.now
        if turn.now - self._begun_at >= 60.0 * self._minute:
            self._minute += 1
            self._write("held", at_s=turn.now - self._begun_at, **asdict(held_now(self._kept_in)))

    def trouble(self, at: float, part: str, code: str) -> None:
        """Note what the screen says is wrong."""
        self._write("trouble", at_s=at - self._begun_at, part=part, code=code)

    def close(self) -> None:
        """Write no more; a second call does nothing."""
        self._file.close()

    def _day_s(self, session_s: float) -> float:
        """A time of a session, whose clock rests while nobody is there, in seconds of the day."""
        return session_s + self._rested_s - self._begun_at

    def _write(self, what: str, **facts: Any) -> None:
        self._file.write(json.dumps({"what": what, **facts}) + "\n")


class Troubles(logging.Handler):
    """Has the troubles that are logged noted as well: of the board, and of the voice."""

    def __init__(self, record: Record, now: Callable[[], float]) -> None:
        """Note in `record`."""
        super().__init__(logging.INFO)
        self._record, self._now = record, now

    def emit(self, record: logging.LogRecord) -> None:
        told = record.args if isinstance(record.args, tuple) else ()
        if record.name == "posecoach.service.board":
            part, code = str(told[0]), str(told[1])
            self._record.trouble(self._now(), part, code if len(told) > 2 else f"well after {code}")
        elif record.name == "posecoach.service.steady_voice" and told:
            self._record.trouble(self._now(), "voice", str(told[0]))


def lines(path: Path, what: str) -> Iterator[dict[str, Any]]:
    """What a record says of one kind, in order."""
    with path.open(encoding="ascii") as file:
        for line in file:
            facts = json.loads(line)
            if facts.pop("what") == what:
                yield facts
