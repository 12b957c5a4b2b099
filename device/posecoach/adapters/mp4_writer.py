"""Writes pictures as an MP4 file that any player opens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecoach.adapters._earcons import RATE_HZ
from posecoach.adapters._film_file import FilmFile
from posecoach.errors import OutputError

# As libav numbers them in streams.
_BT709 = 1
_LIMITED_RANGE = 1

_SOUND_BITS_A_SECOND = 64_000

TakeSound = Callable[[int], NDArray[np.int16]]
"""Gives the next so many samples, mono."""


class Mp4Writer(FilmFile):
    """A video being written: H.264 (MPEG-4 part 2 where the encoder is missing), 4:2:0, BT.709.

    The index stands at the front, so that it plays while it is copied. Until `close` the file has a
    hidden name beside `path`; leaving the ``with`` block by an exception removes it, so `path` is a whole
    video or untouched.
    """

    def __init__(
        self,
        path: Path,
        *,
        wh: tuple[int, int],
        rate_hz: float,
        sound: TakeSound | None = None,
        sound_rate_hz: int = RATE_HZ,
    ) -> None:
        """Begin a video.

        Args:
            path: Where it will be; an existing file is replaced on `close`.
            wh: Width and height of the images. An odd one gets its last column or row twice, because
                the format stores colour for every second pixel.
            rate_hz: Frames a second.
            sound: Asked with every picture for what is heard until the next; `None` for a silent film, which
                it is as well where the AAC encoder is missing.
            sound_rate_hz: Its samples a second.

        Raises:
            OutputError: The folder is missing or not writable, or no encoder is here.
        """
        super().__init__(path, wh=wh, rate_hz=rate_hz)
        self._rate_hz = rate_hz
        self._first_s: float | None = None
        self._next_slot = 0
        self._reformatter = VideoReformatter()
        self._container = _create(path, self._partial)
        self._open = True
        try:
            self._stream = _add_stream(self._container, wh, rate_hz)
            self._sound = _Sound(self._container, sound, sound_rate_hz) if sound and _can_sound() else None
        except av.error.FFmpegError as error:
            self._abandon()
            raise OutputError(f"{path} cannot be written as a video of {wh[0]} x {wh[1]}: {error}") from error

    def write(self, image: NDArray[np.uint8], at_s: float | None = None) -> None:
        """Add a picture.

        Args:
            image: ``(height, width, 3)`` uint8 RGB of the size promised; not kept.
            at_s: When it was shown, on any clock that runs on. It lands in the nearest slot of the
                constant rate; where that is taken already, the picture is left out, and where slots stay
                empty the picture before stands longer. `None`: in the next slot.

        Raises:
            OutputError: The disk is full or gone, or the writer is closed.
            ShapeError: The image has another size.
        """
        self._require_size(image)
        if not self._open:
            raise OutputError(f"{self._path} is closed; nothing more can be written to it")
        slot = self._slot(at_s)
        if slot < self._next_slot:
            return
        self._next_slot = slot + 1
        frame = self._yuv(image)
        frame.pts = slot
        frame.time_base = self._stream.codec_context.time_base
        try:
            self._container.mux(self._stream.encode(frame))
            if self._sound is not None:
                self._sound.write_until(self._next_slot / self._rate_hz)
        except (av.error.FFmpegError, OSError) as error:
            self._abandon()
            raise OutputError(f"{self._path} cannot be written: {error}") from error

    def close(self) -> None:
        """Finish the file and give it its name; a second call does nothing.

        Raises:
            OutputError: It could not be finished, or holds no picture; nothing is left of it.
        """
        if not self._open:
            return
        if self._next_slot == 0:
            self._abandon()
            raise self._no_picture()
        try:
            self._container.mux(self._stream.encode(None))
            if self._sound is not None:
                self._sound.end()
            self._open = False
            self._container.close()
            self._put_in_place()
        except (av.error.FFmpegError, OSError) as error:
            self._abandon()
            raise OutputError(f"{self._path} cannot be written: {error}") from error

    def _slot(self, at_s: float | None) -> int:
        if at_s is None:
            return self._next_slot
        if self._first_s is None:
            # Times may begin after pictures without one.
            self._first_s = at_s - self._next_slot / self._rate_hz
        return round((at_s - self._first_s) * self._rate_hz)

    def _yuv(self, image: NDArray[np.uint8]) -> VideoFrame:
        stream_wh = self._stream.codec_context.width, self._stream.codec_context.height
        if stream_wh != self._wh:
            pad = ((0, stream_wh[1] - self._wh[1]), (0, stream_wh[0] - self._wh[0]), (0, 0))
            image = np.pad(image, pad, mode="edge")
        rgb = VideoFrame.from_numpy_buffer(np.ascontiguousarray(image), format="rgb24")
        return self._reformatter.reformat(
            rgb,
            format="yuv420p",
            # By name: PyAV's older versions do not take their own numbers.
            dst_colorspace="itu709",  # type: ignore[arg-type]  # its stub forgets names
            dst_color_range="MPEG",
        )

    def _abandon(self) -> None:
        self._open = False
        with suppress(av.error.FFmpegError, OSError):
            self._container.close()
        super()._abandon()


class _Sound:
    """What is heard in a film: AAC, mono."""

    def __init__(self, container: OutputContainer, take: TakeSound, rate_hz: int) -> None:
        self._container, self._take, self._rate_hz = container, take, rate_hz
        self._written = 0
        self._stream: AudioStream = container.add_stream("aac", rate=rate_hz)
        self._stream.layout = "mono"
        self._stream.bit_rate = _SOUND_BITS_A_SECOND

    def write_until(self, at_s: float) -> None:
        """Write what is heard until a time of the film."""
        count = round(at_s * self._rate_hz) - self._written
        if count <= 0:
            return
        frame = AudioFrame.from_ndarray(self._take(count)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = self._rate_hz, self._written
        frame.time_base = Fraction(1, self._rate_hz)
        self._written += count
        self._container.mux(self._stream.encode(frame))

    def end(self) -> None:
        """Write what the encoder still has."""
        self._container.mux(self._stream.encode(None))


def _can_sound() -> bool:
    return "aac" in av.codecs_available


def _create(path: Path, partial: Path) -> OutputContainer:
    if path.is_dir():
        raise OutputError(f"{path} is a folder; expected the name of a video file")
    try:
        # Created here first, because libav reports a missing folder only with the first packet.
        partial.touch()
        return av.open(str(partial), mode="w", format="mp4", options={"movflags": "+faststart"})
    except (av.error.FFmpegError, OSError) as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error


def _add_stream(container: OutputContainer, wh: tuple[int, int], rate_hz: float) -> VideoStream:
    rate = Fraction(rate_hz).limit_denominator(1001)
    if "libx264" in av.codecs_available:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "23"})
    else:
        stream = container.add_stream("mpeg4", rate=rate, options={"qscale": "3"})
    stream.width, stream.height = wh[0] + wh[0] % 2, wh[1] + wh[1] % 2
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = 1 / rate
    stream.codec_context.colorspace = _BT709
    stream.codec_context.color_primaries = _BT709
    stream.codec_context.color_trc = _BT709
    stream.codec_context.color_range = _LIMITED_RANGE
    return stream
