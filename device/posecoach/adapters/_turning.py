"""Turning pictures the way up that their file says."""

from __future__ import annotations

from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Matrix = tuple[int, int, int, int]
"""A stored point (x, y) is shown at (a x + c y, b x + d y), y down; only the signs are looked at."""

# Counter-clockwise quarter turns; none for no turn.
_QUARTER_TURNS: tuple[Matrix | None, ...] = (None, (0, -1, 1, 0), (-1, 0, 0, -1), (0, 1, -1, 0))


def display_matrix(frame: VideoFrame) -> Matrix | None:
    """How the frame is to be turned and mirrored; `None` for not at all.

    Ask once for a stream: PyAV's side data refer to their frame and it to them, so that frames asked
    for theirs stay in memory until the collector of cycles runs, hundreds of them.
    """
    try:
        raw: Any = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # PyAV 18 stumbles over side data it has no name for. The angle it can still tell.
        return _QUARTER_TURNS[round(frame.rotation / 90) % 4]
    if raw is None:
        return None
    a, b, _, c, d = np.frombuffer(bytes(raw), np.int32)[:5].tolist()
    return a, b, c, d


def turned(image: NDArray[np.uint8], matrix: Matrix | None) -> NDArray[np.uint8]:
    """`image`, contiguous ``(height, width, 3)``, turned to the nearest right angle; contiguous again."""
    if matrix is None:
        return image
    a, b, c, d = matrix
    # Moved as pixels of three bytes, which numpy copies twice as fast as bytes in threes.
    pixels = image.view("V3")[..., 0]
    if abs(a) < abs(b):
        pixels = pixels.T
        flip_rows, flip_columns = b < 0, c < 0
    else:
        flip_rows, flip_columns = d < 0, a < 0
    pixels = np.ascontiguousarray(pixels[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1])
    return pixels[..., None].view(np.uint8)
