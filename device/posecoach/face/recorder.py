"""The part of a visit in which somebody records a movement: shown, learned, looked at, kept or not."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from posecoach.coach.gesture import DEAF, SHOWING, Gesture
from posecoach.coach.intent import Wish
from posecoach.coach.perception import Percept
from posecoach.coach.phrase import Phrase
from posecoach.coach.recording import Asked, Recording
from posecoach.coach.routine import Routine, View
from posecoach.coach.showing import Lesson, NotShown, lesson_of
from posecoach.coach.view import SessionView, Stage, StepKind
from posecoach.coach.words import ENGLISH, Words
from posecoach.errors import PosecoachError
from posecoach.face.place import Place, Turn
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.track import PoseTrack

Work: TypeAlias = Callable[[Callable[[], Any]], Callable[[], Any]]
"""Has something done, and gives what to ask for the outcome: `None` until there is one."""

RECORDING: Final = (Place.RECORD, Place.REVIEW, Place.REFUSED, Place.KEPT)
"""The places of it."""
ANSWERS: Final = {Place.REVIEW: 3, Place.REFUSED: 2, Place.KEPT: 2}
"""How many answers each of them offers: the left hand says the first, the right hand the last."""
UNCLEAR: Final = Phrase("Too little of you was seen. Stand so that all of you is in the picture")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
NOT_KEPT: Final = Phrase("It could not be kept: the card cannot be written. Try again")
NO_ROOM: Final = Phrase("It could not be kept: the card is full. Delete something, then try again")


def at_once(task: Callable[[], Any]) -> Callable[[], Any]:
    """Do it before going on."""
    outcome = task()
    return lambda: outcome


@dataclass(frozen=True, slots=True)
class Records:
    """How a box records.

    Attributes:
        keep: Stores what was learned, whole or not at all, under a name of its own in some language, and
            gives the routine that it is now; raises `OutputError`.
        asked: What is asked of whoever records.
        kind: What the movement is; found from it where `None`.
        view: From where it is seen; likewise.
        work: Has done what takes longer than a picture of the screen.
    """

    keep: Callable[[Lesson, Words], Routine]
    asked: Asked = field(default_factory=Asked)
    kind: StepKind | None = None
    view: View | None = None
    work: Work = at_once


class Recorder:
    """One recording after the other; pure but for its own state, and for what `Records` does."""

    def __init__(self, records: Records | None) -> None:
        """Record nothing yet; nothing at all where the box does not allow it."""
        self._allowed = records
        self._pending: Callable[[], Any] | None = None
        self.drop()

    def drop(self) -> None:
        """Forget what was recorded."""
        self.recording: Recording | None = None
        self.lesson: Lesson | None = None
        """What it has taught."""
        self.refused: Phrase | None = None
        """Why it has taught nothing."""
        self.kept: Routine | None = None
        """The routine that it has become."""
        self.problem: Phrase | None = None
        """Why it could not be kept."""
        self._pending = None

    @property
    def _records(self) -> Records:
        assert self._allowed is not None  # nothing leads here without
        return self._allowed

    def begin(self) -> None:
        """Record anew."""
        self.drop()
        self.recording = Recording(self._records.asked)

    @property
    def busy(self) -> bool:
        """Whether something is being learned or stored."""
        return self._pending is not None

    def look(self, frame: Frame, poses: Sequence[PoseEstimate]) -> Percept | None:
        """Take a frame and the people in it, while something is recorded; the person."""
        assert self.recording is not None
        self.recording.look(frame, poses)
        return self.recording.percept

    def end(self) -> None:
        """Take it that all was shown."""
        if self.recording is not None:
            self.recording.end()

    def keep(self, words: Words = ENGLISH) -> None:
        """Have what was learned stored."""
        lesson, records = self.lesson, self._records
        if lesson is not None and self.kept is None:
            self.problem = None
            self._pending = records.work(lambda: _stored(records, lesson, words))

    def turns(self) -> tuple[Turn, ...]:
        """What has happened by itself; told once."""
        recording = self.recording
        if recording is not None and recording.over and not self._has_outcome and not self.busy:
            track, records = recording.track(), self._records
            self._pending = records.work(lambda: _learned(records, track))
        if self._pending is None or (outcome := self._pending()) is None:
            return ()
        self._pending = None
        if isinstance(outcome, Lesson):
            self.lesson = outcome
            return (Turn.LEARNED,)
        if isinstance(outcome, Routine):
            self.kept = outcome
            return (Turn.STORED,)
        if self.lesson is None:
            self.refused = outcome
            return (Turn.UNLEARNED,)
        self.problem = outcome
        return ()

    def heard(self, wishes: Mapping[Gesture, Wish]) -> Mapping[Gesture, Wish]:
        """What can be said with gestures while a movement is shown."""
        recording = self.recording
        if recording is None or recording.stage is not Stage.ACTIVE:
            return DEAF
        unheard = recording.unheard
        return {gesture: wish for gesture, wish in wishes.items() if gesture not in unheard}

    @property
    def hears_hands(self) -> bool:
        """Whether a raised hand ends what is being shown."""
        return Gesture.RIGHT_HAND in self.heard(SHOWING)

    def answered(self, place: Place, index: int, words: Words) -> Place:
        """Take an answer by its number; where it leads. At the place itself it is being kept."""
        if place is Place.REVIEW and index == 2:
            self.keep(words)
            return place
        if place is Place.KEPT and index == 1:
            return Place.SESSION
        if (place, index) in ((Place.REVIEW, 1), (Place.REFUSED, 1)):
            self.begin()
            return Place.RECORD
        return Place.CHOOSE

    def view(self, now: float) -> SessionView:
        """What there is to show while something is recorded."""
        assert self.recording is not None
        return self.recording.view(now)

    @property
    def _has_outcome(self) -> bool:
        return self.lesson is not None or self.refused is not None


def _learned(records: Records, track: PoseTrack | None) -> Lesson | Phrase:
    try:
        return lesson_of(track, records.kind, records.view) if track is not None else UNCLEAR
    except NotShown as error:
        return error.why
    except PosecoachError:
        return UNCLEAR


def _stored(records: Records, lesson: Lesson, words: Words) -> Routine | Phrase:
    try:
        return records.keep(lesson, words)
    except (PosecoachError, OSError) as error:  # whatever a card does, the coach goes on
        return NO_ROOM if is_full(error) else NOT_KEPT


def is_full(error: BaseException) -> bool:
    """Whether an error, or what it was raised from, is that there is no room."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__
    return any(isinstance(each, OSError) and each.errno in _FULL for each in causes)
