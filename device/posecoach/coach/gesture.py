"""Gestures that are understood, and which of them a scene listens to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from posecoach.coach.intent import Wish
from posecoach.coach.scene import Box, Point


class Gesture(StrEnum):
    """Something that somebody does to be understood, not to exercise. Left and right are theirs."""

    LEFT_HAND = "left_hand"  # held above the head
    RIGHT_HAND = "right_hand"
    HOVER = "hover"  # a hand, not above the head, moves the cursor and stays on a target
    CROSS_ARMS = "cross_arms"  # before the chest
    LEAVE = "leave"  # out of the picture
    RETURN = "return"  # back in the picture, standing


@dataclass(frozen=True, slots=True)
class Listening:
    """What is listened to, and what it means: a scene's own table.

    Attributes:
        wishes: What each gesture is taken for; a gesture that is not in it is not looked for.
        targets: Where a hovering hand can choose something, in fractions of the screen as it is looked at;
            the first of those that overlap.
    """

    wishes: Mapping[Gesture, Wish] = field(default_factory=dict)
    targets: tuple[Box, ...] = ()


_G, _W = Gesture, Wish
_HANDS: Final = (_G.LEFT_HAND, _G.RIGHT_HAND)


def _table(wishes: dict[Gesture, Wish]) -> Mapping[Gesture, Wish]:
    return MappingProxyType(wishes)


DEAF: Final = _table({})
"""Where nothing is to be said by hand: the countdown, a fault."""
EXERCISING: Final = _table({_G.CROSS_ARMS: _W.PAUSE, _G.LEAVE: _W.PAUSE})
"""While somebody moves as they were told: only what no movement looks like."""
PAUSED: Final = _table({_G.CROSS_ARMS: _W.RESUME, _G.LEFT_HAND: _W.BACK, _G.RIGHT_HAND: _W.RESUME})
"""In a pause that was asked for: standing there does not end it."""
AWAY: Final = _table({**PAUSED, _G.RETURN: _W.RESUME})
"""In a pause because nobody was there: coming back ends it."""
SHOWING: Final = _table(dict.fromkeys((_G.CROSS_ARMS, _G.LEAVE, *_HANDS), _W.PAUSE))
"""While somebody shows a movement that nobody knows yet: each says that it is over."""
DECIDING: Final = _table({_G.HOVER: _W.POINT, _G.LEFT_HAND: _W.BACK, _G.RIGHT_HAND: _W.CHOOSE})
"""Before a question with more than two answers."""
CHOOSING: Final = _table({_G.HOVER: _W.POINT, _G.LEFT_HAND: _W.PREVIOUS, _G.RIGHT_HAND: _W.NEXT})
"""Before tiles."""
ASKED: Final = _table({_G.LEFT_HAND: _W.BACK, _G.RIGHT_HAND: _W.CHOOSE})
"""Before a question: the right hand says yes."""
RESTING: Final = _table({_G.CROSS_ARMS: _W.PAUSE, _G.LEFT_HAND: _W.BACK, _G.RIGHT_HAND: _W.CHOOSE})
"""Between two sets."""


@dataclass(frozen=True, slots=True)
class GestureView:
    """What there is to show of a gesture under way.

    Attributes:
        gesture: Which is being made; `None` for none.
        share: How much of the time it must be held has gone, 0..1: a ring to fill.
        cursor: Where a hovering hand points, in fractions of the screen as it is looked at.
        target: Number of the target that the cursor is on.
    """

    gesture: Gesture | None = None
    share: float = 0.0
    cursor: Point | None = None
    target: int | None = None
