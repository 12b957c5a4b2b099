"""Which Edge TPUs are on this box's buses, whether or not they can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_USB: Final = {
    "1a6e:089a": "waiting for its firmware",
    "18d1:9302": "with its firmware loaded",
}
"""The stick's ids before and after its first use (libedgetpu's udev rules)."""


def attached(root: Path = Path("/")) -> list[str]:
    """Each device in a few words, with its id; empty where there is none.

    Args:
        root: Where ``sys`` and ``dev`` are.
    """
    seen = []
    for device in sorted(root.glob("sys/bus/usb/devices/*/idVendor")):
        vendor, product = _text(device), _text(device.with_name("idProduct"))
        if (state := _USB.get(f"{vendor}:{product}")) is not None:
            seen.append(f"an Edge TPU on USB, {vendor}:{product}, {state}")
    seen += [f"an Edge TPU on PCIe, {node}" for node in sorted(root.glob("dev/apex_*"))]
    return seen


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):  # it may be unplugged while we look
        return ""
