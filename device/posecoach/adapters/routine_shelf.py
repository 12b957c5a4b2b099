"""Routines that come and go whole: put beside the others, kept aside, brought back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from posecoach.adapters._exchange_manifest import ID, MANIFEST, SIGNATURE
from posecoach.adapters._put_in_place import aside, put_in_place, swap
from posecoach.adapters._stored_zip import LARGEST_FILE_BYTES
from posecoach.adapters._toml import toml_file
from posecoach.coach.routine import Routine
from posecoach.errors import InputMissing, OutputError, PosecoachError, RoutineError

FILE: Final = "routine.toml"


def require_id(id_: str) -> None:
    """Say that something cannot name a routine.

    Raises:
        RoutineError: It cannot.
    """
    if not ID.fullmatch(id_):
        raise RoutineError(f"{id_[:80]!r} cannot name a routine: use a-z, 0-9, '-', '_', '.', 64 at most")


class RoutineShelf:
    """The folder of one's own routines, as whole things; one process at a time may change it."""

    def __init__(self, folder: Path, load: Callable[[str], Routine]) -> None:
        """Look at a folder, which need not exist yet.

        Args:
            folder: Where the routines' folders are.
            load: Loads the routine in a folder, by its path.
        """
        self._folder, self._load = folder, load

    def whole(self, place: Path) -> tuple[Routine, dict[str, bytes]]:
        """The routine in a folder, and all files that belong to it: text, tracks, and what it came with.

        Raises:
            PosecoachError: It is not whole.
        """
        routine = self._load(str(place))
        document = toml_file(place / FILE, LARGEST_FILE_BYTES)
        names = {FILE, *(name for step in document["steps"] for name in step["tracks"].values())}
        names |= {name for name in (MANIFEST, SIGNATURE) if (place / name).is_file()}
        try:
            return routine, {name: (place / name).read_bytes() for name in sorted(names)}
        except OSError as error:
            raise InputMissing(f"{place}: cannot be read: {error.strerror}") from error

    def check(self, files: Mapping[str, bytes]) -> Routine:
        """The routine that these files are; nothing of it is left behind.

        Raises:
            RoutineError: They are none; names the file and the key.
        """
        try:
            with TemporaryDirectory(prefix="posecoach-") as folder:
                place = Path(folder) / "routine"
                _write(place, files)
                try:
                    return self._load(str(place))
                except PosecoachError as error:  # where it is now says nothing to anybody
                    raise RoutineError(str(error).replace(f"{place}{os.sep}", "")) from None
        except OSError as error:
            raise OutputError(f"no room to look at the routine: {error.strerror or error}") from error

    def put(self, id_: str, files: Mapping[str, bytes]) -> bool:
        """Have files that `check` has found good be a routine here, whole or not at all.

        Returns:
            Whether there was one, which is kept aside now.

        Raises:
            RoutineError: The id cannot name one.
            OutputError: The folder cannot be written.
        """
        require_id(id_)
        target = self._folder / id_
        ready = self._folder / f".{id_}.ready"
        try:
            shutil.rmtree(ready, ignore_errors=True)  # of somebody who was killed
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(ready, files, lasting=True)
            return put_in_place(ready, target)
        except OSError as error:
            raise OutputError(f"{target}: cannot store the routine: {error.strerror or error}") from error
        finally:
            shutil.rmtree(ready, ignore_errors=True)

    def remove(self, id_: str) -> Path:
        """Take a routine away; where it is kept, until the next of its name is removed or replaced.

        Raises:
            OutputError: The folder cannot be written.
        """
        target = self._folder / id_
        try:
            shutil.rmtree(aside(target), ignore_errors=True)
            return target.rename(aside(target))
        except OSError as error:
            raise OutputError(f"{target}: cannot be removed: {error.strerror or error}") from error

    def restore(self, id_: str) -> bool:
        """Bring back what was kept aside; whether there was another in its place, which is kept aside now.

        Raises:
            InputMissing: Nothing of this name is kept aside.
            OutputError: The folder cannot be written.
        """
        target = self._folder / id_
        before = aside(target)
        if not ID.fullmatch(id_) or not (before / FILE).is_file():
            kept = ", ".join(self.kept_aside()) or "nothing"
            raise InputMissing(f"nothing of {id_!r} is kept aside in {self._folder}; there is: {kept}")
        try:
            if target.exists():
                swap(before, target)
                return True
            before.rename(target)
        except OSError as error:
            raise OutputError(f"{target}: cannot be brought back: {error.strerror or error}") from error
        return False

    def kept_aside(self) -> list[str]:
        """The routines of which one is kept aside."""
        found = self._folder.glob("*~") if self._folder.is_dir() else ()
        return sorted(
            path.name[:-1] for path in found if ID.fullmatch(path.name[:-1]) and (path / FILE).is_file()
        )


def _write(folder: Path, files: Mapping[str, bytes], *, lasting: bool = False) -> None:
    folder.mkdir()
    for name, content in files.items():
        with (folder / name).open("xb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
