"""Installing on a box of the tests, and cutting its power while it is updated."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from system.box import Box
from system.bundles import made
from system.inside import Done

OLD, NEW = "0.1.0", "0.1.1"
TOOL = "/usr/local/sbin/posecoach-release"
LONGEST_S = 300.0
BACK_S = 60.0


def install(box: Box, bundle: Path | str, *options: str) -> tuple[Done, dict]:
    """Run install.sh of the stick; how it ended, and its answer."""
    name = bundle if isinstance(bundle, str) else f"/stick/{bundle.name}"
    done = box.run("/stick/install.sh", name, "--json", *options, check=False, limit_s=LONGEST_S)
    said = done.stdout.strip().splitlines()
    assert len(said) == 1, (done.stdout, done.stderr)
    return done, json.loads(said[0])


def status(box: Box) -> dict:
    """What posecoach-release says of a box."""
    return json.loads(box.run(TOOL, "status", "--json").stdout)


def begin_update(box: Box) -> None:
    """Have a box begin to update from OLD to NEW, with everything to do, and do not wait for it."""
    if status(box)["version"] != OLD:
        box.run(TOOL, "switch", OLD, limit_s=LONGEST_S)
    newer = f"/opt/posecoach/releases/{NEW}"
    box.run("sh", "-c", f"test ! -e {newer} || {{ chmod -R u+w {newer} && rm -r {newer}; }}")
    box.run("sh", "-c", f"/stick/install.sh /stick/{made(NEW).name} >/dev/null 2>&1 &")


def cut_and_look(box: Box, after_s: float, cut: Callable[[], None]) -> str:
    """Cut the power so long after an update has begun, and see to what the box comes up; in words.

    Args:
        box: It runs, and is installed.
        after_s: When.
        cut: Ends the box.
    """
    begin_update(box)
    time.sleep(after_s)
    cut()
    box.boot()
    is_back = "the coach did not come back"
    box.wait_for(lambda: box.shows("ActiveState")["ActiveState"] == "active", BACK_S, is_back)
    now = status(box)
    assert now["version"] in (OLD, NEW)
    assert now["under_way"] is None
    assert box.run("/usr/local/bin/posecoach", "--version").stdout.split()[-1] == now["version"]
    assert box.run("systemctl", "start", "posecoach-gate.service", check=False).returncode == 0
    assert box.run("test", "-e", "/opt/posecoach/incoming", check=False).returncode == 1
    confirmed = "the update was confirmed" if now["version"] == NEW else "the update had not begun"
    why = (now["last"] or {}).get("reason") or confirmed
    return f"after {after_s:4.1f} s: {now['version']}, {why}"
