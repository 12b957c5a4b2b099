"""One process with one part of the coach in it."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, Final

from posecoach.service.slot import Slot
from posecoach.service.wire import OPEN, PREPARE

KILLED_WITHIN_S: Final = 2.0
"""A killed process is gone much sooner, unless it hangs in the kernel (P2)."""

_PACKAGE_PARENT: Final = Path(__file__).resolve().parents[2]


class Gone(Exception):  # no error by itself: whoever asked says what it means
    """The process has ended, or its connection has."""


class Silent(Exception):
    """The process gave no answer in time."""


class Spawned:
    """A child process, its end of a connection, and the memory that is shared with it.

    Starts as a bare process: `prepare` has it import what it will need, so that a spare one is quick when
    it is wanted; `open` makes it what it is for. For one thread at a time, but for `kill`.

    Attributes:
        opened: Whether it was told to open its part, which may still be under way.
    """

    def __init__(self, prepare: Callable[[], object] | None = None) -> None:
        """Start a process.

        Args:
            prepare: Called in the child at once; picklable.

        Raises:
            Gone: It has ended at once.
        """
        self.slot = Slot()
        self.opened = False
        ours, theirs = Pipe(duplex=True)
        self._connection: Connection = ours
        try:
            self._process = _spawner().submit(_start, theirs, self.slot.file_number).result()
        finally:
            theirs.close()
        self._send(PREPARE, (sys.path, prepare))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended; a stopped one has not."""
        return self._process.poll() is None

    def open(self, make: Callable[[], Any]) -> None:
        """Have it open the part that `make` makes; its answer comes by `receive`.

        Raises:
            Gone: It has ended.
        """
        self._send(OPEN, make)
        self.opened = True

    def send(self, message: bytes) -> None:
        """Say something.

        Raises:
            Gone: It has ended.
        """
        try:
            self._connection.send_bytes(message)
        except (OSError, ValueError) as error:
            raise Gone(self.ending()) from error

    def receive(self, within_s: float) -> bytes:
        """What it says next.

        Raises:
            Silent: Nothing came in time.
            Gone: It has ended, and has said nothing more.
        """
        try:
            if not self._connection.poll(max(within_s, 0.0)):
                raise Silent(f"no answer within {within_s:.3g} s")
            return self._connection.recv_bytes()
        except (OSError, EOFError, ValueError) as error:
            raise Gone(self.ending()) from error

    def fileno(self) -> int:
        """Of its connection, for whoever waits for several."""
        return self._connection.fileno()

    def kill(self) -> bool:
        """End it at once, whatever it does; whether it is gone. From any thread, and as often as wanted."""
        with contextlib.suppress(OSError):
            self._process.kill()
        try:
            self._process.wait(KILLED_WITHIN_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> bool:
        """End it, and let go of what is shared with it; whether it is gone. A second call does nothing."""
        gone = self.kill()
        self._connection.close()
        self.slot.close()
        return gone

    def ending(self) -> str:
        """How it has ended, in words."""
        try:
            code = self._process.wait(0.5)  # the connection closes a moment before
        except subprocess.TimeoutExpired:
            return "it closed its connection"
        if code >= 0:
            return f"it ended with exit code {code}"
        try:
            return f"it was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"it was ended by signal {-code}"

    def _send(self, kind: bytes, content: object) -> None:
        try:
            self.send(kind + pickle.dumps(content))
        except Gone:
            self.close()
            raise


def usable(spare: Spawned | None) -> Spawned | None:
    """A spare process, if it has not ended while it waited."""
    if spare is not None and not spare.alive:
        spare.close()
        return None
    return spare


@cache
def _spawner() -> ThreadPoolExecutor:
    """The one thread that starts processes: the kernel ends them with the thread that started them."""
    return ThreadPoolExecutor(1, thread_name_prefix="spawner")


def _start(connection: Connection, slot: int) -> subprocess.Popen[bytes]:
    # A new interpreter, not a fork: what drivers hold does not survive one (P9). -P: no module is taken
    # from the working directory.
    numbers = (connection.fileno(), slot)
    searched = [str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "posecoach.service.child", *map(str, (*numbers, os.getpid()))],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, searched))},
        pass_fds=numbers,
        stdin=subprocess.DEVNULL,
        stdout=2,  # what a library prints is no answer of ours
        start_new_session=False,
    )
