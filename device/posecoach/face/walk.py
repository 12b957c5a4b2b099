"""Somebody who does a programme: which set comes next, what is left of it, and how long they rest before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from posecoach.coach.adherence import Week, amount_done
from posecoach.coach.programme import PlannedRoutine, Programme, left_to_do
from posecoach.coach.records import PlannedSet, hold_record, rep_record
from posecoach.coach.summary import Performance

READ_S: Final = 8.0
"""How long somebody has to read what comes before it begins by itself, where there is no rest."""
DONE_S: Final = 20.0
"""How long it is shown that nothing is left to do."""


@dataclass(frozen=True, slots=True, eq=False)
class OfferedProgramme:
    """A programme that can be done here.

    Attributes:
        programme: What it is.
        sets: Of a day.
        done: How much of each set was done today, by its number: repetitions, seconds, or flows.
        week: How it goes this week; `None` where nobody knows whose it is.
    """

    programme: Programme
    sets: tuple[PlannedRoutine, ...]
    done: Callable[[], Mapping[int, float]]
    week: Callable[[], Week | None] = lambda: None


class Walk:
    """Through the sets of one day, from where somebody was."""

    def __init__(self, offered: OfferedProgramme) -> None:
        """Go on after what was done today."""
        self.offered = offered
        self._done = dict(offered.done())
        self._rest_s = 0.0
        self.week = offered.week()
        """How it went this week until this began; `None` where nobody knows whose it is."""
        self.last: Performance | None = None
        """The set that was done last; `None` before the first."""
        self.waits = False
        """Whether somebody has asked to wait: nothing begins by itself then."""
        self._under_way: PlannedRoutine | None = None

    @property
    def programme(self) -> Programme:
        """What is done."""
        return self.offered.programme

    @property
    def sets(self) -> tuple[PlannedRoutine, ...]:
        """All of the day."""
        return self.offered.sets

    @property
    def done(self) -> tuple[bool, ...]:
        """Whether each set was done to its end."""
        return tuple(self._done.get(each.planned.number, 0.0) >= each.planned.asked for each in self.sets)

    @property
    def next(self) -> PlannedRoutine | None:
        """The first set that is not done, or what is left of it; `None` where all are."""
        for each, is_done in zip(self.sets, self.done, strict=True):
            if not is_done:
                begun = self._done.get(each.planned.number, 0.0)
                return left_to_do(each, begun) if begun else each
        return None

    @property
    def under_way(self) -> PlannedSet | None:
        """Which set the session is that was begun last."""
        return None if self._under_way is None else self._under_way.planned

    @property
    def lasts_s(self) -> float:
        """How long somebody rests, or reads, before the next set begins by itself."""
        return DONE_S if self.next is None else max(self._rest_s, READ_S)

    @property
    def rests(self) -> bool:
        """Whether there was a set to rest from."""
        return self.last is not None

    def begin(self) -> PlannedRoutine | None:
        """Begin the next set."""
        self._under_way, self.waits = self.next, False
        return self._under_way

    def end(self, performance: Performance | None) -> bool:
        """Take how a set came out; whether it was done to its end."""
        planned = self._under_way
        self._under_way = None
        if planned is None or performance is None:
            return False
        records = [
            hold_record(number, part) if part.held_s is not None else rep_record(number, part)
            for number, outcome in enumerate(performance.steps)
            for part in outcome.parts
        ]
        number = planned.planned.number
        here = amount_done(records, planned.planned)
        self._done[number] = self._done.get(number, 0.0) + here
        self.last, self._rest_s = performance, planned.rest_s
        return self.done[number]
