"""Antialiased strokes on a picture, in numpy alone.

A stroke is all pixels within a radius of a line segment; its edge is one pixel of blend. Only the
box around it is touched.
"""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
from numpy.typing import NDArray

Rgb = tuple[int, int, int]
Point = tuple[float, float]

_WIDTH, _HEIGHT = 4.0, 6.0
_GLYPHS: Final[dict[str, tuple[tuple[Point, ...], ...]]] = {
    "0": (((1, 0), (3, 0), (4, 1), (4, 5), (3, 6), (1, 6), (0, 5), (0, 1), (1, 0)),),
    "1": (((0.8, 1.2), (2.2, 0), (2.2, 6)),),
    "2": (((0, 1), (1, 0), (3, 0), (4, 1), (4, 2), (0, 6), (4, 6)),),
    "3": (((0, 0), (4, 0), (2, 2.5), (3, 2.5), (4, 3.5), (4, 5), (3, 6), (1, 6), (0, 5)),),
    "4": (((3, 6), (3, 0), (0, 4), (4, 4)),),
    "5": (((4, 0), (0.4, 0), (0, 2.7), (1, 2.3), (3, 2.3), (4, 3.3), (4, 5), (3, 6), (1, 6), (0, 5)),),
    "6": (
        ((3.4, 0), (1.5, 0.8), (0, 3), (0, 5), (1, 6), (3, 6), (4, 5), (4, 3.6), (3, 2.6), (1, 2.6), (0, 4)),
    ),
    "7": (((0, 0), (4, 0), (1.4, 6)),),
    "8": (
        ((1, 0), (3, 0), (4, 0.9), (4, 1.9), (3, 2.8), (1, 2.8), (0, 1.9), (0, 0.9), (1, 0)),
        ((1, 2.8), (0, 3.8), (0, 5), (1, 6), (3, 6), (4, 5), (4, 3.8), (3, 2.8)),
    ),
    "9": (
        ((4, 2.4), (3, 3.4), (1, 3.4), (0, 2.4), (0, 1), (1, 0), (3, 0), (4, 1), (4, 3), (2.5, 5.2), (1, 6)),
    ),
    "%": (
        ((0.3, 0.7), (1.1, 0.7), (1.1, 1.5), (0.3, 1.5), (0.3, 0.7)),
        ((4, 0), (0, 6)),
        ((2.9, 4.5), (3.7, 4.5), (3.7, 5.3), (2.9, 5.3), (2.9, 4.5)),
    ),
}  # fmt: skip
"""Figures as polylines on a grid 4 wide and 6 high, y down."""


def stroke(
    image: NDArray[np.uint8],
    start: Point,
    end: Point,
    radius_px: float,
    colour: Rgb,
    opacity: tuple[float, float] = (1.0, 1.0),
) -> None:
    """Paint a line with round ends into `image`; a disc where `start` is `end`.

    Args:
        image: ``(height, width, 3)`` uint8 RGB, changed in place; what falls outside is left out.
        start: One end (x, y), in pixels.
        end: The other.
        radius_px: Half the line's width.
        colour: Of the line.
        opacity: At `start` and at `end`, in [0, 1], blending from one to the other.
    """
    height, width, _ = image.shape
    points = np.array([start, end], dtype=np.float64)
    low = np.floor(points.min(axis=0) - radius_px - 1)
    high = np.ceil(points.max(axis=0) + radius_px + 1)
    left, top = np.clip(low, 0, (width, height)).astype(int)
    right, bottom = np.clip(high, 0, (width, height)).astype(int)
    if left >= right or top >= bottom or max(opacity) <= 0:
        return
    x = (np.arange(left, right, dtype=np.float32) + 0.5 - start[0])[np.newaxis]
    y = (np.arange(top, bottom, dtype=np.float32) + 0.5 - start[1])[:, np.newaxis]
    dx, dy = (float(step) for step in points[1] - points[0])
    length_squared = dx * dx + dy * dy
    if length_squared:
        along = np.clip((x * dx + y * dy) / length_squared, 0, 1)
    else:
        along = np.zeros((y.size, x.size), dtype=np.float32)
    distance = np.hypot(x - along * dx, y - along * dy)
    alpha = np.clip(radius_px + 0.5 - distance, 0, 1) * (opacity[0] + along * (opacity[1] - opacity[0]))
    box = image[top:bottom, left:right]
    box[...] = np.rint(box + alpha[..., np.newaxis] * (np.array(colour, dtype=np.float32) - box))


def figures_width_px(text: str, height_px: float) -> float:
    """How wide `figures` paints `text`."""
    return height_px / _HEIGHT * (len(text) * (_WIDTH + 2) - 2)


def figures(image: NDArray[np.uint8], text: str, top_left: Point, height_px: float, colour: Rgb) -> None:
    """Paint digits and percent signs; nothing else has a shape here."""
    unit = height_px / _HEIGHT
    x, y = top_left
    for place, character in enumerate(text):
        left = x + place * (_WIDTH + 2) * unit
        for line in _GLYPHS[character]:
            points = [(left + u * unit, y + v * unit) for u, v in line]
            for start, end in itertools.pairwise(points):
                stroke(image, start, end, 0.5 * unit, colour)
