"""What somebody wants of the coach, whichever way they said it: with a key, a pad, a touch or a hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posecoach.coach.scene import Point


class Wish(StrEnum):
    """A thing to want; a scene says what it means there, or ignores it."""

    NEXT = "next"  # the one to the right, or yes
    PREVIOUS = "previous"  # the one to the left, or no
    UP = "up"  # the row above
    DOWN = "down"
    CHOOSE = "choose"  # take what is marked
    POINT = "point"  # take what stands at a place of the screen
    BACK = "back"  # to where one came from
    PAUSE = "pause"  # and go on again: the one button for both
    RESUME = "resume"  # go on, and only that: somebody is back
    MUTE = "mute"  # and speak again
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Intent:
    """One wish.

    Attributes:
        wish: What is wanted.
        at: Where, in fractions of the screen as it is looked at; only of `Wish.POINT`.
    """

    wish: Wish
    at: Point | None = None

    def __post_init__(self) -> None:
        if (self.at is not None) != (self.wish is Wish.POINT):
            raise ValueError(f"a place belongs to {Wish.POINT} and to nothing else, got {self}")
