"""Is there a screen, and can something be drawn?"""

from __future__ import annotations

import os
from typing import Final

from posecoach.service.findings import Box, Check, Finding, failed, passed, skipped
from posecoach.service.trial import tried


def _desktop(box: Box) -> str:
    return box.environ.get("WAYLAND_DISPLAY") or box.environ.get("DISPLAY") or ""


def _there(box: Box) -> Finding:
    connectors = {
        path.parent.name.partition("-")[2]: box.text(str(path.relative_to(box.root)))
        for path in sorted(box.root.glob("sys/class/drm/card*-*/status"))
    }
    on = [name for name, status in connectors.items() if status == "connected"]
    if on:
        return passed(f"a screen at {', '.join(on)}")
    if _desktop(box):
        return passed(f"a desktop: {_desktop(box)}")
    if connectors:
        return failed(
            f"no screen at {', '.join(connectors)}",
            "switch the screen on, choose this input, check the cable; posecoach comes up when it is there",
        )
    return failed(
        "no screen: this machine has no graphics connector and no desktop",
        "connect one, or use --display headless",
    )


def _access(box: Box) -> Finding:
    cards = sorted(box.root.glob("dev/dri/card*"))
    if not cards:
        return skipped("there is no graphics device")
    closed = [card for card in cards if not os.access(card, os.R_OK | os.W_OK)]
    if not closed or _desktop(box):
        return passed(f"{', '.join(card.name for card in cards)} may be opened")
    return failed(
        f"{closed[0]} may not be opened by user {os.getuid()}",
        "put the user into the groups video and render",
    )


def _draws(box: Box) -> Finding:
    said, why_not = tried("picture", limit_s=box.limit_s)
    if said is None:
        return failed(
            f"nothing can be drawn: {why_not}",
            "install posecoach again: pygame-ce or python3-pygame is broken",
        )
    if said["shades"] < 3:
        return failed("the picture that was drawn is empty", "install posecoach again")
    width, height = said["wh"]
    return passed(f"a picture of {width} x {height} was drawn")


SCREEN_CHECKS: Final = (
    Check("screen-there", "is a screen connected", ("D1", "D3"), _there),
    Check("screen-access", "may this user draw on it", ("D1", "D2"), _access),
    Check("picture", "can a picture be drawn", ("D1", "D5"), _draws, gate=True, slow=True),
)
