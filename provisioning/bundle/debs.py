"""Debian packages that a box needs and a minimal Debian has not, with all they depend on.

Asks apt, with lists and a status of its own: nothing of this machine is changed, and it works for
another release of Debian and another processor.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bundle.pack import digest
from bundle.targets import BundleError, Target
from bundle.wheels import run

PACKAGES: Final = (
    "python3",
    "python3-numpy",
    *("espeak-ng", "libusb-1.0-0"),
    *("libegl1", "libgles2", "libgbm1", "libgl1-mesa-dri"),
)
"""What a box must have; screen: nothing pulls these in, and SDL loads them while it runs."""
MINIMAL: Final = ("apt", "?priority(required)")
"""What every installed Debian has, as debootstrap's smallest variant chooses it."""
FRESH_S: Final = 3600.0
"""How old the archive's lists may be."""
KEYRING: Final = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def downloaded(
    packages: tuple[str, ...], target: Target, cache: Path, beyond: tuple[str, ...] = MINIMAL
) -> list[Path]:
    """Fetch packages and what they need into `cache`; sorted by name.

    Args:
        packages: Names.
        target: Of which release and processor.
        cache: What is there is not fetched again.
        beyond: What is left out, with what it needs: what a box has anyway.

    Raises:
        BundleError: This is no Debian, its archive cannot be reached, or a package is not in it.
    """
    apt = _apt(target, cache)
    everything = _wanted(apt, (*MINIMAL, *packages))
    had = _wanted(apt, beyond) if beyond else {}
    missing = {name: place for name, place in everything.items() if name not in had}
    folder = cache / f"debs-{target.name}"
    folder.mkdir(exist_ok=True)
    absent = [place for name, place in sorted(missing.items()) if not (folder / name).exists()]
    if absent:
        # apt checks each against its signed lists.
        names = [f"{place[0]}={place[1]}" for place in absent]
        command = f"cd {folder} && exec {' '.join([*apt, 'download', *names])}"
        run(["sh", "-c", command], f"Debian packages for {target.name} cannot be downloaded")
    found = [folder / name for name in sorted(missing)]
    lost = [path.name for path in found if not path.exists()]
    if lost:
        raise BundleError(f"Debian packages did not come: {', '.join(lost[:5])}")
    return found


def _wanted(apt: list[str], packages: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    words = f"what {', '.join(packages)} need is not known"
    return _files(run([*apt, "-y", "--print-uris", "install", *packages], words))


def minimal_names(target: Target, cache: Path) -> set[str]:
    """Packages of a minimal Debian.

    Raises:
        BundleError: As `downloaded`.
    """
    return {package for package, _ in _wanted(_apt(target, cache), MINIMAL).values()}


def _apt(target: Target, cache: Path) -> list[str]:
    """The command with which apt knows the target's archive, and nothing installed."""
    if shutil.which("apt-get") is None:
        raise BundleError("apt-get is missing: Debian packages are looked for with it, on a Debian")
    home = cache / f"apt-{target.name}"
    for name in ("lists/partial", "cache/archives/partial"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "status").write_text("")
    (home / "sources.list").write_text(_sources(target))
    apt = ["apt-get", "-qq", *_options(home, target)]
    stamp = home / "updated"
    if not stamp.exists() or time.time() - stamp.stat().st_mtime > FRESH_S:
        run([*apt, "update"], f"Debian's lists for {target.name} cannot be fetched")
        stamp.touch()
    return apt


def index(packages: Mapping[str, Path]) -> str:
    """What apt reads about a folder of packages, by the name of each: the format of ``Packages``."""
    entries = []
    for name, path in sorted(packages.items()):
        control = run(["dpkg-deb", "--field", str(path)], f"{name} is no Debian package").strip()
        entries.append(
            f"{control}\nFilename: ./{name}\nSize: {path.stat().st_size}\nSHA256: {digest(path)}\n"
        )
    return "\n".join(entries)


def _files(printed: str) -> dict[str, tuple[str, str]]:
    """Package and version by the name of the file, of what ``--print-uris`` says."""
    files = {}
    for line in printed.splitlines():
        if line.startswith("'"):
            name = line.split()[1]
            package, version, _ = name.rsplit("_", 2)
            files[name] = (package, version.replace("%3a", ":"))
    return files


def _options(home: Path, target: Target) -> list[str]:
    settings = (
        f"Dir::State={home}",
        f"Dir::State::Lists={home}/lists",
        f"Dir::State::status={home}/status",
        f"Dir::Cache={home}/cache",
        f"Dir::Etc::SourceList={home}/sources.list",
        "Dir::Etc::SourceParts=/dev/null",
        "Dir::Etc::Preferences=/dev/null",
        "Dir::Etc::PreferencesParts=/dev/null",
        f"APT::Architecture={target.architecture}",
        f"APT::Architectures={target.architecture}",
        "APT::Install-Recommends=false",
        "APT::Sandbox::User=root",
        "Acquire::Languages=none",
        "Debug::NoLocking=1",
    )
    return [each for setting in settings for each in ("-o", setting)]


def _sources(target: Target) -> str:
    """The archives that this machine uses for itself, at the release of the target."""
    main, security = archives()
    signed = f"deb [signed-by={KEYRING}]"
    lines = [f"{signed} {main} {target.suite} main", f"{signed} {main} {target.suite}-updates main"]
    if security:
        lines.append(f"{signed} {security} {target.suite}-security main")
    return "\n".join(lines) + "\n"


def archives() -> tuple[str, str]:
    """Debian's archive and that of its security updates, as this machine's apt has them.

    Raises:
        BundleError: It has none.
    """
    main = security = ""
    folder = Path("/etc/apt")
    for source in (folder / "sources.list", *sorted((folder / "sources.list.d").glob("debian*"))):
        if not source.is_file():
            continue
        for line in source.read_text().splitlines():
            words = [word for word in line.split() if not word.startswith(("[", "signed-by", "arch="))]
            if len(words) > 1 and words[0] in ("URIs:", "deb"):
                if "security" in words[1]:
                    security = security or words[1]
                else:
                    main = main or words[1]
    if not main:
        raise BundleError("no archive of Debian is named in /etc/apt: bundles are made on a Debian")
    return main, security
