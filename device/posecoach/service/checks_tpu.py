"""Is there an Edge TPU, and can it be used?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from posecoach.service.findings import Box, Check, Finding, failed, passed, skipped, warned

_IDS: Final = ("1a6e:089a", "18d1:9302")
_SUPER_SPEED: Final = 5000.0
NONE: Final = "there is no Edge TPU on USB or PCIe"


def _usb(box: Box) -> Iterator[Path]:
    """Folders of the sticks."""
    for vendor in sorted(box.root.glob("sys/bus/usb/devices/*/idVendor")):
        ids = [
            box.text(str(vendor.with_name(name).relative_to(box.root))) for name in ("idVendor", "idProduct")
        ]
        if ":".join(each or "" for each in ids) in _IDS:
            yield vendor.parent


def _nodes(box: Box) -> list[Path]:
    """Device nodes of every Edge TPU."""
    nodes = sorted(box.root.glob("dev/apex_*"))
    for device in _usb(box):
        bus, number = (
            (box.text(str((device / name).relative_to(box.root))) or "") for name in ("busnum", "devnum")
        )
        if bus.isdecimal() and number.isdecimal():
            nodes.append(box.root / f"dev/bus/usb/{int(bus):03d}/{int(number):03d}")
    return nodes


def _there(box: Box) -> Finding:
    from posecoach.adapters._edgetpu_seen import attached

    seen = attached(box.root)
    if seen:
        return passed("; ".join(seen))
    return failed(
        f"{NONE}: the network runs on the processor, several times slower",
        "plug the Coral into a USB 3 port (blue), directly and not through a hub",
    )


def _speed(box: Box) -> Finding:
    sticks = list(_usb(box))
    if not sticks:
        return skipped(NONE if not list(box.root.glob("dev/apex_*")) else "the Edge TPU is on PCIe")
    speeds = [float(box.text(str((stick / "speed").relative_to(box.root))) or 0.0) for stick in sticks]
    if min(speeds) >= _SUPER_SPEED:
        return passed(f"the stick is linked at {min(speeds):.0f} Mbit/s")
    return warned(
        f"the stick is linked at {min(speeds):.0f} Mbit/s, expected {_SUPER_SPEED:.0f}: four times slower",
        "use a USB 3 port (blue) and another cable; the one that comes with the stick is often bad",
    )


def _access(box: Box) -> Finding:
    nodes = _nodes(box)
    if not nodes:
        return skipped(NONE)
    closed = [node for node in nodes if not os.access(node, os.R_OK | os.W_OK)]
    if not closed:
        return passed(f"{', '.join(map(str, nodes))} may be opened")
    return failed(
        f"{closed[0]} may not be opened by user {os.getuid()}",
        "install the udev rule of systemd/ (group plugdev), and be in that group",
    )


def _free(box: Box) -> Finding:
    nodes = _nodes(box)
    if not nodes:
        return skipped(NONE)
    for node in nodes:
        holder = held_by(box, node)
        if holder is not None:
            return warned(
                f"{node} is in use by {holder}",
                "one program at a time: end it, if it is not posecoach itself",
            )
    return passed("no other program that can be seen holds it")


def held_by(box: Box, node: Path) -> str | None:
    """Which other program has a device open, as ``PID (name)``; those of other users cannot be seen."""
    for process in box.root.glob("proc/[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            links = [link.readlink() for link in (process / "fd").iterdir()]
        except OSError:  # another user's, or gone
            continue
        if node in links or Path("/") / node.relative_to(box.root) in links:
            name = box.text(f"proc/{process.name}/comm") or "?"
            return f"{process.name} ({name})"
    return None


def _pair(box: Box) -> Finding:
    from posecoach.adapters._edgetpu_probe import probe_pair
    from posecoach.adapters._edgetpu_seen import attached
    from posecoach.adapters.model_store import ModelStore
    from posecoach.errors import PosecoachError

    if not attached(box.root):
        return skipped(NONE)
    store = ModelStore(environ=box.environ)
    models = [model for model in store.models if model.target == "edgetpu" and store.find(model)]
    if not models:
        return failed("no model that is compiled for it is on this box", "posecoach models fetch --all")
    try:
        stored = store.resolve(models[0].id)
        probe_pair(stored.content, stored.model_id, device="", num_threads=1, timeout_s=box.limit_s)
    except PosecoachError as error:
        return failed(str(error), "install the pair of interpreter and libedgetpu that the README names")
    return passed(f"{stored.model_id} has run on it")


TPU_CHECKS: Final = (
    Check("tpu-there", "is an Edge TPU plugged in", ("C1", "C3"), _there),
    Check("tpu-speed", "is it linked at full speed", ("C8", "C9"), _speed),
    Check("tpu-access", "may this user open it", ("C1", "S4"), _access),
    Check("tpu-free", "is it free", ("C14",), _free),
    Check(
        "tpu-runs",
        "do interpreter and libedgetpu fit, and does a network run on it",
        ("C2", "C4", "C11", "C12"),
        _pair,
        slow=True,
    ),
)
