"""Where somebody kept to one pose within a movement."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.pose_distance import weighted_mean
from posecoach.motion.sequence import PoseSequence

STAYS: Final = 0.15
"""Share of the furthest way that somebody moves who stays."""
STAYS_AT_ONCE: Final = 16
"""Poses that are compared with those before them at a time."""


def longest_stay(performed: PoseSequence) -> slice:
    """Where somebody kept to one pose for longest; what is little depends on how far they went."""
    weights = performed.weights
    most = STAYS * float(weighted_mean(_lengths(performed.xy - performed.xy[0]), weights).max())
    longest, since = slice(0, 1), 0
    for now in range(len(performed)):
        if now % STAYS_AT_ONCE == 0:
            some = slice(now, now + STAYS_AT_ONCE)
            gone = _lengths(performed.xy[some, None] - performed.xy[None, since : some.stop])
            first, away = since, weighted_mean(gone, np.broadcast_to(weights[some, None], gone.shape))
        while away[now % STAYS_AT_ONCE, since - first] > most:
            since += 1
        if now + 1 - since > longest.stop - longest.start:
            longest = slice(since, now + 1)
    return longest


def _lengths(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    # Numpy is slow at summing over an axis of two.
    return np.asarray(np.sqrt(vectors[..., 0] ** 2 + vectors[..., 1] ** 2))
