"""What a camera adds to a picture: light it is not made for, colour casts, blur, noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]


def worse(pixels: NDArray[np.uint8], rng: np.random.Generator, share: float = 0.8) -> NDArray[np.uint8]:
    """A picture as a poorer camera in poorer light gives it; in ``1 - share`` of all cases as it is.

    Args:
        pixels: ``(height, width, 3)`` uint8.
        rng: What happens to it.
        share: Of the pictures that anything happens to.
    """
    if rng.random() > share:
        return pixels
    image = pixels.astype(np.float32)
    if rng.random() < 0.3:
        image = _blurred(image, rng)
    if rng.random() < 0.8:
        image = 255.0 * (image / 255.0) ** np.float32(np.exp(rng.normal(0.0, 0.25)))
        image *= np.float32(np.exp(rng.normal(0.0, 0.2))) * rng.normal(1.0, 0.06, 3).astype(np.float32)
    if rng.random() < 0.3:  # a lamp or a window at one side
        height, width = image.shape[:2]
        slope = np.linspace(-1, 1, width)[None] * rng.normal(0, 0.25) + np.linspace(-1, 1, height)[
            :, None
        ] * rng.normal(0, 0.15)
        image *= (1.0 + slope[..., None]).astype(np.float32)
    if rng.random() < 0.15:
        image += (image.mean(axis=2, keepdims=True) - image) * np.float32(rng.uniform(0.4, 1.0))
    if rng.random() < 0.7:
        image += rng.standard_normal(image.shape, dtype=np.float32) * np.float32(rng.uniform(1.0, 11.0))
    return np.clip(image, 0, 255).astype(np.uint8)


def _blurred(image: Pixels, rng: np.random.Generator) -> Pixels:
    """The mean of a few copies shifted along a line: movement, or a lens out of focus for two lines."""
    for _ in range(rng.integers(1, 3)):
        reach, way = rng.uniform(0.5, 2.5), rng.uniform(0, np.pi)
        dx, dy = np.cos(way) * reach, np.sin(way) * reach
        copies = [np.roll(image, (round(dy * step), round(dx * step)), axis=(0, 1)) for step in (-1, 0, 1)]
        image = (copies[0] + copies[1] + copies[2]) / np.float32(3)
    return image
