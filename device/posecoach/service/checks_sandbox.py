"""Can the service reach a network? It must not be able to."""

from __future__ import annotations

import socket
from typing import Final

from posecoach.service.findings import Box, Check, Finding, failed, passed, skipped

UNIT_VARIABLE: Final = "POSECOACH_UNIT"
"""Set by posecoach.service."""


def _offline(box: Box) -> Finding:
    if not box.environ.get(UNIT_VARIABLE):
        return skipped("only the service is shut off from networks: this command was started by hand")
    opened = [name for name in ("AF_INET", "AF_INET6") if _opens(name)]
    if opened:
        return failed(
            f"a socket of {' and '.join(opened)} can be opened", "install the unit of systemd/ unchanged"
        )
    return passed("no IP socket can be opened")


def _opens(family: str) -> bool:
    try:
        socket.socket(getattr(socket, family), socket.SOCK_DGRAM).close()
    except OSError:
        return False
    return True


SANDBOX_CHECKS: Final = (
    Check("offline", "is the service shut off from networks", ("S4",), _offline, gate=True),
)
