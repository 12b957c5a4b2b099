"""What the readers of pictures and videos share: opening a file, errors in words, RGB.

Not an adapter of a port; the media adapters build on it. Files are read through an unnamed byte
stream, so that neither a file's name (``shot%03d.png``, ``http:x``) nor what is written inside it (a
playlist) makes FFmpeg open anything else: what the bytes are is decided by the bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posecoach.errors import InputMissing, MediaError

MAX_PIXELS = 200_000_000
"""Most pixels of one picture; what claims more is refused from its header."""

_ATTACHED_PICTURE = 1 << 10  # AV_DISPOSITION_ATTACHED_PIC; PyAV names it since version 14.1 only
_BT709 = 1  # AVCOL_SPC_BT709
# Titles in an old encoding are no reason to refuse a video; since version 19 PyAV thinks so too.
_LENIENT: dict[str, Any] = {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
# FFmpeg paints text files as pictures of a terminal. A coach has no use for them.
_TEXT_CODECS = frozenset({"ansi", "bintext", "idf", "xbin"})


# A converter that is made for one picture takes longer to start its threads than to do the work, and much
# longer where other processes want the processor. Older versions cannot be told.
ONE_THREAD: dict[str, Any] = {"threads": 1} if int(av.__version__.split(".")[0]) >= 18 else {}


class _Unnamed:
    """The bytes of an open file without its name."""

    def __init__(self, file: BinaryIO) -> None:
        self.read: Callable[[int], bytes] = file.read
        self.seek: Callable[[int, int], int] = file.seek
        self.tell: Callable[[], int] = file.tell


@dataclass(slots=True)
class OpenMedia:
    """An open file and its picture stream; close it."""

    path: Path
    file: BinaryIO
    container: InputContainer
    stream: VideoStream

    def close(self) -> None:
        """Let both go; a second call does nothing."""
        self.container.close()
        self.file.close()


def open_media(path: Path) -> OpenMedia:
    """Open the first moving or still picture of a file.

    Raises:
        InputMissing: There is no such file.
        MediaError: It is a folder, empty, unreadable, or holds no picture.
    """
    file = open_file(path)
    try:
        container = av.open(
            _Unnamed(file),
            mode="r",
            format=_forced_format(file),
            options={"protocol_whitelist": "file", "max_pixels": str(MAX_PIXELS)},
            **_LENIENT,
        )
    except (av.error.FFmpegError, ValueError) as error:
        file.close()
        raise MediaError(f"{path} is neither a picture nor a video FFmpeg knows: {reason(error)}") from error
    try:
        return OpenMedia(path, file, container, _picture_stream(path, container))
    except MediaError:
        container.close()
        file.close()
        raise


def reason(error: Exception) -> str:
    """FFmpeg's own words for what went wrong, in one line."""
    words = getattr(error, "strerror", None) or str(error)
    return " ".join(str(words).split()) or type(error).__name__


def open_file(path: Path) -> BinaryIO:
    """A file that is said to be a picture or a video, open for reading.

    Raises:
        InputMissing: There is no such file.
        MediaError: It is a folder, empty or unreadable.
    """
    try:
        if path.is_dir():
            raise MediaError(f"{path} is a folder; expected a picture or video file")
        if path.exists() and not path.is_file():
            raise MediaError(f"{path} is not a regular file; expected a picture or video file")
        if path.stat().st_size == 0:
            raise MediaError(f"{path} is empty (0 bytes); expected a picture or video file")
        return path.open("rb")
    except FileNotFoundError as error:
        raise InputMissing(f"{path} does not exist") from error
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror}") from error


def _forced_format(file: BinaryIO) -> str | None:
    # Phones hang small JPEGs behind the large one, which makes FFmpeg guess a video, or nothing.
    head = file.read(3)
    file.seek(0)
    return "jpeg_pipe" if head == b"\xff\xd8\xff" else None


def _picture_stream(path: Path, container: InputContainer) -> VideoStream:
    # A cover picture inside a song is no video.
    streams = [s for s in container.streams.video if not getattr(s, "disposition", 0) & _ATTACHED_PICTURE]
    if not streams:
        raise MediaError(f"{path} holds no picture, only {_kinds(container)}")
    stream = streams[0]
    if stream.codec_context is None:
        raise MediaError(
            f"{path} holds a video in a format that FFmpeg here cannot decode; convert it to H.264"
        )
    if stream.codec_context.name in _TEXT_CODECS:
        raise MediaError(f"{path} is text; expected a picture or video file")
    return stream


def _kinds(container: InputContainer) -> str:
    return " and ".join(sorted({stream.type for stream in container.streams})) or "an empty container"


class RgbConverter:
    """Makes RGB arrays of decoded frames, not turned yet; keeps the scaler's tables from frame to frame.

    Colours follow the frame's own tags (BT.601, BT.709, limited or full range); untagged ones are taken
    as BT.601, as FFmpeg does. Transparency is dropped.
    """

    def __init__(self, **options: Any) -> None:
        """Make one; `options` are `ONE_THREAD` or none."""
        self._reformatter = VideoReformatter()
        self._options = options

    def __call__(self, frame: VideoFrame, wh: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        """The picture as ``(height, width, 3)`` uint8 RGB, contiguous, and the caller's own.

        Args:
            frame: As decoded, not yet turned.
            wh: Width and height to scale to, as stored (before turning); `None` keeps them.
        """
        width, height = wh or (frame.width, frame.height)
        # Named, because PyAV before version 17 goes by the tag only where both sides differ; what an RGB
        # picture is said to be changes nothing else.
        of, to = ("itu709", "itu601") if frame.colorspace == _BT709 else (None, None)
        rgb = self._reformatter.reformat(
            frame,
            width,
            height,
            "rgb24",
            src_colorspace=of,  # type: ignore[arg-type]  # its stub forgets names
            dst_colorspace=to,  # type: ignore[arg-type]
            interpolation="BILINEAR",
            **self._options,
        )
        # The array shares the RGB frame's buffer and keeps it alive: no copy, unless rows are padded.
        image: NDArray[np.uint8] = rgb.to_ndarray()  # type: ignore[assignment]  # rgb24 is uint8
        if rgb is frame:
            # Already RGB: the buffer may be the one the decoder predicts the next frame from.
            image = image.copy()
        return np.ascontiguousarray(image)
