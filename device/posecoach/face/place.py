"""Where a visit is, and what leads from there to where: the whole machine, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from posecoach.coach.gesture import (
    ASKED,
    AWAY,
    CHOOSING,
    DEAF,
    DECIDING,
    EXERCISING,
    PAUSED,
    RESTING,
    SHOWING,
    Gesture,
)
from posecoach.coach.intent import Wish


class Place(StrEnum):
    """A screen that somebody can be at."""

    ATTRACT = "attract"  # nobody there: what this is, and that nothing is kept
    CHOOSE = "choose"  # tiles
    SESSION = "session"  # getting ready, counted in, exercising: the session knows which
    PAUSED = "paused"  # because somebody asked for it
    AWAY = "away"  # because nobody is there
    PROGRAMME = "programme"  # resting between its sets: what was done, what comes next
    RESULT = "result"  # each repetition
    SUMMARY = "summary"  # all of it
    TREND = "trend"  # how it went before
    SETTINGS = "settings"
    CHECKS = "checks"  # what doctor says of this box
    STICK = "stick"  # routines that somebody brings
    RECORD = "record"  # getting ready, counted in, showing a movement: the recording knows which
    REVIEW = "review"  # what was learned of it: to be kept, shown again, or thrown away
    REFUSED = "refused"  # why nothing was, and what to do
    KEPT = "kept"  # a routine like any other now


class Turn(StrEnum):
    """What happens by itself."""

    CAME = "came"  # somebody is there
    GONE = "gone"  # nobody has been for the place's `gone_s`
    OVER = "over"  # the session has ended
    LATE = "late"  # the place has been shown for its `shown_s`
    LEARNED = "learned"  # what was shown is a movement
    UNLEARNED = "unlearned"  # it is none
    STORED = "stored"  # it is on the disk


class Act(StrEnum):
    """What is done on the way."""

    NOTHING = "nothing"
    BEGIN = "begin"  # a session of the routine that was taken
    GO_ON = "go_on"  # with the next set of the programme
    WAIT = "wait"  # with it, until somebody goes on
    FINISH = "finish"  # judge what was done until now
    DROP = "drop"  # the session: it never began
    MARK = "mark"  # another tile, row or page, as the wish says
    TAKE = "take"  # what is marked; leads to where that leads
    TAKE_AT = "take_at"  # what was pointed at, likewise
    END = "end"  # what is being shown: that was all


Cause: TypeAlias = Wish | Turn


@dataclass(frozen=True, slots=True)
class Move:
    """A way from one place to another.

    Attributes:
        to: The place; of `Act.TAKE` the one for want of a better: the thing taken knows.
        act: What is done on the way.
    """

    to: Place
    act: Act = Act.NOTHING


@dataclass(frozen=True, slots=True)
class Manners:
    """How long a place waits, and what it listens to.

    Attributes:
        gestures: What a gesture means there.
        gone_s: Nobody in view for so long is `Turn.GONE`.
        shown_s: So long after it was entered, or since somebody last did something, comes `Turn.LATE`;
            `None` never.
    """

    gestures: Mapping[Gesture, Wish]
    gone_s: float = 10.0
    shown_s: float | None = None


_PAGES: Final[Mapping[Gesture, Wish]] = MappingProxyType(
    {Gesture.HOVER: Wish.POINT, Gesture.LEFT_HAND: Wish.BACK, Gesture.RIGHT_HAND: Wish.NEXT}
)

MANNERS: Final[Mapping[Place, Manners]] = MappingProxyType(
    {
        Place.ATTRACT: Manners(DEAF),
        Place.CHOOSE: Manners(CHOOSING),
        Place.SESSION: Manners(EXERCISING),
        Place.PAUSED: Manners(PAUSED, gone_s=30.0, shown_s=300.0),
        Place.AWAY: Manners(AWAY, gone_s=20.0),
        Place.PROGRAMME: Manners(RESTING, gone_s=20.0),
        Place.RESULT: Manners(ASKED, gone_s=6.0, shown_s=8.0),
        Place.SUMMARY: Manners(ASKED, shown_s=20.0),
        Place.TREND: Manners(_PAGES, shown_s=30.0),
        Place.SETTINGS: Manners(_PAGES, shown_s=60.0),
        Place.CHECKS: Manners(_PAGES, shown_s=60.0),
        Place.STICK: Manners(_PAGES, shown_s=60.0),
        Place.RECORD: Manners(SHOWING, gone_s=30.0),
        Place.REVIEW: Manners(DECIDING, gone_s=60.0, shown_s=180.0),
        Place.REFUSED: Manners(DECIDING, gone_s=20.0, shown_s=60.0),
        Place.KEPT: Manners(DECIDING, shown_s=30.0),
    }
)


def _ways(
    place: Place, *ways: tuple[Cause, Place] | tuple[Cause, Place, Act]
) -> dict[tuple[Place, Cause], Move]:
    return {(place, way[0]): Move(*way[1:]) for way in ways}


_P, _T, _W = Place, Turn, Wish
_MARKS: Final = (_W.NEXT, _W.PREVIOUS, _W.UP, _W.DOWN)


def _marking(place: Place) -> dict[tuple[Place, Cause], Move]:
    return _ways(place, *((wish, place, Act.MARK) for wish in _MARKS))


def _resting(place: Place) -> dict[tuple[Place, Cause], Move]:
    on = ((wish, Place.SESSION) for wish in (Wish.RESUME, Wish.PAUSE, Wish.CHOOSE))
    return _ways(place, *on, (Turn.GONE, Place.SUMMARY, Act.FINISH))


def _deciding(place: Place) -> dict[tuple[Place, Cause], Move]:
    """Nothing that is not kept on purpose is kept."""
    return _ways(
        place,
        *((wish, place, Act.MARK) for wish in _MARKS),
        (Wish.CHOOSE, place, Act.TAKE),
        (Wish.POINT, place, Act.TAKE_AT),
        (Wish.BACK, Place.CHOOSE),
        (Turn.LATE, Place.CHOOSE),
        (Turn.GONE, Place.ATTRACT),
    )


MOVES: Final[Mapping[tuple[Place, Cause], Move]] = MappingProxyType(
    {
        **_ways(_P.ATTRACT, (_T.CAME, _P.CHOOSE), (_W.CHOOSE, _P.CHOOSE), (_W.NEXT, _P.CHOOSE)),
        **_marking(_P.CHOOSE),
        **_ways(
            _P.CHOOSE,
            (_W.CHOOSE, _P.CHOOSE, Act.TAKE),
            (_W.POINT, _P.CHOOSE, Act.TAKE_AT),
            (_W.BACK, _P.ATTRACT),
            (_T.GONE, _P.ATTRACT),
        ),
        **_ways(
            _P.SESSION,
            (_W.PAUSE, _P.PAUSED),
            (_W.BACK, _P.RESULT, Act.FINISH),
            (_T.OVER, _P.RESULT),
            (_T.GONE, _P.ATTRACT, Act.DROP),
        ),
        **_resting(_P.PAUSED),
        **_ways(_P.PAUSED, (_W.BACK, _P.RESULT, Act.FINISH), (_T.LATE, _P.SUMMARY, Act.FINISH)),
        **_resting(_P.AWAY),
        **_ways(_P.AWAY, (_W.BACK, _P.SUMMARY, Act.FINISH)),
        **_ways(
            _P.PROGRAMME,
            *((wish, _P.SESSION, Act.GO_ON) for wish in (_W.CHOOSE, _W.NEXT, _W.RESUME)),
            (_T.LATE, _P.SESSION, Act.GO_ON),
            (_W.PAUSE, _P.PROGRAMME, Act.WAIT),
            (_W.BACK, _P.CHOOSE),
            (_T.GONE, _P.ATTRACT),
        ),
        **_ways(
            _P.RESULT,
            (_W.CHOOSE, _P.SUMMARY),
            (_W.NEXT, _P.SUMMARY),
            (_W.BACK, _P.SUMMARY),
            (_T.LATE, _P.SUMMARY),
            (_T.GONE, _P.SUMMARY),
        ),
        **_ways(
            _P.SUMMARY,
            (_W.CHOOSE, _P.SESSION, Act.BEGIN),
            (_W.BACK, _P.CHOOSE),
            (_W.NEXT, _P.CHOOSE),
            (_T.LATE, _P.CHOOSE),
            (_T.GONE, _P.ATTRACT),
        ),
        **_marking(_P.TREND),
        **_ways(
            _P.TREND,
            (_W.CHOOSE, _P.CHOOSE),
            (_W.BACK, _P.CHOOSE),
            (_W.POINT, _P.TREND, Act.TAKE_AT),
            (_T.LATE, _P.CHOOSE),
            (_T.GONE, _P.ATTRACT),
        ),
        **_marking(_P.SETTINGS),
        **_ways(
            _P.SETTINGS,
            (_W.CHOOSE, _P.SETTINGS, Act.TAKE),
            (_W.POINT, _P.SETTINGS, Act.TAKE_AT),
            (_W.BACK, _P.CHOOSE),
            (_T.LATE, _P.CHOOSE),
            (_T.GONE, _P.ATTRACT),
        ),
        **_marking(_P.STICK),
        **_ways(
            _P.STICK,
            (_W.CHOOSE, _P.STICK, Act.TAKE),
            (_W.POINT, _P.STICK, Act.TAKE_AT),
            (_W.BACK, _P.CHOOSE),
            (_T.LATE, _P.CHOOSE),
            (_T.GONE, _P.ATTRACT),
        ),
        **_marking(_P.CHECKS),
        **_ways(
            _P.CHECKS,
            (_W.CHOOSE, _P.SETTINGS),
            (_W.POINT, _P.CHECKS, Act.TAKE_AT),
            (_W.BACK, _P.SETTINGS),
            (_T.LATE, _P.CHOOSE),
            (_T.GONE, _P.ATTRACT),
        ),
        **_ways(
            _P.RECORD,
            (_W.PAUSE, _P.RECORD, Act.END),
            (_W.CHOOSE, _P.RECORD, Act.END),
            (_W.BACK, _P.CHOOSE),
            (_T.LEARNED, _P.REVIEW),
            (_T.UNLEARNED, _P.REFUSED),
            (_T.GONE, _P.ATTRACT),
        ),
        **_deciding(_P.REVIEW),
        **_ways(_P.REVIEW, (_T.STORED, _P.KEPT)),
        **_deciding(_P.REFUSED),
        **_deciding(_P.KEPT),
    }
)
"""What leads where; a cause that is not in it changes nothing. `Wish.QUIT` and `Wish.MUTE` are everywhere."""
