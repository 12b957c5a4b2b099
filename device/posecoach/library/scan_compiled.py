"""The weighted scan, compiled: in one pass over the block, where numpy writes the differences down first."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from posecoach.compiled import Kernel, kernel
from posecoach.library.metric import Asked, Floats
from posecoach.library.scan import Scan, least


@kernel("void(float32[:, ::1], float32[:, ::1], float32[:, ::1], float32[:, ::1])")
def _weigh(block: Any, vectors: Any, weights: Any, losses: Any) -> None:
    """Sums of weighed differences of every pose to each vector; rows are views, so that loops vectorise."""
    poses = block.shape[1]
    for which in range(vectors.shape[0]):
        loss = losses[which]
        for j in range(poses):
            loss[j] = np.float32(0.0)
        for k in range(0, block.shape[0], 2):
            x, y = block[k], block[k + 1]
            at_x, at_y = vectors[which, k], vectors[which, k + 1]
            weight = weights[which, k]
            for j in range(poses):
                loss[j] += weight * (abs(x[j] - at_x) + abs(y[j] - at_y))


KERNELS: Final[tuple[Kernel[..., Any], ...]] = (_weigh,)


def compiled_weighted_losses() -> Scan | None:
    """The scan; `None` where its kernel was not built for this machine."""
    weigh = _weigh.load()
    if weigh is None:
        return None

    def losses_of(block: Floats, asked_for: Asked, losses: Floats) -> Floats:
        room = losses if losses.flags.c_contiguous else np.empty(losses.shape, np.float32)
        weigh(block, asked_for.vectors, asked_for.weights, room)
        return least(room)

    return losses_of
