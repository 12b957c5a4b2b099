"""A film that is being written: pictures of one size, and a file that is whole or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import OutputError, ShapeError
from posecoach.ports import Closes


class FilmFile(Closes):
    """What every kind of film has. Leaving the ``with`` block by an exception leaves nothing."""

    def __init__(self, path: Path, *, wh: tuple[int, int], rate_hz: float) -> None:
        """Begin.

        Args:
            path: Where it will be; an existing file is replaced on `close`.
            wh: Width and height of the images.
            rate_hz: Pictures a second.
        """
        if min(wh) < 1 or not rate_hz > 0:
            raise ValueError(f"expected a size and rate above 0, got {wh[0]} x {wh[1]} at {rate_hz} Hz")
        self._path, self._wh = path, wh
        self._partial = path.with_name(f".{path.name}.{os.getpid()}.partial")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            super().__exit__(kind, error, trace)
        else:
            self._abandon()

    def _require_size(self, image: NDArray[np.uint8]) -> None:
        expected = (self._wh[1], self._wh[0], 3)
        if image.shape != expected or image.dtype != np.uint8:
            raise ShapeError(
                f"{self._path}: expected images {expected} uint8, got {image.shape} {image.dtype}"
            )

    def _no_picture(self) -> OutputError:
        return OutputError(f"{self._path} was not written: it would hold no picture")

    def _put_in_place(self) -> None:
        with self._partial.open("rb") as file:
            os.fsync(file.fileno())
        self._partial.replace(self._path)

    def _abandon(self) -> None:
        with suppress(OSError):
            self._partial.unlink(missing_ok=True)
