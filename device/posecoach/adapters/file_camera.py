"""A recording as a camera: a video file, or a folder of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from posecoach.adapters._media import RgbConverter, open_media
from posecoach.adapters._stills import read_picture
from posecoach.adapters._video import VideoPictures
from posecoach.errors import CameraError, InputMissing, MediaError
from posecoach.frame import Frame
from posecoach.ports import Closes

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})
"""What counts as a picture in a folder, in lower case."""


class FileCamera(Closes):
    """Frames of a video file, or of a folder's pictures in natural order (2 before 10).

    ``captured_at`` is the presentation time in seconds after the first frame's, so a variable frame
    rate is kept. A frame without a time gets the nominal step; one whose time repeats, or runs back by
    up to a second, is left out; where time runs back further (joined recordings) it goes on from there.
    Frames are turned upright, have square pixels, and all have the size of the first: what differs later
    is fitted inside it, with black bars. Each image is the receiver's own.
    """

    live = False

    def __init__(self, path: Path, *, picture_rate_hz: float = 5.0) -> None:
        """Open the recording.

        Args:
            path: A video file or a folder.
            picture_rate_hz: Nominal rate of a folder's pictures.

        Raises:
            InputMissing: There is nothing at `path`.
            MediaError: It holds neither video nor pictures.
        """
        if picture_rate_hz <= 0:
            raise ValueError(f"picture_rate_hz must be positive, got {picture_rate_hz}")
        self._path = path
        self._state = "open"
        self._media = None if path.is_dir() else open_media(path)
        self._source: VideoPictures | _FolderPictures
        if self._media is None:
            self._source = _FolderPictures(_pictures_in(path), 1 / picture_rate_hz)
        else:
            self._source = VideoPictures(self._media)

    @property
    def duration_s(self) -> float | None:
        """Length in seconds, as far as the container tells."""
        return self._source.duration_s

    @property
    def damaged_at_s(self) -> float | None:
        """Where the first damage was met, on the clock of `Frame.captured_at`; `None` while there was none.

        Damaged frames are left out, with those up to the next key frame. Complete once `frames` has ended.
        """
        return self._source.damaged_at_s

    def frames(self) -> Iterator[Frame]:
        """Yield the frames; may be called once.

        Raises:
            CameraError: Called twice, or the camera is closed.
            MediaError: There is not one readable picture; said when the end is reached.
        """
        if self._state != "open":
            raise CameraError(f"{self._path} is {self._state}, its frames cannot be read; open it again")
        self._state = "already read"
        return self._as_frames(iter(self._source))

    def close(self) -> None:
        """Let the file go; a second call does nothing. Call it from the thread that reads."""
        self._state = "closed"
        if self._media is not None:
            self._media.close()

    def _as_frames(self, images: Iterator[tuple[float, NDArray[np.uint8]]]) -> Iterator[Frame]:
        index = 0
        shape: tuple[int, ...] = ()
        while True:
            if self._state == "closed":
                raise CameraError(f"{self._path} was closed while its frames were being read")
            at_s, image = next(images, (0.0, None))
            if image is None:
                break
            shape = shape or image.shape
            if image.shape != shape:
                image = _fitted(image, wh=(shape[1], shape[0]))
            yield Frame(index, at_s, image)
            index += 1
        if index == 0:
            raise MediaError(f"{self._path} holds no readable picture; it is damaged or cut off at the start")


class _FolderPictures:
    """The pictures of a folder at a nominal rate; a damaged one is left out and its time stays empty."""

    def __init__(self, paths: list[Path], step_s: float) -> None:
        self.damaged_at_s: float | None = None
        self.duration_s = len(paths) * step_s
        self._paths = paths
        self._step_s = step_s

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        for number, path in enumerate(self._paths):
            at_s = number * self._step_s
            try:
                image = read_picture(path)
            except (MediaError, InputMissing):
                if self.damaged_at_s is None:
                    self.damaged_at_s = at_s
                continue
            yield at_s, image


def _pictures_in(folder: Path) -> list[Path]:
    try:
        names = [path for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES]
    except OSError as error:
        raise MediaError(f"the folder {folder} cannot be read: {error.strerror}") from error
    # What starts with a dot is hidden; some systems leave a "._name.jpg" beside each picture.
    pictures = sorted((path for path in names if not path.name.startswith(".")), key=_natural)
    if not pictures:
        known = ", ".join(sorted(PICTURE_SUFFIXES))
        raise MediaError(f"the folder {folder} holds no pictures; expected files ending in {known}")
    return pictures


def _natural(path: Path) -> list[str | int]:
    # Splitting by a group alternates between text and digits, so like is compared with like.
    parts = re.split(r"(\d+)", path.name.casefold(), flags=re.ASCII)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def _fitted(image: NDArray[np.uint8], wh: tuple[int, int]) -> NDArray[np.uint8]:
    """`image` scaled to fit inside `wh`, its shape kept, in the middle of black."""
    height, width = image.shape[:2]
    scale = min(wh[0] / width, wh[1] / height)
    inner_wh = max(1, round(width * scale)), max(1, round(height * scale))
    scaled = RgbConverter()(VideoFrame.from_ndarray(image, format="rgb24"), wh=inner_wh)
    left, top = (wh[0] - inner_wh[0]) // 2, (wh[1] - inner_wh[1]) // 2
    fitted = np.zeros((wh[1], wh[0], 3), np.uint8)
    fitted[top : top + inner_wh[1], left : left + inner_wh[0]] = scaled
    return fitted
