"""What there is to do on a box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from posecoach.coach.routine import Routine
from posecoach.coach.trend import Trend
from posecoach.coach.words import Words
from posecoach.face.brought import Stick
from posecoach.face.compose_stick import brought_row
from posecoach.face.menu import Tile
from posecoach.face.place import Place
from posecoach.face.recorder import Records
from posecoach.face.settings import SETTINGS, SOUND, Setting, Wishes
from posecoach.face.walk import OfferedProgramme


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to do.

    Attributes:
        routines: To choose from; a single one is not chosen, it begins.
        checks: Whether the box can say how it is.
        sound: Whether anything is said at all, so that it can be silenced.
        programmes: What somebody was given to do.
        trend: Tells how it went before; `None` where nobody said who they are.
        stick: What somebody brings; `None` where the box takes nothing.
        records: How a new movement is recorded; `None` where the box does not allow it.
    """

    routines: tuple[Routine, ...]
    checks: bool = False
    sound: bool = True
    trend: Callable[[], Trend | None] | None = None
    programmes: tuple[OfferedProgramme, ...] = ()
    stick: Stick | None = None
    records: Records | None = None

    def _stick_tile(self, words: Words) -> Tile:
        """What leads to the stick; a single routine on it is named."""
        brought = () if self.stick is None else self.stick.brought
        named = f": {brought_row(brought[0], words).label}" if len(brought) == 1 else ""
        return Tile(f"{words.on_the_stick}{named}", Place.STICK)

    @property
    def has_stick(self) -> bool:
        """Whether somebody has brought something just now."""
        return self.stick is not None and (bool(self.stick.brought) or self.stick.unread)

    def with_routine(self, routine: Routine) -> Offer:
        """The same with one more routine before the others, in the place of one of its id."""
        others = (other for other in self.routines if other.id != routine.id)
        return replace(self, routines=(routine, *others))

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What can be set."""
        return SETTINGS if self.sound else tuple(each for each in SETTINGS if each is not SOUND)

    def tiles(self, wishes: Wishes) -> tuple[Tile, ...]:
        """What stands on the tiles."""
        words = wishes.look.words
        stick = (self._stick_tile(words),) if self.has_stick else ()
        exercises = (Tile(routine.name, Place.SESSION, routine) for routine in self.routines)
        given = (
            Tile(each.programme.name, Place.PROGRAMME, each.sets[0].routine, each) for each in self.programmes
        )
        before = () if self.trend is None else (Tile(words.trend, Place.TREND),)
        record = () if self.records is None else (Tile(words.record, Place.RECORD),)
        return (*stick, *given, *exercises, *before, Tile(words.settings, Place.SETTINGS), *record)
