"""The wheels of a bundle: downloaded for another machine than this one, and posecoach's own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bundle.pins import Pin, pins_for
from bundle.targets import BundleError, Target

COMPILED_SHARE: Final = 0.35
"""What compiled modules (``.pyc``) add to the size of installed wheels, measured, rounded up."""


def downloaded(pins: Iterable[Pin], target: Target, cache: Path) -> list[Path]:
    """Fetch what is pinned, and pip, into `cache` unless it is there; sorted by name.

    Raises:
        BundleError: The index has no wheel for the target, or another file than the pinned one.
    """
    pip = pins_for((Path(__file__).parent / "pip.txt").read_text(), target)
    wanted = "\n".join(pin.line() for pin in (*pins, *pip)) + "\n"
    folder = cache / f"wheels-{target.name}-{hashlib.sha256(wanted.encode()).hexdigest()[:16]}"
    ready = folder / ".ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        requirements = folder / ".requirements"
        requirements.write_text(wanted)
        platforms = [each for tag in target.platforms for each in ("--platform", tag)]
        run(
            [
                *(sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"),
                *("--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation", "cp"),
                *("--python-version", target.python, *platforms),
                *("-r", str(requirements), "-d", str(folder)),
            ],
            f"wheels for {target.name} cannot be downloaded",
        )
        ready.touch()
    return sorted(folder.glob("*.whl"))


def own_wheel(root: Path, version: str | None, folder: Path, epoch: int) -> Path:
    """Build posecoach's wheel of a checkout, as another version where one is given.

    Raises:
        BundleError: It cannot be built.
    """
    source = folder / "source"
    shutil.copytree(root / "device", source / "device", ignore=shutil.ignore_patterns("__pycache__"))
    (source / "models").mkdir()
    for name in ("models/manifest.toml", "models/posecoach-athlete.tflite", "pyproject.toml", "README.md"):
        shutil.copy(root / name, source / name)
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(root / name, source)
    if version is not None:
        init = source / "device/posecoach/__init__.py"
        text = init.read_text()
        init.write_text(text.replace(f'"{version_of(root)}"', f'"{version}"'))
    build = ["wheel", "-q", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    run(
        [sys.executable, "-m", "pip", *build, "-w", str(folder), str(source)],
        "posecoach's own wheel cannot be built",
        environ=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)},
    )
    return next(folder.glob("posecoach-*.whl"))


def version_of(root: Path) -> str:
    """What the checkout calls itself."""
    for line in (root / "device/posecoach/__init__.py").read_text().splitlines():
        if line.startswith("__version__"):
            return line.split('"')[1]
    raise BundleError(f"{root / 'device/posecoach/__init__.py'} names no version", 78)


def installed_bytes(wheels: Iterable[Path]) -> int:
    """What wheels take on a disk once they are installed, about."""
    total = 0
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as content:
            sizes = [(each.filename, each.file_size) for each in content.infolist()]
        total += sum(size for _, size in sizes)
        total += int(COMPILED_SHARE * sum(size for name, size in sizes if name.endswith(".py")) * 2)
    return total


def run(command: list[str], words: str, environ: dict[str, str] | None = None) -> str:
    """Run a tool; what it wrote.

    Raises:
        BundleError: It failed; with the last it said.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        told = next((line for line in reversed(said) if "ERROR" in line or line.startswith("E:")), "")
        raise BundleError(f"{words}: {told or ' '.join(said[-2:])}")
    return done.stdout
