"""Which hand does what, at the foot of a screen that waits for an answer: each at its own side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from posecoach.coach.look import Look
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Shape
from posecoach.coach.words import Words
from posecoach.face.place import Place

_HEIGHT: Final = 0.085
"""Of the foot, in heights of the screen's shorter side."""
_MARGIN: Final = 0.036
_SIGN: Final = 0.72
"""Size of the figure, as a share of the foot."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What holding up a hand does, in words; empty where it does nothing of its own.

    Attributes:
        left: Theirs.
        right: Likewise.
    """

    left: str = ""
    right: str = ""


NO_HANDS: Final = Hands()


def hands_at(place: Place, words: Words, *, several: bool = True) -> Hands:
    """What is told of the hands at a place that does not say it otherwise.

    Args:
        place: Where.
        words: The screen's language.
        several: Whether there is more than one thing to turn the pages of.
    """
    return {
        Place.RESULT: Hands(right=words.go_on),
        Place.SUMMARY: Hands(words.something_else, words.once_more),
        Place.TREND: Hands(words.go_back, words.next_one if several else ""),
    }.get(place, NO_HANDS)


def draw_hands(page: Page, hands: Hands, look: Look) -> float:
    """A figure with that hand up and what it does, on either side of the foot, as in the mirror.

    Returns:
        Where the foot begins: the lower edge of the room that is left.
    """
    if hands == NO_HANDS:
        return 1.0
    high = _HEIGHT * min(1.0, 1.4 * page.aspect)
    margin = _MARGIN * page.upright**2
    sign, half = _SIGN * min(high, _HEIGHT * page.upright), 0.5 * page.aspect
    for text, is_left in ((hands.left, True), (hands.right, False)):
        if not text:
            continue
        at_left = is_left == look.mirrored
        x = margin + 0.5 * sign if at_left else page.aspect - margin - 0.5 * sign
        shape = Shape.LEFT_UP if at_left else Shape.RIGHT_UP
        page.mark(shape, (x, 1.0 - 0.57 * high), sign, Ink.LIVE)
        wide = half - margin - 1.2 * sign - 0.006
        left = x + 0.7 * sign if at_left else x - 0.7 * sign - wide
        told = (look.words.left_hand if is_left else look.words.right_hand).format(what=text)
        page.text(
            told,
            Box(left, 1.0 - high, wide, 0.88 * high),
            0.044 * min(1.0, page.aspect),
            max_lines=2,
            ink=Ink.SOFT,
            on=Ink.GROUND,
            align=Align.LEFT if at_left else Align.RIGHT,
        )
    return 1.0 - high
