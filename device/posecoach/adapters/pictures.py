"""Picture files in and out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from posecoach.adapters._stills import MIN_SIDE_PX, read_picture, read_reduced
from posecoach.errors import ShapeError
from posecoach.whole_file import write_whole

__all__ = ["MIN_SIDE_PX", "read_picture", "read_reduced", "write_png"]


def write_png(path: Path, image: NDArray[np.uint8]) -> None:
    """Write ``(height, width, 3)`` uint8 RGB as PNG; at no time is `path` half a picture.

    Raises:
        OutputError: The folder is missing, full or not writable.
        ShapeError: `image` is not such an array.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
        raise ShapeError(f"a picture must be (height, width, 3) uint8, got {image.shape} {image.dtype}")
    write_whole(path, b"".join(_png_packets(image)))


def _png_packets(image: NDArray[np.uint8]) -> list[bytes]:
    encoder = av.CodecContext.create("png", "w")
    encoder.height, encoder.width = image.shape[:2]
    encoder.pix_fmt = "rgb24"
    encoder.time_base = Fraction(1)
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
    return [bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None))]
