"""The one form of a zip that a routine travels in: nothing compressed, nothing hidden, the same everywhere.

Files one after another, stored, with no date, no comment and no extra field; then the table of contents.
Any tool opens it. The other way round it is stricter than any tool: what was read is packed again and must
give the same bytes, so that compression, encryption, zip64, entries that overlap or hide, and tables that say
something else than the entries are all refused without a line of code for each, and nothing can grow.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Final

from posecoach.errors import ExchangeError

MOST_FILES: Final = 128
LARGEST_FILE_BYTES: Final = 8 << 20
LARGEST_BYTES: Final = 32 << 20
"""Of all of it; one file more than fits an exercise filmed for minutes from three sides."""

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
_MADE_ON_UNIX: Final = 3 << 8 | _VERSION
_NEW_YEAR_1980: Final = 1 << 5 | 1
_PLAIN_FILE: Final = 0o100644 << 16
_ENCRYPTED: Final = 1 << 0
_SIZE_BEHIND: Final = 1 << 3
_NOT_OURS: Final = "not as posecoach writes it; make it again with: posecoach routine export"


def pack(files: Mapping[str, bytes]) -> bytes:
    """The zip with these files, in their order; the same files give the same bytes on every machine."""
    parts: list[bytes] = []
    contents: list[bytes] = []
    at = 0
    for name, content in files.items():
        written = name.encode("ascii")
        # version that reads it, flags, method (stored), time, date, checksum, both sizes
        told = (_VERSION, 0, 0, 0, _NEW_YEAR_1980, zlib.crc32(content), len(content), len(content))
        parts += [_LOCAL.pack(b"PK\3\4", *told, len(written), 0), written, content]
        contents += [
            _CENTRAL.pack(b"PK\1\2", _MADE_ON_UNIX, *told, len(written), 0, 0, 0, 0, _PLAIN_FILE, at),
            written,
        ]
        at += _LOCAL.size + len(written) + len(content)
    table = b"".join(contents)
    end = _END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(table), at, 0)
    return b"".join((*parts, table, end))


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of a zip that `pack` wrote, in their order; names are ASCII and each is there once.

    Raises:
        ExchangeError: It is another zip, or none; says what is wrong with it.
    """
    if len(content) > LARGEST_BYTES:
        raise ExchangeError(f"larger than {LARGEST_BYTES >> 20} MiB, which no routine is")
    if not content.startswith(b"PK\3\4"):
        raise ExchangeError("not a routine's file: expected what posecoach routine export writes")
    files: dict[str, bytes] = {}
    at = 0
    while content[at : at + 4] == b"PK\3\4":
        name, size, at = _entry(content, at)
        if name in files:
            raise ExchangeError(f"{name!r} is in it twice")
        if len(files) == MOST_FILES:
            raise ExchangeError(f"more than {MOST_FILES} files, which no routine has")
        files[name] = content[at : at + size]
        at += size
    if pack(files) != content:
        raise ExchangeError(_NOT_OURS)
    return files


def _entry(content: bytes, at: int) -> tuple[str, int, int]:
    """Name, size and where the content begins, of the entry that begins at a byte."""
    if at + _LOCAL.size > len(content):
        raise ExchangeError("cut off: copy the file again")
    _, _, flags, method, _, _, _, packed_size, size, name_length, extra_length = _LOCAL.unpack_from(
        content, at
    )
    at += _LOCAL.size
    written = content[at : at + name_length]
    name = written.decode("ascii", "backslashreplace")
    for wrong, words in (
        (flags & _ENCRYPTED, "encrypted"),
        (method or flags & _SIZE_BEHIND or packed_size != size, "compressed or streamed"),
        (size > LARGEST_FILE_BYTES, f"larger than {LARGEST_FILE_BYTES >> 20} MiB"),
        (extra_length or not written.isascii(), "dressed up"),
    ):
        if wrong:
            raise ExchangeError(f"{name[:60]!r} in it is {words}: {_NOT_OURS}")
    at += name_length
    if at + size > len(content):
        raise ExchangeError("cut off: copy the file again")
    return name, size, at
