"""Routines as folders: `routine.toml`, which a person can read and edit, and one track per view.

::

    squat/
      routine.toml
      step1-front.track.json
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from posecoach.adapters._put_in_place import put_in_place
from posecoach.adapters._routine_document import LONGEST_NAME, Reference, read_routine
from posecoach.adapters._routine_text import routine_text
from posecoach.adapters._toml import NotToml, toml_file
from posecoach.coach.learn import Learned
from posecoach.coach.reference import reference_of
from posecoach.coach.routine import Routine
from posecoach.errors import InputMissing, OutputError, PosecoachError, RoutineError
from posecoach.motion.sequence import PoseSequence
from posecoach.track import PoseTrack

FILE: Final = "routine.toml"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LARGEST_BYTES: Final = 1 << 20
_LONGEST_NAME: Final = 255  # of a file, in bytes

STARTER: Final = Path(__file__).resolve().parents[1] / "starter"
"""The routines that ship."""

ReadTrack = Callable[[Path], PoseTrack]
WriteTrack = Callable[[Path, PoseTrack], None]


class RoutineFolders:
    """The routines in a folder, one folder each, before those that ship."""

    def __init__(
        self, folder: Path, *, read_track: ReadTrack, write_track: WriteTrack, shipped: Path | None = None
    ) -> None:
        """Look at a folder, which need not exist yet.

        Args:
            folder: Where the routines' folders are, and where they are stored.
            read_track: Reads a pose track.
            write_track: Writes one.
            shipped: A folder of more routines, only read; one in `folder` hides that of the same id.
        """
        self._folder = folder
        self._shipped = shipped
        self._read_track = read_track
        self._write_track = write_track

    def ids(self) -> list[str]:
        """The routines there are, by name of their folder."""
        return sorted({*self.own_ids(), *(_ids(self._shipped) if self._shipped else ())})

    def own_ids(self) -> list[str]:
        """Those that do not ship."""
        return sorted(_ids(self._folder))

    def is_own(self, routine: str) -> bool:
        """Whether a routine, by id or by path, is none of those that ship."""
        return self._shipped is None or self.path(routine).resolve().parent != self._shipped.resolve()

    def load(self, routine: str) -> Routine:
        """Load a routine by id, or from the path of its folder.

        Raises:
            InputMissing: There is no such routine; names those there are.
            RoutineError: Something in it is missing or wrong; names the file and the key.
        """
        folder = self.path(routine)
        file = folder / FILE
        try:
            document = toml_file(file, _LARGEST_BYTES)
        except NotToml as error:
            raise RoutineError(f"{file}: {error}") from error
        except OSError as error:
            raise InputMissing(f"{file}: cannot be read: {error.strerror}") from error
        try:
            return read_routine(folder.resolve().name, document, self._references(folder))
        except RoutineError as error:
            raise RoutineError(f"{file}: {error}") from error

    def path(self, routine: str) -> Path:
        """The folder of a routine, by id or by path."""
        given = Path(routine)
        if (given / FILE).is_file():
            return given
        for folder in (self._folder, self._shipped):
            if folder and _ID.fullmatch(routine) and (folder / routine / FILE).is_file():
                return folder / routine
        if given.is_dir():
            raise RoutineError(f"{given}: no {FILE} in this folder; a routine is a folder that holds one")
        known = (
            ", ".join(self.ids())
            or "none yet; make one with: posecoach routine import VIDEO --name NAME --kind reps"
        )
        near = difflib.get_close_matches(routine, self.ids(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InputMissing(f"no routine {routine!r} in {self._folder}; there are: {known}{hint}")

    def save(
        self, id_: str, name: str, learned: Learned, *, summary: str = "", instructions: Sequence[str] = ()
    ) -> Path:
        """Store a learned routine, whole or not at all; one of the same id is kept aside as ``ID~``.

        Args:
            id_: Name of its folder.
            name: In words.
            learned: Its step.
            summary: What it is, in a sentence.
            instructions: How it is done, a sentence each.

        Raises:
            RoutineError: The id cannot be the name of a folder.
            OutputError: The folder cannot be written.
        """
        if not _ID.fullmatch(id_):
            raise RoutineError(f"{id_!r} cannot name a routine: use a-z, 0-9, '-', '_' and '.', 64 at most")
        if not name.isprintable() or not name.strip() or len(name) > LONGEST_NAME:
            raise RoutineError(
                f"{name[:80]!r} cannot be the name of a routine: use letters that can be read, "
                f"{LONGEST_NAME} at most"
            )
        target = self._folder / id_
        unfinished = self._folder / f".{id_}.{os.getpid()}.tmp"
        try:
            for left in self._folder.glob(".*.tmp"):
                if _is_nobodys(left):
                    shutil.rmtree(left, ignore_errors=True)
            unfinished.mkdir(parents=True)
            files = {view: f"step1-{view}.track.json" for view in learned.tracks}
            for view, track in learned.tracks.items():
                self._write_track(unfinished / files[view], track)
            with (unfinished / FILE).open("w", encoding="utf-8") as file:
                file.write(routine_text(name, learned, files, summary, instructions))
                file.flush()
                os.fsync(file.fileno())
            put_in_place(unfinished, target)
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise OutputError(f"{target}: cannot store the routine: {error.strerror or error}") from error
        return target

    def _references(self, folder: Path) -> Reference:
        """Reads the tracks of a folder, each once, however many steps name it."""

        @cache
        def read(file: str) -> PoseSequence:
            return reference_of(self._read_track(folder / file))

        def reference(file: Any, key: str) -> PoseSequence:
            plain = isinstance(file, str) and file.isprintable() and Path(file).name == file
            if not plain or len(os.fsencode(file)) > _LONGEST_NAME:
                raise RoutineError(
                    f"{key}: must be the name of a file in the routine's folder, got {str(file)[:80]!r}"
                )
            try:
                return read(file)
            except PosecoachError as error:
                raise RoutineError(f"{key}: {error}") from error

        return reference


def _is_nobodys(unfinished: Path) -> bool:
    """Whether the process that was making a folder is gone, or is this one."""
    pid = unfinished.name.split(".")[-2]
    if not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return int(pid) == os.getpid()


def _ids(folder: Path) -> list[str]:
    """The ids of the routines in a folder, which need not exist.

    Raises:
        InputMissing: It, or a folder in it, belongs to somebody else.
    """
    try:
        entries = folder.iterdir() if folder.is_dir() else ()
        return [entry.name for entry in entries if (entry / FILE).is_file() and _ID.fullmatch(entry.name)]
    except OSError as error:
        raise InputMissing(
            f"{error.filename or folder}: cannot be read: {error.strerror}; give it to whom the coach runs as"
        ) from error
