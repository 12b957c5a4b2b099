"""Signatures by OpenSSH (``ssh-keygen -Y``): whoever looks after a box over SSH has the tool, and a key."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from posecoach.errors import InputMissing, SignatureError, ToolMissing

NAMESPACE: Final = "posecoach-routine"
"""What a key may be limited to in ``allowed_signers``, so that no other signature of it counts here."""
LARGEST_BYTES: Final = 1 << 14
_TOOL: Final = "ssh-keygen"
_PATIENCE_S: Final = 10.0
_KEY: Final = re.compile(r"with (\S+ key \S+)")


class Trust(StrEnum):
    """What a signature is worth here."""

    UNSIGNED = "unsigned"
    UNKNOWN = "unknown"
    """Whole, and by a key that this box does not know: as good as none."""
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature says.

    Attributes:
        trust: What it is worth here.
        by: Who, as ``allowed_signers`` calls them; empty where it is nobody known.
        key: Kind and fingerprint; empty where there is no signature, or no tool to look at it.
    """

    trust: Trust
    by: str = ""
    key: str = ""


def sign(content: bytes, key: Path) -> bytes:
    """Sign with a key of SSH; asks at the terminal for what the key needs.

    Args:
        content: What.
        key: The private key, or the public one of a key that an agent has.

    Raises:
        InputMissing: There is no such key.
        SignatureError: It cannot sign.
        ToolMissing: There is no ssh-keygen here.
    """
    if not key.is_file():
        raise InputMissing(f"{key}: no such key; make one with: ssh-keygen -t ed25519 -f {key}")
    done = _run(["sign", "-q", "-f", str(key)], content, patience_s=None)
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise SignatureError(f"{key} does not sign: {_last_line(done.stderr)}")
    return done.stdout


def checked(content: bytes, signature: bytes | None, signers: Path) -> Signed:
    """Look at a signature.

    Args:
        content: What it must be of.
        signature: `None` where there is none.
        signers: Whom this box knows, in OpenSSH's ``allowed_signers`` form; it need not exist.

    Raises:
        SignatureError: It is of something else, or none: a file that was tampered with.
    """
    if signature is None:
        return Signed(Trust.UNSIGNED)
    if len(signature) > LARGEST_BYTES:
        raise SignatureError("what should be its signature is too large for one")
    with TemporaryDirectory(prefix="posecoach-") as folder:
        file = Path(folder) / "signature"
        file.write_bytes(signature)
        try:
            whole = _run(["check-novalidate", "-s", str(file)], content)
        except ToolMissing:
            return Signed(Trust.UNKNOWN)
        if whole.returncode:
            raise SignatureError(
                f"its signature is not of this routine: it was changed after it was signed "
                f"({_last_line(whole.stderr)})"
            )
        found = _KEY.search(whole.stdout.decode(errors="replace"))
        key = found[1] if found else ""
        for name in _names(file, signers):
            of_them = ["verify", "-s", str(file), "-f", str(signers), "-I", name]
            if _run(of_them, content).returncode == 0:
                return Signed(Trust.KNOWN, name, key)
    return Signed(Trust.UNKNOWN, key=key)


def _names(signature: Path, signers: Path) -> list[str]:
    """What ``allowed_signers`` calls whoever has the key of a signature."""
    if not signers.is_file():
        return []
    found = _run(["find-principals", "-s", str(signature), "-f", str(signers)], b"")
    return [
        name
        for line in found.stdout.decode(errors="replace").splitlines()
        for name in line.split(",")
        if name
    ]


def _run(
    arguments: Sequence[str], content: bytes, patience_s: float | None = _PATIENCE_S
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [_TOOL, "-Y", arguments[0], "-n", NAMESPACE, *arguments[1:]],
            input=content,
            capture_output=True,
            check=False,
            timeout=patience_s,
            env=os.environ | {"LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise ToolMissing(
            f"{_TOOL} is not on this box; install it: sudo apt install openssh-client"
        ) from None
    except subprocess.TimeoutExpired:
        raise SignatureError(f"{_TOOL} does not answer") from None


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return "".join(sign for sign in lines[-1] if sign.isprintable()) if lines else "it does not say why"
