"""How far each pose of a block is, in float32: numpy's way, and the compiled one where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, Protocol

import numpy as np

from posecoach.library.metric import Asked, Floats, Metric


class Scan(Protocol):
    """Measures a block."""

    def __call__(self, block: Floats, asked_for: Asked, losses: Floats) -> Floats:
        """What grows with the distance of each pose to what is asked for, or to its twin if that is nearer.

        Args:
            block: ``(34, n)``, contiguous.
            asked_for: See there.
            losses: ``(1 or 2, n)`` to work in.

        Returns:
            ``(n,)``, a view of `losses`: by cosine its negative, weighted the distance itself.
        """


def cosine_losses(block: Floats, asked_for: Asked, losses: Floats) -> Floats:
    """A product of matrices: see `Scan`."""
    for vector, loss in zip(asked_for.vectors, losses, strict=True):
        np.matmul(-vector, block, out=loss)
    return least(losses)


def weighted_losses(block: Floats, asked_for: Asked, losses: Floats) -> Floats:
    """Absolute differences, weighed: see `Scan`."""
    for vector, weight, loss in zip(asked_for.vectors, asked_for.weights, losses, strict=True):
        apart = block - vector[:, None]
        np.matmul(weight, np.abs(apart, out=apart), out=loss)
    return least(losses)


def least(losses: Floats) -> Floats:
    """Of what is asked for and its twin the nearer: ``(n,)``, a view of `losses`."""
    first: Floats = losses[0]
    return first if len(losses) == 1 else np.minimum(first, losses[1], out=first)


NUMPY: Final[Mapping[Metric, Scan]] = {Metric.COSINE: cosine_losses, Metric.WEIGHTED: weighted_losses}


@cache
def fastest_scans() -> Mapping[Metric, Scan]:
    """The compiled scan where it was built for this machine, else numpy's; loaded at the first search."""
    from posecoach.library.scan_compiled import compiled_weighted_losses

    compiled = compiled_weighted_losses()
    return NUMPY if compiled is None else {**NUMPY, Metric.WEIGHTED: compiled}
