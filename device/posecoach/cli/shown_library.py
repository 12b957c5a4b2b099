"""The library that a mirror shows: as it was opened, and the new one when it was built again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters.picture_library import PictureLibrary
from posecoach.cli.posed_pictures import picture_of
from posecoach.errors import LibraryError, PosecoachError
from posecoach.face.mirroring import NamedPicture
from posecoach.library.pose_index import PoseIndex
from posecoach.library.stock import printable
from posecoach.ports import Closes

_log = logging.getLogger(__name__)


class ShownLibrary(Closes):
    """An open library with somebody in it."""

    def __init__(self, path: Path, decode: Callable[[bytes], NDArray[np.uint8]] | None = None) -> None:
        """Open it.

        Args:
            path: The file.
            decode: Makes a picture of a JPEG; by default here and now.

        Raises:
            InputMissing: There is no such file.
            LibraryError: It is no library, damaged, or nobody is in it yet.
        """
        self._path, self._decode = path, decode
        self._seen = _identity(path)
        self._library, self.index = _opened(path)

    def named(self, at: int) -> NamedPicture:
        """Who has this place in the index."""
        person = self._library.person(at)
        name = PurePosixPath(person.path).stem.replace("_", " ")
        return NamedPicture(picture_of(person, self._decode), printable(name))

    def renewed(self) -> PoseIndex | None:
        """The index of the library that has taken this one's place, if one has; `named` is of that one then.

        One that cannot be read is told to the log, once.
        """
        now = _identity(self._path)
        if now == self._seen or now is None:
            return None
        self._seen = now
        try:
            following, index = _opened(self._path)
        except PosecoachError as error:
            _log.warning("library: goes on with the old one: %s", error)
            return None
        self._library.close()
        self._library, self.index = following, index
        return index

    def close(self) -> None:
        """Let the file go; a second call does nothing."""
        self._library.close()


def _identity(path: Path) -> tuple[int, int] | None:
    """What changes when another file takes its place; `None` where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _opened(path: Path) -> tuple[PictureLibrary, PoseIndex]:
    library = PictureLibrary(path)
    try:
        if not library.contents().people:
            raise LibraryError(f"{path}: nobody is in it yet; build it first")
        return library, library.index()
    except BaseException:
        library.close()
        raise
