"""Which side of the body a performance is done with, where it is one of them more than the other."""

from __future__ import annotations

from typing import Final

import numpy as np

from posecoach.coach.way import from_start
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, Limb

TWICE: Final = 2.0
"""Times as far as its twin, from which a limb is what a movement is done with."""
LEAST_WAY: Final = 0.1
"""Torso lengths that it moves on average at least."""
SEEN: Final = 0.5
"""Weight from which a keypoint is known to have moved, or not."""


def side_of(performance: PoseSequence) -> str | None:
    """``left`` or ``right``; `None` where both do the same, or one of them is not seen.

    The pair of limbs of which one moves most decides.
    """
    seen = performance.weights >= SEEN
    moved = np.where(seen, from_start(performance), 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    known = seen.mean(axis=0) >= SEEN
    found: list[tuple[float, str | None]] = []
    for left, right in ((Limb.LEFT_ARM, Limb.RIGHT_ARM), (Limb.LEFT_LEG, Limb.RIGHT_LEG)):
        both = [*LIMB_KEYPOINTS[left], *LIMB_KEYPOINTS[right]]
        if not known[both].all():
            continue
        one, other = (float(moved[list(LIMB_KEYPOINTS[limb])].mean()) for limb in (left, right))
        side = "left" if one > TWICE * other else "right" if other > TWICE * one else None
        found.append((max(one, other), side))
    if not found or max(found, key=lambda each: each[0])[0] < LEAST_WAY:
        return None
    return max(found, key=lambda each: each[0])[1]
