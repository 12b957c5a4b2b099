"""What somebody brings on a stick, and how it stands with this box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from posecoach.coach.routine import Routine


class Standing(StrEnum):
    """How a routine that is brought stands with this box."""

    NEW = "new"  # it can be taken
    UPDATE = "update"  # likewise, in the place of an older one
    HERE = "here"  # it is here already
    TAKING = "taking"  # it is being copied
    TAKEN = "taken"  # it has been
    UNSIGNED = "unsigned"  # this box takes only what is signed
    OTHER = "other"  # another one of its name is here
    BROKEN = "broken"  # it is damaged, or none
    FAILED = "failed"  # it could not be copied


class Trust(StrEnum):
    """Whether somebody stands for it."""

    UNSIGNED = "unsigned"
    UNKNOWN = "unknown"  # somebody whom this box does not know
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Brought:
    """One routine on a stick.

    Attributes:
        name: In words; of what cannot be read, the name of its file.
        standing: How it stands with this box.
        id: What it is called here; empty where it cannot be read.
        author: Who made it; empty where nobody says.
        trust: Whether somebody stands for it.
        signed_by: Who, where they are known.
    """

    name: str
    standing: Standing
    id: str = ""
    author: str = ""
    trust: Trust = Trust.UNSIGNED
    signed_by: str = ""


class Stick(Protocol):
    """A stick that comes and goes."""

    @property
    def brought(self) -> Sequence[Brought]:
        """What is on it; nothing where there is none."""

    @property
    def unread(self) -> bool:
        """Whether there is one that cannot be read."""

    def take(self, index: int) -> None:
        """Have one of what is `brought` here, if it can be; it goes on by itself."""

    def arrived(self) -> Sequence[Routine]:
        """What has been taken since the last call, ready to be done."""
