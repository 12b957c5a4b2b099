"""How a distance becomes points: the calibration of every score.

A cost is the mean distance to the reference, in torso lengths, each keypoint counted in units of its own
variation. It becomes points by two levels that come from the reference itself:

- the *tolerance*, up to which it is inside the reference's own variation: 99 to 100 points;
- the *zero level*, the cost of somebody who does nothing of what moves, and is off by as much in what rests
  as nobody should be (`Yardstick.levels`): 5 points. Whoever only stands there has done no repetition at all.

Between them points fall in a straight line. Beyond the zero level, for somebody who does something else,
they go on falling towards 0 and never reach it, so that of two performances the worse one always has less.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PERFECT: Final = 100.0
INSIDE: Final = 99.0
"""Points at the tolerance: 100 on the screen is for what is clearly inside it."""
NOTHING: Final = 5.0
"""Points at the zero level."""
LEAST_SPREAD: Final = 0.35
"""Torso lengths between perfect and nothing for one limb; a limb that rests has no zero level of its own."""
LEAST_WHOLE_SPREAD: Final = 0.05
"""The same for the whole body, where it is about a small movement."""


def points(cost: float, tolerance: float, zero: float) -> float:
    """Points of a whole performance.

    Args:
        cost: Mean distance to the reference.
        tolerance: What is inside the reference's own variation.
        zero: What is worth nothing.
    """
    if cost <= tolerance:
        return PERFECT - (PERFECT - INSIDE) * cost / tolerance if tolerance > 0 else PERFECT
    spread = max(zero - tolerance, 0.5 * tolerance, LEAST_WHOLE_SPREAD)
    share = (cost - tolerance) / spread
    if share <= 1.0:
        return INSIDE - (INSIDE - NOTHING) * share
    return NOTHING * float(np.exp(1.0 - share))


def limb_points(cost: Array | float, tolerance: Array | float, zero: Array | float) -> Array:
    """Points of one limb, or of each keypoint: 100 at the tolerance, 0 at the zero level."""
    spread = np.maximum(np.asarray(zero) - tolerance, LEAST_SPREAD)
    return np.asarray(100.0 * np.clip(1.0 - (cost - np.asarray(tolerance)) / spread, 0.0, 1.0))
