"""A folder in the place of another, at once; the one before is kept aside as ``NAME~``."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path
from typing import Final

_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100


def aside(target: Path) -> Path:
    """Where the one before is kept."""
    return target.with_name(f"{target.name}~")


def put_in_place(ready: Path, target: Path) -> bool:
    """Have `target` be what `ready` is; whether there was one before, which is `aside` now.

    At no time is `target` missing or half where it was there before, whenever the power is cut.

    Raises:
        OSError: It cannot be.
    """
    if not target.exists():
        ready.rename(target)
        _to_the_disk(target.parent)
        return False
    before = aside(target)
    shutil.rmtree(before, ignore_errors=True)
    ready.rename(before)
    swap(before, target)
    return True


def swap(one: Path, other: Path) -> None:
    """Exchange two folders' names, in one step where the kernel can.

    Raises:
        OSError: One of them is missing, or the folder cannot be written.
    """
    if not _swapped_at_once(one, other):
        between = one.with_name(f"{one.name}~")
        one.rename(between)
        other.rename(one)
        between.rename(other)
    _to_the_disk(other.parent)


def _swapped_at_once(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # another C library
        return False
    paths = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    return bool(renameat2(*paths, _RENAME_EXCHANGE) == 0)


def _to_the_disk(folder: Path) -> None:
    """Make renames in a folder lasting."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
