"""Small pictures of people as JPEG, in and out."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from posecoach.adapters._jpeg import encoded_jpeg
from posecoach.adapters._media import ONE_THREAD, RgbConverter
from posecoach.errors import LibraryError
from posecoach.library.people import MOST_THUMBNAIL_BYTES, Crop

LONG_SIDE_PX: Final = 320
_MOST_PIXELS: Final = 1024 * 1024
_QUALITY: Final = 118 * 4  # of FFmpeg's 2 (best) to 31, in its own unit: 2 to 25 kB each


def thumbnail(image: NDArray[np.uint8], crop: Crop) -> bytes:
    """A part of a picture as JPEG, its longer side at most `LONG_SIDE_PX`; never larger than it was."""
    part = np.ascontiguousarray(image[crop.y : crop.y + crop.h, crop.x : crop.x + crop.w])
    shrink = LONG_SIDE_PX / max(crop.w, crop.h)
    if shrink < 1:
        width, height = (max(2, round(side * shrink)) for side in (crop.w, crop.h))
        frame = VideoFrame.from_ndarray(part, format="rgb24")
        small = frame.reformat(width=width, height=height, interpolation="AREA", **ONE_THREAD)
        part = small.to_ndarray()  # type: ignore[assignment]  # rgb24 is uint8
    return encoded_jpeg(part) or _encoded_by_ffmpeg(part)


def _encoded_by_ffmpeg(image: NDArray[np.uint8]) -> bytes:
    height, width, _ = image.shape
    frame = VideoFrame.from_ndarray(image, format="rgb24")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1)
    encoder.thread_count = 1
    encoder.options = {"global_quality": str(_QUALITY), "flags": "+qscale"}
    frame = frame.reformat(format="yuvj420p", **ONE_THREAD)
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))


def thumbnail_picture(content: bytes) -> NDArray[np.uint8]:
    """A thumbnail as ``(height, width, 3)`` uint8 RGB.

    Raises:
        LibraryError: It is too large to be one, or damaged.
    """
    if not content or len(content) > MOST_THUMBNAIL_BYTES:
        raise LibraryError(f"a thumbnail of {len(content)} bytes; at most {MOST_THUMBNAIL_BYTES} are read")
    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.thread_count = 1
    # Its size is in its first bytes: what claims more is refused before there is room for it.
    decoder.options = {"max_pixels": str(_MOST_PIXELS), "err_detect": "explode"}
    try:
        frames = [*decoder.decode(av.Packet(content)), *decoder.decode(None)]
    except av.error.FFmpegError as error:
        raise LibraryError(f"a thumbnail is damaged: {error.strerror}") from error
    if len(frames) != 1 or frames[0].is_corrupt or frames[0].width * frames[0].height > _MOST_PIXELS:
        raise LibraryError("a thumbnail is damaged: it holds no whole picture")
    return RgbConverter(**ONE_THREAD)(frames[0])
