"""The pulse that systemd feels: only while the coach does what it is for, or says on the screen why not.

The watchdog of the service is fed by the loop that draws, and by nothing else: a thread of its own would go
on feeding while the loop hangs (S3).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

FRAME_WITHIN_S: Final = 4.0
LOOK_WITHIN_S: Final = 4.0
STATUS_EVERY_S: Final = 10.0
_MOST_STATUS: Final = 200

Send = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Ages:
    """When each part of the work was done last; seconds on one clock.

    Attributes:
        frame_at: A frame has come.
        looked_at: An inference was finished.
        troubled: Parts whose trouble the screen shows.
    """

    frame_at: float
    looked_at: float
    troubled: frozenset[str] = frozenset()

    def stale(self, now: float) -> str | None:
        """What is too old and nobody has said why; `None` where all is well."""
        if "camera" in self.troubled:
            return None  # without frames there is nothing to look at
        if now - self.frame_at > FRAME_WITHIN_S:
            return f"no frame for {now - self.frame_at:.1f} s"
        if "estimator" not in self.troubled and now - self.looked_at > LOOK_WITHIN_S:
            return f"no inference for {now - self.looked_at:.1f} s"
        return None


def watchdog_interval_s(environ: Mapping[str, str] = os.environ, pid: int | None = None) -> float | None:
    """How often systemd wants to be told, by a third of its limit; `None` where it does not."""
    try:
        limit_us = int(environ.get("WATCHDOG_USEC", ""))
        meant = int(environ.get("WATCHDOG_PID") or 0)
    except ValueError:
        return None
    if limit_us <= 0 or meant not in (0, os.getpid() if pid is None else pid):
        return None
    return limit_us / 3e6


class Heartbeat:
    """Tells systemd: ready, what is being done, and that it is being done."""

    def __init__(self, send: Send, *, interval_s: float | None, now: float) -> None:
        """Count ages from now.

        Args:
            send: To systemd; whether it listens.
            interval_s: Of the watchdog; `None` where there is none.
            now: Seconds on the clock of `beat`.
        """
        self._send, self._interval_s = send, interval_s
        self._begun = now
        self._ready = False
        self._fed_at = self._said_at = float("-inf")
        self._status = ""

    def beat(
        self,
        now: float,
        *,
        frame_at: float | None,
        looked_at: float | None,
        troubled: frozenset[str],
        status: str,
    ) -> str | None:
        """A scene was shown: call after each.

        Args:
            now: When.
            frame_at: The newest frame came; `None` before the first.
            looked_at: The newest inference was finished; `None` before the first.
            troubled: Parts whose trouble that scene has shown.
            status: What is being done, in words.

        Returns:
            What keeps the watchdog from being fed, if something does.
        """
        messages = []
        if not self._ready:
            self._ready = True
            messages.append("READY=1")
        if status != self._status and now - self._said_at >= STATUS_EVERY_S:
            self._status, self._said_at = status, now
            messages.append(f"STATUS={_one_line(status)}")
        ages = Ages(
            self._begun if frame_at is None else frame_at,
            self._begun if looked_at is None else looked_at,
            troubled,
        )
        stale = ages.stale(now)
        if stale is None and self._interval_s is not None and now - self._fed_at >= self._interval_s:
            self._fed_at = now
            messages.append("WATCHDOG=1")
        if messages:
            self._send("\n".join(messages))
        return stale

    def stopping(self) -> None:
        """Say that the end is meant."""
        self._send("STOPPING=1")


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)[:_MOST_STATUS]
