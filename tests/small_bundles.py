"""Signed bundles of three small files, for what does not look into wheels."""

from __future__ import annotations

import json
from pathlib import Path

from bundle import pack, sign

GIB = 1 << 30


def two_keys(folder: Path) -> Path:
    """Keys of the maker and of a stranger, and by what a box knows each."""
    for name in ("maker", "stranger"):
        assert sign.require_key(folder / name)
        (folder / f"{name}.allowed").write_text(sign.allowed_signers(folder / name))
    return folder


def made(folder: Path, keys: Path, key: str = "maker", **said: object) -> Path:
    folder.mkdir(exist_ok=True)
    files = {}
    for name, content in {
        "wheels/a.whl": b"a" * 3000,
        "units/b.service": b"b",
        "requirements.txt": b"",
    }.items():
        files[name] = folder / name.replace("/", "-")
        files[name].write_bytes(content)
    manifest = folder / "manifest.json"
    content = {
        "format": "posecoach-bundle", "format_version": 1, "version": "1.2.3",
        "target": "trixie-arm64", "suite": "trixie",
        "os_version": "13", "architecture": "arm64", "python": "3.13",
        "environment": "e1", "packages": ["python3-numpy"],
        "installed_bytes": {"environment": GIB, "release": GIB // 8, "debs": GIB // 8},
        "files": pack.listed(files),
    }  # fmt: skip
    manifest.write_text(json.dumps(content | said, sort_keys=True))
    signature = sign.sign(manifest, keys / key)
    bundle = folder / "bundle.tar"
    pack.pack(
        {"manifest.json": manifest, "manifest.json.sig": signature, **files},
        bundle,
        1_700_000_000,
        lambda n: None,
    )
    return bundle
