"""What every camera promises, whatever it is made of."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from posecoach.adapters.file_camera import FileCamera
from posecoach.adapters.pictures import write_png
from posecoach.errors import CameraError
from posecoach.frame import Frame
from posecoach.ports import Camera
from posecoach.service.child_camera import ChildCamera
from posecoach.synthetic.camera import SyntheticCamera
from recordings import numbered, write_video

SOME = 12
"""Frames looked at; every camera here has more."""


def video_camera(folder: Path) -> Camera:
    return FileCamera(write_video(folder / "a.mp4", map(numbered, range(30))))


def folder_camera(folder: Path) -> Camera:
    for number in range(20):
        write_png(folder / f"{number}.png", numbered(number))
    return FileCamera(folder)


def synthetic_camera(_: Path) -> Camera:
    return SyntheticCamera("squat,reps=1,size=320x180")


def live_synthetic_camera(_: Path) -> Camera:
    return SyntheticCamera("squat,live=1,rate=120,size=160x90")


def child_camera(_: Path) -> Camera:
    return ChildCamera(partial(SyntheticCamera, "squat,live=1,rate=60,size=160x90"))


def v4l2_camera(_: Path) -> Camera:
    device = os.environ.get("POSECOACH_TEST_V4L2")
    if not device:
        pytest.skip("needs a webcam: set POSECOACH_TEST_V4L2=/dev/videoN to one that is free")
    from posecoach.adapters.v4l2_camera import V4l2Camera

    return V4l2Camera(device, size_wh=(640, 480), rate_hz=30, timeout_s=5)


def picamera2_camera(_: Path) -> Camera:
    pytest.importorskip("picamera2", reason="needs a Raspberry Pi camera and the system's picamera2")
    from posecoach.adapters.picamera2_camera import Picamera2Camera

    return Picamera2Camera()


@pytest.fixture(
    params=[
        video_camera,
        folder_camera,
        synthetic_camera,
        live_synthetic_camera,
        pytest.param(child_camera, marks=pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")),
        pytest.param(v4l2_camera, marks=pytest.mark.hardware),
        pytest.param(picamera2_camera, marks=pytest.mark.hardware),
    ],
    ids=lambda make: make.__name__,
)
def camera(request: pytest.FixtureRequest, tmp_path: Path):
    make: Callable[[Path], Camera] = request.param
    with make(tmp_path) as opened:
        yield opened


def some_frames(camera: Camera) -> list[Frame]:
    frames = list(islice(camera.frames(), SOME))
    assert len(frames) == SOME
    return frames


def test_frames_are_numbered_from_zero_without_a_gap(camera):
    assert [frame.index for frame in some_frames(camera)] == list(range(SOME))


def test_time_runs_strictly_forward(camera):
    assert all(before.captured_at < after.captured_at for before, after in pairwise(some_frames(camera)))


def test_time_is_a_finite_number_of_seconds(camera):
    times_s = [frame.captured_at for frame in some_frames(camera)]

    assert all(type(at_s) is float and np.isfinite(at_s) for at_s in times_s)
    assert times_s[-1] - times_s[0] < 60


def test_every_image_is_contiguous_rgb_of_one_size(camera):
    frames = some_frames(camera)

    for frame in frames:
        assert frame.image.dtype == np.uint8
        assert frame.image.shape == (*reversed(frames[0].wh), 3)
        assert frame.image.flags.c_contiguous


def test_the_small_stream_where_there_is_one_is_the_same_picture_smaller(camera):
    frames = [frame for frame in some_frames(camera) if frame.lores is not None]
    if not frames:
        pytest.skip("this camera has no small stream")
    for frame in frames:
        assert frame.lores.shape[:2] <= frame.image.shape[:2]
        assert frame.lores.flags.c_contiguous
        width, height = frame.wh
        assert frame.lores.shape[1] * height == pytest.approx(frame.lores.shape[0] * width, rel=0.02)
        # The same moment and colours: the mean of either hardly differs.
        np.testing.assert_allclose(frame.lores.mean((0, 1)), frame.image.mean((0, 1)), atol=12)


def test_an_image_stays_as_it_was_when_later_frames_come(camera):
    frames = camera.frames()
    kept = [next(frames) for _ in range(4)]
    copies = [frame.image.copy() for frame in kept]
    list(islice(frames, SOME - 4))

    for frame, copy in zip(kept, copies, strict=True):
        np.testing.assert_array_equal(frame.image, copy)


def test_images_do_not_share_memory_and_may_be_drawn_on(camera):
    frames = camera.frames()
    first, second = next(frames), next(frames)
    as_it_was = second.image.copy()
    first.image[:] = 0

    assert not np.shares_memory(first.image, second.image)
    np.testing.assert_array_equal(second.image, as_it_was)


def test_a_recording_has_a_length_and_a_device_has_none(camera):
    assert (camera.duration_s is None) == camera.live


def test_frames_can_be_asked_for_once(camera):
    next(camera.frames())

    with pytest.raises(CameraError):
        next(camera.frames())


def test_a_closed_camera_gives_no_frames(camera):
    camera.close()

    with pytest.raises(CameraError):
        next(camera.frames())


def test_closing_while_frames_come_ends_them_with_an_error(camera):
    frames = camera.frames()
    next(frames)
    camera.close()

    with pytest.raises(CameraError):
        next(frames)


def test_closing_twice_does_nothing(camera):
    next(camera.frames())
    camera.close()
    camera.close()

    with pytest.raises(CameraError):
        next(camera.frames())


def test_leaving_the_block_closes(camera):
    with camera as entered:
        assert entered is camera

    with pytest.raises(CameraError):
        next(camera.frames())
