"""Reading a bundle: nothing of it is believed before its signature is, and no file before its checksum."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from posecoach_release.refusal import BAD_BUNDLE, NOT_FOR_THIS_BOX, NOT_HERE, Refusal

FORMAT: Final = "posecoach-bundle"
FORMAT_VERSION: Final = 1
NAMESPACE: Final = "posecoach-bundle"
SIGNER: Final = "posecoach"
MOST_MANIFEST_BYTES: Final = 4 << 20
_BLOCK: Final = 1 << 20
_NOTHING: Final[Callable[[int, int], None]] = lambda done, total: None  # noqa: E731


@dataclass(frozen=True)
class Manifest:
    """What is signed: what a bundle is for, and every file in it.

    Attributes:
        content: All that the file says.
        digest: sha256 of the manifest itself: of two bundles with one, all is alike.
    """

    content: dict[str, Any]
    digest: str
    files: dict[str, tuple[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Take the list of files."""
        listed = {entry["path"]: (entry["sha256"], entry["size"]) for entry in self.content["files"]}
        object.__setattr__(self, "files", listed)

    def __getattr__(self, name: str) -> Any:
        """A key of the content."""
        try:
            return self.content[name]
        except KeyError:
            raise AttributeError(name) from None


def read_manifest(path: Path, signers: Path) -> Manifest:
    """The manifest of a bundle, once its signature is good.

    Raises:
        Refusal: There is no such file, it is no bundle, or nobody known has signed it.
    """
    if not path.is_file():
        raise Refusal(f"there is no bundle {path}", NOT_HERE)
    if not signers.is_file():
        raise Refusal(
            f"nobody's bundles are taken yet: there is no {signers}; name the file with --signers", BAD_BUNDLE
        )
    try:
        with tarfile.open(path, "r:") as tar:
            said = _member(tar, "manifest.json")
            signature = _member(tar, "manifest.json.sig")
    except (tarfile.TarError, EOFError, KeyError) as error:
        raise Refusal(f"{path} is no bundle, or its copy is incomplete: {error}", BAD_BUNDLE) from error
    _verify(said, signature, signers, path)
    return _parsed(said, path)


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    entry = tar.next()
    if entry is None or entry.name != name or entry.size > MOST_MANIFEST_BYTES:
        raise KeyError(f"{name} is not where it belongs")
    file = tar.extractfile(entry)
    content = file.read() if file else b""
    if len(content) != entry.size:
        raise EOFError(f"{name} is cut off")
    return content


def _verify(said: bytes, signature: bytes, signers: Path, path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        raise Refusal(
            "ssh-keygen is missing, which checks signatures: apt install openssh-client", NOT_FOR_THIS_BOX
        )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "manifest.sig"
        place.write_bytes(signature)
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-I", SIGNER, "-f", str(signers),
             "-s", str(place)],
            input=said, capture_output=True, check=False,
        )  # fmt: skip
    if done.returncode:
        why = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise Refusal(
            f"{path.name} is not signed by anybody in {signers} ({why[-1] if why else 'no reason given'}): "
            "take it from whoever makes your bundles",
            BAD_BUNDLE,
        )


def _parsed(said: bytes, path: Path) -> Manifest:
    try:
        content = json.loads(said)
        manifest = Manifest(content, hashlib.sha256(said).hexdigest())
        known = (content["format"], content["format_version"])
        names = ("version", "target", "os_version", "architecture", "python", "environment", "packages")
        missing = [name for name in (*names, "installed_bytes") if name not in content]
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{path.name}: its manifest cannot be read: {error!r}", BAD_BUNDLE) from error
    if known != (FORMAT, FORMAT_VERSION):
        raise Refusal(
            f"{path.name} is of format {known[0]} {known[1]}, this tool reads {FORMAT_VERSION}", BAD_BUNDLE
        )
    if missing:
        raise Refusal(f"{path.name}: its manifest lacks {', '.join(missing)}", BAD_BUNDLE)
    return manifest


def verify_files(path: Path, manifest: Manifest, told: Callable[[int, int], None] = _NOTHING) -> None:
    """Read a bundle to its end: every file of the manifest, whole, and no other.

    Raises:
        Refusal: A file is missing, another one, or cut off.
    """

    def read(name: str, source: IO[bytes]) -> str:
        return hashlib.file_digest(source, "sha256").hexdigest()

    _walk(path, manifest, read, set(manifest.files), told)


def unpack(path: Path, manifest: Manifest, wanted: Collection[str], folder: Path) -> None:
    """Write files of a bundle below a folder, each only as what the manifest says.

    Raises:
        Refusal: As `verify_files`.
    """

    def write(name: str, source: IO[bytes]) -> str:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            return _copy(source, file)

    _walk(path, manifest, write, set(wanted), _NOTHING)


def _walk(
    path: Path,
    manifest: Manifest,
    taken: Callable[[str, IO[bytes]], str],
    wanted: set[str],
    told: Callable[[int, int], None],
) -> None:
    total = sum(manifest.files[name][1] for name in wanted)
    done, left = 0, set(wanted)
    try:
        with tarfile.open(path, "r:") as tar:
            for entry in tar:
                if entry.name in ("manifest.json", "manifest.json.sig"):
                    continue
                if entry.name not in manifest.files or not entry.isfile() or not _inside(entry.name):
                    raise Refusal(f"{path.name}: {entry.name} is not in its manifest", BAD_BUNDLE)
                if entry.name not in left:
                    continue
                source = tar.extractfile(entry)
                expected, size = manifest.files[entry.name]
                if source is None or entry.size != size or taken(entry.name, source) != expected:
                    raise Refusal(f"{path.name}: {entry.name} is damaged: copy the bundle again", BAD_BUNDLE)
                left.discard(entry.name)
                done += size
                told(done, total)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Refusal(
            f"{path.name} is cut off or cannot be read: {error}: copy it again", BAD_BUNDLE
        ) from error
    if left:
        raise Refusal(
            f"{path.name} is cut off: {len(left)} of {len(manifest.files)} files are missing: copy it again",
            BAD_BUNDLE,
        )


def _inside(name: str) -> bool:
    pure = PurePosixPath(name)
    return not pure.is_absolute() and ".." not in pure.parts


def _copy(source: IO[bytes], target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()
