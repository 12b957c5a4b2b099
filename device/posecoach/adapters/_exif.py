"""What is read from a picture file's own structure: its orientation, and whether a JPEG is whole.

The orientation is not taken from FFmpeg, which knows EXIF in fewer containers in its older versions, and
whose display matrix PyAV reduces to an angle, so that the mirrored half of the eight is lost.
Source: CIPA DC-008 (Exif 2.32), tag 0x0112; PNG third edition, eXIf; WebP container specification, EXIF.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from posecoach.adapters._turning import Matrix

_UPRIGHT = 1

# By orientation, 1 to 8.
_MATRICES: dict[int, Matrix | None] = {
    _UPRIGHT: None,
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}

_ORIENTATION_TAG = 0x0112
_EXIF_MARK = b"Exif\0\0"
# What pads a marker is more 0xFF before it; a pattern that begins with one byte is found ten times sooner.
_JPEG_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])", re.DOTALL)
_MOST_ENTRIES = 1000  # of one directory; more is damage


def exif_matrix(file: BinaryIO) -> Matrix | None:
    """How a JPEG, PNG, WebP or TIFF is to be turned and mirrored; `None` where nothing says so.

    Damage in metadata is no reason to refuse a picture, so it reads as "none". The stream's position
    is left anywhere.
    """
    return _MATRICES[_orientation(file)]


def _orientation(file: BinaryIO) -> int:
    file.seek(0)
    head = file.read(12)
    if head[:2] == b"\xff\xd8":
        tiff = _in_jpeg(file)
    elif head[:8] == b"\x89PNG\r\n\x1a\n":
        tiff = _in_png(file)
    elif head[:4] == b"RIFF" and head[8:] == b"WEBP":
        tiff = _in_webp(file)
    elif head[:4] in (b"II*\0", b"MM\0*"):
        return _in_directory(file, 0)
    else:
        return _UPRIGHT
    return _UPRIGHT if tiff is None else _in_directory(file, tiff)


def is_whole_jpeg(jpeg: bytes) -> bool:
    """Whether the first picture in `jpeg` goes on to its end mark.

    FFmpeg invents what is missing in the last rows, even when told to refuse damage.
    """
    at = 2
    while True:
        # Between markers lies coded picture: there 0xFF is followed by 0, or by a restart mark.
        found = _JPEG_MARKER.search(jpeg, at)
        if found is None:
            return False
        if found[1] == b"\xd9":
            return True
        # A marker's segment is stepped over by its length: it may hold a whole JPEG, the thumbnail.
        at = found.end() + int.from_bytes(jpeg[found.end() : found.end() + 2], "big")


def _in_jpeg(file: BinaryIO) -> int | None:
    """Where the TIFF structure of the Exif segment begins."""
    at = 2
    while True:
        file.seek(at)
        head = file.read(10)
        # Exif stands before the scan; with the scan (0xDA) the walk from segment to segment ends.
        if len(head) < 10 or head[0] != 0xFF or head[1] in (0xDA, 0xD9):
            return None
        if head[1] == 0xE1 and head[4:] == _EXIF_MARK:
            return at + 10
        # 0xFF before a marker is padding.
        at += 1 if head[1] == 0xFF else 2 + int.from_bytes(head[2:4], "big")


def _in_png(file: BinaryIO) -> int | None:
    at = 8
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            return None
        if head[4:] == b"eXIf":
            return at + 8
        at += 12 + int.from_bytes(head[:4], "big")


def _in_webp(file: BinaryIO) -> int | None:
    at = 12
    while True:
        file.seek(at)
        head = file.read(14)
        if len(head) < 14:
            return None
        if head[:4] == b"EXIF":
            # Some writers keep the mark of the JPEG segment.
            return at + (14 if head[8:] == _EXIF_MARK else 8)
        size = int.from_bytes(head[4:8], "little")
        at += 8 + size + size % 2


def _in_directory(file: BinaryIO, start: int) -> int:
    """The orientation in the first image file directory of the TIFF structure at `start`."""
    file.seek(start)
    head = file.read(8)
    if len(head) < 8:
        return _UPRIGHT

    def number(raw: bytes) -> int:
        return int.from_bytes(raw, "little" if head[:2] == b"II" else "big")

    file.seek(start + number(head[4:8]))
    count = number(file.read(2))
    if count > _MOST_ENTRIES:
        return _UPRIGHT
    entries = file.read(12 * count)
    for at in range(0, len(entries) - 11, 12):
        if number(entries[at : at + 2]) == _ORIENTATION_TAG:
            value = number(entries[at + 8 : at + 10])
            return value if 1 <= value <= 8 else _UPRIGHT
    return _UPRIGHT
