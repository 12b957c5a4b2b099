"""A second file of the history, and what can be saved of a damaged one."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from posecoach.adapters._history_rows import part_facts, session_record
from posecoach.adapters._history_schema import migrate
from posecoach.coach.records import HoldRecord, RepRecord

_log = logging.getLogger(__name__)

_ROOM: Final = 4
"""A copy is made where the disk has so many times its size free: what is being done now comes first."""
_READ: Final = {
    "session": "SELECT *, 0 AS reps, 0 AS good_reps, 0 AS holds FROM session",
    "part": "SELECT * FROM part",
}


def copy_of(path: Path) -> Path:
    """Where the second file of a history is."""
    return path.with_name(f"{path.name}.copy")


def rescued_of(path: Path) -> Path:
    """Where a history is put together again."""
    return path.with_name(f"{path.name}.rescued")


def keep_copy(connection: sqlite3.Connection, path: Path) -> bool:
    """Write the history into a second file, whole or not at all; whether that was possible."""
    partial = path.with_name(f"{path.name}.copy.partial")
    try:
        disk = os.statvfs(path.parent)
        if disk.f_bavail * disk.f_frsize < _ROOM * path.stat().st_size:
            return False
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(partial)) as target:
            connection.backup(target)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(copy_of(path))
    except (OSError, sqlite3.Error) as error:
        _log.warning("no copy of the history could be made: %s", error)
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        return False
    return True


def rescue(path: Path) -> Path:
    """Put together a new history of what can be read of a damaged one, and of the copy.

    The damaged file is only read. Sessions that were deleted do not come back: the copy is deleted with
    them, and in the file itself their bytes are zero.

    Raises:
        OSError, sqlite3.Error: There is no room for it.
    """
    rescued = rescued_of(path)
    for suffix in ("", "-journal"):
        rescued.with_name(rescued.name + suffix).unlink(missing_ok=True)
    with closing(sqlite3.connect(rescued, isolation_level=None)) as target:
        target.row_factory = sqlite3.Row
        target.execute("PRAGMA foreign_keys = ON")
        migrate(target)
        target.execute("BEGIN")
        for source in (copy_of(path), path):
            found = sum(_taken(target, table, source) for table in _READ)
            _log.warning("%d rows were saved from %s", found, source)
        target.execute("COMMIT")
    return rescued


def _taken(target: sqlite3.Connection, table: str, source: Path) -> int:
    known = [row[1] for row in target.execute(f"PRAGMA table_info({table})")]
    taken = 0
    for row in _rows(source, table):
        there = tuple(row.keys())
        names = [name for name in there if name in known]  # an older one lacks some
        values = ", ".join("?" * len(names))
        with suppress(sqlite3.IntegrityError):  # of no session that was saved
            done = target.execute(
                f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({values})",
                [row[name] for name in names],
            )
            if done.rowcount and not _makes_sense(target, table, done.lastrowid):
                target.execute(f"DELETE FROM {table} WHERE id = ?", (done.lastrowid,))
            else:
                taken += done.rowcount
    return taken


def _rows(source: Path, table: str) -> Iterator[sqlite3.Row]:
    """Rows of a file, from both ends up to where it is damaged."""
    if not source.exists():
        return
    for mode in ("mode=ro", "immutable=1"):  # with its log, and else without
        for order in ("ASC", "DESC"):
            try:
                with closing(sqlite3.connect(f"{source.absolute().as_uri()}?{mode}", uri=True)) as connection:
                    connection.row_factory = sqlite3.Row
                    yield from connection.execute(f"SELECT * FROM {table} ORDER BY rowid {order}")
                return
            except sqlite3.Error:
                continue


def _makes_sense(target: sqlite3.Connection, table: str, number: int | None) -> bool:
    row = target.execute(f"{_READ[table]} WHERE id = ?", (number,)).fetchone()
    try:
        if table == "session":
            return isinstance(session_record(row).uuid, str)
        facts = part_facts(row)
        if row["kind"] == "hold":
            HoldRecord(**facts, held_s=row["held_s"])
        else:
            RepRecord(**facts)
    except (ValueError, TypeError, IndexError, KeyError):
        return False
    return True
