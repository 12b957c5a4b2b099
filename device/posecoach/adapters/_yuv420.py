"""From the camera's planes of brightness and colour difference to RGB.

The image processor of a Raspberry Pi 4 gives a second stream only as YUV 4:2:0, one byte of brightness
a pixel, and of each colour difference one byte for four. All is done in bytes: what a table adds is
limited to the room there is up to 255, what it takes away to what is there, so that nothing overflows
and nothing needs sixteen bits. Sums in bytes are what numpy does fastest.

Coefficients: ITU-T T.871 (JFIF), section 7, that is BT.601 with the full range of values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FRACTION_BITS = 6
_DIFFERENCE = np.arange(256) - 128
_RED_BY_V = np.round(1.402 * _DIFFERENCE)
_BLUE_BY_U = np.round(1.772 * _DIFFERENCE)
# Green depends on both; half a level is added for the shift to round.
_GREEN_BY_U = np.round(-0.344136 * _DIFFERENCE * (1 << _FRACTION_BITS)).astype(np.int16)
_GREEN_BY_V = np.round((-0.714136 * _DIFFERENCE + 0.5) * (1 << _FRACTION_BITS)).astype(np.int16)


def rgb_of_yuv420(
    planes: NDArray[np.uint8], *, wh: tuple[int, int], row_stride_bytes: int
) -> NDArray[np.uint8]:
    """RGB of a full-range BT.601 picture.

    Args:
        planes: The bytes of Y, then U, then V; more behind them are not looked at.
        wh: Width and height, both even.
        row_stride_bytes: From one row of Y to the next; of U and V half of it.

    Returns:
        ``(height, width, 3)`` uint8, contiguous and its own memory.
    """
    width, height = wh
    half_height, half_stride = height // 2, row_stride_bytes // 2
    y_end = row_stride_bytes * height
    u_end = y_end + half_stride * half_height
    # Rows in pairs, because each pair shares its rows of U and V.
    y = planes[:y_end].reshape(half_height, 2, row_stride_bytes)[..., :width]
    u = planes[y_end:u_end].reshape(half_height, half_stride)[:, : width // 2]
    v = planes[u_end : u_end + half_stride * half_height].reshape(half_height, half_stride)[:, : width // 2]

    green = _GREEN_BY_U.take(u, mode="clip")
    green += _GREEN_BY_V.take(v, mode="clip")
    green >>= _FRACTION_BITS
    changes = (
        (_RAISE_RED.take(v, mode="clip"), _LOWER_RED.take(v, mode="clip")),
        (np.maximum(green, 0).astype(np.uint8), np.maximum(-green, 0).astype(np.uint8)),
        (_RAISE_BLUE.take(u, mode="clip"), _LOWER_BLUE.take(u, mode="clip")),
    )
    room = ~y  # 255 - y
    level, less = np.empty_like(room), np.empty_like(room)
    rgb = np.empty((half_height, 2, width, 3), np.uint8)
    for channel, (up, down) in enumerate(changes):
        np.minimum(_wide(up), room, out=level)
        np.add(level, y, out=level)
        np.minimum(_wide(down), level, out=less)
        np.subtract(level, less, out=rgb[..., channel])
    return rgb.reshape(height, width, 3)


def _wide(change: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each column twice, and an axis for the two rows."""
    return np.repeat(change, 2, axis=1)[:, None]


def _only_up(change: NDArray[np.floating]) -> NDArray[np.uint8]:
    up: NDArray[np.uint8] = np.clip(change, 0, 255).astype(np.uint8)
    return up


_RAISE_RED, _LOWER_RED = _only_up(_RED_BY_V), _only_up(-_RED_BY_V)
_RAISE_BLUE, _LOWER_BLUE = _only_up(_BLUE_BY_U), _only_up(-_BLUE_BY_U)
