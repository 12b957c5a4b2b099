"""Which of the pinned distributions a box needs: those that run there, and not what Debian gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pip._vendor.packaging.requirements import Requirement

from bundle.targets import BundleError, Target

ROOT_OF_NEEDS: Final = "posecoach (pyproject.toml)"
"""How constraints.txt names what is wanted by posecoach itself, and not by its development."""
FROM_DEBIAN: Final = ("numpy",)
"""The camera's library of a Raspberry Pi is compiled against Debian's, and crashes with another."""


@dataclass(frozen=True)
class Pin:
    """One distribution, at one version.

    Attributes:
        name: As the index spells it.
        requirement: With its version, without a marker.
        hashes: Of its files, as pip writes them.
        wanted_by: Names of those that need it.
    """

    name: str
    requirement: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    def line(self) -> str:
        """As pip reads it."""
        return " \\\n    ".join([self.requirement, *(f"--hash={each}" for each in self.hashes)])


def pins_for(constraints: str, target: Target) -> list[Pin]:
    """What of a constraints file with hashes is for this target, as ``uv pip compile`` writes one."""
    environment = {
        "python_version": target.python,
        "python_full_version": f"{target.python}.0",
        "platform_machine": target.machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_python_implementation": "CPython",
    }
    pins = []
    for block in re.split(r"\n(?=[a-zA-Z0-9])", f"\n{constraints}"):
        lines = [line.strip() for line in block.strip().splitlines()]
        if not lines or lines[0].startswith("#"):
            continue
        wanted = Requirement(lines[0].removesuffix("\\").strip())
        if wanted.marker is None or wanted.marker.evaluate(environment):
            hashes = re.findall(r"--hash=(\S+)", block)
            comments = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
            told = [each.removeprefix("via").strip() for each in comments]
            exact = f"{wanted.name}{wanted.specifier}"
            pins.append(Pin(wanted.name, exact, tuple(hashes), tuple(filter(None, told))))
    return pins


def run_time(pins: list[Pin]) -> list[Pin]:
    """Those that posecoach needs while it runs, directly or not, less what comes from Debian."""
    needed: set[str] = set()
    grown = True
    while grown:
        more = {
            pin.name
            for pin in pins
            if pin.name not in needed
            and any(each == ROOT_OF_NEEDS or each in needed for each in pin.wanted_by)
        }
        needed |= more
        grown = bool(more)
    return [pin for pin in pins if pin.name in needed and pin.name not in FROM_DEBIAN]


def chosen(root: Path, target: Target, without: frozenset[str] = frozenset()) -> list[Pin]:
    """The third-party distributions of a bundle but those in `without`, sorted by name.

    ``provisioning/bundle/SUITE.txt`` overrides where Debian's numpy asks for another version.

    Raises:
        BundleError: Nothing is pinned, or `without` names what is not there.
    """
    pins = run_time(pins_for((root / "constraints.txt").read_text(), target))
    if not pins:
        raise BundleError(
            f"{root / 'constraints.txt'} pins nothing that posecoach needs: make constraints", 78
        )
    override = Path(__file__).parent / f"{target.suite}.txt"
    own = {pin.name: pin for pin in pins_for(override.read_text(), target)} if override.is_file() else {}
    if unknown := without - {pin.name for pin in pins}:
        raise BundleError(f"{', '.join(sorted(unknown))} would not be in it anyway: correct WITHOUT", 2)
    return sorted(
        (own.get(pin.name, pin) for pin in pins if pin.name not in without), key=lambda pin: pin.name
    )
