"""Is there a camera, and does it give pictures?"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Final

from posecoach.service.findings import Box, Check, Finding, failed, passed, skipped, warned
from posecoach.service.trial import tried

_DARK: Final = 12.0
"""Mean brightness, of 255, of a picture that shows nothing."""


def _chosen(box: Box) -> str | None:
    """The camera to try, `None` where there is none."""
    if box.camera != "auto":
        return box.camera
    if find_spec("picamera2") is not None and _sensors(box):
        return "picamera2"
    return "v4l2:/dev/video0" if (box.root / "dev/video0").exists() else None


def _sensors(box: Box) -> bool:
    return any(box.root.glob("dev/media*")) or any(box.root.glob("sys/class/video4linux/*"))


def _there(box: Box) -> Finding:
    camera = _chosen(box)
    if camera is not None:
        return passed(f"a camera: {camera}")
    return failed(
        "no camera was found: neither one on the ribbon cable nor /dev/video0",
        "push the ribbon cable in at both ends, or plug in a USB camera",
    )


def _access(box: Box) -> Finding:
    nodes = [*sorted(box.root.glob("dev/video*")), *sorted(box.root.glob("dev/media*"))]
    if not nodes:
        return skipped("there is no camera device")
    closed = [node for node in nodes if not os.access(node, os.R_OK | os.W_OK)]
    if not closed:
        return passed(f"{len(nodes)} camera devices may be opened")
    return failed(f"{closed[0]} may not be opened by user {os.getuid()}", "put the user into the group video")


def _gives(box: Box) -> Finding:
    camera = _chosen(box)
    if camera is None:
        return skipped("there is no camera")
    said, why_not = tried("camera", camera, limit_s=box.limit_s)
    if said is None:
        return failed(
            f"{camera} gives no picture: {why_not}",
            "end other programs that use it (posecoach itself: systemctl stop posecoach); check its cable",
        )
    width, height = said["wh"]
    if said["brightness"] < _DARK:
        return warned(
            f"{camera} gives {width} x {height} that is black", "take the cap off, put the light on"
        )
    return passed(f"{camera} gives {width} x {height}")


CAMERA_CHECKS: Final = (
    Check("camera-there", "is there a camera", ("P10", "P3"), _there),
    Check("camera-access", "may this user open it", ("S4",), _access),
    Check("camera-frame", "does it give pictures", ("P1", "P2", "P4", "P7"), _gives, gate=True, slow=True),
)
