"""YUV 4:2:0 of the camera's small stream to RGB."""

from __future__ import annotations

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from posecoach.adapters._yuv420 import rgb_of_yuv420

LIBAV_TOLERANCE = 2  # levels of 255: libav's fast conversion rounds coarser
EXACT_TOLERANCE = 1  # ours rounds red and blue once, green by 1/64


def planes(wh: tuple[int, int], stride: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, stride * wh[1] * 3 // 2, np.uint8)


def by_definition(buffer: NDArray[np.uint8], wh: tuple[int, int], stride: int) -> NDArray[np.float64]:
    """Pixel by pixel, from the formula of JFIF."""
    width, height = wh
    rgb = np.empty((height, width, 3))
    for row in range(height):
        for column in range(width):
            y = float(buffer[row * stride + column])
            at = stride * height + row // 2 * (stride // 2) + column // 2
            u = float(buffer[at]) - 128
            v = float(buffer[at + stride // 2 * (height // 2)]) - 128
            rgb[row, column] = y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u
    return rgb.clip(0, 255)


@pytest.mark.parametrize(("wh", "stride"), [((16, 8), 16), ((30, 6), 64), ((2, 2), 2)])
def test_every_pixel_follows_the_definition(wh, stride):
    buffer = planes(wh, stride)
    rgb = rgb_of_yuv420(buffer, wh=wh, row_stride_bytes=stride)

    assert rgb.shape == (wh[1], wh[0], 3)
    assert rgb.dtype == np.uint8
    assert rgb.flags.c_contiguous
    assert np.abs(rgb - by_definition(buffer, wh, stride)).max() <= EXACT_TOLERANCE


@pytest.mark.parametrize("stride", [640, 704])
def test_libav_comes_to_the_same(stride):
    wh = (640, 360)
    buffer = planes(wh, stride)
    frame = av.VideoFrame(*wh, "yuvj420p")
    for number, plane in enumerate(frame.planes):
        row_bytes = stride if number == 0 else stride // 2
        start = 0 if number == 0 else stride * 360 + (number - 1) * (stride // 2) * 180
        rows = buffer[start : start + row_bytes * plane.height].reshape(plane.height, row_bytes)
        padded = np.zeros((plane.height, plane.line_size), np.uint8)
        padded[:, : plane.width] = rows[:, : plane.width]
        plane.update(padded.tobytes())

    theirs = frame.to_ndarray(format="rgb24").astype(int)
    ours = rgb_of_yuv420(buffer, wh=wh, row_stride_bytes=stride)
    assert np.abs(ours - theirs).max() <= LIBAV_TOLERANCE


def test_the_bytes_of_the_camera_may_be_reused_afterwards():
    buffer = planes((64, 32), 64)
    rgb = rgb_of_yuv420(buffer, wh=(64, 32), row_stride_bytes=64)
    as_it_was = rgb.copy()
    buffer[:] = 0

    np.testing.assert_array_equal(rgb, as_it_was)


def test_padding_behind_the_planes_is_ignored():
    buffer = planes((64, 32), 64)
    longer = np.concatenate([buffer, np.full(4096, 99, np.uint8)])

    np.testing.assert_array_equal(
        rgb_of_yuv420(longer, wh=(64, 32), row_stride_bytes=64),
        rgb_of_yuv420(buffer, wh=(64, 32), row_stride_bytes=64),
    )
