"""What a routine's file says of itself: who made it, under which licence, and the checksum of every part."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from posecoach.adapters._brief import brief
from posecoach.errors import ExchangeError

FORMAT: Final = "posecoach-exchange"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.json.sig"
ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""What can name a routine."""
LONGEST_WORDS: Final = 100
_LARGEST_BYTES: Final = 1 << 16
_PART: Final = re.compile(r"routine\.toml|[A-Za-z0-9][A-Za-z0-9._-]{0,95}\.json")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_TEXTS: Final = ("id", "name", "author", "licence", "made_with")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a routine's file.

    Attributes:
        id: Of the routine.
        name: In words.
        author: Who made it; empty where nobody says.
        licence: Under which it may be passed on; empty where nobody says.
        made_with: Which program wrote it, with its version.
        parts: Size in bytes and SHA-256 of each file of the routine, by name.
    """

    id: str
    name: str
    author: str
    licence: str
    made_with: str
    parts: Mapping[str, tuple[int, str]]

    def __post_init__(self) -> None:
        if not ID.fullmatch(self.id):
            raise ExchangeError(f"id {self.id[:70]!r} cannot name a routine")
        for key in _TEXTS:
            words = getattr(self, key)
            if len(words) > LONGEST_WORDS or not words.isprintable() or words != words.strip():
                raise ExchangeError(
                    f"{key}: must be words on one line, {LONGEST_WORDS} letters at most, got {words[:60]!r}"
                )
        if not self.name:
            raise ExchangeError("name: is empty")
        for name in self.parts:
            if not _PART.fullmatch(name) or name == MANIFEST:
                raise ExchangeError(f"{name[:60]!r} cannot be a part of a routine")
        if len({name.casefold() for name in self.parts}) < len(self.parts):
            raise ExchangeError("two parts of it have names that only capitals tell apart")
        if "routine.toml" not in self.parts:
            raise ExchangeError("there is no routine.toml in it")

    def content(self) -> bytes:
        """The manifest as a file, for people too; the same manifest gives the same bytes."""
        document = {
            "format": FORMAT,
            "version": VERSION,
            **{key: getattr(self, key) for key in _TEXTS},
            "files": {
                name: {"size": size, "sha256": sha256} for name, (size, sha256) in sorted(self.parts.items())
            },
        }
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()

    def differing(self, parts: Mapping[str, bytes]) -> str:
        """The first part that is missing, too much, or not as it says; empty where all are as it says."""
        for name in sorted(self.parts.keys() | parts.keys()):
            if name not in parts or self.parts.get(name) != described(parts[name]):
                return name
        return ""


def described(content: bytes) -> tuple[int, str]:
    """Size and SHA-256 of a part."""
    return len(content), hashlib.sha256(content).hexdigest()


def manifest_of(content: bytes) -> Manifest:
    """Read a manifest; only the very bytes that `Manifest.content` gives are one.

    Raises:
        ExchangeError: Something in it is missing or wrong; names what.
    """
    if len(content) > _LARGEST_BYTES:
        raise ExchangeError(f"its manifest is larger than {_LARGEST_BYTES >> 10} KiB")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise ExchangeError("its manifest is not JSON") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ExchangeError(f'its manifest is another: expected "format": "{FORMAT}"')
    if document.get("version") != VERSION:
        raise ExchangeError(
            f"its version is {brief(document.get('version'), 20)!r}, this program reads {VERSION}: update it"
        )
    texts = {key: document.get(key) for key in _TEXTS}
    files = document.get("files")
    if not all(isinstance(words, str) for words in texts.values()) or not isinstance(files, dict):
        raise ExchangeError(f"its manifest lacks one of {', '.join(_TEXTS)}, files")
    manifest = Manifest(**{key: str(words) for key, words in texts.items()}, parts=_parts(files))
    try:
        same = manifest.content() == content
    except UnicodeEncodeError:  # half a surrogate pair is printable to nobody, but JSON can spell it
        same = False
    if not same:
        raise ExchangeError("its manifest is not as posecoach writes it")
    return manifest


def _parts(files: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    parts = {}
    for name, told in files.items():
        size, sha256 = (told.get("size"), told.get("sha256")) if isinstance(told, dict) else (None, None)
        if type(size) is not int or size < 0 or not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise ExchangeError(f"its manifest gives no size and sha256 of {name[:60]!r}")
        parts[name] = (size, sha256)
    return parts
