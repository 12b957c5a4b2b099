"""All poses of a library in memory, and the nearest of them to one: a plain scan, exact.

At 80,000 poses a scan takes a fifth of a millisecond, less than any tree that gives exact answers (figures:
``tests/bench/search.py``), has nothing to build and takes any weights. It goes through blocks: each is
judged while it is in the processor's cache, so that a million poses need no more room than the index.

The scan is in float32 and keeps whatever rounding could have hidden; what it kept is measured again in
float64. So the answer is the exact one, and of equally near poses always the same ones: the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError
from posecoach.library.metric import DIMENSIONS, Asked, Floats, exact_distances, vectors_of
from posecoach.library.scan import Scan, fastest_scans
from posecoach.skeleton import NUM_KEYPOINTS

BLOCK: Final = 16384
"""Poses in a block: 2.2 MB."""
_ROUNDING: Final = 2e-5
"""More than float32 can be wrong by: 34 products of numbers below 1."""
_MEASURED_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class Found:
    """A pose that is near.

    Attributes:
        at: Its place in the index, from 0.
        distance: By the metric asked for; not negative, 0 alike.
        mirrored: Whether it is nearer to the mirrored twin of what was asked for than to that itself.
    """

    at: int
    distance: float
    mirrored: bool


class PoseIndex:
    """Poses as vectors, in blocks; what is added keeps its place."""

    def __init__(self, keypoints_xy: Iterable[NDArray[np.floating]]) -> None:
        """Take the poses.

        Args:
            keypoints_xy: Groups of them, each ``(n, 17, 2)``, in order.

        Raises:
            ShapeError: They are of another shape, or not finite.
        """
        self._blocks: list[Floats] = []
        self._room: Floats | None = None  # the last block, while it is being filled
        self._count = 0
        for group in keypoints_xy:
            self._add(group)
        if self._room is not None:
            filled = self._count % BLOCK or BLOCK
            self._blocks.append(np.ascontiguousarray(self._room[:, :filled]))
            self._room = None

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return sum(block.nbytes for block in self._blocks)

    def nearest(self, asked_for: Asked, most: int) -> list[Found]:
        """The nearest poses, nearest first; of equally near ones the first in the index first.

        Args:
            asked_for: The pose, and by what.
            most: How many, at least 1; all of them where there are fewer.
        """
        if most < 1:
            raise ShapeError(f"at least one pose must be asked for, got {most}")
        places = _kept(self._losses(asked_for), most)
        distances = np.empty((len(asked_for.vectors), places.size))
        for start in range(0, places.size, _MEASURED_AT_ONCE):
            some = slice(start, start + _MEASURED_AT_ONCE)
            distances[:, some] = exact_distances(asked_for, self._vectors(places[some]))
        best = distances.min(axis=0)
        order = np.argsort(best, kind="stable")[:most]
        return [
            Found(int(places[i]), float(best[i]), bool(distances[0, i] > best[i])) for i in order.tolist()
        ]

    def distances(self, asked_for: Asked, at: int) -> tuple[float, ...]:
        """How far one pose of the index is from what is asked for, and from its twin if that is asked for."""
        return tuple(exact_distances(asked_for, self._vectors(np.array([at])))[:, 0].tolist())

    def _losses(self, asked_for: Asked) -> Iterator[Floats]:
        scan: Scan = fastest_scans()[asked_for.metric]
        losses = np.empty((len(asked_for.vectors), BLOCK), np.float32)
        for block in self._blocks:
            yield scan(block, asked_for, losses[:, : block.shape[1]])

    def _vectors(self, places: NDArray[np.intp]) -> Floats:
        vectors = np.empty((places.size, DIMENSIONS), np.float32)
        for row, at in enumerate(places.tolist()):
            vectors[row] = self._blocks[at // BLOCK][:, at % BLOCK]
        return vectors

    def _add(self, group: NDArray[np.floating]) -> None:
        if group.ndim != 3 or group.shape[1:] != (NUM_KEYPOINTS, 2):
            raise ShapeError(f"poses must be (n, 17, 2), got {group.shape}")
        done = 0
        while done < len(group):
            filled = self._count % BLOCK
            if self._room is None or filled == 0:
                if self._room is not None:
                    self._blocks.append(self._room)
                self._room = np.empty((DIMENSIONS, BLOCK), np.float32)
            some = group[done : done + BLOCK - filled]
            if not np.isfinite(some).all():
                raise ShapeError("keypoints must be finite numbers")
            self._room[:, filled : filled + len(some)] = vectors_of(some).T
            done += len(some)
            self._count += len(some)


def _kept(losses: Iterator[Floats], most: int) -> NDArray[np.intp]:
    """Places of all poses that could be among the nearest `most`, in order."""
    kept_at = np.empty(0, np.intp)
    kept = np.empty(0, np.float32)
    limit, first = np.float32(np.inf), 0
    for block in losses:
        near = np.flatnonzero(block <= limit)
        if near.size:
            kept, kept_at = np.concatenate((kept, block[near])), np.concatenate((kept_at, near + first))
            if kept.size > most:
                limit = np.partition(kept, most - 1)[most - 1] + np.float32(2 * _ROUNDING)
                within = kept <= limit
                kept, kept_at = kept[within], kept_at[within]
        first += block.size
    return kept_at
