"""Before it begins: somebody finds their place, and stands ready for long enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from posecoach.coach.agenda import best_view
from posecoach.coach.framing import Advice, Framing
from posecoach.coach.framing_room import start_place
from posecoach.coach.perception import Percept
from posecoach.coach.phrase import Phrase
from posecoach.coach.placing import ghost, ready_to_start
from posecoach.coach.routine import Step
from posecoach.coach.view import PlaceView, Stage
from posecoach.pose import PoseEstimate

FLICKER_S: Final = 0.7
"""Not being found, or not wholly, for less than this does not stop somebody from getting ready."""
TURN_S: Final = 4.0
"""How long somebody who stands where a step is judged worse is asked to turn before it goes on."""
ASKED_S: Final = 8.0
"""The same of anything else, where enough is seen of them: not everybody has the room."""
BEFORE: Final = (Stage.IDLE, Stage.PLACING)
"""The stages in which somebody finds their place."""
_WITHOUT_ANYBODY: Final = (Advice.TOO_DARK, Advice.SECOND_PERSON)


class GettingReady:
    """Wait until somebody has stood ready for long enough, where they are judged well."""

    def __init__(self, step: Step, place_s: float) -> None:
        """Wait for the first step of a routine.

        Args:
            step: What is going to be done.
            place_s: How long somebody must stand ready.
        """
        self._step, self._place_s = step, place_s
        self._framing = Framing(step)
        self._wh: tuple[int, int] | None = None
        self._ready_since: float | None = None
        self._ready_at = 0.0
        self._asked: dict[Advice, float] = {}
        self.brightness: float | None = None
        """Of the newest picture, 0..1; `None` where there is none."""

    def look(
        self, now: float, percept: Percept | None, people: Sequence[PoseEstimate], wh: tuple[int, int] | None
    ) -> None:
        """Take what is seen at a moment.

        Args:
            now: Seconds on the camera's clock.
            percept: The person.
            people: Everybody in the picture.
            wh: Its size, if known; else nobody is cut off by its edge.
        """
        self._wh = wh
        self._framing.update(now, percept, self.brightness, people, wh)

    def forget(self) -> None:
        """Take it that nobody is there any more."""
        self._ready_since = None

    def ready(self, now: float, percept: Percept | None) -> bool:
        """Whether somebody has stood ready for as long as they must."""
        if percept is not None and ready_to_start(percept, self._step):
            if self._still_asked(now):
                self._ready_since = None
                return False
            self._ready_at = now
            if self._ready_since is None:
                self._ready_since = min(now, self._framing.good_since)
            return now - self._ready_since >= self._place_s
        if now - self._ready_at > FLICKER_S:
            self._ready_since = None
        return False

    def asks(self, *, nobody: bool) -> str:
        """What to ask for.

        Args:
            nobody: Whether nobody is there to ask.
        """
        latest = self._framing.latest
        if nobody:
            return latest.words if latest.advice in _WITHOUT_ANYBODY else Phrase("Step into view")
        if self._ready_since is not None or latest.good:
            return Phrase("Stand still")
        if latest.advice is Advice.NOBODY:
            return Phrase("Step back until all of you is in the picture")
        return latest.words

    def place(self, percept: Percept | None) -> PlaceView | None:
        """Where to stand, as a pose to fill; `None` where the size of the picture is not known."""
        if self._wh is None:
            return None
        good = self._framing.latest.good
        seen = self._framing.seen_from if good or not self._step.best_views else self._step.best_views[0]
        room = self._framing.room(best_view(self._step, seen))
        if good and percept is not None and percept.pose is not None:
            start_xy = ghost(percept.pose, room.start_xy)
        else:
            start_xy = start_place(room, self._wh)
        return PlaceView(start_xy, room.start_weights, good)

    def _still_asked(self, now: float) -> bool:
        """Whether somebody is being asked for something; for each thing only for a while."""
        latest = self._framing.latest
        if latest.good:
            return False
        since = self._asked.setdefault(latest.advice, now)
        return now - since <= (TURN_S if latest.advice is Advice.TURN else ASKED_S)
