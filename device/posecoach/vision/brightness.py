"""How bright a picture is."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_ROWS: Final = 48
_COLUMNS: Final = 64


def mean_luminance(image: NDArray[np.uint8]) -> float:
    """The mean brightness of a grid of pixels, 0 black to 1 white, as ITU-R BT.601 weighs the colours.

    Of whole numbers, so the same everywhere.

    Args:
        image: ``(height, width, 3)`` RGB; of one smaller than the grid every pixel counts.
    """
    height, width = image.shape[:2]
    grid = image[:: max(height // _ROWS, 1), :: max(width // _COLUMNS, 1)]
    red, green, blue = (int(grid[..., channel].sum(dtype=np.int64)) for channel in range(3))
    count = grid.shape[0] * grid.shape[1]
    seen: float = (299 * red + 587 * green + 114 * blue) / (255_000 * count)
    return round(seen, 4)
