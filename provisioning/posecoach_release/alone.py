"""One at a time on a box, and not cut off with whoever asked: a lock, and a unit of systemd's."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from posecoach_release import system
from posecoach_release.layout import Layout
from posecoach_release.refusal import CANNOT_WRITE, Refusal

_INSIDE: Final = "POSECOACH_RELEASE_INSIDE"
_UPDATE_UNIT: Final = "posecoach-update.service"
_WAIT_TIMES: Final = 20
_WAIT_S: Final = 0.25
_LOCK: Final = "run/posecoach-release.lock"
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@contextmanager
def alone(layout: Layout) -> Iterator[None]:
    """While nobody else changes what is installed.

    Raises:
        Refusal: Somebody does.
    """
    path = layout.root / _LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        for left in range(_WAIT_TIMES, -1, -1):  # `recover` after the last one may still hold it
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if not left:
                    raise _under_way() from error
                time.sleep(_WAIT_S)
        yield


def leave_no_lock(layout: Layout) -> None:
    """Take the lock's file away as well."""
    with suppress(OSError):
        (layout.root / _LOCK).unlink()


def inside() -> bool:
    """Whether this runs as a unit of systemd's already."""
    return os.environ.get(_INSIDE) == "1"


def is_to_be_detached(layout: Layout) -> bool:
    """Whether this must be handed to systemd, so that it goes on when whoever asked is cut off."""
    return not inside() and system.running(layout) and shutil.which("systemd-run") is not None


def detached(layout: Layout, words: list[str]) -> int:
    """Run a command of ours as a unit; when it dies, systemd has `recover` run.

    Raises:
        Refusal: Another one is at work.
    """
    tools = [path for path in (layout.next_tool, layout.tool) if path.exists()]
    undo = " || ".join(f"test -e {path} && exec /usr/bin/python3 {path} recover --quiet" for path in tools)
    _wait_for_the_last_one(layout)
    done = subprocess.run(
        ["systemd-run", "--quiet", "--collect", "--wait", "--pipe", f"--unit={_UPDATE_UNIT}",
         f"--setenv={_INSIDE}=1", f"--setenv=PATH={_PATH}", "--property=KillMode=mixed",
         "--property=TimeoutStopSec=180", f"--property=ExecStopPost=-/bin/sh -c '{undo}'",
         "/usr/bin/python3", str(tools[0]), *words],
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if (
        done.returncode == 1
        and system.systemctl(layout, "is-active", _UPDATE_UNIT).stdout.strip() == "active"
    ):
        raise _under_way()
    return done.returncode


def _wait_for_the_last_one(layout: Layout) -> None:
    """The unit of an update that has just ended may still be there for a moment."""
    for _ in range(_WAIT_TIMES):
        if system.shown(layout, _UPDATE_UNIT, "LoadState").get("LoadState") != "loaded":
            return
        time.sleep(_WAIT_S)
    raise _under_way()


def _under_way() -> Refusal:
    return Refusal(
        "another install is under way on this box: wait for it, posecoach-release status", CANNOT_WRITE
    )
