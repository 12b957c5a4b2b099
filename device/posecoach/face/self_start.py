"""Beginning by oneself: whoever just begins to move, instead of choosing, is recognised, and it counts."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from posecoach.coach.body_limits import AS_RECORDED, BodyDifferences
from posecoach.coach.candidates import candidates_of
from posecoach.coach.perception import Percept
from posecoach.coach.recognise import LONGEST_S, Recogniser
from posecoach.coach.routine import Routine
from posecoach.coach.session import Session
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate

BEFORE_S: Final = 1.5
"""How long before a movement somebody is seen as well: they are counted from their starting pose on."""
MOST_FRAMES: Final = 4000
"""However fast frames come, no more are remembered."""
CAUGHT_UP: Final = 8
"""Frames of what has gone before that are taken in for each new one: nobody waits for a screen meanwhile."""


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """Who was in a frame.

    Attributes:
        at_s: When it was taken.
        poses: Everybody in it, as `PoseEstimate.within` gives them.
        wh: Its size.
    """

    at_s: float
    poses: tuple[PoseEstimate, ...]
    wh: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """What somebody has begun with.

    Attributes:
        routine: What it is.
        seen: All that was seen of it until now, and of the moment before, oldest first.
    """

    routine: Routine
    seen: tuple[Looked, ...]


class SelfStart:
    """Watches whoever stands where something can be chosen."""

    def __init__(self, routines: Sequence[Routine], body: BodyDifferences = AS_RECORDED) -> None:
        """Know what there is to begin with.

        Args:
            routines: What can be chosen here.
            body: What is not asked of whoever is there.
        """
        candidates = candidates_of(routines, body)
        self._recogniser = Recogniser(candidates) if candidates else None
        self._seen: deque[Looked] = deque(maxlen=MOST_FRAMES)

    def forget(self) -> None:
        """Take it that somebody was elsewhere meanwhile."""
        self._seen.clear()
        if self._recogniser is not None:
            self._recogniser.forget()

    def look(self, looked: Looked, percept: Percept | None) -> Begun | None:
        """Take a frame; what has been begun, as soon as that is clear.

        Only what the coach judges from where somebody stands begins by itself: from other sides one movement
        looks like another, and nothing could be said of it.
        """
        if self._recogniser is None:
            return None
        self._seen.append(looked)
        while looked.at_s - self._seen[0].at_s > LONGEST_S + BEFORE_S:
            self._seen.popleft()
        for sample in percept.samples if percept is not None else ():
            found = self._recogniser.look(sample)
            if found is not None and found.candidate.judged:
                since_s = found.from_s - BEFORE_S
                seen = tuple(each for each in self._seen if each.at_s >= since_s)
                self.forget()
                return Begun(found.candidate.routine, seen)
        return None


class Behind:
    """What a session has still to see of how somebody began; all of it at once would stop the screen."""

    def __init__(self) -> None:
        """There is nothing."""
        self._waiting: deque[Looked] = deque()

    def begin(self, seen: Sequence[Looked]) -> None:
        """Have a new session see this first."""
        self._waiting = deque(seen)

    def look(self, session: Session, frame: Frame, poses: Sequence[PoseEstimate]) -> None:
        """Let a session take a frame, after some of what it has missed."""
        if not self._waiting:
            session.look(frame, poses)
            return
        within = tuple(pose.within(frame.wh) for pose in poses)
        self._waiting.append(Looked(frame.captured_at, within, frame.wh))
        for _ in range(min(CAUGHT_UP, len(self._waiting))):
            looked = self._waiting.popleft()
            session.advance(looked.at_s, looked.poses, looked.wh)
