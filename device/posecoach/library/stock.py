"""What is in a library of pictures: where it comes from, how much of it there is, and who."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from posecoach.library.people import KeptPerson


class Stamp(NamedTuple):
    """A picture in the folder, and what changes when it does.

    Attributes:
        path: Below the folder, with slashes.
        size: In bytes.
        mtime_ns: When it was written.
    """

    path: str
    size: int
    mtime_ns: int


class State(IntEnum):
    """How far a picture is."""

    TO_READ = 0
    READ = 1
    UNREADABLE = 2


class Stocked(NamedTuple):
    """A picture that is known: its number, what it was when it was noted, and how far it is."""

    number: int
    stamp: Stamp
    state: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What a library was built from.

    Attributes:
        folder: Of the pictures.
        model_id: Of the network that looked at them.
        model_sha256: Of its file.
    """

    folder: str
    model_id: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """How much is in a library: pictures by state, and people."""

    to_read: int
    read: int
    unreadable: int
    people: int


@dataclass(frozen=True, slots=True, eq=False)
class PersonFound:
    """One person of a library.

    Attributes:
        path: Of the picture, below the folder.
        number: Of the person in it, from 0, best first.
        kept: Pose, crop and thumbnail.
    """

    path: str
    number: int
    kept: KeptPerson


def printable(path: str) -> str:
    """A name from a library for a terminal, which takes some signs for orders."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in path)
