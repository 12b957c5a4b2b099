"""The tempo gauge: a bubble between two marks, as in a spirit level, while somebody is as fast as shown."""

from __future__ import annotations

import math
from typing import Final

from posecoach.coach.pace import TOO_FAST
from posecoach.coach.page import Page
from posecoach.coach.scene import Box, Ink, Shape

_HEIGHT: Final = 0.072
"""Of the whole gauge, in heights of the screen's shorter side."""
_ENDS_AT: Final = 3.0
"""Times as fast as shown, or as slow, that the ends of the bar stand for."""


def tempo_height(page: Page) -> float:
    """How much of a box the gauge takes at its lower edge."""
    return _HEIGHT * min(1.0, page.aspect)


def tempo_bar(page: Page, box: Box, pace: float | None) -> None:
    """The gauge in a box, a stopwatch at its left; a dash in the middle until somebody has moved.

    Between the marks the bubble is a disc; beside them it is a ring, and the sign of that end is lit: one
    pointer for slow, two for fast.
    """
    slow, fast = (pace is not None and pace < 1.0 / TOO_FAST), (pace is not None and pace > TOO_FAST)
    bubble, sign, thin = 0.66 * box.h, 0.5 * box.h, 0.1 * box.h
    y = box.centre[1]
    page.mark(Shape.TEMPO, (box.x + 0.5 * bubble, y), bubble, Ink.SOFT)
    slow_x = box.x + 1.1 * bubble + 0.5 * sign
    page.mark(Shape.POINTER, (slow_x, y), sign, Ink.FAIR if slow else Ink.FAINT)
    page.mark(Shape.FAST, (box.right - 0.6 * sign, y), 1.2 * sign, Ink.FAIR if fast else Ink.FAINT)
    left, right = slow_x + 0.5 * sign, box.right - 1.4 * sign
    page.panel(Box(left, y - thin / 2, right - left, thin), Ink.TRACK, thin / 2)
    middle, reach = 0.5 * (left + right), 0.5 * (right - left - bubble)
    gate = reach * math.log(TOO_FAST) / math.log(_ENDS_AT) + 0.35 * bubble
    for x in (middle - gate, middle + gate):
        upright = Box(x - thin / 2, box.y + 0.06 * box.h, thin, 0.88 * box.h)
        page.bar(upright, 0.0, Ink.SOFT, track=Ink.UNKNOWN if pace is None else Ink.SOFT)
    if pace is None:
        page.mark(Shape.DASH, (middle, y), bubble, Ink.UNKNOWN)
        return
    share = max(-1.0, min(1.0, math.log(pace) / math.log(_ENDS_AT)))
    shape, ink = (Shape.RING, Ink.FAIR) if slow or fast else (Shape.DISC, Ink.GOOD)
    page.mark(shape, (middle + share * reach, y), bubble, ink)
