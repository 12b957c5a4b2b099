"""JPEG by libjpeg-turbo (the package simplejpeg): twice as quick as by FFmpeg, and shrunk as it is decoded.

It reads sound pictures of the common kinds. All others, and all where it is not installed, are FFmpeg's,
which also says what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

try:
    import simplejpeg
except (ImportError, ValueError):  # not installed, or not for this numpy
    simplejpeg = None

MAGIC: Final = b"\xff\xd8\xff"
_COLOURS: Final = frozenset({"YCbCr", "Gray", "RGB"})
_QUALITY: Final = 90
"""Of 1 to 100: small pictures become as large as with FFmpeg's."""

Wh = tuple[int, int]


def decoded_jpeg(content: bytes, divisor_for: Callable[[Wh], int]) -> tuple[NDArray[np.uint8], Wh] | None:
    """A picture as it is stored, not turned: ``(height, width, 3)`` uint8 RGB, and its width and height.

    Args:
        content: The file.
        divisor_for: By what a picture of this size is to be divided: 1, 2, 4 or 8, or 0 not to decode it.

    Returns:
        The array has the size divided, rounded up. `None` where this is no picture for libjpeg-turbo: of
        other colours, damaged in the least, or not wanted.
    """
    if simplejpeg is None:
        return None
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(content)
        divisor = divisor_for((width, height))
        if colours not in _COLOURS or not divisor:
            return None
        least_height, least_width = -(-height // divisor), -(-width // divisor)
        # Takes the smallest of its scales that is not smaller than this. It is strict by default: what is
        # repaired on the way, as a missing end, is an error.
        image = simplejpeg.decode_jpeg(content, min_height=least_height, min_width=least_width)
    except ValueError:
        return None
    return image, (width, height)


def encoded_jpeg(image: NDArray[np.uint8]) -> bytes | None:
    """``(height, width, 3)`` uint8 RGB, contiguous, as JPEG; `None` where libjpeg-turbo is not installed."""
    if simplejpeg is None:
        return None
    content: bytes = simplejpeg.encode_jpeg(image, _QUALITY, colorsubsampling="420")
    return content
