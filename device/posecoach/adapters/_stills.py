"""Reading picture files. A picture is a video of one frame, so PyAV reads it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from posecoach.adapters._exif import exif_matrix, is_whole_jpeg
from posecoach.adapters._media import (
    MAX_PIXELS,
    ONE_THREAD,
    OpenMedia,
    RgbConverter,
    open_media,
    reason,
)
from posecoach.adapters._turning import turned
from posecoach.errors import MediaError

MIN_SIDE_PX = 16
"""Fewer pixels than this across cannot show a person."""

_STILL_FORMATS = frozenset({"image2", "gif", "apng"})  # besides those called "..._pipe"
_BAND_ROWS = 256
_TIFF_JPEG = "7"


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The picture in a file, upright, ``(height, width, 3)`` uint8 RGB, contiguous.

    JPEG (also greyscale and CMYK), PNG (palette, 16 bits, transparency), WebP, BMP, TIFF, GIF (first
    picture). Turned and mirrored as its Exif orientation says; transparency is laid on white.

    Raises:
        InputMissing: There is no such file.
        MediaError: It is no picture, damaged or cut off, smaller than 16 x 16, or larger than 200
            million pixels; the latter is seen in the header, before memory is taken for it.
    """
    media = open_media(path)
    try:
        _require_still(media)
        frame = _only_frame(media)
        image = (
            _on_white(frame)
            if _has_transparency(frame)
            else RgbConverter(**ONE_THREAD)(_with_full_chroma(frame))
        )
        return turned(image, exif_matrix(media.file))
    finally:
        media.close()


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


def _on_white(frame: VideoFrame) -> NDArray[np.uint8]:
    rgba = frame.to_ndarray(format="rgba")
    image = np.empty((*rgba.shape[:2], 3), np.uint8)
    # In bands, because 16-bit copies of a whole large picture would need several times its memory.
    for top in range(0, len(rgba), _BAND_ROWS):
        band = rgba[top : top + _BAND_ROWS]
        alpha = band[..., 3:].astype(np.uint16)
        image[top : top + _BAND_ROWS] = (band[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return image
