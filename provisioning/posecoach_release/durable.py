"""Changes that a power cut leaves done or not done, and never half."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file beside its place, to the disk, and rename it."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.chmod(mode)
    partial.replace(path)
    flush_folder(path.parent)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """As `write_whole`."""
    write_whole(path, (json.dumps(content, sort_keys=True) + "\n").encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """What `write_json` wrote; `None` where nothing is, or nothing that can be read."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def point(link: Path, target: str) -> None:
    """Have a link point elsewhere: at every moment it is the old one or the new one."""
    partial = link.with_name(f".{link.name}.partial")
    partial.unlink(missing_ok=True)
    partial.symlink_to(target)
    partial.replace(link)
    flush_folder(link.parent)


def remove(path: Path) -> None:
    """Remove a file or a link, if it is there."""
    path.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Have the disk keep what names a folder holds."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_all(folder: Path) -> None:
    """Have the disk keep everything of the file system that a folder is on."""
    if subprocess.run(["sync", "-f", str(folder)], capture_output=True, check=False).returncode:
        os.sync()
