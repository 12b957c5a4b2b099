"""A camera frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture from a camera, with the time it was taken.

    Attributes:
        index: Number of the frame in its camera's stream, from 0.
        captured_at: Start of exposure, in seconds on the camera's monotonic clock.
        image: ``(height, width, 3)`` uint8 RGB, for the screen; keypoints are in its pixels.
        lores: The same picture, smaller, for the network; `None` where the camera has one stream.
    """

    index: int
    captured_at: float
    image: NDArray[np.uint8]
    lores: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        _require_image("image", self.image)
        if self.lores is not None:
            _require_image("lores", self.lores)

    @property
    def wh(self) -> tuple[int, int]:
        """Width and height of `image`, in pixels."""
        return self.image.shape[1], self.image.shape[0]


def _require_image(name: str, image: NDArray[np.uint8]) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
        raise ShapeError(f"{name} must be (height, width, 3) uint8, got {image.shape} {image.dtype}")
