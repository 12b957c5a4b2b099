"""Read FlatBuffers without a schema compiler, trusting no byte.

Only what a model file needs: tables, vectors, strings and plain numbers. Every read checks its
bounds, so that a damaged or hostile file is an error and nothing else. Format: the FlatBuffers
"internals" document.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, Self

from posecoach.errors import ModelError

_FORMATS: Final = {
    "u16": struct.Struct("<H"),
    "u32": struct.Struct("<I"),
    "i8": struct.Struct("<b"),
    "i32": struct.Struct("<i"),
    "u64": struct.Struct("<Q"),
}


@dataclass(frozen=True, slots=True)
class Vector:
    """Where a vector lies: `length_at` is the place of its count, `start` of its first element."""

    length_at: int
    start: int
    length: int


class Patience:
    """How many more elements a reader looks at.

    In a sound file no two vectors overlap. In a hostile one a thousand tables may share one long
    vector, and reading it for each would take for ever.
    """

    def __init__(self, elements: int) -> None:
        self._left = elements

    def spend(self, elements: int) -> None:
        """Count elements that are about to be read."""
        self._left -= elements
        if self._left < 0:
            raise ModelError("model file is damaged: its vectors hold more than the file; fetch it again")


@dataclass(frozen=True, slots=True)
class FlatTable:
    """One table of a flatbuffer.

    Attributes:
        content: The whole file.
        at: Where the table begins.
        patience: Shared by all tables of one reading.
    """

    content: bytes
    at: int
    patience: Patience

    @classmethod
    def root(cls, content: bytes) -> Self:
        """The outermost table of a file."""
        # One element of a table or of integers takes four bytes: enough to read each of them four times.
        return cls(content, read(content, 0, "u32"), Patience(len(content)))

    def number(self, field: int, kind: str, default: int = 0) -> int:
        """A plain number."""
        at = self._field(field)
        return default if at is None else read(self.content, at, kind)

    def vector(self, field: int, element_bytes: int) -> Vector | None:
        """A vector of elements of that size, all of it inside the file; `None` where absent."""
        at = self._field(field)
        if at is None:
            return None
        length_at = at + read(self.content, at, "u32")
        length = read(self.content, length_at, "u32")
        start = length_at + 4
        if start + length * element_bytes > len(self.content):
            raise ModelError(
                f"model file is cut off or damaged: {length} elements at byte {start} end "
                f"after its {len(self.content)} bytes; fetch it again"
            )
        return Vector(length_at, start, length)

    def tables(self, field: int) -> list[FlatTable]:
        """A vector of tables; empty where absent."""
        vector = self.vector(field, 4)
        if vector is None:
            return []
        self.patience.spend(vector.length)
        places = range(vector.start, vector.start + 4 * vector.length, 4)
        return [FlatTable(self.content, at + read(self.content, at, "u32"), self.patience) for at in places]

    def integers(self, field: int) -> list[int]:
        """A vector of 32-bit integers; empty where absent."""
        vector = self.vector(field, 4)
        if vector is None:
            return []
        self.patience.spend(vector.length)
        return list(struct.unpack_from(f"<{vector.length}i", self.content, vector.start))

    def text(self, field: int) -> str:
        """A string; empty where absent, odd bytes replaced."""
        vector = self.vector(field, 1)
        if vector is None:
            return ""
        self.patience.spend(vector.length)
        return self.content[vector.start : vector.start + vector.length].decode("utf-8", errors="replace")

    def _field(self, field: int) -> int | None:
        """Where a field's value lies; `None` if the table leaves it out."""
        vtable = self.at - read(self.content, self.at, "i32")
        end = self.at + read(self.content, vtable + 2, "u16")
        if end > len(self.content):
            raise ModelError(
                f"model file is cut off or damaged: a table ends at byte {end} of {len(self.content)}; "
                "fetch it again"
            )
        entry = 4 + 2 * field
        if entry + 2 > read(self.content, vtable, "u16"):
            return None
        offset = read(self.content, vtable + entry, "u16")
        return self.at + offset if offset else None


def read(content: bytes, at: int, kind: str) -> int:
    """The little-endian number at a byte.

    Raises:
        ModelError: It is outside the file.
    """
    layout = _FORMATS[kind]
    if at < 0 or at + layout.size > len(content):
        raise ModelError(
            f"model file is cut off or damaged: it refers to byte {at} of {len(content)}; fetch it again"
        )
    number: int = layout.unpack_from(content, at)[0]
    return number
