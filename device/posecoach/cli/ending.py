"""How a command that goes on and on is ended from outside."""

from __future__ import annotations

import signal
from types import FrameType


def end_as_by_ctrl_c() -> None:
    """Let systemd's SIGTERM end this as Ctrl-C does: recorded, stored and closed."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
