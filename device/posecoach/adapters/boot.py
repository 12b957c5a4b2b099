"""Which run of this machine it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

BOOT_ID_FILE: Final = Path("/proc/sys/kernel/random/boot_id")


def boot_id(file: Path = BOOT_ID_FILE) -> str:
    """A name that changes with every start of the machine; empty where the system gives none.

    With the number of a session it tells what happened in one stretch, where the clock cannot.
    """
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return ""
