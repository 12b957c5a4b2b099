"""What an arm or a leg that is off costs the whole, however well all the others did.

The mean over the body alone would hide it: of two arms, a trunk and two legs one arm is little.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.points import PERFECT
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.skeleton import LIMB_KEYPOINTS, Limb

Array = NDArray[np.float64]

LIMB_SPREAD: Final = 1.0
"""Torso lengths beyond its tolerance at which a limb is all wrong: an arm is off by a right angle."""
HELD_SPREAD: Final = 1.4
"""The same in a held pose, where what is off is off all the time, and not only around the turning point."""
ONE_ALONE: Final = 2.0
"""Times its tolerance that one limb alone may be off: each varies more than all do on average."""
AS_MUCH: Final = 0.5
"""Share of what a limb matters, and of how far it goes, from which its twin does the same."""
ELSEWHERE: Final = 0.45
"""Torso lengths, beyond how far a limb would be off at rest, from which it does something else altogether."""
ALL_ELSE: Final = 0.6
"""And at which the whole is another exercise."""
OF_ANOTHER: Final = 0.2
"""What is left of the points of another exercise; of one that is still further off less and less."""

_LIMBS: Final = (Limb.LEFT_ARM, Limb.RIGHT_ARM, Limb.LEFT_LEG, Limb.RIGHT_LEG)


def most_points(yardstick: Yardstick, costs: Array, weights: Array) -> float:
    """The most that a performance is worth, 0..100, by its worst limb.

    Of a pair that does the same each takes as much from the whole as it matters. A limb that moves alone is
    what the mean is about already, and how much of its way it went, the shortfall tells.

    A limb that matters little, and yet does something else altogether, makes it another exercise: an arm
    raise is not one of somebody who balances on one leg. What somebody's body cannot do is left out of the
    step, and so not asked here.

    Args:
        yardstick: How it is measured.
        costs: ``(17,)`` mean distance of each keypoint, in torso lengths.
        weights: ``(17,)`` how well each was seen.
    """
    spread = HELD_SPREAD if yardstick.kind is StepKind.HOLD else LIMB_SPREAD
    left, alike = 1.0, 1.0
    for limb in _LIMBS:
        if not yardstick.saw(limb, weights):
            continue
        off = yardstick.of_limb(limb, weights, costs)
        zero = yardstick.of_limb(limb, weights, yardstick.zero)
        alike = min(alike, _alike(off - zero))
        if _one_of_a_pair(yardstick, limb):
            tolerance = ONE_ALONE * yardstick.of_limb(limb, weights, yardstick.tolerance)
            matters = _emphasis(yardstick, limb) / float(yardstick.emphasis.max())
            left = min(left, 1.0 - matters * _share(off, tolerance, max(zero, tolerance + spread)))
    return PERFECT * left * alike


def _one_of_a_pair(yardstick: Yardstick, limb: Limb) -> bool:
    """Whether its twin does the same, as far as the reference shows it."""
    twin = limb.twin
    if not _emphasis(yardstick, twin) or not yardstick.shows(twin):
        return True
    everywhere = np.ones_like(yardstick.zero)
    far, twin_far = (yardstick.of_limb(each, everywhere, yardstick.zero) for each in (limb, twin))
    as_much = AS_MUCH * _emphasis(yardstick, limb)
    return _emphasis(yardstick, twin) >= as_much and twin_far >= AS_MUCH * far


def _emphasis(yardstick: Yardstick, limb: Limb) -> float:
    return float(yardstick.emphasis[list(LIMB_KEYPOINTS[limb])].max())


def _alike(beyond: float) -> float:
    """What is left of the points where a limb is off by so much more than at rest."""
    share = max(beyond - ELSEWHERE, 0.0) / (ALL_ELSE - ELSEWHERE)
    return 1.0 - (1.0 - OF_ANOTHER) * share if share <= 1.0 else OF_ANOTHER * float(np.exp(1.0 - share))


def _share(value: float, none: float, all_of_it: float) -> float:
    return min(max((value - none) / (all_of_it - none), 0.0), 1.0)
