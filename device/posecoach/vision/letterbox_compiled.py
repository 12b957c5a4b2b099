"""The reading of pixels that a `Letterbox` does, compiled: the same result.

The numpy way reads a table of indices that is as large as the picture, and writes four pictures to take
their mean; this one does neither.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.compiled import Kernel, kernel
from posecoach.vision.letterbox import Grid, Resample, numpy_resample

# Cameras may give pictures that are read-only. Unsigned numbers of rows and columns spare the question
# whether one counts from the end.
_TYPES: Final = "void(Array(uint8, 3, 'C', readonly=True), uint32[::1], uint32[::1], uint8[:, :, :])"

_Pixels = NDArray[np.uint8]
_Numbers = NDArray[np.uint32]


@kernel(_TYPES)
def _nearest(image: _Pixels, rows: _Numbers, columns: _Numbers, content: _Pixels) -> None:
    """One pixel for each."""
    for i in range(rows.size):
        row = rows[i]
        for j in range(columns.size):
            column = columns[j]
            for channel in range(3):
                content[i, j, channel] = image[row, column, channel]


@kernel(_TYPES)
def _mean_of_four(image: _Pixels, rows: _Numbers, columns: _Numbers, content: _Pixels) -> None:
    """The mean of two by two, halves rounded up."""
    for i in range(rows.size // 2):
        upper, lower = rows[2 * i], rows[2 * i + 1]
        for j in range(columns.size // 2):
            left, right = columns[2 * j], columns[2 * j + 1]
            for channel in range(3):
                total = np.uint32(image[upper, left, channel]) + np.uint32(image[upper, right, channel])
                total += np.uint32(image[lower, left, channel]) + np.uint32(image[lower, right, channel])
                content[i, j, channel] = (total + np.uint32(2)) >> np.uint32(2)


KERNELS: Final[tuple[Kernel[..., Any], ...]] = (_nearest, _mean_of_four)


def fastest_resampler() -> Callable[[Grid], Resample]:
    """The compiled one where its kernels were built for this machine, else `numpy_resample`."""
    nearest, mean_of_four = _nearest.load(), _mean_of_four.load()
    if nearest is None or mean_of_four is None:
        return numpy_resample
    return resampler_of(nearest, mean_of_four)


def resampler_of(nearest: Callable[..., Any], mean_of_four: Callable[..., Any]) -> Callable[[Grid], Resample]:
    """The resampler that these two make: compiled, or as they are written."""

    def resampler(grid: Grid) -> Resample:
        rows, columns = grid.rows.astype(np.uint32), grid.columns.astype(np.uint32)
        chosen = nearest if grid.taps == 1 else mean_of_four

        def resample(image: NDArray[np.uint8], content: NDArray[np.uint8]) -> None:
            chosen(np.ascontiguousarray(image), rows, columns, content)

        return resample

    return resampler
