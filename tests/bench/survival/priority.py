"""How much of a busy machine is ours: Linux shares it out by session first, and by nice only then."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path


def pass_on(pid: int) -> None:
    """Give the session of a process the nice value of this one; without that, `nice -n -10` is nothing."""
    with suppress(OSError):  # no such thing here, or not allowed
        Path(f"/proc/{pid}/autogroup").write_text(str(os.nice(0)))


class PassedOn:
    """The same for every session that begins below a process: a container has one of each service."""

    def __init__(self, pid: int) -> None:
        """Begin."""
        self._pid, self._over, self._seen = pid, threading.Event(), set[int]()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            waiting = [self._pid]
            while waiting:
                pid = waiting.pop()
                if pid not in self._seen:
                    self._seen.add(pid)
                    pass_on(pid)
                with suppress(OSError):
                    waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
