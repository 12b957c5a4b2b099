"""How far a reference can be believed where the camera that made it lost a limb."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.sequence import PoseSequence

Array = NDArray[np.float64]

TELLS_LITTLE: Final = 6.0
"""Power of the share of time in which a keypoint was believed: doubted for a tenth, it tells half as much."""
HALF: Final = 0.5
"""Of a limb whose end tells less than half as much, no joint is short."""


def trust(reference: PoseSequence, share: Array) -> Array:
    """``(17,)`` how well a reference knows each keypoint: soon little, the longer it was doubted.

    Doubted is where it weighs less than it does at best: a keypoint of which a network is never sure is as
    good as it is throughout.

    Args:
        reference: What is to be done.
        share: ``(time,)`` how much each of its poses tells.
    """
    surest = np.maximum(reference.weights.max(axis=0), 1e-9)
    believed = share @ (reference.weights / surest) / share.sum()
    return np.asarray(believed**TELLS_LITTLE)
