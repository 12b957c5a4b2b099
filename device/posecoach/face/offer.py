"""What there is to do on a box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posecoach.coach.routine import Routine
from posecoach.coach.trend import Trend
from posecoach.face.menu import Tile
from posecoach.face.place import Place
from posecoach.face.settings import SETTINGS, SOUND, Setting, Wishes


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to do.

    Attributes:
        routines: To choose from; a single one is not chosen, it begins.
        checks: Whether the box can say how it is.
        sound: Whether anything is said at all, so that it can be silenced.
        trend: Tells how it went before; `None` where nobody said who they are.
    """

    routines: tuple[Routine, ...]
    checks: bool = False
    sound: bool = True
    trend: Callable[[], Trend | None] | None = None

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What can be set."""
        return SETTINGS if self.sound else tuple(each for each in SETTINGS if each is not SOUND)

    def tiles(self, wishes: Wishes) -> tuple[Tile, ...]:
        """What stands on the tiles."""
        words = wishes.look.words
        exercises = (Tile(routine.name, Place.SESSION, routine) for routine in self.routines)
        before = () if self.trend is None else (Tile(words.trend, Place.TREND),)
        return (*exercises, *before, Tile(words.settings, Place.SETTINGS))
