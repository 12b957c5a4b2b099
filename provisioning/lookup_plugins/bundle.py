"""The bundles that are sent: which there are, whether they are signed, what is in them."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

DOCUMENTATION = """
name: bundle
short_description: the bundles of one version, by target
description: Reads the manifest of each, and refuses one that is cut short or signed by nobody known.
options:
  _terms: {description: "folder, version (empty: the newest), file of allowed signers"}
"""

NAME = re.compile(r"posecoach-(?P<version>.+)-(?P<target>(?:bookworm|trixie)-(?:arm64|amd64))\.tar")
NAMESPACE = "posecoach-bundle"
FIRST = ("manifest.json", "manifest.json.sig")


class LookupModule(LookupBase):
    """What Ansible asks for."""

    def run(self, terms: list[str], variables: Any = None, **kwargs: Any) -> list[dict[str, Any]]:
        """One dictionary: the ``bundles`` by target, or what is ``wrong`` with them."""
        try:
            return [{"bundles": bundles(Path(terms[0]), terms[1], Path(terms[2])), "wrong": ""}]
        except AnsibleError as error:
            return [{"bundles": {}, "wrong": error.message}]


def bundles(folder: Path, version: str, signers: Path) -> dict[str, Any]:
    """What is in a folder, of one version, by target.

    Raises:
        AnsibleError: There is none, or one of them must not be taken.
    """
    found = [(match, path) for path in folder.glob("*.tar") if (match := NAME.fullmatch(path.name))]
    if not found:
        raise AnsibleError(f"{folder} has no bundle: make bundle TARGET=trixie-arm64")
    versions = sorted({match["version"] for match, _ in found}, key=_order)
    chosen = version or versions[-1]
    if chosen not in versions:
        raise AnsibleError(f"{folder} has no bundle of {chosen}, but of {', '.join(versions)}")
    return {match["target"]: look(path, signers) for match, path in found if match["version"] == chosen}


def look(path: Path, signers: Path) -> dict[str, Any]:
    """What a bundle says of itself, once it is known whose it is.

    Raises:
        AnsibleError: It is damaged, cut short, or signed by nobody known.
    """
    try:
        with tarfile.open(path) as tar:
            text, signature = (_read(tar, name) for name in FIRST)
            sizes = {each.name: each.size for each in tar}
    except (OSError, tarfile.TarError, KeyError) as error:
        raise AnsibleError(f"{path.name} is damaged or cut short: {error}") from error
    signer = verify(path.name, text, signature, signers)
    manifest = json.loads(text)
    for each in manifest["files"]:
        if sizes.get(each["path"]) != each["size"]:
            raise AnsibleError(f"{path.name} is damaged or cut short: {each['path']} is not whole")
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "path": str(path.resolve()),
        "signers": str(signers.resolve()),
        "sha256": checksum,
        "bytes": path.stat().st_size,
        "signer": signer,
        "debs": {
            Path(each["path"]).name.partition("_")[0]: each["sha256"]
            for each in manifest["files"]
            if each["path"].startswith("debs/")
        },
        "installed_bytes": sum(manifest["installed_bytes"].values()),
        **{name: manifest[name] for name in ("version", "target", "commit")},
    }


def verify(name: str, text: bytes, signature: bytes, signers: Path) -> str:
    """Who signed it.

    Raises:
        AnsibleError: Nobody that is allowed to.
    """
    if not signers.is_file():
        raise AnsibleError(f"{signers} is not there: it says whose bundles are taken")
    with tempfile.NamedTemporaryFile() as file:
        file.write(signature)
        file.flush()
        common = ["-s", file.name, "-n", NAMESPACE]
        who = subprocess.run(
            ["ssh-keygen", "-Y", "find-principals", "-f", str(signers), *common[:2]],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        signer = who.stdout.strip().partition("\n")[0]
        if who.returncode or not signer:
            raise AnsibleError(f"{name} is signed by nobody in {signers.name}")
        good = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", signer, *common],
            input=text, capture_output=True, check=False,
        )  # fmt: skip
    if good.returncode:
        raise AnsibleError(f"{name}: its manifest is not what {signer} has signed")
    return signer


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def _order(version: str) -> tuple[Any, ...]:
    """Versions in order: numbers as numbers, and 1.0.dev1 and 1.0rc1 before 1.0."""
    parts = re.findall(r"\d+|[a-z]+", version.lower())
    return (*((2, int(part), "") if part.isdigit() else (0, 0, part) for part in parts), (1, 0, ""))
