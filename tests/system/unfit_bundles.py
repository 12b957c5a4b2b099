"""Boxes and bundles that do not go together."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from bundle import sign
from system.box import WORK, Box
from system.bundles import stick

CASES = [
    ("another signature", 65, "not signed by anybody"),
    ("a changed manifest", 65, "not signed by anybody"),
    ("cut off", 65, "cut off"),
    ("cut off early", 65, "incomplete"),
    ("a damaged file", 65, "damaged"),
    ("another processor", 78, "this bundle is for"),
    ("another suite", 78, "this box has Debian"),
    ("32 bit", 78, "32-bit"),
    ("no space", 74, "no space"),
    ("no bundle", 66, "there is no bundle"),
]
SAYS_32_BIT = (
    '#!/bin/sh\ncase "$1" in --print-architecture) echo i386 ;; *) exec /run/real-dpkg "$@" ;; esac\n'
)


@contextmanager
def arranged(box: Box, fault: str, good: Path) -> Iterator[str]:
    """Where inside the box the bundle is, once the fault is there; it is gone afterwards."""
    folder = stick() / "unfit"
    folder.mkdir(exist_ok=True)
    bundle = folder / good.name
    inside = f"/stick/unfit/{good.name}"
    undo: list[str] = []
    try:
        if fault == "no bundle":
            pass
        elif fault == "no space":
            box.run("mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", "/opt")
            undo.append("umount /opt")
            inside = f"/stick/{good.name}"
        elif fault == "32 bit":
            box.run("cp", "/usr/bin/dpkg", "/run/real-dpkg")
            box.write("/usr/bin/says-32-bit", SAYS_32_BIT)
            box.run("chmod", "755", "/usr/bin/says-32-bit")
            box.run("mount", "--bind", "/usr/bin/says-32-bit", "/usr/bin/dpkg")
            undo.append("umount /usr/bin/dpkg; rm /usr/bin/says-32-bit")
            inside = f"/stick/{good.name}"
        elif fault.startswith("cut off"):
            size = good.stat().st_size
            bundle.write_bytes(good.read_bytes()[: 700 if fault.endswith("early") else size * 2 // 3])
        elif fault == "a damaged file":
            content = bytearray(good.read_bytes())
            content[len(content) // 2] ^= 1
            bundle.write_bytes(content)
        else:
            _rewritten(good, bundle, fault)
        yield inside
    finally:
        for command in undo:
            box.run("sh", "-c", command)
        bundle.unlink(missing_ok=True)
        folder.rmdir()


def _rewritten(good: Path, bundle: Path, fault: str) -> None:
    """With another manifest, or another signature."""
    with tarfile.open(good) as tar:
        said = json.loads(tar.extractfile("manifest.json").read())
        signature = tar.extractfile("manifest.json.sig").read()
        rest = [(entry, tar.extractfile(entry).read()) for entry in tar.getmembers()[2:]]
    key = WORK / "bundle-key"
    if fault == "another signature":
        key = WORK / "stranger-key"
        sign.require_key(key)
    elif fault == "another processor":
        said |= {"architecture": "riscv64", "target": "trixie-riscv64"}
    elif fault == "another suite":
        said |= {"os_version": "99", "suite": "duke"}
    else:
        said |= {"version": "9.9.9"}
    manifest = WORK / "unfit-manifest.json"
    manifest.write_text(json.dumps(said))
    if fault != "a changed manifest":
        signature = sign.sign(manifest, key).read_bytes()
    with tarfile.open(bundle, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in (("manifest.json", manifest.read_bytes()), ("manifest.json.sig", signature)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))
        for entry, content in rest:
            tar.addfile(entry, BytesIO(content))
