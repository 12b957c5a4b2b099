"""The file of a library of pictures: SQLite, opened as if somebody wanted to harm us with it.

Poses and thumbnails are for carrying to another box, so a file may come from anybody. It is looked at before
SQLite sees it; then it may hold our tables and nothing else, no view or trigger that would run on reading;
what a value may take and how long a question may run are bounded by the size of the file.
"""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path
from typing import Final

from posecoach.errors import InputMissing, LibraryError, OutputError
from posecoach.library.people import MOST_PEOPLE, MOST_THUMBNAIL_BYTES, POSE_BYTES

APPLICATION_ID: Final = 0x50434C42  # "PCLB"
VERSION: Final = 1

TABLES: Final = {
    "library": "CREATE TABLE library (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "picture": (
        "CREATE TABLE picture (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, "
        "mtime_ns INTEGER NOT NULL, state INTEGER NOT NULL, problem TEXT NOT NULL, width INTEGER NOT NULL, "
        "height INTEGER NOT NULL, poses BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT"
    ),
    "thumbnail": (
        "CREATE TABLE thumbnail (picture INTEGER NOT NULL, person INTEGER NOT NULL, x INTEGER NOT NULL, "
        "y INTEGER NOT NULL, w INTEGER NOT NULL, h INTEGER NOT NULL, jpeg BLOB NOT NULL, "
        "checksum INTEGER NOT NULL, PRIMARY KEY (picture, person)) STRICT"
    ),
}
_OWN_INDEX: Final = "sqlite_autoindex_"

_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_LONGEST_TEXT: Final = 1 << 16
_LONGEST_VALUE: Final = max(MOST_PEOPLE * POSE_BYTES, MOST_THUMBNAIL_BYTES, _LONGEST_TEXT) + 1024
_CACHE_KIB: Final = 8192
_SPARE_SHARE: Final = 0.25
"""Share of a file that may be empty before it is written anew."""
_STEP: Final = 10_000
"""Instructions of SQLite's machine between two looks at how many there were."""
_STEPS_A_BYTE: Final = 4
"""More than any question of ours needs of a sound file: some tens for a row, which takes 250 bytes."""


def require_library(path: Path) -> None:
    """Say what is wrong with a file before SQLite opens it.

    Raises:
        InputMissing: There is none.
        LibraryError: It is no library, of a newer posecoach, or cut off.
    """
    try:
        if path.is_dir():
            raise LibraryError(f"{path} is a folder; expected a library of `posecoach library build`")
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        raise InputMissing(f"{path}: no such library; make one with `posecoach library build`") from None
    except OSError as error:
        raise LibraryError(f"{path} cannot be read: {error.strerror or error}") from error
    if header[:16] != _MAGIC or len(header) < _HEADER_BYTES:
        raise LibraryError(f"{path} is no library of pictures, or cut off ({size} bytes)")
    if path.with_name(f"{path.name}-wal").exists():
        return  # a build was ended in the middle: what the file says of itself may be in that one
    version, application = struct.unpack(">I4xI", header[60:72])
    if application != APPLICATION_ID:
        raise LibraryError(f"{path} is a database, but no library of pictures")
    _require_version(path, version)
    (page_bytes,) = struct.unpack(">H", header[16:18])
    (pages,) = struct.unpack(">I", header[28:32])
    if pages * (page_bytes if page_bytes > 1 else 1 << 16) != size:
        raise LibraryError(
            f"{path} is cut off or damaged: {size} bytes do not hold the {pages} pages it names"
        )


def opened(path: Path, *, to_write: bool) -> sqlite3.Connection:
    """The database in `path`, with our tables and nothing else in it.

    Raises:
        LibraryError: It is something else, or damaged.
        sqlite3.Error: It cannot be opened.
    """
    mode = "rwc" if to_write else "ro"
    if not to_write and _says_wal(path) and not path.with_name(f"{path.name}-wal").exists():
        mode = "ro&immutable=1"  # SQLite would leave files beside it
    quoted = path.absolute().as_uri()
    connection = sqlite3.connect(f"{quoted}?mode={mode}", uri=True, timeout=0.3, isolation_level=None)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if to_write:
            _made_ready(connection)
        bound_to(connection, bytes_on_disk(path))
        _require_ours(connection, path)
        if to_write:
            connection.set_progress_handler(None, 0)
    except BaseException:
        connection.close()
        raise
    return connection


def _says_wal(path: Path) -> bool:
    """Whether a file says that there is a journal beside it; a library that was closed does not."""
    with path.open("rb") as file:
        return 2 in file.read(20)[18:]


def bound_to(connection: sqlite3.Connection, size: int) -> None:
    """Let a question run for as long as a file of so many bytes can give reason to, from now on."""
    left = [(_STEPS_A_BYTE * size + 10_000_000) // _STEP]

    def count() -> int:
        left[0] -= 1
        return left[0] < 0

    connection.set_progress_handler(count, _STEP)


def shrink(connection: sqlite3.Connection) -> None:
    """Write it anew where much of it is empty."""
    free, pages = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count")
    )
    if free > _SPARE_SHARE * pages:
        # It is written into a database beside, which is allowed for as long as that takes.
        before = connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 1)
        connection.execute("VACUUM")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, before)


def bytes_on_disk(path: Path) -> int:
    """Size of the file, and of what a build that was ended in the middle has left beside it."""
    wal = path.with_name(f"{path.name}-wal")
    return path.stat().st_size + (wal.stat().st_size if wal.exists() else 0)


def explained(error: Exception, path: Path) -> LibraryError | OutputError:
    """What SQLite says, or what Python makes of a text in it, as one line of ours."""
    code = getattr(error, "sqlite_errorcode", -1) & 0xFF
    if code == sqlite3.SQLITE_BUSY:
        return OutputError(f"{path} is being written by another posecoach: wait until that is done")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return OutputError(
            f"{path} cannot be opened or written: {error}; check its folder and the room there"
        )
    why = " ".join(str(error).split())[:200]
    return LibraryError(f"{path} is damaged ({why}): build it anew in another file")


def _made_ready(connection: sqlite3.Connection) -> None:
    """For a build: nothing that was finished is lost by a kill, and nobody else writes meanwhile."""
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    empty = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not empty and not ours:
        return  # somebody else's: left as it is, and refused
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    # A picture that was removed is not to be found in the file either.
    connection.execute("PRAGMA secure_delete = ON")
    if empty:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        for table in TABLES.values():
            connection.execute(table)
        connection.execute("COMMIT")


def _require_ours(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise LibraryError(f"{path} is a database, but no library of pictures")
    _require_version(path, connection.execute("PRAGMA user_version").fetchone()[0])
    found = {}
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_schema LIMIT 20"):
        if kind == "index" and str(name).startswith(_OWN_INDEX) and sql is None:
            continue
        found[name] = sql if kind == "table" else None
    if found != TABLES:
        raise LibraryError(f"{path} is damaged: its tables are not those of a library of pictures")


def _require_version(path: Path, version: int) -> None:
    if version != VERSION:
        raise LibraryError(
            f"{path} is a library of version {version}, expected {VERSION}: a newer posecoach has written it"
        )
