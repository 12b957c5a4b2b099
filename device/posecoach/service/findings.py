"""What a check of the box is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final


class State(StrEnum):
    """How a check came out."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"


LIMIT_S: Final = 3.0
"""What a check may take, where nobody has said otherwise."""


@dataclass(frozen=True, slots=True)
class Box:
    """The machine that is looked at.

    Attributes:
        data_folder: Where this box keeps what it learns.
        root: Where ``sys``, ``proc`` and ``dev`` are.
        environ: The environment.
        camera: The camera to try, as ``--camera`` names it.
        clock_s: Seconds since 1970, by the clock on the wall.
        limit_s: What a check may take.
    """

    data_folder: Path
    root: Path = Path("/")
    environ: Mapping[str, str] = field(default_factory=dict)
    camera: str = "auto"
    clock_s: float = 0.0
    limit_s: float = LIMIT_S

    def text(self, path: str) -> str | None:
        """What a small file of the system says; `None` where it is not there or may not be read."""
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace").strip("\0 \n")
        except OSError:
            return None


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a check.

    Attributes:
        state: How it came out.
        words: What was found.
        remedy: What to do about it; empty where nothing needs to be done.
    """

    state: State
    words: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the box.

    Attributes:
        id: Its name for ever: scripts and support ask by it.
        asks: The question, in words.
        detects: Failures that it tells, by their ids in the failure table of this folder's README.
        look: Answers it.
        gate: Whether the box is unfit for a new release without it.
        slow: Whether it starts another process: few of these at once.
    """

    id: str
    asks: str
    detects: tuple[str, ...]
    look: Callable[[Box], Finding]
    gate: bool = False
    slow: bool = False


def passed(words: str) -> Finding:
    """All is well."""
    return Finding(State.PASS, words)


def warned(words: str, remedy: str) -> Finding:
    """It works, but not as well as it could."""
    return Finding(State.WARN, words, remedy)


def failed(words: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(State.FAIL, words, remedy)


def skipped(words: str) -> Finding:
    """There is nothing to look at, and why."""
    return Finding(State.SKIP, words)


EXIT_CODE: Final = {State.PASS: 0, State.SKIP: 0, State.WARN: 1, State.FAIL: 2}
