"""A child that ends with its parent, however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def tie_to_parent(parent_pid: int) -> None:
    """Have the kernel kill this process when the thread that started it ends.

    Also where the process hangs in a driver's call or was stopped. Where there is no such kernel, the end
    of the connection has to do: it is noticed by whoever reads from it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent_pid:  # it has ended already
        os._exit(0)


def leave_signals_to_parent() -> None:
    """Let Ctrl-C and systemd's SIGTERM end the parent, which then ends its children in its own order."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
