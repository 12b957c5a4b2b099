"""The yardstick of a part of a movement, or of one that is begun with its other side.

The sides are made once for a reference, and not for every repetition.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from posecoach.coach.yardstick import Yardstick


def begun_with(by: Yardstick, side: int) -> Yardstick:
    """The yardstick of somebody who does a side of the movement first: its number in `turns`."""
    return by if side == 0 or by.other_turn is None else _begun_with_other(by, by.other_turn)


def half(by: Yardstick, side: int) -> Yardstick:
    """The yardstick of one side of the movement alone: its number in `turns`."""
    return by if by.other_turn is None else _half(by, side)


def up_to(by: Yardstick, index: int) -> Yardstick:
    """The yardstick of what comes before and at a pose of the reference: of who stopped there."""
    span = slice(0, index + 1)
    turn = int(np.argmax(by.share[span]))
    return replace(by, reference=by.reference[span], share=by.share[span], turn=turn)


@lru_cache(maxsize=8)
def _begun_with_other(by: Yardstick, other_turn: int) -> Yardstick:
    middle, wanted = by.middle, by.reference
    return replace(
        by,
        reference=wanted.rolled(-middle),
        share=np.roll(by.share, -middle),
        turn=(by.turn - middle) % len(wanted),
        other_turn=(other_turn - middle) % len(wanted),
    )


@lru_cache(maxsize=8)
def _half(by: Yardstick, side: int) -> Yardstick:
    span = slice(0, by.middle + 1) if side == 0 else slice(by.middle, len(by.reference))
    turn = by.turns[side] - (span.start or 0)
    return replace(by, reference=by.reference[span], share=by.share[span], turn=turn, other_turn=None)
