"""One picture in memory that two processes share.

The memory has no name: it is a file that exists only as long as somebody has it open, so that neither the
death of one side nor of both leaves anything behind. Who may touch it is told by messages (see `wire`):
one side writes, says so, and leaves it alone until the other side has answered. So nothing is ever read
half written; the number in its first bytes proves it at each reading.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError

_HEADER: Final = 64  # a line of the processor's cache; 8 bytes at each end of the pictures are the number
_NUMBER: Final = np.dtype("<u8")


class TornPicture(ShapeError):
    """A picture was being written while it was read."""


class Slot:
    """Room for one frame's pictures; grows with the first larger one."""

    def __init__(self, file_number: int | None = None) -> None:
        """Make one, or open the one that another process has made."""
        self.file_number = _nameless() if file_number is None else file_number
        self._memory: mmap.mmap | None = None
        self._bytes: NDArray[np.uint8] = np.empty(0, np.uint8)

    def write(self, number: int, *pictures: NDArray[np.uint8]) -> None:
        """Put pictures in, one copy of each."""
        self._reach(_needed(*(picture.shape for picture in pictures)), may_grow=True)
        at = _HEADER
        self._stamp(0, 0)
        for picture in pictures:
            np.copyto(self._bytes[at : at + picture.size].reshape(picture.shape), picture)
            at += picture.size
        self._stamp(_tail(at), number)
        self._stamp(0, number)

    def read(self, number: int, *shapes: tuple[int, ...]) -> list[NDArray[np.uint8]]:
        """The pictures of these shapes: copies, which the next `write` does not touch.

        Raises:
            TornPicture: What is there is not wholly the frame with this number.
        """
        copies = [view.copy() for view in self.look(number, *shapes)]
        self.look(number, *shapes)  # still the same
        return copies

    def look(self, number: int, *shapes: tuple[int, ...]) -> list[NDArray[np.uint8]]:
        """The same without a copy, for as long as the other side waits.

        Raises:
            TornPicture: What is there is not wholly the frame with this number.
        """
        self._reach(_needed(*shapes), may_grow=False)
        views, at = [], _HEADER
        for shape in shapes:
            size = int(np.prod(shape))
            views.append(self._bytes[at : at + size].reshape(shape))
            at += size
        found = {self._stamped(0), self._stamped(_tail(at))}
        if found != {number}:
            raise TornPicture(f"frame {number} was to be read, but the shared memory holds {sorted(found)}")
        return views

    def close(self) -> None:
        """Let the memory go; a second call does nothing."""
        self._bytes = np.empty(0, np.uint8)
        self._memory = None  # unmapped when the last view of it has gone
        if self.file_number >= 0:
            os.close(self.file_number)
            self.file_number = -1

    def _reach(self, size: int, *, may_grow: bool) -> None:
        if len(self._bytes) >= size:
            return
        if may_grow:
            os.ftruncate(self.file_number, size)  # never made smaller: the other side may have it mapped
        elif os.fstat(self.file_number).st_size < size:
            raise TornPicture(f"the shared memory is smaller than the {size} bytes that were told")
        self._memory = mmap.mmap(self.file_number, size)
        self._bytes = np.frombuffer(self._memory, np.uint8)

    def _stamp(self, at: int, number: int) -> None:
        self._bytes[at : at + 8].view(_NUMBER)[0] = number

    def _stamped(self, at: int) -> int:
        return int(self._bytes[at : at + 8].view(_NUMBER)[0])


def _tail(end: int) -> int:
    """Where the number stands behind pictures that end at `end`, aligned."""
    return -(-end // 8) * 8


def _needed(*shapes: tuple[int, ...]) -> int:
    return _tail(_HEADER + sum(int(np.prod(shape)) for shape in shapes)) + 8


def _nameless() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("posecoach", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:  # elsewhere: a file that is deleted while it is open
        return os.dup(file.fileno())
