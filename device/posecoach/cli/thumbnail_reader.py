"""Thumbnails, decoded in a process of their own: a library may come from anybody, and the screen goes on."""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import PosecoachError
from posecoach.ports import Closes
from posecoach.service.crew import Crew, Lost

WITHIN_S: Final = 2.0
_SIZE: Final = struct.Struct("<II")
_BLANK: Final = (160, 120)


class ThumbnailReader:
    """Answers a JPEG with its pixels; with nothing where it is damaged."""

    def answer(self, question: bytes) -> bytes:
        """Height, width, and RGB."""
        from posecoach.adapters.thumbnails import thumbnail_picture

        try:
            picture = thumbnail_picture(question)
        except PosecoachError:
            return b""
        return _SIZE.pack(*picture.shape[:2]) + picture.tobytes()


class Thumbnails(Closes):
    """The same, asked from here."""

    def __init__(self) -> None:
        """Start the process."""
        self._crew: Crew[None] = Crew(ThumbnailReader, 1, prepare=import_thumbnails, answer_within_s=WITHIN_S)

    def decoded(self, jpeg: bytes) -> NDArray[np.uint8]:
        """The picture, ``(height, width, 3)`` uint8 RGB; a blank one where it cannot be read."""
        for _, answer in self._crew.answers([(None, jpeg)]):
            if not isinstance(answer, Lost) and len(answer) > _SIZE.size:
                height, width = _SIZE.unpack_from(answer)
                if len(answer) == _SIZE.size + 3 * height * width:
                    return np.frombuffer(answer, np.uint8, offset=_SIZE.size).reshape(height, width, 3)
        return np.full((*_BLANK, 3), 96, np.uint8)

    def close(self) -> None:
        """End the process; a second call does nothing."""
        self._crew.close()


def import_thumbnails() -> None:
    """Import what will be needed, in the child."""
    from posecoach.adapters import thumbnails  # noqa: F401
