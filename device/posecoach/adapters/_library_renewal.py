"""Where a library is built: beside the one that is there, which is read until the new one is whole."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from posecoach.adapters._library_file import opened, require_library
from posecoach.errors import OutputError


def file_to_build(library: Path) -> Path:
    """The file that a build of `library` writes.

    The library itself where there is none yet, or only what a first build has come to. Else a copy beside it:
    that of a build that was ended in the middle, or a new one.

    Raises:
        LibraryError: What is there is no library, or damaged.
        sqlite3.Error: It cannot be read, or the copy not be written.
        OutputError: The same.
    """
    if not is_whole(library):
        return library
    copy = library.with_name(f"{library.name}.building")
    if copy.exists() and copy.stat().st_size:
        require_library(copy)
        if _origin(copy) == _origin(library):
            return copy
    _copy(library, copy)
    return copy


def put_in_place(built: Path, library: Path) -> None:
    """Have `library` be what was built, at once; whoever has the old one open reads on in it.

    Raises:
        OutputError: It cannot be.
    """
    try:
        built.replace(library)
    except OSError as error:
        raise OutputError(f"{library} cannot be written: {error.strerror or error}") from error


def is_whole(library: Path) -> bool:
    """Whether there is a library, and not only what a first build has come to."""
    journal = library.with_name(f"{library.name}-wal")
    return library.exists() and library.stat().st_size > 0 and not journal.exists()


def _origin(library: Path) -> dict[str, Any]:
    with closing(opened(library, to_write=False)) as connection:
        return dict(connection.execute("SELECT key, value FROM library LIMIT 10"))


def _copy(library: Path, copy: Path) -> None:
    partial = copy.with_name(f"{copy.name}~")
    try:
        with closing(opened(library, to_write=False)) as source:
            source.set_progress_handler(None, 0)  # whatever is in it, copying takes as long as it is large
            with closing(sqlite3.connect(partial, timeout=0.3)) as target:
                source.backup(target)
        shutil.copymode(library, partial)
        for left in ("", "-wal", "-shm"):  # SQLite would take what it finds beside the copy for the copy's
            copy.with_name(copy.name + left).unlink(missing_ok=True)
        partial.replace(copy)
    except OSError as error:
        raise OutputError(f"{copy} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
