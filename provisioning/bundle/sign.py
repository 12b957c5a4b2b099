"""Who vouches for a bundle: an SSH key, and the file by which a box knows it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from bundle.targets import BundleError
from bundle.wheels import run

NAMESPACE: Final = "posecoach-bundle"
SIGNER: Final = "posecoach"


def require_key(key: Path) -> bool:
    """Make the key where there is none; whether it was made.

    Raises:
        BundleError: ssh-keygen is missing, or the key cannot be used.
    """
    if shutil.which("ssh-keygen") is None:
        raise BundleError("ssh-keygen is missing: apt install openssh-client")
    if key.exists():
        if not key.with_name(f"{key.name}.pub").exists():
            raise BundleError(f"{key}.pub is missing beside {key}: ssh-keygen -y -f {key} > {key}.pub", 66)
        return False
    key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", SIGNER, "-f", str(key)], f"{key} cannot be made"
    )
    return True


def sign(content: Path, key: Path) -> Path:
    """Sign a file; the same key and content give the same signature.

    Raises:
        BundleError: The key is not one, or wants a passphrase that nobody gives.
    """
    signature = content.with_name(f"{content.name}.sig")
    signature.unlink(missing_ok=True)
    run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key), str(content)],
        f"{key} cannot sign",
    )
    return signature


def allowed_signers(key: Path) -> str:
    """The line by which a box knows the key, as ssh-keygen(1) describes it."""
    kind, public = key.with_name(f"{key.name}.pub").read_text().split()[:2]
    return f'{SIGNER} namespaces="{NAMESPACE}" {kind} {public}\n'
