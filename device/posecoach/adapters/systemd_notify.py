"""Telling systemd how a service is: by its own library where that is installed, else by a few lines of ours.

The protocol is that of sd_notify(3): one datagram to the socket that ``NOTIFY_SOCKET`` names.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping

Notify = Callable[[str], bool]


def notifier(environ: Mapping[str, str] = os.environ) -> Notify:
    """What to call with each message; it says whether anybody listens. Never raises, never blocks."""
    if not environ.get("NOTIFY_SOCKET"):
        return _nobody
    if environ is os.environ:
        try:
            from systemd import daemon
        except ImportError:
            pass
        else:
            return lambda message: bool(daemon.notify(message))
    return lambda message: send_datagram(environ["NOTIFY_SOCKET"], message)


def send_datagram(address: str, message: str) -> bool:
    """One message to a socket of the file system, or with ``@`` of the abstract names."""
    if address[:1] not in ("/", "@"):
        return False
    name = f"\0{address[1:]}" if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(message.encode(), name)
    except OSError:
        return False
    return True


def _nobody(message: str) -> bool:
    return False
