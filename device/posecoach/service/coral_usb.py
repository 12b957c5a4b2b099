"""Waking a Coral stick from outside: a reset of its USB port, or its power off and on.

Each is done by a throw-away process with a limit: the kernel may hold whoever asks (C6b).
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from posecoach.service.ladder import Remedy

_log = logging.getLogger(__name__)

CORAL_IDS: Final = frozenset({"1a6e:089a", "18d1:9302"})
"""Before and after its firmware is loaded."""
RESET_WITHIN_S: Final = 5.0
POWER_WITHIN_S: Final = 20.0

_RESET: Final = "import fcntl, os, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_WRONLY), 0x5514, 0)"
"""USBDEVFS_RESET of linux/usbdevice_fs.h."""

Run = Callable[[Sequence[str], float], bool]


class CoralUsb:
    """The stick on this box's USB."""

    def __init__(self, root: Path = Path("/"), *, run: Run | None = None, uhubctl: str | None = None) -> None:
        """Look for it under `root`.

        Args:
            root: Where ``sys`` and ``dev`` are.
            run: Runs a command within a time; whether it has worked.
            uhubctl: The program that switches ports; by default that of the path, if it is there.
        """
        self._root = root
        self._run = _run if run is None else run
        self._uhubctl = shutil.which("uhubctl") if uhubctl is None else uhubctl

    @property
    def attached(self) -> bool:
        """Whether a stick is to be seen, or an Edge TPU on PCIe."""
        return self._device() is not None or any((self._root / "dev").glob("apex_*"))

    @property
    def possible(self) -> frozenset[Remedy]:
        """Of the two remedies, those that this box has."""
        return frozenset({Remedy.USB_RESET, *([Remedy.PORT_POWER] if self._uhubctl else [])})

    def remedy(self, remedy: Remedy) -> bool:
        """Do it; whether it was done."""
        device = self._device()
        if device is None:
            return False
        if remedy is Remedy.USB_RESET:
            node = _node(device, self._root)
            return node is not None and self._run([sys.executable, "-c", _RESET, str(node)], RESET_WITHIN_S)
        if remedy is Remedy.PORT_POWER and self._uhubctl:
            hub, port = _hub_and_port(device.name)
            # -S: by libusb; the kernel's own way waits for the hub's lock.
            command = [self._uhubctl, "-S", "-a", "cycle", "-d", "3", "-l", hub, "-p", port]
            return self._run(command, POWER_WITHIN_S)
        return False

    def _device(self) -> Path | None:
        for device in sorted((self._root / "sys/bus/usb/devices").glob("*")):
            if f"{_text(device / 'idVendor')}:{_text(device / 'idProduct')}" in CORAL_IDS:
                return device
        return None


def _node(device: Path, root: Path) -> Path | None:
    try:
        return root / f"dev/bus/usb/{int(_text(device / 'busnum')):03d}/{int(_text(device / 'devnum')):03d}"
    except ValueError:  # unplugged while we look
        return None


def _hub_and_port(name: str) -> tuple[str, str]:
    """From a device's name in sysfs, as in ``2-1.4``: the hub, as uhubctl calls it, and its port."""
    hub, dot, port = name.rpartition(".")
    return (hub, port) if dot else tuple(name.split("-", 1))  # type: ignore[return-value]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _run(command: Sequence[str], within_s: float) -> bool:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("%s: %s", command[0], error)
        return False
    if done.returncode:
        _log.warning("%s ended with %d: %s", command[0], done.returncode, done.stderr.strip()[-200:])
    return done.returncode == 0
