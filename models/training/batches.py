"""Batches for the training: scenes painted on and on, each used a few times, cropped and made worse."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import get_context
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.skeleton import Keypoint
from posecoach.vision.letterbox import Letterbox
from scenes import CAMERA_WH, INPUT_WH, Scene, scenes
from sensor import worse
from targets import targets

CROP_WH: Final = (257, 257)
"""What is trained on most of the time: half a picture teaches nearly as much in half the time."""

_AHEAD: Final = 6
_POOL: Final = 2400
_USES: Final = 8

Batch = tuple[NDArray[np.uint8], NDArray[np.float32]]

_SWAPPED: Final = np.array(
    [
        Keypoint[_name.replace("LEFT", "?").replace("RIGHT", "LEFT").replace("?", "RIGHT")]
        for _name in Keypoint.__members__
    ]
)


class Painting(NamedTuple):
    """What batches are made of.

    Attributes:
        size: Pictures in a batch.
        wh: Their size: the network's input or less.
        by_camera: Whether scenes are painted at the camera's size and go through the product's letterbox,
            as they will later, or are painted at the network's size at once, in a quarter of the time.
        hard_share, visit_share: See `scenes.scenes`.
    """

    size: int
    wh: tuple[int, int]
    by_camera: bool = False
    hard_share: float = 0.0
    visit_share: float = 0.0


class Pool:
    """Scenes to draw from; the oldest make room for new ones, so that each serves about `_USES` times."""

    def __init__(self, first_seed: int, of: Painting, size: int = _POOL) -> None:
        self._coming = _endless(first_seed, of)
        self._scenes: list[Scene] = []
        self._size, self._next, self._owed = size, 0, 0.0

    def drawn(self, rng: np.random.Generator) -> Scene:
        """A scene at random. A young pool grows by half a scene a draw, so that training starts at once."""
        growing = len(self._scenes) < self._size
        self._owed += 0.5 if growing else 1.0 / _USES
        while self._owed >= 1.0 or len(self._scenes) < 64:
            scene = next(self._coming)
            if len(self._scenes) < self._size:
                self._scenes.append(scene)
            else:
                self._scenes[self._next] = scene
                self._next = (self._next + 1) % self._size
            self._owed = max(self._owed - 1.0, 0.0)
        return self._scenes[rng.integers(len(self._scenes))]


def _endless(seed: int, of: Painting) -> Iterator[Scene]:
    while True:
        wh = CAMERA_WH if of.by_camera else INPUT_WH
        some = scenes(seed, wh, hard_share=of.hard_share, visit_share=of.visit_share)
        yield from map(as_the_product_sees, some) if of.by_camera else some
        seed += 1


def as_the_product_sees(scene: Scene) -> Scene:
    """A scene of the camera's size in the network's input, by the product's own letterbox."""
    height, width = scene.pixels.shape[:2]
    fitted = Letterbox.make((width, height), INPUT_WH)
    scale = np.array(fitted.content_wh) / (width, height)
    return Scene(
        fitted.fit(scene.pixels).copy(),
        scene.xy * scale + fitted.content_xy,
        scene.seen,
        scene.size_px * float(scale.mean()),
    )


def example(scene: Scene, rng: np.random.Generator, wh: tuple[int, int]) -> Batch:
    """One scene as a picture of `wh` and its targets: cut out, mirrored, hidden in part, made worse."""
    x, y = _corner(scene, rng, wh)
    pixels = scene.pixels[y : y + wh[1], x : x + wh[0]].copy()
    xy, seen = scene.xy - (x, y), scene.seen
    if rng.random() < 0.5:
        pixels = pixels[:, ::-1].copy()
        xy = xy[:, _SWAPPED] * (-1.0, 1.0) + (wh[0] - 1, 0)
        seen = seen[:, _SWAPPED]
    inside = ((xy >= 0) & (xy <= np.array(wh) - 1)).all(axis=-1)
    hidden = np.zeros_like(seen)
    if len(xy) and rng.random() < 0.2:
        hidden = _covered(pixels, xy, rng)
    return worse(pixels, rng), targets(xy, seen & inside & ~hidden, inside, wh)


def _corner(scene: Scene, rng: np.random.Generator, wh: tuple[int, int]) -> tuple[int, int]:
    """Where to cut: anywhere, but more often than not with most of somebody in it."""
    spare = np.array(scene.pixels.shape[1::-1]) - wh
    corner = rng.integers(0, spare + 1)
    if len(scene.xy) and rng.random() < 0.85:
        someone = scene.xy[rng.integers(len(scene.xy))]
        middle = (someone.min(axis=0) + someone.max(axis=0)) / 2 + rng.normal(0.0, 22.0, 2)
        corner = np.clip((middle - np.array(wh) / 2).astype(int), 0, spare)
    return int(corner[0]), int(corner[1])


def _covered(
    pixels: NDArray[np.uint8], xy: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Put something before a part of somebody; what lies under it, by keypoint."""
    at = xy[rng.integers(len(xy)), rng.integers(17)] + rng.normal(0.0, 12.0, 2)
    half = rng.uniform(6.0, 34.0, 2)
    (left, top), (right, bottom) = (at - half).astype(int), (at + half).astype(int)
    patch = pixels[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if patch.size:
        shade = np.linspace(0.85, 1.1, patch.shape[0])[:, None, None]
        patch[:] = np.clip(rng.uniform(10, 245, 3) * shade + rng.normal(0, 5, patch.shape), 0, 255).astype(
            np.uint8
        )
    return ((xy > (left, top)) & (xy < (right, bottom))).all(axis=-1)


def batches(first_seed: int, of: Painting) -> Iterator[Batch]:
    """Batches without end; the same for the same arguments.

    Args:
        first_seed: Of the scenes, which count on from there.
        of: What they are made of.
    """
    rng = np.random.default_rng([first_seed, *of.wh])
    pool = Pool(first_seed, of)
    while True:
        some = [example(pool.drawn(rng), rng, of.wh) for _ in range(of.size)]
        yield np.stack([pixels for pixels, _ in some]), np.stack([target for _, target in some])


class Painter:
    """Batches made in a process of their own, a few ahead of the training."""

    def __init__(self, first_seed: int, of: Painting) -> None:
        context = get_context("spawn")
        self._queue: Any = context.Queue(_AHEAD)
        arguments = (self._queue, first_seed, of)
        self._process = context.Process(target=_paint, args=arguments, daemon=True)
        self._process.start()

    def __iter__(self) -> Iterator[Batch]:
        while True:
            yield self._queue.get()

    def close(self) -> None:
        """Stop painting."""
        self._process.terminate()
        self._process.join()


def _paint(queue: Any, first_seed: int, of: Painting) -> None:
    for batch in batches(first_seed, of):
        queue.put(batch)
