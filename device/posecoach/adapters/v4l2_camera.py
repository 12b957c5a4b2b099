"""A webcam, through the kernel's video4linux."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame

from posecoach.adapters._media import RgbConverter, reason
from posecoach.errors import CameraError, CameraTimeout
from posecoach.frame import Frame
from posecoach.newest import Ended, Newest
from posecoach.ports import Closes

_log = logging.getLogger(__name__)

_CLOSE_S = 2.0
_DAMAGED_IN_A_ROW = 30  # a second of them
_SAME_CLOCK_S = 5.0  # a driver's time further from now than this is of another clock

OpenDevice = Callable[[str, tuple[int, int], float], InputContainer]


def open_v4l2(device: str, size_wh: tuple[int, int], rate_hz: float) -> InputContainer:
    """Open a device, as MJPEG where it can: uncompressed 720p at 30 Hz does not fit through USB 2."""
    wishes = {"video_size": f"{size_wh[0]}x{size_wh[1]}", "framerate": f"{rate_hz:g}"}
    try:
        return av.open(device, mode="r", format="v4l2", options={**wishes, "input_format": "mjpeg"})
    except av.error.FFmpegError as error:
        if not isinstance(error, ValueError):  # that is how PyAV says "not that format"
            raise
        return av.open(device, mode="r", format="v4l2", options=wishes)


class V4l2Camera(Closes):
    """Frames of a webcam, the newest first: what was not asked for in time is dropped.

    ``captured_at`` is the driver's time of the frame on the monotonic clock; where a driver uses another
    clock, the time the frame arrived. The device is opened by `frames`. After a time-out the kernel may
    hold the device until this process ends: replace the process, not only this object.
    """

    live = True
    duration_s = None

    def __init__(
        self,
        device: str = "/dev/video0",
        *,
        size_wh: tuple[int, int] = (1280, 720),
        rate_hz: float = 30.0,
        timeout_s: float = 2.0,
        first_frame_s: float = 8.0,
        open_device: OpenDevice = open_v4l2,
    ) -> None:
        """Name a webcam.

        Args:
            device: Its device file.
            size_wh: Wished width and height; the driver takes the nearest it has.
            rate_hz: Wished frames a second, likewise.
            timeout_s: The longest wait for a frame,
            first_frame_s: and for the first: opening, and the camera finding its exposure.
            open_device: How to open it.

        Raises:
            CameraError: There is no such device.
        """
        if not Path(device).exists():
            raise CameraError(f"there is no {device}; {_devices_here()}")
        self._device = device
        self._size_wh = size_wh
        self._rate_hz = rate_hz
        self._timeout_s = timeout_s
        self._first_frame_s = first_frame_s
        self._open_device = open_device
        self._state = "open"
        self._newest: Newest[tuple[float, VideoFrame]] | None = None

    def frames(self) -> Iterator[Frame]:
        """Yield the newest frames; may be called once.

        Raises:
            CameraTimeout: No frame came in time.
            CameraError: The device cannot be opened, has gone, or `frames` was called before.
        """
        if self._state != "open":
            raise CameraError(f"{self._device} is {self._state}; make a new camera")
        self._state = "already read"
        self._newest = Newest(self._grabbed, name=f"camera {self._device}")
        return self._as_frames(self._newest)

    def close(self) -> None:
        """Let the device go; a second call does nothing. Waits two seconds at most."""
        self._state = "closed"
        newest, self._newest = self._newest, None
        if newest is not None and not newest.stop(_CLOSE_S):
            _log.warning("%s does not let go; it is freed when this process ends", self._device)

    def _as_frames(self, newest: Newest[tuple[float, VideoFrame]]) -> Iterator[Frame]:
        to_rgb = RgbConverter()
        index, newest_s = 0, float("-inf")
        while True:
            if self._state == "closed":
                raise CameraError(f"{self._device} was closed while its frames were being read")
            within_s = self._timeout_s if index else self._first_frame_s
            captured_at, grabbed = self._take(newest, within_s)
            if captured_at <= newest_s:
                continue
            newest_s = captured_at
            yield Frame(index, captured_at, to_rgb(grabbed))
            index += 1

    def _take(self, newest: Newest[tuple[float, VideoFrame]], within_s: float) -> tuple[float, VideoFrame]:
        try:
            return newest.take(within_s)
        except TimeoutError as error:
            raise CameraTimeout(
                f"{self._device} gave no frame within {within_s:g} s; check its plug, or use another USB port"
            ) from error
        except (Ended, av.error.FFmpegError) as error:
            raise CameraError(
                f"{self._device} stopped or cannot be opened ({_cause(error)}); {_devices_here()}"
            ) from error

    def _grabbed(self) -> Generator[tuple[float, VideoFrame], None, None]:
        damaged = 0
        with self._open_device(self._device, self._size_wh, self._rate_hz) as container:
            stream = container.streams.video[0]
            while True:
                try:
                    for packet in container.demux(stream):
                        for frame in stream.decode(packet):
                            damaged = 0
                            yield _captured_at(frame, arrived_at=time.monotonic()), frame
                except av.error.InvalidDataError:
                    # Webcams send broken frames when they start, and when the bus is busy.
                    damaged += 1
                    if damaged > _DAMAGED_IN_A_ROW:
                        raise
                else:
                    return


def _captured_at(frame: VideoFrame, *, arrived_at: float) -> float:
    if frame.time is not None and 0 <= arrived_at - frame.time < _SAME_CLOCK_S:
        return frame.time
    return arrived_at


def _cause(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "permission denied: add this user to the group video"
    if isinstance(error, OSError) and error.errno == errno.EBUSY:
        return "another program uses it: close that first"
    return "it gives no more frames" if isinstance(error, Ended) else reason(error)


def _devices_here() -> str:
    devices = sorted(str(path) for path in Path("/dev").glob("video*"))
    if not devices:
        return "no /dev/video* is here: plug a webcam in"
    return f"present are {', '.join(devices)}: name one of these with --camera v4l2:DEVICE"
