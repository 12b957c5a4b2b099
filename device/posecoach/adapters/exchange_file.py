"""A routine as one file, to be handed on: ``ID.posecoach``, with checksums and perhaps a signature."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from posecoach.adapters._exchange_manifest import MANIFEST, SIGNATURE, Manifest, described, manifest_of
from posecoach.adapters._stored_zip import LARGEST_BYTES, LARGEST_FILE_BYTES, MOST_FILES, pack, unpack
from posecoach.errors import ExchangeError, InputMissing

SUFFIX: Final = ".posecoach"
MOST_LOOKED_AT: Final = 5000
"""So many entries of a folder are looked through for routines' files: a stick may hold a life's pictures."""
MOST_FOUND: Final = 60


@dataclass(frozen=True, slots=True)
class RoutineFile:
    """A routine's file: its parts are those that the manifest says.

    Attributes:
        manifest: What it says of itself.
        parts: The files of the routine, by name.
        signature: Of the manifest's bytes, which hold every part's checksum; `None` where it is not signed.
    """

    manifest: Manifest
    parts: Mapping[str, bytes]
    signature: bytes | None = None

    @property
    def signed(self) -> bytes:
        """What a signature is of."""
        return self.manifest.content()

    def stored(self) -> dict[str, bytes]:
        """All that belongs to it, as it is kept and as it travels: manifest, signature, parts by name."""
        signature = {} if self.signature is None else {SIGNATURE: self.signature}
        return {MANIFEST: self.signed, **signature, **dict(sorted(self.parts.items()))}

    def packed(self) -> bytes:
        """The file's bytes; the same routine gives the same.

        Raises:
            ExchangeError: It is too large to be handed on.
        """
        stored = self.stored()
        largest = max(stored, key=lambda name: len(stored[name]))
        if len(stored[largest]) > LARGEST_FILE_BYTES:
            raise ExchangeError(f"{largest} is larger than {LARGEST_FILE_BYTES >> 20} MiB: shorten the track")
        content = pack(stored)
        if len(content) > LARGEST_BYTES or len(stored) > MOST_FILES:
            raise ExchangeError(f"more than {LARGEST_BYTES >> 20} MiB or {MOST_FILES} files")
        return content


def routine_file(
    id_: str, name: str, parts: Mapping[str, bytes], *, author: str, licence: str, made_with: str
) -> RoutineFile:
    """A file that is not signed yet.

    Args:
        id_: Of the routine.
        name: In words.
        parts: Its files, by name.
        author: Who made it; empty where nobody says.
        licence: Under which it may be passed on, likewise.
        made_with: The program and its version.

    Raises:
        ExchangeError: One of these cannot be handed on.
    """
    parts_told = {part: described(content) for part, content in parts.items()}
    return RoutineFile(Manifest(id_, name, author, licence, made_with, parts_told), parts)


def kept_file(stored: Mapping[str, bytes]) -> RoutineFile | None:
    """The file that a stored routine came in.

    `None` where it was made here, or somebody has changed it since.

    Args:
        stored: All files of the routine's folder that belong to it, as `RoutineFile.stored` has them.
    """
    try:
        return _from(stored)
    except ExchangeError:
        return None


def read_routine_file(path: Path) -> RoutineFile:
    """Read a routine's file; every part is as its checksum says.

    Raises:
        InputMissing: There is no such file.
        ExchangeError: It is none, or not as it was written.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe may never end, and a device be anything
            raise ExchangeError(f"{path}: is no file")
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise InputMissing(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return _from(unpack(content))
    except ExchangeError as error:
        raise ExchangeError(f"{path}: {error}") from None


def routine_files(folder: Path) -> tuple[list[Path], bool]:
    """The routines' files in a folder, by name, and whether there may be more than were looked for.

    Raises:
        ExchangeError: The folder cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, MOST_LOOKED_AT)]
    except OSError as error:
        raise ExchangeError(f"{folder}: cannot be read: {error.strerror}") from error
    found = [name for name in names if name.lower().endswith(SUFFIX) and not name.startswith(".")]
    more = len(names) == MOST_LOOKED_AT or len(found) > MOST_FOUND
    return [folder / name for name in sorted(found, key=str.casefold)[:MOST_FOUND]], more


def _from(files: Mapping[str, bytes]) -> RoutineFile:
    if MANIFEST not in files:
        raise ExchangeError("there is no manifest in it: not what posecoach routine export writes")
    manifest = manifest_of(files[MANIFEST])
    parts = {name: content for name, content in files.items() if name not in (MANIFEST, SIGNATURE)}
    if differing := manifest.differing(parts):
        raise ExchangeError(
            f"{differing[:60]!r} is not what its manifest says: the file is damaged or was changed"
        )
    return RoutineFile(manifest, parts, files.get(SIGNATURE))
