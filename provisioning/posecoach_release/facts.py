"""What a box is, and whether a bundle is for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from posecoach_release.bundle import Manifest
from posecoach_release.layout import Layout
from posecoach_release.refusal import CANNOT_WRITE, NOT_FOR_THIS_BOX, Refusal

NAMES: Final = {"12": "bookworm", "13": "trixie"}
SPARE_BYTES: Final = 64 << 20
"""What must be left afterwards, for the history and the log."""
SAME_CPU: Final = {"armhf": "arm64", "armel": "arm64", "i386": "amd64"}


@dataclass(frozen=True)
class Facts:
    """A box, as far as it matters.

    Attributes:
        os_name: As a person reads it.
        os_id: ``debian`` and what it is like.
        os_version: ``VERSION_ID``.
        architecture: Of the installed system, by Debian's name; its kernel may be of 64 bit all the same.
        python: As ``3.13``.
        free_bytes: Where releases go.
        installed: Debian packages that are there.
    """

    os_name: str
    os_id: frozenset[str]
    os_version: str
    architecture: str
    python: str
    free_bytes: int
    installed: frozenset[str]


def facts_of(layout: Layout) -> Facts:
    """Look at a box.

    Raises:
        Refusal: It has no dpkg.
    """
    release = _os_release(layout.root / "etc/os-release")
    return Facts(
        release.get("PRETTY_NAME", "an unknown system"),
        frozenset([release.get("ID", ""), *release.get("ID_LIKE", "").split()]),
        release.get("VERSION_ID", ""),
        _said(["dpkg", "--print-architecture"]).strip(),
        f"{sys.version_info.major}.{sys.version_info.minor}",
        free_bytes(layout.home),
        installed_packages(layout),
    )


def _os_release(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return {}
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}


def free_bytes(folder: Path) -> int:
    """What is free where a folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def installed_packages(layout: Layout) -> frozenset[str]:
    """Names of Debian packages that are installed."""
    admin = f"--admindir={layout.root / 'var/lib/dpkg'}"
    said = _said(["dpkg-query", admin, "-W", "-f", "${db:Status-Status} ${Package}\n"])
    return frozenset(line.split()[1] for line in said.splitlines() if line.startswith("installed "))


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError as error:
        raise Refusal(f"{command[0]} is missing: this is no Debian", NOT_FOR_THIS_BOX) from error


def needed_bytes(manifest: Manifest, layout: Layout, facts: Facts) -> int:
    """What installing a bundle takes at its fullest moment, less what of it is there."""
    installed = manifest.installed_bytes
    needed = 0
    if layout.about(manifest.version) is None:
        needed += installed["release"]
    if not (layout.environments / manifest.environment / "complete").exists():
        needed += installed["environment"] + _size(manifest, "wheels/")
    if set(manifest.packages) - facts.installed:
        needed += installed["debs"] + 2 * _size(manifest, "debs/")
    return needed


def _size(manifest: Manifest, start: str) -> int:
    return sum(size for name, (_, size) in manifest.files.items() if name.startswith(start))


def refusals(manifest: Manifest, facts: Facts, needed: int) -> list[Refusal]:
    """Everything for which a bundle is not for a box; none is good."""
    found = []
    wanted = f"{manifest.suite} ({manifest.os_version}) on {manifest.architecture}"
    if "debian" not in facts.os_id or facts.os_version != manifest.os_version:
        found.append(
            f"this bundle is for Debian or Raspberry Pi OS {wanted}, this box has {facts.os_name}"
            + (f": make one for {NAMES[facts.os_version]}" if facts.os_version in NAMES else "")
        )
    if facts.architecture != manifest.architecture:
        if SAME_CPU.get(facts.architecture) == manifest.architecture:
            found.append(
                f"this box has a 32-bit system ({facts.architecture}): install that of 64 bit, "
                f"{manifest.architecture}"
            )
        else:
            found.append(
                f"this bundle is for {manifest.architecture}, this box is {facts.architecture or 'unknown'}"
            )
    elif facts.python != manifest.python and not found:
        found.append(f"this bundle is for Python {manifest.python}, this box has {facts.python}")
    missing = needed + SPARE_BYTES - facts.free_bytes
    told = [Refusal(reason, NOT_FOR_THIS_BOX) for reason in found]
    if needed and missing > 0:
        told.append(
            Refusal(
                f"no space: {(needed + SPARE_BYTES) >> 20} MiB are needed in /opt, "
                f"{facts.free_bytes >> 20} MiB are free: "
                f"free {(missing >> 20) + 1} MiB",
                CANNOT_WRITE,
            )
        )
    return told
