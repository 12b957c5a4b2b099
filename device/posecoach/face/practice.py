"""The session of a visit: begun, at rest, gone on with, ended; one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from posecoach.coach.events import Event
from posecoach.coach.gesture import EXERCISING
from posecoach.coach.own_gestures import heard_in
from posecoach.coach.routine import Routine
from posecoach.coach.session import Session
from posecoach.coach.view import SessionView, Stage
from posecoach.face.self_start import Begun, Behind
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate

AHEAD_S: Final = 0.5
"""What moves on the screen of a session moves so far ahead of the newest frame that was looked at."""


class Practice:
    """What somebody does, and what came of it."""

    def __init__(self, begin: Callable[[Routine], Session]) -> None:
        """Nothing yet.

        Args:
            begin: A new session of a routine, for whoever is there.
        """
        self._begin = begin
        self._routine: Routine | None = None
        self.session: Session | None = None
        """The one that is under way or was the last; `None` before."""
        self.gestures = EXERCISING
        """Which gestures may be listened to: not those that the movement itself is like."""
        self.rested_s = 0.0
        """How long the session has been at rest: its clock stands still then."""
        self._events: list[Event] = []
        self._behind = Behind()

    @property
    def stage(self) -> Stage | None:
        """Where the session is; `None` where there is none."""
        return None if self.session is None else self.session.stage

    def begin(self, routine: Routine) -> None:
        """Begin with a routine."""
        self.drop()
        self._routine, self.session, self.rested_s = routine, self._begin(routine), 0.0
        self.gestures = heard_in(routine, EXERCISING)

    def begin_again(self) -> None:
        """Begin once more with what was done before, if anything was."""
        if self._routine is not None:
            self.begin(self._routine)

    def join(self, begun: Begun) -> None:
        """Begin with what somebody does already; all of it counts."""
        self.begin(begun.routine)
        if self.session is not None:
            self.session.join()
        self._behind.begin(begun.seen)

    def look(self, frame: Frame, poses: Sequence[PoseEstimate]) -> None:
        """Take a frame and the people in it."""
        if self.session is not None:
            at_s = frame.captured_at - self.rested_s
            self._behind.look(self.session, replace(frame, captured_at=at_s), poses)

    def view(self, now: float, *, active: bool) -> SessionView | None:
        """What the session has to show; `None` where there is none.

        Args:
            now: The time.
            active: Whether it is not at rest.
        """
        if self.session is None:
            return None
        at_s = now - self.rested_s
        if active and self.session.stage is not Stage.SUMMARY:
            at_s = min(at_s, self.session.now + AHEAD_S)
        return self.session.view(at_s)

    def finish(self) -> None:
        """Judge what was done until now: nothing more comes."""
        if self.session is not None:
            self.session.finish(self.session.now)

    def drop(self) -> None:
        """Leave the session as it is; what it had to tell is kept."""
        self._collect()
        self._behind.begin(())
        self.session = None

    def take_events(self) -> list[Event]:
        """What the sessions have left since the last call, oldest first."""
        self._collect()
        events, self._events = self._events, []
        return events

    @property
    def little_to_tell(self) -> bool:
        """Whether the summary says all that there is of the session's parts."""
        performance = None if self.session is None else self.session.performance
        return performance is None or len(performance.parts) < 2

    def _collect(self) -> None:
        if self.session is not None:
            self._events += self.session.take_events()
