"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from posecoach.errors import OutputError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name beside it, to the disk, and then rename it.

    At no time is `path` half a file: a power cut leaves what was there before, or all of `content`.

    Raises:
        OutputError: The folder is missing, full or not writable.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # gone where all went well; where not, the first reason is the one to tell
            partial.unlink(missing_ok=True)
