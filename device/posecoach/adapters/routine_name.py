"""Giving a routine another name: one line of its `routine.toml`, and all else as it was."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Final

from posecoach.errors import RoutineError
from posecoach.whole_file import write_whole

_NAME: Final = re.compile(r"^name[ \t]*=.*$", re.MULTILINE)
_LONGEST: Final = 80


def rename(file: Path, name: str) -> None:
    """Write a routine's name anew.

    Args:
        file: Its `routine.toml`, which was read without an error before.
        name: Words on one line.

    Raises:
        RoutineError: It cannot be a name, or the file has none on a line of its own.
        OutputError: The file cannot be written.
    """
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST:
        raise RoutineError(
            f"{name[:60]!r} cannot be a name: use words on one line, {_LONGEST} letters at most"
        )
    text = file.read_text(encoding="utf-8")
    head, table, rest = text.partition("\n[")  # `name` of the routine, not of anything in it
    renamed, count = _NAME.subn(lambda _: f"name = {json.dumps(name, ensure_ascii=False)}", head, count=1)
    text = renamed + table + rest
    if not count or tomllib.loads(text).get("name") != name:
        raise RoutineError(f"{file}: no line that is the name; edit the file")
    write_whole(file, text.encode("utf-8"))
