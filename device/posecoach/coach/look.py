"""How the screen says things: language, size of the type, how much moves, how much of the person is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from posecoach.coach import motion_curves
from posecoach.coach.words import ENGLISH, Words

_LARGE: Final = 1.3
_STANDSTILL_S: Final = 1.1  # of the inviting figure: it has begun to bend, so that it does not merely stand


class PictureMode(StrEnum):
    """What of the person is on the screen."""

    CAMERA = "camera"  # the picture, as in a mirror
    SILHOUETTE = "silhouette"  # a filled figure on plain ground, and the skeleton on it
    SKELETON = "skeleton"  # the skeleton alone on plain ground


@dataclass(frozen=True, slots=True)
class Look:
    """The wishes of whoever looks.

    Attributes:
        words: The screen's language.
        mirrored: Whether the display shall turn left and right, as a mirror does.
        picture: What of the person is shown; in all but one mode no pixel of the camera is.
        large: Larger type, for less of it.
        calm: Nothing moves but the person, the ghost and the gauges.
        light: Dark on light, for a bright room.
    """

    words: Words = ENGLISH
    mirrored: bool = True
    picture: PictureMode = PictureMode.CAMERA
    large: bool = False
    calm: bool = False
    light: bool = False

    @property
    def type_scale(self) -> float:
        """By how much type is larger than it would be."""
        return _LARGE if self.large else 1.0

    def eased(self, since_s: float, lasts_s: float) -> float:
        """0 to 1 over `lasts_s`; at once where nothing shall move."""
        return 1.0 if self.calm else motion_curves.eased(since_s, lasts_s)

    def popped(self, since_s: float) -> float:
        """A size that swells once and returns to 1."""
        return 1.0 if self.calm else motion_curves.popped(since_s)

    def breathing(self, since_s: float) -> float:
        """0..1..0, again and again; the middle where nothing shall move."""
        return 0.5 if self.calm else motion_curves.breathing(since_s)

    def clock(self, now: float) -> float:
        """The time that figures which only invite move by."""
        return _STANDSTILL_S if self.calm else now


PLAIN: Final = Look()
