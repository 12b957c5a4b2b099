"""What goes into a bundle, and what its manifest says."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bundle import debs, pack, pins, sign, tool, wheels
from bundle.targets import BundleError, Target

FORMAT: Final = "posecoach-bundle"
FORMAT_VERSION: Final = 1
UNIT_FOLDERS: Final = ("systemd", "provisioning/units")
RELEASE_BYTES: Final = 64 << 20
"""What a release takes beside its wheels: its own code, compiled kernels, room to work in."""


@dataclass(frozen=True)
class Wanted:
    """What a bundle is asked to be.

    Attributes:
        root: The checkout.
        target: For which boxes.
        version: Of posecoach; `None` is the checkout's.
        packages: Debian packages that the box must have.
        models: Ids of networks that go along; those that are not on this machine are left out, and said.
        without: Third-party distributions to leave out.
        extras: A folder of further .deb files, or `None`.
    """

    root: Path
    target: Target
    version: str | None = None
    packages: tuple[str, ...] = debs.PACKAGES
    models: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    extras: Path | None = None


def third_party(wanted: Wanted, cache: Path) -> list[Path]:
    """Wheels that are not ours, and pip."""
    return wheels.downloaded(pins.chosen(wanted.root, wanted.target, wanted.without), wanted.target, cache)


def debian(wanted: Wanted, cache: Path) -> list[Path]:
    """Debian packages, and the extras."""
    found = debs.downloaded(wanted.packages, wanted.target, cache)
    if wanted.extras is None:
        return found
    extras = sorted(wanted.extras.glob("*.deb"))
    if not extras:
        raise BundleError(f"{wanted.extras} holds no .deb file: correct EXTRAS", 66)
    for path in extras:
        if path.stem.rpartition("_")[2] not in (wanted.target.architecture, "all"):
            raise BundleError(
                f"{path.name} is not for {wanted.target.architecture}: take it out of EXTRAS", 65
            )
    return [*found, *extras]


def models(wanted: Wanted) -> tuple[list[Path], list[str]]:
    """Files of networks, as published, and the ids of those that are not on this machine."""
    from posecoach.adapters.model_store import ModelStore
    from posecoach.errors import PosecoachError

    store, found, absent = ModelStore(), [], []
    for name in wanted.models:
        try:
            listed = store.listed(name)
            path = store.find(listed)
            if path is None:
                absent.append(name)
            else:
                listed.as_used(path.read_bytes(), path)  # refuses a damaged one
                found.append(path)
        except PosecoachError as error:
            raise BundleError(str(error), error.exit_code) from error
    return found, absent


def assemble(
    wanted: Wanted, folder: Path, parts: Mapping[str, Iterable[Path]], key: Path, commit: str, epoch: int
) -> dict[str, Path]:
    """Lay everything out, sign it, and say by which path it goes into the tar, in that order.

    Args:
        wanted: What it is asked to be.
        folder: To work in; stays until the tar is written.
        parts: Files of ``wheels``, ``debs`` and ``models``.
        key: Signs.
        commit: Of the checkout.
        epoch: Time of the checkout, in seconds.
    """
    own = wheels.own_wheel(wanted.root, wanted.version, folder, epoch)
    version = own.name.split("-")[1]
    foreign = list(parts["wheels"])
    chosen = pins.chosen(wanted.root, wanted.target, wanted.without)
    texts = {
        "requirements.txt": "".join(f"{pin.line()}\n" for pin in chosen),
        "release.txt": f"posecoach=={version} --hash=sha256:{pack.digest(own)}\n",
    }
    files: dict[str, Path] = {}
    tool.write_tool(folder / "posecoach-release")
    files["posecoach-release"] = folder / "posecoach-release"
    files["install.sh"] = wanted.root / "provisioning/install.sh"
    for name, text in texts.items():
        files[name] = folder / name
        files[name].write_text(text)
    for path in sorted([*foreign, own]):
        files[f"wheels/{path.name}"] = path
    packages = {plain_name(path.name): path for path in sorted(parts["debs"])}
    index = debs.index(packages)
    (folder / "Packages").write_text(index)
    files["debs/Packages"] = folder / "Packages"
    files.update({f"debs/{name}": path for name, path in packages.items()})
    for path in sorted(parts["models"]):
        files[f"models/{path.name}"] = path
    for unit in units(wanted.root):
        files[f"units/{unit.name}"] = unit
    manifest = folder / "manifest.json"
    said = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "version": version,
        "target": wanted.target.name,
        "suite": wanted.target.suite,
        "os_version": wanted.target.os_version,
        "architecture": wanted.target.architecture,
        "python": wanted.target.python,
        "commit": commit,
        "environment": environment_of(texts["requirements.txt"], wanted.target),
        "packages": sorted([*wanted.packages, *(_package(path) for path in _extras(wanted))]),
        "installed_bytes": {
            "debs": sum(1024 * int(size) for size in re.findall(r"(?m)^Installed-Size: (\d+)$", index)),
            "environment": wheels.installed_bytes(foreign),
            "release": wheels.installed_bytes([own]) + RELEASE_BYTES,
        },
        "files": pack.listed(files),
    }
    manifest.write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")
    signature = sign.sign(manifest, key)
    return {"manifest.json": manifest, "manifest.json.sig": signature, **files}


def environment_of(requirements: str, target: Target) -> str:
    """By which name releases share what is installed of these requirements."""
    return hashlib.sha256(f"{target.name}\n{requirements}".encode()).hexdigest()[:16]


def units(root: Path) -> list[Path]:
    """Every file for systemd, udev and their like."""
    kinds = {".service", ".timer", ".path", ".mount", ".conf", ".rules"}
    return sorted(path for name in UNIT_FOLDERS for path in (root / name).glob("*") if path.suffix in kinds)


def plain_name(deb: str) -> str:
    """The name of a Debian package's file without the epoch, which some tools write as ``%3a``."""
    package, version, rest = deb.split("_", 2)
    return f"{package}_{version.rpartition('%3a')[2].rpartition(':')[2]}_{rest}"


def _extras(wanted: Wanted) -> list[Path]:
    return sorted(wanted.extras.glob("*.deb")) if wanted.extras else []


def _package(deb: Path) -> str:
    return deb.name.split("_")[0]


def commit_of(root: Path) -> tuple[str, int]:
    """The checkout's commit and its time; for a folder that is none, nothing and a fixed one."""
    if shutil.which("git") is None or not (root / ".git").exists():
        return "", 1_700_000_000
    done = subprocess.run(
        ["git", "-C", str(root), "log", "-1", "--format=%H %ct"], capture_output=True, text=True, check=False
    )
    said = done.stdout.split()
    return (said[0], int(said[1])) if len(said) == 2 else ("", 1_700_000_000)
