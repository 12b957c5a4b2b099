"""Debian packages out of a bundle: apt decides, and knows no archive but the bundle and what is installed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from posecoach_release.durable import read_json, write_json
from posecoach_release.facts import installed_packages
from posecoach_release.layout import Layout
from posecoach_release.refusal import CANNOT_WRITE, NOT_FOR_THIS_BOX, Refusal

LOCK_WAIT_S: Final = 120
_QUIET: Final = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "NEEDRESTART_SUSPEND": "1"}


def install(layout: Layout, folder: Path, packages: Iterable[str]) -> None:
    """Install packages out of a folder with `.deb` files and their index.

    Raises:
        Refusal: They do not go with what is installed (nothing was changed then), or apt failed.
    """
    repair()
    lists = folder / "lists"
    for place in (lists / "partial", folder / "cache/archives/partial"):
        place.mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(f"deb [trusted=yes] file:{folder / 'debs'} ./\n")
    apt = ["apt-get", "-qq", "-y", "--no-install-recommends", *_options(folder, lists)]
    _run([*apt, "update"], "the bundle's Debian packages cannot be read", CANNOT_WRITE)
    wanted = sorted(packages)
    _run(
        [*apt, "--simulate", "install", *wanted],
        "the bundle's Debian packages do not go with what is installed here",
        NOT_FOR_THIS_BOX,
    )
    before = installed_packages(layout)
    try:
        _run([*apt, "install", *wanted], "Debian packages cannot be installed", CANNOT_WRITE)
    finally:
        came = sorted(installed_packages(layout) - before)
        ours = read_json(layout.packages) or {"packages": []}
        if came:
            write_json(layout.packages, {"packages": sorted({*ours["packages"], *came})})


def repair() -> None:
    """Finish what a power cut has interrupted."""
    left = subprocess.run(["dpkg", "--audit"], capture_output=True, text=True, check=False)
    if left.stdout.strip() or any(Path("/var/lib/dpkg/updates").glob("[0-9]*")):
        subprocess.run(
            ["dpkg", "--configure", "-a", "--force-confold"],
            capture_output=True, check=False, env=os.environ | _QUIET,
        )  # fmt: skip


def remove(layout: Layout) -> list[str]:
    """Remove what came with posecoach and nothing else needs; what had to stay."""
    left = list((read_json(layout.packages) or {"packages": []})["packages"])
    here = installed_packages(layout)
    left = [name for name in left if name in here]
    if _purged(left):
        return []
    progress = True
    while left and progress:
        progress = False
        for name in list(left):
            if _purged([name]):
                left.remove(name)
                progress = True
    return left


def _purged(names: list[str]) -> bool:
    if not names:
        return True
    done = subprocess.run(
        ["dpkg", "--purge", *names], capture_output=True, check=False, env=os.environ | _QUIET
    )
    return done.returncode == 0


def _options(folder: Path, lists: Path) -> list[str]:
    settings = (
        f"Dir::Etc::SourceList={folder / 'sources.list'}",
        "Dir::Etc::SourceParts=/dev/null",
        f"Dir::State::Lists={lists}",
        f"Dir::Cache={folder / 'cache'}",
        "Acquire::Languages=none",
        "APT::Sandbox::User=root",
        f"DPkg::Lock::Timeout={LOCK_WAIT_S}",
        "Dpkg::Options::=--force-confold",
        "Dpkg::Use-Pty=0",
    )
    return [each for setting in settings for each in ("-o", setting)]


def _run(command: list[str], words: str, code: int) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | _QUIET)
    if done.returncode:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        why = [line for line in said if "Depends" in line or line.startswith("E:")] or said[-1:]
        raise Refusal(f"{words}: {'; '.join(why[:3])[:300]}", code)
