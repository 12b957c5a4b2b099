"""Pictures and videos that tests make for themselves, small and with content that can be told again."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

MARK_CELLS = 8
"""A frame's number is written as this many black or white cells along its top, lowest bit first."""


def numbered(number: int, wh: tuple[int, int] = (64, 48)) -> NDArray[np.uint8]:
    """A picture that carries its number, so that it is known again after compression."""
    width, height = wh
    image = np.full((height, width, 3), (90, 120, 150), np.uint8)
    cell = width // MARK_CELLS
    for bit in range(MARK_CELLS):
        image[: height // 2, bit * cell : (bit + 1) * cell] = 255 if number >> bit & 1 else 0
    return image


def number_of(image: NDArray[np.uint8]) -> int:
    """The number that `numbered` wrote."""
    height, width = image.shape[:2]
    cell = width // MARK_CELLS
    return sum(
        int(image[height // 4, bit * cell + cell // 2].mean() > 127) << bit for bit in range(MARK_CELLS)
    )


def corners(wh: tuple[int, int] = (64, 48)) -> NDArray[np.uint8]:
    """Red, green, blue and white quarters: top left, top right, bottom left, bottom right."""
    width, height = wh
    image = np.full((height, width, 3), 255, np.uint8)
    image[: height // 2, : width // 2] = (255, 0, 0)
    image[: height // 2, width // 2 :] = (0, 255, 0)
    image[height // 2 :, : width // 2] = (0, 0, 255)
    return image


def write_video(
    path: Path,
    images: Iterable[NDArray[np.uint8]],
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    rate_hz: int = 30,
    times_s: Sequence[float] | None = None,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    pixel_aspect: Fraction | None = None,
    file_format: str | None = None,
) -> Path:
    """Encode `images`; their presentation times are `times_s`, in milliseconds' precision."""
    chosen = {"libx264": {"preset": "ultrafast", "crf": "10"}}.get(codec, {}) if options is None else options
    with av.open(str(path), "w", format=file_format, options=container_options or {}) as container:
        stream = container.add_stream(codec, rate=rate_hz, options=chosen)
        ticks = 90_000 if times_s is not None else rate_hz
        stream.codec_context.time_base = Fraction(1, ticks)
        stream.gop_size = 10
        for number, image in enumerate(images):
            if number == 0:
                stream.height, stream.width = image.shape[:2]
                stream.pix_fmt = pix_fmt
                if pixel_aspect is not None:
                    stream.codec_context.sample_aspect_ratio = pixel_aspect
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = number if times_s is None else round(times_s[number] * ticks)
            frame.time_base = Fraction(1, ticks)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_sound(path: Path) -> Path:
    """One second of silence and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def encoded(
    image: NDArray[np.generic], codec: str, pix_fmt: str, source: str = "rgb24", **options: str
) -> bytes:
    """One picture as a file of `codec` ("png", "mjpeg", "bmp", "tiff", "libwebp")."""
    frame = av.VideoFrame.from_ndarray(image, format=source)
    if pix_fmt != source:
        frame = frame.reformat(format=pix_fmt, dst_color_range="JPEG" if codec == "mjpeg" else None)
    encoder = av.CodecContext.create(codec, "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, frame.format.name
    encoder.time_base = Fraction(1)
    encoder.options = options
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))


def exif(orientation: int, order: str = "<") -> bytes:
    """The TIFF structure of Exif with nothing but an orientation; `order` as in `struct`."""
    mark = b"II" if order == "<" else b"MM"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + bytes(4)


def jpeg_with_exif(jpeg: bytes, tiff: bytes) -> bytes:
    segment = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with_exif(png: bytes, tiff: bytes) -> bytes:
    after_header = 8 + 12 + 13
    return png[:after_header] + png_chunk(b"eXIf", tiff) + png[after_header:]


def webp_with_exif(webp: bytes, tiff: bytes) -> bytes:
    chunk = b"EXIF" + struct.pack("<I", len(tiff)) + tiff + bytes(len(tiff) % 2)
    return webp[:4] + struct.pack("<I", len(webp) - 8 + len(chunk)) + webp[8:] + chunk
