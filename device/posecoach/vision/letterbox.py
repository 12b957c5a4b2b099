"""Fit a picture into a network's input, and map points back.

Coordinates are continuous: a picture of width W spans 0..W, and pixel i covers i..i+1. In these
terms a resize is a plain multiplication, which is how the official reference (project-posenet)
takes network pixels to picture pixels, and what makes the mapping exact both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError

Wh = tuple[int, int]


MEAN_FROM: Final = 2.0
"""Shrinking from which a letterbox takes the mean of four pixels instead of one."""


class Resize(StrEnum):
    """How a picture of another shape goes into the network's input."""

    LETTERBOX = "letterbox"
    STRETCH = "stretch"


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where in a picture the pixels of a smaller or larger one are read.

    Attributes:
        rows: ``(taps * height,)`` row numbers.
        columns: ``(taps * width,)`` column numbers.
        taps: 1, or 2: each pixel is then the mean of two by two.
        source_wh: Size of the picture; all numbers are inside.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    taps: int
    source_wh: Wh


Resample = Callable[[NDArray[np.uint8], NDArray[np.uint8]], None]
"""Reads one picture, ``(height, width, 3)``, and writes another."""


@dataclass(frozen=True, slots=True, eq=False)
class Letterbox:
    """Fits pictures of one size into one network input; made once, used for every frame.

    The picture lies centred on black. Nearest neighbour, with the index rounding of Pillow's
    NEAREST, which the reference outputs of the published models were made with; but a letterbox that
    shrinks to half or less gives each pixel the mean of four, since skipping more than every other
    one makes weak keypoints jump.

    Attributes:
        image_wh: Size of the picture whose pixels points are in.
        source_wh: Size of the pictures to fit: the same, or a smaller rendering of the same view.
        input_wh: Size of the network's input.
        resize: Whether the aspect ratio is kept.
        scale_factor: How much of the size that fits the picture takes.
        flip: Whether the picture is mirrored on the way in; `to_image` then gives points of the
            mirrored picture.
        content_wh: Size of the picture inside the input.
        content_xy: Its top left corner inside the input.
        resampler: What reads the pixels: `numpy_resample`, or a compiled one with the same result.
    """

    image_wh: Wh
    source_wh: Wh
    input_wh: Wh
    resize: Resize
    scale_factor: float
    flip: bool
    content_wh: Wh
    content_xy: Wh
    resampler: Callable[[Grid], Resample]
    _resample: Resample = field(init=False, repr=False)
    _out: NDArray[np.uint8] = field(init=False, repr=False)
    _content: NDArray[np.uint8] = field(init=False, repr=False)

    @classmethod
    def make(
        cls,
        image_wh: Wh,
        input_wh: Wh,
        resize: Resize = Resize.LETTERBOX,
        *,
        source_wh: Wh | None = None,
        scale_factor: float = 1.0,
        flip: bool = False,
        resampler: Callable[[Grid], Resample] | None = None,
    ) -> Self:
        """Lay out a picture of `image_wh` in an input of `input_wh`.

        Args:
            image_wh: Size of the picture whose pixels points are in. Its aspect ratio is the true one.
            input_wh: Size of the network's input, in pixels.
            resize: Keep the aspect ratio and pad, or fill the input.
            source_wh: Size of the pictures to fit, where it is another: a camera's small stream may be
                squeezed.
            scale_factor: In (0, 1]: how much of that size the picture takes. Smaller makes near
                people the size the network knows best.
            flip: Mirror the picture on the way in.
            resampler: What reads the pixels; by default `numpy_resample`.

        Raises:
            ShapeError: A size is not positive, or `scale_factor` is outside (0, 1].
        """
        source_wh = source_wh or image_wh
        if min(*image_wh, *source_wh, *input_wh) < 1:
            raise ShapeError(
                f"sizes must be positive, got image {image_wh}, source {source_wh}, network input {input_wh}"
            )
        if not 0 < scale_factor <= 1:
            raise ShapeError(f"scale_factor must be in (0, 1], got {scale_factor}")
        (image_w, image_h), (input_w, input_h) = image_wh, input_wh
        if resize is Resize.STRETCH:
            scale_x, scale_y = input_w / image_w, input_h / image_h
        else:
            scale_x = scale_y = min(input_w / image_w, input_h / image_h)
        content_w = min(max(round(image_w * scale_x * scale_factor), 1), input_w)
        content_h = min(max(round(image_h * scale_y * scale_factor), 1), input_h)
        corner = ((input_w - content_w) // 2, (input_h - content_h) // 2)
        return cls(
            image_wh,
            source_wh,
            input_wh,
            resize,
            scale_factor,
            flip,
            (content_w, content_h),
            corner,
            resampler or numpy_resample,
        )

    def resized(self, image_wh: Wh, source_wh: Wh) -> Self:
        """The same letterbox for pictures of another size."""
        return self.make(
            image_wh,
            self.input_wh,
            self.resize,
            source_wh=source_wh,
            scale_factor=self.scale_factor,
            flip=self.flip,
            resampler=self.resampler,
        )

    def __post_init__(self) -> None:
        shrinks = max(np.divide(self.source_wh, self.content_wh))
        taps = 2 if self.resize is Resize.LETTERBOX and shrinks >= MEAN_FROM else 1
        columns = nearest_indices(self.source_wh[0], taps * self.content_wh[0])
        rows = nearest_indices(self.source_wh[1], taps * self.content_wh[1])
        if self.flip:
            columns = self.source_wh[0] - 1 - columns
        out = np.zeros((self.input_wh[1], self.input_wh[0], 3), dtype=np.uint8)
        (x, y), (w, h) = self.content_xy, self.content_wh
        object.__setattr__(self, "_resample", self.resampler(Grid(rows, columns, taps, self.source_wh)))
        object.__setattr__(self, "_out", out)
        object.__setattr__(self, "_content", out[y : y + h, x : x + w])

    def fit(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """`image` inside the network's input, ``(height, width, 3)``.

        The same array comes back each time and the next call overwrites it.

        Raises:
            ShapeError: `image` has another size than this letterbox is made for.
        """
        if image.shape != (self.source_wh[1], self.source_wh[0], 3):
            raise ShapeError(f"image must be {self.source_wh} with 3 channels, got shape {image.shape}")
        self._resample(image, self._content)
        return self._out

    def to_image(self, xy: NDArray[np.floating]) -> NDArray[np.float64]:
        """Points ``(..., 2)`` of the network's input, in pixels of the picture."""
        scale = np.divide(self.image_wh, self.content_wh)
        return (np.asarray(xy, dtype=np.float64) - self.content_xy) * scale

    def to_input(self, xy: NDArray[np.floating]) -> NDArray[np.float64]:
        """Points ``(..., 2)`` of the picture, in pixels of the network's input."""
        scale = np.divide(self.content_wh, self.image_wh)
        return np.asarray(xy, dtype=np.float64) * scale + self.content_xy


def numpy_resample(grid: Grid) -> Resample:
    """One pixel for each, or the mean of four."""
    sources = [
        (grid.rows[down :: grid.taps, np.newaxis] * grid.source_wh[0] + grid.columns[across :: grid.taps])
        for down in range(grid.taps)
        for across in range(grid.taps)
    ]

    def resample(image: NDArray[np.uint8], content: NDArray[np.uint8]) -> None:
        pixels = image.reshape(-1, 3)
        # One gather by flat index beats rows and then columns. "clip" (no index is ever outside)
        # spares numpy the second buffer that it needs to be able to raise half way.
        if len(sources) > 1:
            total = np.full(content.shape, len(sources) // 2, dtype=np.uint16)
            for source in sources:
                total += np.take(pixels, source, axis=0, mode="clip")
            content[...] = total // len(sources)
        elif content.flags.c_contiguous:
            np.take(pixels, sources[0], axis=0, out=content, mode="clip")
        else:
            content[...] = np.take(pixels, sources[0], axis=0, mode="clip")

    return resample


def nearest_indices(source: int, target: int) -> NDArray[np.intp]:
    """Which of `source` pixels each of `target` pixels shows: ``(target,)``, ascending.

    The centre of each target pixel, rounded down. The positions are added up step by step, in
    double precision, as Pillow does: where a centre falls on the border of two pixels the
    accumulated rounding decides, and a product would decide otherwise.
    """
    step = source / target
    positions = np.full(target, step)
    positions[0] = step * 0.5
    indices: NDArray[np.intp] = np.add.accumulate(positions).astype(np.intp)
    return np.minimum(indices, source - 1)
