"""Bundles for boxes of tests: this checkout's, a newer one, and one that is unfit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

from system.bare import target
from system.box import ROOT, SUITE, WORK, NotHere, digest

LIGHT = "numba,llvmlite,av,fpdf2,fonttools,pillow,pypdfium2,defusedxml"
"""What a coach without compiled kernels, recordings and printed pages does without: 100 of 470 MB."""
PACKAGES = "python3-numpy"
"""No screen and no voice: Mesa and LLVM take longer to install than all the rest."""
UNUSED_S = 6 * 3600.0
"""Bundles of another checkout are removed after so long: somebody else may be at work with them."""
BROKEN = "raise ImportError('broken on purpose')\n"


def made(version: str, broken: str = "", source: Path = ROOT, suite: str = SUITE) -> Path:
    """A bundle of that version; made unless it is there.

    Args:
        version: Of it.
        broken: A module of posecoach that cannot be imported, as a path below the package.
        source: The checkout.
        suite: Debian's.
    """
    out, wanted = stick(), target(suite).name
    bundle = out / f"posecoach-{version}-{wanted}.tar"
    if bundle.exists():
        return bundle
    for older in (WORK / "bundles").glob("*"):
        if older != out and time.time() - older.stat().st_mtime > UNUSED_S:
            shutil.rmtree(older, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    checkout = source
    if broken:
        checkout = out / "broken"
        shutil.rmtree(checkout, ignore_errors=True)
        skipped = shutil.ignore_patterns(".git", ".venv*", "tests", "dist", "__pycache__", ".*_cache")
        shutil.copytree(source, checkout, ignore=skipped)
        path = checkout / "device/posecoach" / broken
        first = "from __future__ import annotations\n"
        path.write_text(path.read_text().replace(first, f"{first}\n{BROKEN}"))
    done = subprocess.run(
        [sys.executable, "-m", "bundle", "--target", wanted, "--version", version, "--without", LIGHT,
         "--packages", PACKAGES, "--models", "", "--key", str(WORK / "bundle-key"), "--out", str(out),
         "--cache", str(WORK / "cache"), "--source", str(checkout)],
        capture_output=True, text=True, check=False, timeout=600,
        env=os.environ | {"PYTHONPATH": f"{ROOT}/provisioning:{ROOT}/device"},
    )  # fmt: skip
    if done.returncode:
        raise NotHere(done.stderr.strip())
    return bundle


@cache
def stick() -> Path:
    """The folder with install.sh, allowed_signers and the bundles of this checkout."""
    return WORK / "bundles" / digest()[:16]
