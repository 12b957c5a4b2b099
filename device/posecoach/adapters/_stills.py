"""Reading picture files. A picture is a video of one frame, so PyAV reads what is no common JPEG."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from posecoach.adapters._exif import exif_matrix, is_whole_jpeg
from posecoach.adapters._jpeg import MAGIC, Wh, decoded_jpeg
from posecoach.adapters._media import (
    MAX_PIXELS,
    ONE_THREAD,
    OpenMedia,
    RgbConverter,
    open_file,
    open_media,
    reason,
)
from posecoach.adapters._turning import Matrix, turned
from posecoach.errors import MediaError

MIN_SIDE_PX = 16
"""Fewer pixels than this across cannot show a person."""

REDUCED_PX: Final = 1600
"""Of the longer side, at the least: more than the largest network takes."""
_MOST_DIVISOR: Final = 8  # libjpeg's

_STILL_FORMATS = frozenset({"image2", "gif", "apng"})  # besides those called "..._pipe"
_BAND_ROWS = 256
_TIFF_JPEG = "7"


class ReducedPicture(NamedTuple):
    """A picture to look at, of which the camera has seen more.

    Attributes:
        image: Upright, ``(height, width, 3)`` uint8 RGB, contiguous.
        wh: Width and height of the whole picture, upright.
    """

    image: NDArray[np.uint8]
    wh: Wh


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The picture in a file, upright, ``(height, width, 3)`` uint8 RGB, contiguous.

    JPEG (also greyscale and CMYK), PNG (palette, 16 bits, transparency), WebP, BMP, TIFF, GIF (first
    picture). Turned and mirrored as its Exif orientation says; transparency is laid on white.

    Raises:
        InputMissing: There is no such file.
        MediaError: It is no picture, damaged or cut off, smaller than 16 x 16, or larger than 200
            million pixels; the latter is seen in the header, before memory is taken for it.
    """
    return _read(path, _as_it_is).image


def read_reduced(path: Path) -> ReducedPicture:
    """The same, halved while its longer side keeps `REDUCED_PX` pixels.

    More of them no network takes and no small picture shows, and a telephone's JPEG is decoded in an eighth
    of the time and a twelfth of the memory.
    """
    return _read(path, _divisor)


def _read(path: Path, divisor_of: Callable[[Wh], int]) -> ReducedPicture:
    quickly = _by_libjpeg(path, divisor_of)
    if quickly is not None:
        return quickly
    media = open_media(path)
    try:
        _require_still(media)
        frame = _only_frame(media)
        wh = frame.width, frame.height
        divisor = divisor_of(wh)
        image = _rgb(frame, (-(-wh[0] // divisor), -(-wh[1] // divisor)))
        return _upright(image, wh, exif_matrix(media.file))
    finally:
        media.close()


def _by_libjpeg(path: Path, divisor_of: Callable[[Wh], int]) -> ReducedPicture | None:
    with open_file(path) as file:
        head = file.read(len(MAGIC))
        if head != MAGIC:
            return None
        content = head + file.read()
    found = decoded_jpeg(content, lambda wh: divisor_of(wh) if _may_be_read(wh) else 0)
    return None if found is None else _upright(*found, exif_matrix(io.BytesIO(content)))


def _may_be_read(wh: Wh) -> bool:
    return wh[0] * wh[1] <= MAX_PIXELS and min(wh) >= MIN_SIDE_PX


def _as_it_is(wh: Wh) -> int:
    return 1


def _divisor(wh: Wh) -> int:
    """By what a picture of this size is reduced."""
    divisor = 1
    while divisor < _MOST_DIVISOR and max(wh) >= 2 * divisor * REDUCED_PX:
        divisor *= 2
    return divisor


def _upright(image: NDArray[np.uint8], wh: Wh, matrix: Matrix | None) -> ReducedPicture:
    upright = turned(image, matrix)
    lies = matrix is not None and abs(matrix[0]) < abs(matrix[1])
    return ReducedPicture(upright, wh[::-1] if lies else wh)


def _rgb(frame: VideoFrame, wh: Wh) -> NDArray[np.uint8]:
    if _has_transparency(frame):
        return _on_white(frame, wh)
    if wh != (frame.width, frame.height):
        return RgbConverter(**ONE_THREAD)(frame, wh)
    return RgbConverter(**ONE_THREAD)(_with_full_chroma(frame))


def _require_still(media: OpenMedia) -> None:
    path, stream, format_name = media.path, media.stream, media.container.format.name
    # AVIF is a still picture in a video's container; it says that it holds one frame.
    if not (format_name.endswith("_pipe") or format_name in _STILL_FORMATS or stream.frames == 1):
        raise MediaError(f"{path} is a video ({format_name}); expected a picture")
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > MAX_PIXELS or width <= 0 or height <= 0:
        # FFmpeg does not tell a size that it refuses.
        raise MediaError(
            f"{path} is damaged, or larger than {MAX_PIXELS // 1_000_000} million pixels: shrink it"
        )
    if min(width, height) < MIN_SIDE_PX:
        raise MediaError(
            f"{path} is {width} x {height} pixels, too small to hold a person;"
            f" expected {MIN_SIDE_PX} x {MIN_SIDE_PX} at least"
        )


def _only_frame(media: OpenMedia) -> VideoFrame:
    path, stream = media.path, media.stream
    options = {"max_pixels": str(MAX_PIXELS)}
    # Without "explode" FFmpeg fills what is missing with grey, and a grey half is judged like a picture.
    # Its TIFF decoder refuses a cut off picture anyway, and with "explode" also a sound one with Exif.
    if stream.codec_context.name != "tiff":
        options["err_detect"] = "explode"
    stream.codec_context.options = options
    try:
        frame = next(media.container.decode(stream), None)
    except av.error.FFmpegError as error:
        raise MediaError(f"{path} is damaged or cut off ({reason(error)})") from error
    whole = stream.codec_context.name != "mjpeg" or is_whole_jpeg(path.read_bytes())
    if frame is None or frame.is_corrupt or not whole:
        raise MediaError(f"{path} is damaged or cut off (no whole picture in it)")
    described = getattr(frame, "metadata", {})  # known to PyAV's newer versions
    if described.get("Compression", "").strip() == _TIFF_JPEG:
        # FFmpeg reads JPEG inside TIFF with wrong colours and says nothing.
        raise MediaError(f"{path} is a TIFF compressed as JPEG, which is not read; save it as JPEG or PNG")
    return frame


def _with_full_chroma(frame: VideoFrame) -> VideoFrame:
    """The frame with colour for every pixel, interpolated as picture programs do.

    FFmpeg's way to RGB repeats each colour sample of a 4:2:0 picture; the edges that this leaves move
    weak keypoints by as much as 14 px.
    """
    if not frame.format.name.startswith("yuv") or frame.format.components[1].width == frame.width:
        return frame
    full = "yuvj444p" if frame.format.name.startswith("yuvj") else "yuv444p"
    return frame.reformat(format=full, interpolation="BILINEAR", **ONE_THREAD)


def _has_transparency(frame: VideoFrame) -> bool:
    return frame.format.has_palette or any(component.is_alpha for component in frame.format.components)


def _on_white(frame: VideoFrame, wh: Wh) -> NDArray[np.uint8]:
    rgba = frame.reformat(*wh, format="rgba", interpolation="BILINEAR", **ONE_THREAD).to_ndarray()
    image = np.empty((*rgba.shape[:2], 3), np.uint8)
    # In bands, because 16-bit copies of a whole large picture would need several times its memory.
    for top in range(0, len(rgba), _BAND_ROWS):
        band = rgba[top : top + _BAND_ROWS]
        alpha = band[..., 3:].astype(np.uint16)
        image[top : top + _BAND_ROWS] = (band[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return image
