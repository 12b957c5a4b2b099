"""What a bundle can be for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OLDEST_GLIBC_MINOR: Final = 17
"""Of the tags manylinux_2_N that name a wheel's oldest C library."""


class BundleError(Exception):
    """Why there is no bundle, in one line."""

    def __init__(self, words: str, exit_code: int = 69) -> None:
        """Words for a person, and what the command ends with."""
        super().__init__(words)
        self.exit_code = exit_code


@dataclass(frozen=True)
class Target:
    """A release of Debian (or of Raspberry Pi OS, which is made of it) on one kind of processor.

    Attributes:
        suite: Debian's name of the release.
        os_version: ``VERSION_ID`` of /etc/os-release.
        architecture: Debian's name of it.
        python: The release's Python, as ``3.13``.
        glibc_minor: The release's C library is 2.this.
    """

    suite: str
    os_version: str
    architecture: str
    python: str
    glibc_minor: int

    @property
    def name(self) -> str:
        """As ``trixie-arm64``."""
        return f"{self.suite}-{self.architecture}"

    @property
    def machine(self) -> str:
        """The processor, as Python names it."""
        return {"arm64": "aarch64", "amd64": "x86_64"}[self.architecture]

    @property
    def platforms(self) -> tuple[str, ...]:
        """Every tag of a wheel that runs there, newest first."""
        newer = range(self.glibc_minor, OLDEST_GLIBC_MINOR - 1, -1)
        return (*(f"manylinux_2_{minor}_{self.machine}" for minor in newer), f"manylinux2014_{self.machine}")


TARGETS: Final = {
    target.name: target
    for architecture in ("arm64", "amd64")
    for target in (
        Target("trixie", "13", architecture, "3.13", 41),
        Target("bookworm", "12", architecture, "3.11", 36),
    )
}


def target_named(name: str) -> Target:
    """The target of that name.

    Raises:
        BundleError: There is none.
    """
    if name not in TARGETS:
        raise BundleError(f"there is no target {name!r}; there are {', '.join(sorted(TARGETS))}", 2)
    return TARGETS[name]
