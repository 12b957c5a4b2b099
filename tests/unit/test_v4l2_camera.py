"""A webcam's waits and errors; its pictures come from libav's test pattern, for want of a webcam."""

from __future__ import annotations

import errno
import os
import time
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from av.container import InputContainer

from posecoach.adapters.v4l2_camera import OpenDevice, V4l2Camera
from posecoach.errors import CameraError, CameraTimeout
from posecoach.frame import Frame
from recordings import number_of, numbered, write_video

ANY_DEVICE = os.devnull


def endless_pattern(_device: str, size_wh: tuple[int, int], rate_hz: float) -> InputContainer:
    return av.open(f"testsrc2=size={size_wh[0]}x{size_wh[1]}:rate={rate_hz:g}", format="lavfi")


def test_frames_come_in_order_with_times_of_the_monotonic_clock():
    with V4l2Camera(ANY_DEVICE, size_wh=(64, 48), rate_hz=30, open_device=endless_pattern) as camera:
        frames = list(islice(camera.frames(), 10))

    assert [frame.index for frame in frames] == list(range(10))
    assert {frame.wh for frame in frames} == {(64, 48)}
    times_s = [frame.captured_at for frame in frames]
    assert sorted(set(times_s)) == times_s
    # The pattern's own clock starts at 0, long before the machine's now.
    assert times_s[0] > 10


def test_it_is_live_and_has_no_length():
    camera = V4l2Camera(ANY_DEVICE, open_device=endless_pattern)

    assert camera.live
    assert camera.duration_s is None


def test_a_device_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(CameraError, match=r"there is no /dev/video-none; (no /dev/video\*|present are)"):
        V4l2Camera("/dev/video-none")


def test_what_is_no_camera_cannot_be_opened():
    with V4l2Camera(os.devnull) as camera, pytest.raises(CameraError, match="cannot be opened"):
        next(camera.frames())


def test_a_device_that_hangs_is_a_timeout_and_closing_it_does_not_hang(tmp_path: Path):
    pipe = tmp_path / "silent"
    os.mkfifo(pipe)

    def hanging(device: str, _size_wh: tuple[int, int], _rate_hz: float) -> InputContainer:
        return av.open(device)  # blocks until somebody writes

    camera = V4l2Camera(str(pipe), open_device=hanging, timeout_s=0.1, first_frame_s=0.1)
    try:
        with pytest.raises(CameraTimeout, match=r"no frame within 0\.1 s"):
            next(camera.frames())
    finally:
        os.close(os.open(pipe, os.O_WRONLY))  # now it opens, and ends
        camera.close()


def playing(video: Path) -> OpenDevice:
    return lambda _device, _size_wh, _rate_hz: av.open(str(video))


def test_a_camera_that_ends_has_gone(tmp_path: Path):
    video = write_video(tmp_path / "a.mp4", map(numbered, range(20)))

    with V4l2Camera(ANY_DEVICE, open_device=playing(video)) as camera:
        seen: list[int] = []
        with pytest.raises(CameraError, match="gives no more"):
            seen.extend(number_of(frame.image) for frame in camera.frames())
    # Which were dropped is chance, but the newest never is.
    assert seen == sorted(seen)
    assert seen[-1] == 19


def test_the_drivers_time_counts_where_it_is_of_the_monotonic_clock(tmp_path: Path):
    taken_at = time.monotonic() - 1 + np.arange(5) / 30
    video = write_video(tmp_path / "a.mkv", map(numbered, range(5)), codec="ffv1", times_s=list(taken_at))

    with V4l2Camera(ANY_DEVICE, open_device=playing(video)) as camera:
        seen: list[Frame] = []
        with pytest.raises(CameraError, match="gives no more"):
            seen.extend(camera.frames())
    assert seen[-1].captured_at == pytest.approx(taken_at[-1], abs=0.002)


def test_damaged_frames_now_and_then_are_left_out(tmp_path: Path):
    video = write_video(tmp_path / "a.avi", map(numbered, range(40)), codec="mjpeg", pix_fmt="yuvj420p")
    content = bytearray(video.read_bytes())
    for start in (len(content) // 4, len(content) // 2):
        picture = content.index(b"\xff\xd8", start)
        content[picture : picture + 700] = bytes(700)  # a webcam that drops what came over the bus
    video.write_bytes(bytes(content))

    with V4l2Camera(ANY_DEVICE, open_device=playing(video)) as camera:
        seen: list[int] = []
        with pytest.raises(CameraError, match="gives no more"):
            seen.extend(number_of(frame.image) for frame in camera.frames())
    assert seen[-1] == 39


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (av.error.OSError(errno.EBUSY, "Device or resource busy", "/dev/x"), "another program uses it"),
        (av.error.PermissionError(errno.EACCES, "Permission denied", "/dev/x"), "group video"),
        (av.error.OSError(errno.ENODEV, "No such device", "/dev/x"), "No such device"),
    ],
)
def test_why_it_cannot_be_opened_is_said_with_what_to_do(error, said):
    def refused(_device: str, _size_wh: tuple[int, int], _rate_hz: float) -> InputContainer:
        raise error

    with V4l2Camera(ANY_DEVICE, open_device=refused) as camera, pytest.raises(CameraError, match=said):
        next(camera.frames())


def test_a_closed_camera_gives_nothing():
    camera = V4l2Camera(ANY_DEVICE, open_device=endless_pattern)
    frames = camera.frames()
    next(frames)
    camera.close()
    camera.close()

    with pytest.raises(CameraError, match="closed while"):
        next(frames)
    with pytest.raises(CameraError, match="is closed"):
        camera.frames()
