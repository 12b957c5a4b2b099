"""Surfaces: boards, tiles, carpet, creases; each a brightness about 1 at places in metres."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


def planks(x: Plane, y: Plane, rng: np.random.Generator) -> Plane:
    """Floor boards that run away from the camera, each in its own shade."""
    width_m, length_m = 0.16, 1.4
    board = np.floor(x / width_m).astype(np.int64)
    shift = rng.random(256).astype(np.float32)
    along = y / length_m + shift[board % 256]
    piece = np.floor(along).astype(np.int64)
    shades = rng.uniform(0.88, 1.08, 1024).astype(np.float32)
    shade = shades[(board * 7 + piece * 131) % 1024]
    gap = np.minimum(_gap(x / width_m, 0.03), _gap(along, 0.004))
    streak = 1.0 + 0.03 * np.sin(x * 190.0 + 2.0 * np.sin(y * 5.0 + board))
    return np.asarray(shade * gap * streak, dtype=np.float32)


def tiles(x: Plane, y: Plane, rng: np.random.Generator) -> Plane:
    """Square tiles with joints."""
    side_m = 0.42
    shades = rng.uniform(0.96, 1.04, 1024).astype(np.float32)
    number = np.floor(x / side_m).astype(np.int64) * 37 + np.floor(y / side_m).astype(np.int64) * 11
    joint = np.minimum(_gap(x / side_m, 0.02), _gap(y / side_m, 0.02))
    return np.asarray(shades[number % 1024] * joint, dtype=np.float32)


def carpet(x: Plane, y: Plane, rng: np.random.Generator) -> Plane:
    """An even, slightly mottled floor."""
    return np.asarray(
        1.0 + 0.05 * grain(x * 4.0, y * 4.0, rng) + rng.normal(0, 0.03, x.shape), dtype=np.float32
    )


def grain(x: Plane, y: Plane, rng: np.random.Generator) -> Plane:
    """Soft mottling about 0, from a few waves of random direction."""
    total = np.zeros_like(x)
    for _ in range(4):
        kx, ky = rng.normal(0, 1.6, 2)
        total += np.sin(np.float32(kx) * x + np.float32(ky) * y + np.float32(rng.uniform(0, 6.28)))
    return np.asarray(total / 2.0, dtype=np.float32)


@cache
def creases(side: int = 1000) -> Plane:
    """``(side, side)`` folds of cloth about 0: long soft waves, warped. Read only."""
    rng = np.random.default_rng(side)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / np.float32(side) * np.float32(50.0)
    warp = np.sin(x * 0.7 + 1.3 * np.sin(y * 0.31)) + 0.8 * np.sin(y * 0.9 + 1.7 * np.sin(x * 0.23))
    folds = np.sin(0.55 * x + 0.9 * y + 2.0 * warp) * 0.5 + np.sin(1.1 * x - 0.6 * y + 1.5 * warp) * 0.3
    creased = np.asarray(folds * 0.075 + rng.normal(0.0, 0.008, folds.shape), dtype=np.float32)
    creased.flags.writeable = False
    return creased


def smoothed(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """A little blur: the background is not where the lens is focused, and its edges get soft."""
    for axis in (0, 1):
        for _ in range(2):
            before, after = np.roll(image, 1, axis), np.roll(image, -1, axis)
            edge: list[slice | int] = [slice(None)] * image.ndim
            for array, place in ((before, 0), (after, -1)):
                edge[axis] = place
                array[tuple(edge)] = image[tuple(edge)]
            image = 0.5 * image + 0.25 * (before + after)
    return image


def _gap(position: Plane, width: float) -> Plane:
    """Darker near whole numbers."""
    off = np.abs(position - np.round(position))
    return np.asarray(0.72 + 0.28 * np.minimum(off / width, 1.0), dtype=np.float32)
