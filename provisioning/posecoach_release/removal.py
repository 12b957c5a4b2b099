"""Taking posecoach off a box: what a person has done stays, unless it is asked for as well."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress

from posecoach_release import debian, system
from posecoach_release.build import writable
from posecoach_release.durable import remove
from posecoach_release.layout import LASTING_UNITS, UNIT, USER, Layout, Outcome


def uninstall(layout: Layout, told: Callable[[str], None], *, purge_data: bool = False) -> Outcome:
    """Remove everything but the data and the settings; with `purge_data` these, and the user, as well."""
    there = layout.home.exists() or bool(system.our_links(layout))
    told("stopping")
    for unit in (UNIT, "posecoach-fault.service"):
        system.systemctl(layout, "stop", unit)
    system.disable(layout)
    for link in system.our_links(layout):
        remove(link)
    for unit in LASTING_UNITS:
        place = layout.unit_place(unit)
        if place is not None:
            remove(place)
    stayed = []
    if layout.home.exists():
        told("Debian packages that came with it")
        stayed = debian.remove(layout)
        writable(layout.home)
        shutil.rmtree(layout.home)
    for folder in ("var/cache/posecoach", "run/posecoach"):
        shutil.rmtree(layout.root / folder, ignore_errors=True)
    (layout.root / "run/posecoach-gate.json").unlink(missing_ok=True)
    if purge_data:
        told("data, settings and the user")
        for place in (layout.data, layout.settings):
            there = there or place.exists()
            shutil.rmtree(place, ignore_errors=True)
        subprocess.run(["userdel", USER], capture_output=True, check=False)
        subprocess.run(["groupdel", USER], capture_output=True, check=False)
    for name in (
        "systemd/journald.conf.d",
        "systemd/system",
        "systemd",
        "udev/rules.d",
        "udev",
        "sysusers.d",
        "tmpfiles.d",
    ):
        with suppress(OSError):  # not empty, or not there
            (layout.root / "usr/local/lib" / name).rmdir()
    system.systemctl(layout, "daemon-reload")
    system.systemctl(layout, "reset-failed", UNIT)
    reason = f"still needed by others here: {', '.join(stayed)}" if stayed else None
    return Outcome(there, None, None, reason=reason)
