"""Rows of a library of pictures, each with a checksum; whatever a file holds in their places is looked at."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from posecoach.errors import LibraryError
from posecoach.library.people import LARGEST_SIDE_PX, MOST_PEOPLE, POSE_BYTES, Crop


def picture_sum(number: int, path: bytes, width: int, height: int, poses: bytes) -> int:
    """Checksum of a picture's row; `path` is in UTF-8."""
    return zlib.crc32(b"%d %d %d %b\0%b" % (number, width, height, path, poses))


def thumbnail_sum(number: int, person: int, crop: Sequence[int], jpeg: bytes) -> int:
    """Checksum of a thumbnail's row; `crop` is x, y, w, h."""
    return zlib.crc32(jpeg, zlib.crc32(" ".join(map(str, (number, person, *crop))).encode()))


def sound_poses(
    file: Path, number: int, path: bytes, width: int, height: int, poses: bytes, checksum: int
) -> bytes:
    """The packed poses of a picture's row in `file`; there may be a million rows.

    Raises:
        LibraryError: They are not what was written.
    """
    try:
        if checksum == picture_sum(number, path, width, height, poses) and poses.__class__ is bytes:
            length = len(poses)
            if length % POSE_BYTES == 0 and length <= MOST_PEOPLE * POSE_BYTES:
                return poses
    except TypeError:  # something else than a text, a number or bytes is there
        pass
    raise LibraryError(f"{file} is damaged: a picture's checksum does not hold")


def sound_thumbnail(number: int, person: int, crop: Sequence[Any], jpeg: Any, checksum: Any) -> Crop | None:
    """What a thumbnail's row shows of its picture; `None` where the row is not what was written."""
    sound = (
        isinstance(jpeg, bytes)
        and all(isinstance(value, int) and 0 <= value <= LARGEST_SIDE_PX for value in crop)
        and checksum == thumbnail_sum(number, person, crop, jpeg)
    )
    return Crop(*crop) if sound and min(crop[2:]) >= 1 else None
