"""A folder in the place of another, at once; the one before is kept aside as ``NAME~``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from posecoach.adapters._exchange import exchanged


def aside(target: Path) -> Path:
    """Where the one before is kept."""
    return target.with_name(f"{target.name}~")


def put_in_place(ready: Path, target: Path) -> bool:
    """Have `target` be what `ready` is; whether there was one before, which is `aside` now.

    At no time is `target` missing or half where it was there before, whenever the power is cut.

    Raises:
        OSError: It cannot be.
    """
    _to_the_disk(ready)
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
    if not exchanged(one, other):
        between = one.with_name(f"{one.name}~")
        one.rename(between)
        other.rename(one)
        between.rename(other)
    _to_the_disk(other.parent)


def _to_the_disk(folder: Path) -> None:
    """Make what was put into a folder, or renamed in it, outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
