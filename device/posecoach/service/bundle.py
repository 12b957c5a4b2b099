"""One file for support: what the doctor found and what the system says; no pictures, no names."""

from __future__ import annotations

import getpass
import io
import json
import platform
import re
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from posecoach.service.checks_board import kernel_log
from posecoach.service.findings import Box
from posecoach.whole_file import write_whole

UNIT: Final = "posecoach.service"
_JOURNAL: Final = (
    *("journalctl", "--unit", UNIT, "--lines", "2000"),
    *("--no-pager", "--output", "short-monotonic", "--no-hostname"),
)
_STATUS: Final = (
    *("systemctl", "show", UNIT),
    *("--property", "ActiveState,SubState,Result,NRestarts,ExecMainStatus"),
)
_LIMIT_S: Final = 10.0
_SYSTEM_FILES: Final = (
    "proc/device-tree/model",
    "proc/meminfo",
    "proc/loadavg",
    "proc/uptime",
    "proc/self/mounts",
    "etc/os-release",
)
_REDACTED: Final = "[removed]"
# Addresses of machines and of network cards, serial numbers, and what people are called.
_PRIVATE: Final = (
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
    r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b",
    r"\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}\b",
    r"(?<=serialnumber: )\S+",
    r"(?<=serial: )\S+",
    r"(?<=ssid=)\S+",
    r"[\w.+-]+@[\w-]+\.[\w.]+",
    r"(?<=/home/)[^/\s:,'\"]+",
    r"(?<=/media/)[^\s:,'\"]+",
)


def write_bundle(path: Path, box: Box, report: dict[str, Any]) -> None:
    """Write the bundle, a ``.tar.gz``.

    Args:
        path: Where to.
        box: Which box.
        report: What the doctor found.

    Raises:
        OutputError: It cannot be written.
    """
    private = redaction(box)
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in _parts(box, report):
            blob = private.sub(_REDACTED, text).encode()
            member = tarfile.TarInfo(f"posecoach-bundle/{name}")
            member.size = len(blob)
            archive.addfile(member, io.BytesIO(blob))
    write_whole(path, content.getvalue())


def redaction(box: Box) -> re.Pattern[str]:
    """What is taken out of every text."""
    words = {socket.gethostname(), box.environ.get("USER", ""), box.environ.get("LOGNAME", "")}
    with suppress(Exception):  # a user without a name has none to hide
        words.add(getpass.getuser())
    names = sorted(
        (re.escape(word) for word in words if len(word) > 2 and word not in ("root", "posecoach")), key=len
    )
    return re.compile("|".join([*_PRIVATE, *(rf"\b{name}\b" for name in reversed(names))]), re.IGNORECASE)


def _parts(box: Box, report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "doctor.json", json.dumps(report, indent=1)
    packages = sorted(f"{each.name}=={each.version}" for each in metadata.distributions() if each.name)
    yield "software.txt", "\n".join([platform.platform(), platform.python_version(), *packages]) + "\n"
    for name in _SYSTEM_FILES:
        if (text := box.text(name)) is not None:
            yield f"system/{name.replace('/', '-')}", text + "\n"
    yield "system/usb.txt", "\n".join(_usb(box)) + "\n"
    if (log := kernel_log(box)) is not None:
        yield "kernel.txt", log
    if (journal := _said(_JOURNAL)) is not None:
        yield "journal.txt", journal
    if (status := _said(_STATUS)) is not None:
        yield "unit.txt", status
    folder = box.data_folder
    sizes = [f"{each.stat().st_size:12d} {each.relative_to(folder).parts[0]}" for each in _files(folder)]
    yield "data-folder.txt", "\n".join(sizes) + "\n"


def _files(folder: Path) -> list[Path]:
    """What lies right in the data folder: names below it may be people's."""
    with suppress(OSError):
        return sorted(each for each in folder.iterdir() if each.is_file())
    return []


def _usb(box: Box) -> Iterator[str]:
    for vendor in sorted(box.root.glob("sys/bus/usb/devices/*/idVendor")):
        device = vendor.parent.relative_to(box.root)
        said = [box.text(str(device / name)) or "?" for name in ("idVendor", "idProduct", "speed", "product")]
        yield f"{device.name}: {said[0]}:{said[1]} {said[2]} Mbit/s {said[3]}"


def _said(command: Sequence[str]) -> str | None:
    """What a program of the system says; `None` where it is not there."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout
