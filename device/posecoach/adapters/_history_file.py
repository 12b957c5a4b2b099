"""The file of the history: opened for certain writing, and set aside where it is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from posecoach.adapters._history_rescue import rescue, rescued_of
from posecoach.adapters._history_schema import NewerSchema, migrate

DAMAGED_KEPT: Final = 3

_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_CURES: Final = {
    sqlite3.SQLITE_BUSY: "another posecoach is writing, try again",
    sqlite3.SQLITE_CANTOPEN: "is it the history of another user?",
    sqlite3.SQLITE_READONLY: "is it the history of another user, or the disk read-only?",
    sqlite3.SQLITE_FULL: "free some space on its disk",
    sqlite3.SQLITE_IOERR: "check its disk",
    sqlite3.SQLITE_CORRUPT: "it is damaged, the next session sets it aside",
    sqlite3.SQLITE_NOTADB: "it is damaged, the next session sets it aside",
}


def connected(path: Path, *, lock_wait_s: float) -> sqlite3.Connection:
    """The database in `path`, in autocommit mode, with all tables; made where there is none.

    Raises:
        sqlite3.Error: It cannot be opened; `is_damage` tells whether it never will be.
        NewerSchema: A newer posecoach has written it.
    """
    rescued = rescued_of(path)
    if rescued.exists() and not path.exists():  # the power was cut between two renames
        with suppress(OSError):
            rescued.rename(path)
    connection = sqlite3.connect(path, timeout=lock_wait_s, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What was deleted is not to be found in the file either.
        connection.execute("PRAGMA secure_delete = ON")
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise _Damage(found)
        migrate(connection)
    except (sqlite3.Error, NewerSchema):
        connection.close()
        raise
    return connection


class _Damage(sqlite3.DatabaseError):
    """The database can be opened, but its pages contradict each other."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is bad, for which waiting, space or permission would be no cure."""
    return _kind(error) in _BROKEN


def cure(error: sqlite3.Error) -> str:
    """What to do about it, to be said behind the reason; empty where that is not known."""
    words = _CURES.get(_kind(error))
    return f": {words}" if words else ""


def _kind(error: sqlite3.Error) -> int:
    if isinstance(error, _Damage):
        return sqlite3.SQLITE_CORRUPT
    code: int = getattr(error, "sqlite_errorcode", -1)  # of SQLite's own errors only
    return code & 0xFF if code >= 0 else -1  # the lower byte is the kind


def begun_again(path: Path) -> Path:
    """Set a damaged database aside, and put what can be saved of it in its place; its new name.

    A power cut in the middle loses nothing: what was saved is whole before the damaged one is moved.

    Raises:
        OSError, sqlite3.Error: The folder is not writable, or there is no room.
    """
    rescued = rescue(path)
    aside = set_aside(path)
    rescued.rename(path)
    return aside


def set_aside(path: Path) -> Path:
    """Rename a database and what belongs to it; its new name, with the next number.

    Of many, only the newest are kept: a bad card must not be filled with them.

    Raises:
        OSError: The folder is not writable.
    """
    names = (each.name.rpartition("-")[2] for each in path.parent.glob(f"{path.name}.damaged-*"))
    numbers = [int(name) for name in names if name.isdigit()]
    last = max(numbers, default=0)
    for number in numbers:
        if number <= last + 1 - DAMAGED_KEPT:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(f"{path.name}.damaged-{number}{suffix}").unlink(missing_ok=True)
    aside = path.with_name(f"{path.name}.damaged-{last + 1}")
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        # They belong to the old file; beside the new one they would be read into it.
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside
