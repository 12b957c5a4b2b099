"""A bare Debian, as its installer leaves one with SSH: nothing of posecoach, nor of what it needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from bundle import debs
from bundle.targets import TARGETS, BundleError, Target
from system.box import (
    NOT_IN_A_CONTAINER,
    PACKAGES,
    SUITE,
    WORK,
    NotHere,
    debian,
    layer,
    must_run,
    require_tools,
)

BARE = ("systemd", "systemd-sysv", "dbus", "udev", "python3", "openssh-client", "procps")
WAITING = "root/debs"
"""Of the tree, where packages wait until dpkg in it installs them."""


def target(suite: str = SUITE) -> Target:
    """Of this machine's processor, and a suite."""
    machine = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    return TARGETS[f"{suite}-{machine.stdout.strip()}"]


def bare() -> str:
    """What a bare box is a copy of."""
    require_tools()
    tree = debian()
    return ":".join(map(str, (layer("bare", [tree], f"{PACKAGES} {BARE}", _strip), tree)))


def _strip(tree: Path) -> None:
    """Install what a bare box has, and purge all else."""
    try:
        debs_of_bare = debs.downloaded(BARE, target(), WORK / "cache")
        minimal = debs.minimal_names(target(), WORK / "cache")
    except BundleError as error:
        raise NotHere(str(error)) from error
    wanted = {path.name.split("_")[0]: path for path in debs_of_bare}
    here = set(_installed(tree))
    (tree / WAITING).mkdir()
    for name, path in wanted.items():
        if name not in here:
            shutil.copy(path, tree / WAITING)
    must_run(["chroot", str(tree), "sh", "-c", f"dpkg -i /{WAITING}/*.deb && rm -r /{WAITING}"], 300)
    too_many = [name for name in _installed(tree) if name not in wanted and name not in minimal]
    if too_many:
        must_run(["chroot", str(tree), "dpkg", "--purge", *too_many], 300)
    for unit in NOT_IN_A_CONTAINER:
        (tree / "etc/systemd/system" / unit).symlink_to("/dev/null")
    (tree / "etc/machine-id").write_text("")


def _installed(tree: Path) -> list[str]:
    admin = f"--admindir={tree}/var/lib/dpkg"
    said = subprocess.run(
        ["dpkg-query", admin, "-W", "-f", "${Package}\n"], capture_output=True, text=True, check=True
    )
    return said.stdout.split()
