"""How things move on the screen: pure functions of the time since something happened."""

from __future__ import annotations

import math


def eased(since_s: float, lasts_s: float) -> float:
    """0 to 1 over `lasts_s`, fast at first and settling; 1 ever after."""
    share = min(1.0, max(0.0, since_s / lasts_s))
    return 1 - (1 - share) ** 3


def glided(since_s: float, lasts_s: float) -> float:
    """0 to 1 over `lasts_s`, slow at both ends; 1 ever after."""
    share = min(1.0, max(0.0, since_s / lasts_s))
    return share * share * (3 - 2 * share)


def popped(since_s: float, lasts_s: float = 0.5, by: float = 0.14) -> float:
    """A size that swells by `by` once and returns to 1."""
    if not 0 <= since_s < lasts_s:
        return 1.0
    return 1 + by * math.sin(math.pi * since_s / lasts_s)


def breathing(now: float, period_s: float = 2.0) -> float:
    """0..1..0, calm: far below three changes a second."""
    return 0.5 - 0.5 * math.cos(2 * math.pi * now / period_s)
