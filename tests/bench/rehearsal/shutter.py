"""A clock that runs as fast as the coach can follow, and as ours while the coach cannot.

The camera takes a picture when it is told to, and is told of the next moment as soon as the one before is
being looked at. While a part hangs nobody looks: then the moments go by as on the wall, and what the fault
costs in the day's time is what it costs in truth.
"""

from __future__ import annotations

import os
import struct
import threading
import time
from pathlib import Path
from typing import Final

from posecoach.pacing import Drawn, Pacing

_MOMENT: Final = struct.Struct("<d")
_MOST_UNREAD: Final = 65536
MOST_BEHIND: Final = 40
"""Frames that were looked at and that the session has not had; `Live` keeps 64."""


class Shutter:
    """Tells the camera's process when to take a picture, by a pipe with a name."""

    def __init__(self, path: Path, *, begun_at: float, rate_hz: float) -> None:
        """Make the pipe.

        Args:
            path: Of the pipe.
            begun_at: Where the clock begins.
            rate_hz: Pictures a second of the day.
        """
        os.mkfifo(path)
        self._pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # never without a reader, never waiting for one
        self._every_s = 1.0 / rate_hz
        self._lock = threading.Lock()
        self._at, self._real_at = begun_at, time.monotonic()
        self._looked = self._taken = 0
        self._held_back = False
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="shutter", daemon=True)
        self._ticker.start()

    def now(self) -> float:
        """The day's time."""
        return self._at + min(time.monotonic() - self._real_at, self._every_s * 0.99)

    def looking(self) -> None:
        """A frame is being looked at: the next may be taken, unless the session is behind."""
        with self._lock:
            self._held_back = self._looked - self._taken >= MOST_BEHIND
            if not self._held_back:
                self._press()

    def looked(self) -> None:
        """It was looked at, and goes to the session."""
        with self._lock:
            self._looked += 1

    def taken(self, frames: int) -> None:
        """The session has had so many."""
        with self._lock:
            self._taken += frames
            if self._held_back and self._looked - self._taken < MOST_BEHIND:
                self._held_back = False
                self._press()

    def close(self) -> None:
        """Take no more pictures."""
        self._over.set()
        self._ticker.join()
        os.close(self._pipe)

    def _tick(self) -> None:
        """Let time pass as on the wall where nobody looks."""
        while not self._over.wait(self._every_s / 2):
            with self._lock:
                if time.monotonic() - self._real_at >= self._every_s:
                    self._press()

    def _press(self) -> None:
        self._at, self._real_at = self._at + self._every_s, time.monotonic()
        try:
            os.write(self._pipe, _MOMENT.pack(self._at))
        except BlockingIOError:  # nobody has read for hours of the day
            os.read(self._pipe, _MOST_UNREAD)


class Moments:
    """The other end of it, in the camera's process."""

    def __init__(self, path: Path) -> None:
        """Open the pipe."""
        self._pipe = os.open(path, os.O_RDONLY)

    def next(self) -> float:
        """The newest moment to take a picture at; those before it are left out."""
        unread = os.read(self._pipe, _MOST_UNREAD)
        return float(_MOMENT.unpack(unread[-_MOMENT.size :])[0])


class DrawnInRealTime:
    """`Pacing` for a screen that draws at its real rate, whatever time it is in the day."""

    def __init__(self) -> None:
        """Nothing has come."""
        self._pacing = Pacing()
        self._asked_at = 0.0

    def came(self, frame, now) -> None:
        self._pacing.came(frame, time.monotonic())

    def answered(self, frame, now, latency_s) -> None:
        self._pacing.answered(frame, time.monotonic(), latency_s)

    def draw(self, now: float) -> Drawn | None:
        self._asked_at = now
        return self._pacing.draw(time.monotonic())

    def due_at(self) -> float:
        return self._asked_at + self._pacing.due_at() - time.monotonic()
