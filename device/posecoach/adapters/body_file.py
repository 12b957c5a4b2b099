"""A person's body as a file: what the coach asks nothing of.

::

    without = ["left_arm", "right_knee"]  # absent, in a brace, or not to be judged
    seated = true                         # sits, whatever the exercise
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from posecoach.adapters._brief import brief
from posecoach.adapters._toml import NotToml, toml_file
from posecoach.coach.body_limits import BodyDifferences
from posecoach.errors import BodyError, InputMissing

_LARGEST_BYTES: Final = 1 << 16


def read_body(path: Path) -> BodyDifferences:
    """The body that a file describes.

    Raises:
        InputMissing: There is no such file.
        BodyError: It says something else; names the file and the key.
    """
    try:
        document = toml_file(path, _LARGEST_BYTES)
    except NotToml as error:
        raise BodyError(f"{path}: {error}") from error
    except OSError as error:
        raise InputMissing(f"{path}: cannot be read: {error.strerror}") from error
    for key in document:
        if key not in ("without", "seated"):
            raise BodyError(f"{path}: {key}: unknown key; known: without, seated")
    without, seated = document.get("without", []), document.get("seated", False)
    if not isinstance(without, list) or not all(isinstance(part, str) for part in without):
        raise BodyError(f"{path}: without: must be a list of names, got {brief(repr(without))}")
    if not isinstance(seated, bool):
        raise BodyError(f"{path}: seated: must be true or false, got {brief(repr(seated))}")
    try:
        return BodyDifferences(tuple(without), seated)
    except BodyError as error:
        raise BodyError(f"{path}: without: {error}") from error
