"""systemd, and what is asked of it; a box that is not running (an image, a folder) is asked nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from posecoach_release.durable import point, remove, write_whole
from posecoach_release.layout import LASTING_UNITS, UNIT, Layout

ENABLED: Final = (UNIT, *LASTING_UNITS)
PATIENCE_S: Final = 90.0


def running(layout: Layout) -> bool:
    """Whether systemd is at work on this box."""
    return (layout.root / "run/systemd/system").is_dir() and layout.root == Path("/")


def systemctl(layout: Layout, *words: str, limit_s: float = PATIENCE_S) -> subprocess.CompletedProcess[str]:
    """Ask systemd; for a box that is not running, nothing happens and all is well."""
    if not running(layout):
        return subprocess.CompletedProcess(words, 0, "", "")
    try:
        return subprocess.run(
            ["systemctl", *words], capture_output=True, text=True, timeout=limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(
            words, 124, "", f"systemctl {words[0]}: no answer in {limit_s:g} s"
        )


def shown(layout: Layout, unit: str, *properties: str) -> dict[str, str]:
    """Properties of a unit."""
    said = systemctl(layout, "show", unit, "--property", ",".join(properties)).stdout
    return dict(line.partition("=")[::2] for line in said.splitlines())


def is_wanted(layout: Layout) -> bool:
    """Whether the coach is to be started by itself; a person may have disabled it."""
    said = systemctl(layout, "is-enabled", UNIT).stdout.strip()
    return said not in ("disabled", "masked", "masked-runtime")


def lay_links(layout: Layout) -> bool:
    """Have systemd, udev and the search path see the current release; whether anything had to be changed."""
    changed = False
    units = layout.current / "units"
    wanted: dict[Path, str] = dict(layout.commands)
    for source in sorted(units.glob("*")) if units.is_dir() else ():
        place = layout.unit_place(source.name)
        if source.name in LASTING_UNITS:
            changed |= _copied(source, place) if place else False
        elif place is not None:
            wanted[place] = f"/opt/posecoach/current/units/{source.name}"
    for link, target in wanted.items():
        if not link.is_symlink() or str(link.readlink()) != target:
            link.parent.mkdir(parents=True, exist_ok=True)
            point(link, target)
            changed = True
    for link in our_links(layout):
        if link not in wanted:
            remove(link)
            changed = True
    return changed


def our_links(layout: Layout) -> list[Path]:
    """Every link that leads into /opt/posecoach."""
    lib = layout.root / "usr/local/lib"
    folders = ("systemd/system", "udev/rules.d", "sysusers.d", "tmpfiles.d", "systemd/journald.conf.d")
    places = [path for name in folders for path in (lib / name).glob("*posecoach*")]
    links = [path for path in (*places, *layout.commands) if path.is_symlink()]
    return [path for path in links if str(path.readlink()).startswith("/opt/posecoach/")]


def _copied(source: Path, place: Path) -> bool:
    content = source.read_bytes()
    if place.is_file() and place.read_bytes() == content:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, content)
    return True


def enable(layout: Layout) -> bool:
    """Have systemd start the coach, and what belongs to it, at boot; whether that had to be changed."""
    changed = False
    unit_folder = layout.root / "usr/local/lib/systemd/system"
    for unit in ENABLED:
        wants = layout.root / "etc/systemd/system/multi-user.target.wants" / unit
        if not wants.is_symlink() and os.path.lexists(unit_folder / unit):
            wants.parent.mkdir(parents=True, exist_ok=True)
            point(wants, f"/usr/local/lib/systemd/system/{unit}")
            changed = True
    return changed


def disable(layout: Layout) -> None:
    """Undo `enable`."""
    for unit in ENABLED:
        remove(layout.root / "etc/systemd/system/multi-user.target.wants" / unit)


def reload(layout: Layout) -> None:
    """Have everybody read what has changed; users and folders are made."""
    if shutil.which("systemd-sysusers"):
        root = [] if layout.root == Path("/") else [f"--root={layout.root}"]
        for tool in ("systemd-sysusers", "systemd-tmpfiles"):
            create = ["--create"] if tool == "systemd-tmpfiles" else []
            files = ["posecoach.conf"]
            subprocess.run([tool, *root, *create, *files], capture_output=True, check=False)
    if running(layout):
        systemctl(layout, "daemon-reload")
        with suppress(OSError):
            subprocess.run(["udevadm", "control", "--reload"], capture_output=True, check=False)
