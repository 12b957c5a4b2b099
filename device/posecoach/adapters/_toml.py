"""TOML that somebody else may have written: no larger, deeper or stranger than a file for people is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from posecoach.adapters._brief import brief

DEEPEST: Final = 12
_LARGEST_INTEGER: Final = 1 << 63  # as TOML has it; Python's have no end, and cannot even be printed
_BOM: Final = "\ufeff"


class NotToml(ValueError):
    """It cannot be read as TOML; says why on one line."""


def toml_file(path: Path, largest_bytes: int) -> dict[str, Any]:
    """What a TOML file says, with or without the mark that some editors begin a file with.

    Raises:
        NotToml: It is not TOML, or nothing that a person would write.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(largest_bytes + 1)
    if len(content) > largest_bytes:
        raise NotToml(f"larger than {largest_bytes >> 10} KiB")
    try:
        document = tomllib.loads(content.decode("utf-8").removeprefix(_BOM))
    except RecursionError:
        raise NotToml(f"not TOML: nested more than {DEEPEST} deep") from None
    except ValueError as error:  # also of numbers with thousands of digits
        raise NotToml(f"not TOML: {brief(error)}") from None
    _require_plain(document)
    return document


def _require_plain(document: Mapping[str, Any]) -> None:
    """Say what nobody would write: numbers without end, keys that cannot be read, endless depth."""
    waiting: list[tuple[int, Any]] = [(0, document)]
    while waiting:
        depth, value = waiting.pop()
        if depth > DEEPEST:
            raise NotToml(f"not TOML: nested more than {DEEPEST} deep")
        if isinstance(value, int) and not -_LARGEST_INTEGER <= value < _LARGEST_INTEGER:
            raise NotToml("not TOML: a number that is too large")
        if isinstance(value, dict):
            for key in value:
                if not key.isprintable() or len(key) > 100:
                    raise NotToml(f"not TOML: a key that nobody can read: {brief(key, 40)!r}")
            waiting += ((depth + 1, each) for each in value.values())
        elif isinstance(value, list):
            waiting += ((depth + 1, each) for each in value)
