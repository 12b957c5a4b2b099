"""The Raspberry Pi's own camera, through picamera2.

Two streams of one request: `main` for the screen, `lores` for the network, so that both show the same
moment and the image processor does the scaling. The camera is configured once and never switched, because
memory for its buffers is not always given back (P5). What picamera2 owns is copied before the request
is released (P6), and every wait has a limit (P7).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import Any

import libcamera
import numpy as np
from numpy.typing import NDArray
from picamera2 import Picamera2

from posecoach.adapters._yuv420 import rgb_of_yuv420
from posecoach.errors import CameraError, CameraTimeout
from posecoach.frame import Frame
from posecoach.ports import Closes

_log = logging.getLogger(__name__)

_BUFFERS = 4
_CLOSE_S = 5.0
_SAME_SHAPE = 0.01  # most relative difference of the two streams' aspect ratios

# libcamera names formats from the highest bit of a word down, so that in memory, lowest byte first, its
# "BGR888" is R, G, B; "RGB888" would exchange red and blue.
_RGB_IN_MEMORY = "BGR888"
_YUV = "YUV420"


class Picamera2Camera(Closes):
    """Frames of the camera on the ribbon cable.

    ``captured_at`` is the sensor's time stamp (first row read), on the monotonic clock. After a time-out
    the driver may be stuck in the kernel: replace the process, not only this object.
    """

    live = True
    duration_s = None

    def __init__(
        self,
        *,
        size_wh: tuple[int, int] = (1280, 720),
        lores_wh: tuple[int, int] = (640, 360),
        rate_hz: float = 30.0,
        timeout_s: float = 2.0,
        camera_number: int = 0,
    ) -> None:
        """Open the camera and start it.

        Args:
            size_wh: Width and height for the screen, even.
            lores_wh: Width and height for the network: even, not larger, of the same shape; a width in
                multiples of 64 is read without padding.
            rate_hz: Frames a second; exposure is kept short enough for it.
            timeout_s: The longest wait for a frame.
            camera_number: Of several cameras, in libcamera's order.

        Raises:
            CameraError: There is no camera, or another program has it.
        """
        _require_sizes(size_wh, lores_wh)
        self._timeout_s = timeout_s
        self._state = "open"
        self._camera: Any = None
        try:
            if camera_number >= len(Picamera2.global_camera_info()):
                raise CameraError(
                    f"libcamera finds no camera {camera_number}; check both ends of the ribbon cable with the"
                    " power off, then run: rpicam-hello --list-cameras"
                )
            self._camera = Picamera2(camera_number)
            frame_us = round(1_000_000 / rate_hz)
            self._camera.configure(
                self._camera.create_video_configuration(
                    main={"size": size_wh, "format": _RGB_IN_MEMORY},
                    lores={"size": lores_wh, "format": _YUV},
                    raw=None,
                    # Full range, for both streams alike: what `rgb_of_yuv420` undoes.
                    colour_space=libcamera.ColorSpace.Sycc(),
                    buffer_count=_BUFFERS,
                    queue=False,  # the next frame, never one that lay waiting
                    display=None,
                    encode=None,
                    controls={"FrameDurationLimits": (frame_us, frame_us)},
                )
            )
            # What it cannot give, libcamera changes to what it can, and says so to nobody.
            given = self._camera.camera_configuration()
            if (given["main"]["format"], given["lores"]["format"]) != (_RGB_IN_MEMORY, _YUV):
                raise CameraError(
                    f"this camera gives {given['main']['format']} and {given['lores']['format']}, not"
                    f" {_RGB_IN_MEMORY} and {_YUV} as those on the ribbon cable do; for one on USB use:"
                    " --camera v4l2:/dev/video0"
                )
            self._lores = given["lores"]
            self._camera.start()
        except (RuntimeError, IndexError, OSError) as error:
            self.close()
            if isinstance(error, CameraError):
                raise
            raise CameraError(
                f"the camera cannot be opened ({error}); only one program can have it: stop the others,"
                " or restart the box"
            ) from error

    def frames(self) -> Iterator[Frame]:
        """Yield frames as they are taken; may be called once.

        Raises:
            CameraTimeout: The camera gave no frame in time.
            CameraError: It is closed, or `frames` was called before.
        """
        if self._state != "open":
            raise CameraError(f"the camera is {self._state}; make a new one")
        self._state = "already read"
        return self._as_frames()

    def close(self) -> None:
        """Stop the camera and let it go; a second call does nothing.

        Returns after five seconds even where the driver does not: then only the end of this process frees
        the camera (P1, P2).
        """
        self._state = "closed"
        camera, self._camera = self._camera, None
        if camera is None:
            return
        closing = threading.Thread(target=_close, args=(camera,), name="closing the camera", daemon=True)
        closing.start()
        closing.join(timeout=_CLOSE_S)
        if closing.is_alive():
            _log.warning("the camera does not let go; it is freed when this process ends")

    def _as_frames(self) -> Iterator[Frame]:
        index, newest_s = 0, float("-inf")
        while True:
            captured_at, image, lores = self._capture()
            if captured_at <= newest_s:
                continue
            newest_s = captured_at
            yield Frame(index, captured_at, image, lores)
            index += 1

    def _capture(self) -> tuple[float, NDArray[np.uint8], NDArray[np.uint8]]:
        camera = self._camera
        if camera is None:
            raise CameraError("the camera was closed while its frames were being read")
        try:
            request = camera.capture_request(wait=self._timeout_s)
        except (TimeoutError, CancelledError) as error:
            camera.cancel_all_and_flush()
            raise CameraTimeout(
                f"the camera gave no frame within {self._timeout_s:g} s; check its ribbon cable"
                " (30 cm at most), then restart the box"
            ) from error
        try:
            metadata = request.get_metadata()
            # Both copy out of the camera's buffers, the first with padding taken off.
            image = np.ascontiguousarray(request.make_array("main"))
            planes = request.make_buffer("lores")
        finally:
            request.release()
        lores = rgb_of_yuv420(planes, wh=self._lores["size"], row_stride_bytes=self._lores["stride"])
        return _captured_at(metadata), image, lores


def _require_sizes(size_wh: tuple[int, int], lores_wh: tuple[int, int]) -> None:
    both = f"main {size_wh[0]} x {size_wh[1]}, lores {lores_wh[0]} x {lores_wh[1]}"
    if any(side < 2 or side % 2 for side in (*size_wh, *lores_wh)):
        raise ValueError(f"the camera's sizes must be even: {both}")
    if lores_wh[0] > size_wh[0] or lores_wh[1] > size_wh[1]:
        raise ValueError(f"lores must not be larger than main: {both}")
    # Both come from one crop of the sensor: of another shape, the network's people would be stretched.
    if abs(size_wh[0] * lores_wh[1] / (size_wh[1] * lores_wh[0]) - 1) > _SAME_SHAPE:
        raise ValueError(f"main and lores must have the same shape: {both}")


def _captured_at(metadata: dict[str, Any]) -> float:
    stamp_ns = metadata.get("SensorTimestamp")
    if stamp_ns is None:
        return time.monotonic()
    # libcamera counts time asleep as well, the monotonic clock does not.
    asleep_s = time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
    return float(stamp_ns) * 1e-9 - asleep_s


def _close(camera: Any) -> None:
    try:
        camera.close()  # stops it first
    except (RuntimeError, OSError) as error:
        _log.warning("the camera did not close cleanly: %s", error)
