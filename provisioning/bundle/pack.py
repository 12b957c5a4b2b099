"""One tar file, the same bytes for the same content, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

EXECUTABLE: Final = ("posecoach-release", "install.sh")


def digest(path: Path) -> str:
    """Of a file: sha256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def listed(files: Mapping[str, Path]) -> list[dict[str, object]]:
    """What the manifest says of files, by their path in the bundle."""
    return [
        {"path": name, "sha256": digest(path), "size": path.stat().st_size}
        for name, path in sorted(files.items())
    ]


def pack(files: Mapping[str, Path], target: Path, epoch: int, told: Callable[[int], None]) -> None:
    """Write files into a tar, in their order.

    Args:
        files: By the path inside.
        target: It appears when it is complete and on the disk.
        epoch: Every file's time, so that the same content is the same file.
        told: Called with the bytes written so far.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as raw:
            with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as tar:
                for name, path in files.items():
                    with path.open("rb") as content:
                        tar.addfile(_entry(name, path, epoch), content)
                    told(raw.tell())
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _entry(name: str, path: Path, epoch: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = path.stat().st_size
    entry.mtime = epoch
    entry.mode = 0o755 if name in EXECUTABLE else 0o644
    return entry
