"""Making an environment and a release of a bundle; each is complete once its last file is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from posecoach_release import debian, facts
from posecoach_release.bundle import Manifest, unpack
from posecoach_release.durable import flush_all, write_json, write_whole
from posecoach_release.layout import Layout
from posecoach_release.refusal import CANNOT_WRITE, Refusal

Told = Callable[[str], None]
PYTHON: Final = "/usr/bin/python3"
KERNELS: Final = ("-P", "-m", "posecoach.kernels")
"""Arguments with which a release compiles its kernels for the processor it is on."""
_PIP: Final = (
    *("--no-input", "--disable-pip-version-check", "-q", "install", "--no-index", "--no-deps"),
    *("--no-compile", "--no-warn-script-location", "--require-hashes", "--only-binary=:all:"),
)


def build(layout: Layout, bundle: Path, manifest: Manifest, told: Told, *, kernels: bool = True) -> None:
    """Everything a release needs, up to the release itself.

    Args:
        layout: Of the box.
        bundle: Where the bundle is.
        manifest: What it says.
        told: Called with what happens.
        kernels: Whether to compile them: for an image this is not the processor that they are for.

    Raises:
        Refusal: The bundle is damaged, Debian packages do not fit, or a file cannot be written.
    """
    incoming = layout.incoming
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    try:
        missing = set(manifest.packages) - facts.installed_packages(layout)
        if missing:
            told(f"Debian packages: {', '.join(sorted(missing))}")
            _unpacked(bundle, manifest, ("debs/",), incoming)
            debian.install(layout, incoming, manifest.packages)
            shutil.rmtree(incoming / "debs")
        environment = layout.environments / manifest.environment
        whole = (environment / "complete").exists()
        starts = ("requirements.txt", "release.txt", "wheels/posecoach-", "wheels/pip-", "units/", "models/")
        _unpacked(bundle, manifest, starts if whole else (*starts, "wheels/"), incoming)
        if not whole:
            told("what posecoach needs")
            _make_environment(environment, incoming)
        told(f"posecoach {manifest.version}")
        _make_release(layout, manifest, environment, incoming, kernels=kernels)
    except OSError as error:
        raise Refusal(f"{error.filename or layout.home}: {error.strerror}", CANNOT_WRITE) from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _unpacked(bundle: Path, manifest: Manifest, starts: tuple[str, ...], folder: Path) -> None:
    unpack(bundle, manifest, [name for name in manifest.files if name.startswith(starts)], folder)


def _make_environment(environment: Path, incoming: Path) -> None:
    writable(environment)
    shutil.rmtree(environment, ignore_errors=True)
    site = environment / "site-packages"
    site.mkdir(parents=True)
    _pip([PYTHON], incoming, "--target", str(site), "-r", str(incoming / "requirements.txt"))
    shutil.rmtree(site / "bin", ignore_errors=True)  # commands of others
    _compile(site)
    _read_only(environment)
    flush_all(environment)
    environment.chmod(0o755)
    write_json(environment / "complete", {"python": sys.version.split()[0]})


def _make_release(
    layout: Layout, manifest: Manifest, environment: Path, incoming: Path, *, kernels: bool
) -> None:
    release = layout.release(manifest.version)
    writable(release)
    shutil.rmtree(release, ignore_errors=True)
    _must(
        [PYTHON, "-m", "venv", "--without-pip", "--system-site-packages", str(release)],
        "a virtual environment",
    )
    python = release / "bin/python"
    site = next((release / "lib").glob("python3*/site-packages"))
    (site / "posecoach-environment.pth").write_text(f"{environment / 'site-packages'}\n")
    _pip([str(python)], incoming, "-r", str(incoming / "release.txt"))
    _compile(site)
    for name in ("units", "models"):
        if (incoming / name).is_dir():
            shutil.copytree(incoming / name, release / name)
    if kernels:
        _must([str(python), *KERNELS], "the compiled kernels")
    _read_only(release)
    flush_all(release)
    release.chmod(0o755)
    write_json(
        release / "release.json",
        {
            "version": manifest.version,
            "target": manifest.target,
            "commit": manifest.content.get("commit", ""),
            "environment": manifest.environment,
            "manifest": manifest.digest,
            "installed_at": int(time.time()),
        },
    )


def _pip(python: list[str], incoming: Path, *what: str) -> None:
    wheel = next((incoming / "wheels").glob("pip-*.whl"))
    _must([*python, f"{wheel}/pip", *_PIP, "--find-links", str(incoming / "wheels"), *what], "the wheels")


def _compile(site: Path) -> None:
    # Some packages carry files for other Pythons, which do not compile and are never read.
    subprocess.run([PYTHON, "-m", "compileall", "-q", "-j0", str(site)], capture_output=True, check=False)


def _must(command: list[str], words: str) -> None:
    environ = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "PIP_CONFIG_FILE": os.devnull,
    }
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()
        raise Refusal(f"{words} cannot be installed: {said[-1][:300]}", CANNOT_WRITE)


def _read_only(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "a-w", str(folder)], check=False)


def writable(folder: Path) -> None:
    """Have root be able to remove it, on file systems that mind."""
    if folder.exists():
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=False)


def stage_tool(layout: Layout, tool: Path) -> None:
    """Keep the tool that does the installing, for whoever has to finish it."""
    layout.next_tool.parent.mkdir(parents=True, exist_ok=True)
    write_whole(layout.next_tool, tool.read_bytes(), 0o755)
