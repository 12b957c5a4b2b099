"""Where everything is on a box; the same below another root, for images and tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from posecoach_release.durable import read_json

USER: Final = "posecoach"
UNIT: Final = "posecoach.service"
GATE_UNIT: Final = "posecoach-gate.service"
PLACES: Final = {
    ".service": "systemd/system",
    ".timer": "systemd/system",
    ".path": "systemd/system",
    ".mount": "systemd/system",
    ".rules": "udev/rules.d",
    ".sysusers.conf": "sysusers.d",
    ".tmpfiles.conf": "tmpfiles.d",
    ".journald.conf": "systemd/journald.conf.d",
}
"""Below /usr/local/lib, by the end of a file's name: systemd and udev look there as well."""
LASTING_UNITS: Final = ("posecoach-recover.service", "posecoach-first-boot.service")
"""Copied, not linked: they must work while a release is on trial."""


@dataclass(frozen=True)
class Layout:
    """Paths of a box.

    Attributes:
        root: ``/``, or where a box's files are.
    """

    root: Path = Path("/")

    @property
    def home(self) -> Path:
        """Of everything that is installed."""
        return self.root / "opt/posecoach"

    @property
    def releases(self) -> Path:
        """One folder a version."""
        return self.home / "releases"

    @property
    def environments(self) -> Path:
        """One folder for each set of third-party wheels."""
        return self.home / "environments"

    @property
    def incoming(self) -> Path:
        """What is unpacked while something is installed."""
        return self.home / "incoming"

    @property
    def current(self) -> Path:
        """Link to the release that runs."""
        return self.home / "current"

    @property
    def previous(self) -> Path:
        """Link to the release before it."""
        return self.home / "previous"

    @property
    def under_way(self) -> Path:
        """What `recover` undoes."""
        return self.home / "under-way.json"

    @property
    def last(self) -> Path:
        """What came of the last change."""
        return self.home / "last.json"

    @property
    def packages(self) -> Path:
        """Debian packages that came with posecoach."""
        return self.home / "packages.json"

    @property
    def tool(self) -> Path:
        """posecoach-release."""
        return self.home / "bin/posecoach-release"

    @property
    def next_tool(self) -> Path:
        """That of a release that is not confirmed yet."""
        return self.home / "bin/posecoach-release.next"

    @property
    def commands(self) -> dict[Path, str]:
        """Links on the search path, and what they point to."""
        return {
            self.root / "usr/local/bin/posecoach": "/opt/posecoach/current/bin/posecoach",
            self.root / "usr/local/sbin/posecoach-release": "/opt/posecoach/bin/posecoach-release",
        }

    @property
    def settings(self) -> Path:
        """Settings of this box."""
        return self.root / "etc/posecoach"

    @property
    def signers(self) -> Path:
        """Whose bundles this box takes."""
        return self.settings / "allowed_signers"

    @property
    def data(self) -> Path:
        """What a person has done."""
        return self.root / "var/lib/posecoach"

    def release(self, version: str) -> Path:
        """The folder of a version."""
        return self.releases / version

    def about(self, version: str) -> dict[str, Any] | None:
        """What a complete release says of itself; `None` where it is not complete."""
        return read_json(self.release(version) / "release.json")

    def complete(self) -> list[str]:
        """Versions that are all there, oldest first."""
        found = [path.parent for path in self.releases.glob("*/release.json")]
        return [path.name for path in sorted(found, key=lambda path: (path / "release.json").stat().st_mtime)]

    def pointed(self, link: Path) -> str | None:
        """The version that a link means; `None` where it means none that is complete."""
        if not link.is_symlink():
            return None
        version = link.readlink().name
        return version if self.about(version) is not None else None

    def unit_place(self, name: str) -> Path | None:
        """Where systemd or udev looks for a file of ``units/``."""
        for ending, folder in PLACES.items():
            if name.endswith(ending):
                short = f"{name.removesuffix(ending)}.conf" if ending.count(".") > 1 else name
                return self.root / "usr/local/lib" / folder / short
        return None


@dataclass(frozen=True)
class Outcome:
    """What came of a change.

    Attributes:
        changed: Whether the box is another than before.
        version: The release that holds now.
        previous: The one that `rollback` would take.
        rolled_back: Whether a new one was tried and taken back.
        reason: Why it was not done, or taken back.
        code: What the command ends with.
    """

    changed: bool
    version: str | None
    previous: str | None
    rolled_back: bool = False
    reason: str | None = None
    code: int = 0

    def answer(self) -> dict[str, Any]:
        """As it is printed."""
        return {
            "changed": self.changed,
            "version": self.version,
            "previous": self.previous,
            "rolled_back": self.rolled_back,
            "reason": self.reason,
        }
