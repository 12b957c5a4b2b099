"""One process at a time in a folder."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from posecoach.errors import OutputError

LOCK: Final = ".lock"


@contextmanager
def folder_lock(folder: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold `folder`, which is made where it is missing; wait while another process does.

    The lock goes with the process that holds it, however it ends. Its file stays: whoever removed it
    could let in two.

    Args:
        folder: Which.
        on_wait: Called once when there is somebody to wait for.

    Raises:
        OutputError: The folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("ab")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}") from error
    with file:
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                on_wait()
                fcntl.flock(file, fcntl.LOCK_EX)
        except OSError as error:
            raise OutputError(f"{folder} cannot be locked: {error.strerror or error}") from error
        yield
