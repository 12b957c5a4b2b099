"""What is known of a movement only once it is over: for how long a keypoint was believed.

A network, or a depth camera, that has lost a leg may find it in one wrong place after another, and keep to
each for as long as live repair asks it to. Seen from the end, what was believed only for a moment between
two doubts is as doubtful as they are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.motion.sequence import PoseSequence

Array = NDArray[np.float64]

LASTING_S: Final = 0.6
"""How long a keypoint must be seen between two doubts to be believed there."""


def in_hindsight(sequence: PoseSequence) -> PoseSequence:
    """The same movement, in which no keypoint weighs more than it did for `LASTING_S` on end.

    What it begins and ends with was seen before, and is seen after.
    """
    weights = _lasting(sequence.weights, round(LASTING_S * SAMPLE_RATE_HZ))
    return sequence if np.array_equal(weights, sequence.weights) else replace(sequence, weights=weights)


def _lasting(weights: Array, samples: int) -> Array:
    """``(time, 17)`` the most that each weighed in all of so many samples next to each other."""
    around = ((samples - 1, samples - 1), (0, 0))
    least = sliding_window_view(np.pad(weights, around, constant_values=1.0), samples, axis=0).min(axis=-1)
    return np.asarray(sliding_window_view(least, samples, axis=0).max(axis=-1))
