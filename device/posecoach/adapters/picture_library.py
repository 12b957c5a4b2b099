"""A library of pictures on disk: who is in which picture, how they stand, and a small picture of each.

One SQLite file that can be carried to another box; it needs the pictures only to be built. Every picture is
kept as soon as it was read, so that a build goes on where it was ended. What is kept carries a checksum.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters._library_file import (
    bound_to,
    bytes_on_disk,
    explained,
    opened,
    require_library,
    shrink,
)
from posecoach.adapters._library_renewal import file_to_build, put_in_place
from posecoach.adapters._library_rows import picture_sum, sound_poses, sound_thumbnail, thumbnail_sum
from posecoach.errors import LibraryError
from posecoach.library.people import (
    POSE_BYTES,
    KeptPerson,
    KeptPicture,
    checked_rows,
    keypoints_of,
    packed_poses,
    unpacked_poses,
)
from posecoach.library.pose_index import PoseIndex
from posecoach.library.stock import Contents, Origin, PersonFound, Stamp, State, Stocked, printable
from posecoach.ports import Closes

_GROUP: Final = 4096
_LEAST_ROW_BYTES: Final = 24


class PictureLibrary(Closes):
    """An open library. Every method raises `LibraryError` where the file is damaged."""

    def __init__(self, path: Path, *, to_build: bool = False) -> None:
        """Open it.

        Args:
            path: The file.
            to_build: Whether it will be written, by nobody else meanwhile. It is then made where there is
                none; where there is one, that is what everybody reads until `finish`.

        Raises:
            InputMissing: There is no such file.
            LibraryError: It is no library, or damaged.
            OutputError: Another process writes it, or its folder cannot be written.
        """
        self._path = path
        if not to_build or (path.exists() and path.stat().st_size):
            require_library(path)
        self._to_build = to_build
        try:
            self._file = file_to_build(path.resolve()) if to_build else path
            self._connection = opened(self._file, to_write=to_build)
            self._opened_bytes = bytes_on_disk(self._file)
        except (sqlite3.Error, UnicodeError) as error:
            raise explained(error, path) from error
        self._places: tuple[NDArray[np.int64], NDArray[np.uint8]] | None = None

    @property
    def origin(self) -> Origin | None:
        """What it was built from; `None` in a new one."""
        with self._explaining():
            found = dict(self._connection.execute("SELECT key, value FROM library LIMIT 10"))
        try:
            return Origin(*(_text(found[key]) for key in Origin.__slots__)) if found else None
        except KeyError as error:
            raise LibraryError(f"{self._path} is damaged: it does not say its {error.args[0]}") from None

    def begin(self, origin: Origin) -> None:
        """Say what it is built from."""
        with self._explaining(), self._transaction():
            for key in Origin.__slots__:
                self._connection.execute("REPLACE INTO library VALUES (?, ?)", (key, getattr(origin, key)))

    def take_stock(self, found: Iterable[Stamp]) -> list[tuple[int, str]]:
        """Note what is in the folder now: forget what is gone, and what has changed.

        Returns:
            The pictures to read, with their numbers, in the order of `found`.
        """
        with self._explaining():
            known = self._stock()
            to_read = []
            with self._transaction():
                for stamp in found:
                    before = known.pop(stamp.path, None)
                    if before is None or before.stamp != stamp:
                        number = self._note(before and before.number, stamp)
                    elif before.state != State.TO_READ:
                        continue
                    else:
                        number = before.number
                    to_read.append((number, stamp.path))
                for gone in known.values():
                    self._connection.execute("DELETE FROM picture WHERE id = ?", (gone.number,))
                    self._connection.execute("DELETE FROM thumbnail WHERE picture = ?", (gone.number,))
            return to_read

    def is_of(self, found: Iterable[Stamp]) -> bool:
        """Whether it is of these pictures and no others, all of them read."""
        with self._explaining():
            stock = self._stock().values()
        return all(one.state != State.TO_READ for one in stock) and {one.stamp for one in stock} == set(found)

    def keep(self, number: int, picture: KeptPicture) -> None:
        """Keep what was read of a picture; it outlives a kill once this returns."""
        poses = packed_poses([person.pose for person in picture.people])
        with self._explaining(), self._transaction():
            path = self._connection.execute("SELECT path FROM picture WHERE id = ?", (number,)).fetchone()[0]
            checksum = picture_sum(number, path.encode(), *picture.wh, poses)
            self._connection.execute(
                "UPDATE picture SET state = ?, width = ?, height = ?, poses = ?, checksum = ? WHERE id = ?",
                (State.READ, *picture.wh, poses, checksum, number),
            )
            for place, person in enumerate(picture.people):
                crop = (person.crop.x, person.crop.y, person.crop.w, person.crop.h)
                checksum = thumbnail_sum(number, place, crop, person.thumbnail)
                self._connection.execute(
                    "REPLACE INTO thumbnail VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (number, place, *crop, person.thumbnail, checksum),
                )

    def keep_unreadable(self, number: int, problem: str) -> None:
        """Note that a picture cannot be read; it is tried again when it has changed."""
        with self._explaining():
            self._connection.execute(
                "UPDATE picture SET state = ?, problem = ? WHERE id = ?",
                (State.UNREADABLE, problem[:1000], number),
            )

    def finish(self) -> None:
        """Make one file of it that can be read where nothing can be written, and the library of it."""
        with self._explaining():
            shrink(self._connection)
            self._connection.execute("PRAGMA journal_mode = DELETE")
        library = self._path.resolve()
        if self._file != library:
            put_in_place(self._file, library)
            self._file = library

    def contents(self) -> Contents:
        """How much is in it."""
        with self._explaining():
            rows = self._connection.execute(
                "SELECT state, count(*), total(length(poses)) FROM picture GROUP BY state LIMIT 10"
            ).fetchall()
        counts = {state: int(count) for state, count, _ in rows}
        to_read, read, unreadable = (counts.get(state, 0) for state in State)
        people = sum(int(poses) // POSE_BYTES for state, _, poses in rows if state == State.READ)
        return Contents(to_read, read, unreadable, people)

    def problems(self) -> list[tuple[str, str]]:
        """Every picture that could not be read, and why."""
        with self._explaining():
            return self._connection.execute(
                "SELECT path, problem FROM picture WHERE state = ? ORDER BY path", (State.UNREADABLE,)
            ).fetchall()

    def index(self) -> PoseIndex:
        """Everybody in it, in the order of their pictures' numbers; `person` knows them by their places.

        Raises:
            LibraryError: There is more in it than the file has room for, or a checksum does not hold.
        """
        numbers: list[int] = []
        counts: list[int] = []
        with self._explaining():
            index = PoseIndex(self._groups(numbers, counts))
        each = np.array(counts, np.int64)
        within = np.arange(len(index)) - np.repeat(np.cumsum(each) - each, each)
        self._places = np.repeat(np.array(numbers, np.int64), each), within.astype(np.uint8)
        return index

    def person(self, at: int) -> PersonFound:
        """Who has this place in the index, which was asked for before."""
        assert self._places is not None, "index() comes first"
        number, person = int(self._places[0][at]), int(self._places[1][at])
        with self._explaining():
            row = self._connection.execute(
                "SELECT path, width, height, poses, checksum FROM picture WHERE id = ?", (number,)
            ).fetchone()
            small = self._connection.execute(
                "SELECT x, y, w, h, jpeg, checksum FROM thumbnail WHERE picture = ? AND person = ?",
                (number, person),
            ).fetchone()
        if row is None or small is None:
            raise LibraryError(f"{self._path} is damaged: picture {number} is not in it any more")
        path = row[0]
        if not isinstance(path, str):
            raise LibraryError(f"{self._path} is damaged: a picture without a name")
        poses = unpacked_poses(sound_poses(self._path, number, path.encode(), *row[1:]))
        *corners, jpeg, checksum = small
        crop = sound_thumbnail(number, person, corners, jpeg, checksum)
        if crop is None or person >= len(poses):
            raise LibraryError(f"{self._path} is damaged: the thumbnail of {printable(path)}")
        return PersonFound(path, person, KeptPerson(poses[person], crop, jpeg))

    def close(self) -> None:
        """Let the file go; a second call does nothing."""
        if self._to_build:  # merges what a kill would have left in a file of its own
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def _groups(self, numbers: list[int], counts: list[int]) -> Iterator[NDArray[np.float32]]:
        """Keypoints of some thousand people at a time; notes which pictures they are in."""
        most = self._size
        parts: list[bytes] = []
        gathered = 0
        for row in self._connection.execute(
            "SELECT id, CAST(path AS BLOB), width, height, poses, checksum FROM picture WHERE state = 1 "
            "ORDER BY id"
        ):
            poses = sound_poses(self._path, *row)
            most -= len(poses) + _LEAST_ROW_BYTES
            if most < 0:
                raise LibraryError(f"{self._path} is damaged: it names more poses than it has room for")
            people = len(poses) // POSE_BYTES
            numbers.append(row[0])
            counts.append(people)
            parts.append(poses)
            gathered += people
            if gathered >= _GROUP:
                yield keypoints_of(checked_rows(b"".join(parts)))
                parts.clear()
                gathered = 0
        yield keypoints_of(checked_rows(b"".join(parts)))

    @property
    def _size(self) -> int:
        """In bytes; of one that is read as it was opened, for another may have taken its place since."""
        return bytes_on_disk(self._file) if self._to_build else self._opened_bytes

    def _stock(self) -> dict[str, Stocked]:
        """What is known of each picture, by its name."""
        most = self._size // _LEAST_ROW_BYTES
        rows = self._connection.execute(
            "SELECT id, path, size, mtime_ns, state FROM picture LIMIT ?", (most,)
        )
        return {path: Stocked(number, Stamp(path, *sizes), state) for number, path, *sizes, state in rows}

    def _note(self, number: int | None, stamp: Stamp) -> int:
        """Note a picture that is to be read; its number."""
        if number is not None:
            self._connection.execute("DELETE FROM thumbnail WHERE picture = ?", (number,))
        made = self._connection.execute(
            "REPLACE INTO picture VALUES (?, ?, ?, ?, 0, '', 0, 0, x'', 0)", (number, *stamp)
        )
        assert made.lastrowid is not None
        return made.lastrowid

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """Ask something: bounded by the size of the file, unless it is ours to write."""
        try:
            if not self._to_build:
                bound_to(self._connection, self._size)
            yield
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise explained(error, self._path) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise LibraryError(f"a library is damaged: expected a text, got {type(value).__name__}")
    return value
