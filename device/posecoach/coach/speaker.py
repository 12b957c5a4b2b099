"""The coach's voice in one session: from what is shown and what has happened to what is heard, and when."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Final

from posecoach.coach.events import Event, Finished, PartFinished
from posecoach.coach.floor import Floor
from posecoach.coach.heard_moves import Corrections, Counter, HoldClock
from posecoach.coach.heard_stages import Requests, Stages
from posecoach.coach.routine import Routine
from posecoach.coach.utterance import Dropped, Earcon, Kind, Said, Utterance, usual_length_s
from posecoach.coach.view import Flash, SessionView
from posecoach.coach.words import ENGLISH, Words

FLASH_S: Final = 0.25
FLASHES_APART_S: Final = 0.5
"""From the beginning of one flash to the next: two a second, where three are the most that is safe."""
CALM_FLASH_S: Final = 1.2
CALM_FLASHES_APART_S: Final = 2.4
"""The same for whoever wants little motion: a sign that comes and stays for a while, no flashing."""

_FLASHES: Final = {
    Earcon.READY: Flash.WELL,
    Earcon.START: Flash.WELL,
    Earcon.GOOD: Flash.WELL,
    Earcon.HOLD_STARTED: Flash.WELL,
    Earcon.FINISHED: Flash.WELL,
    Earcon.ATTEMPT: Flash.NOT_YET,
    Earcon.UNJUDGED: Flash.NOT_YET,
    Earcon.HOLD_LEFT: Flash.NOT_YET,
}


class Speaker:
    """Pure but for its own state: the same session is heard the same way, live and replayed.

    Attributes:
        dropped: What the last call of `heed` has decided not to say.
    """

    def __init__(
        self,
        routine: Routine,
        *,
        words: Words = ENGLISH,
        unseen: bool = False,
        length_s: Callable[[Utterance], float] = usual_length_s,
    ) -> None:
        """Nothing is said yet.

        Args:
            routine: What is to be done.
            words: The language.
            unseen: Whether somebody listens who does not see the screen: more is said then.
            length_s: How long an utterance lasts.
        """
        self._floor = Floor(length_s)
        self._counter, self._clock = Counter(routine), HoldClock()
        self._corrections = Corrections(words)
        self._stages = Stages(routine, words, unseen=unseen)
        self._requests = Requests(words, unseen=unseen)
        self.dropped: tuple[Dropped, ...] = ()

    def note(self, event: Event) -> None:
        """Take what has happened in the session."""
        if isinstance(event, PartFinished):
            for utterance in self._counter.hear(event):
                self._floor.want(utterance)
        elif isinstance(event, Finished):
            self._stages.over(event)

    def heed(self, view: SessionView, now: float | None = None) -> list[Said]:
        """Take what is shown; what begins to be heard now.

        Args:
            view: What is shown.
            now: The time, where it has gone on while the session waits for whoever looks.
        """
        now = view.now if now is None else now
        heard = (self._stages.hear(view), self._clock.hear(view), self._corrections.hear(view))
        for utterance in chain(*heard, self._requests.hear(view, now)):
            self._floor.want(utterance)
        decisions = self._floor.decide(now)
        self.dropped = tuple(each for each in decisions if isinstance(each, Dropped))
        return [each for each in decisions if isinstance(each, Said)]


class Flasher:
    """Shows on the screen what is heard, for loud rooms: never more than two flashes a second."""

    def __init__(self, *, calm: bool = False) -> None:
        """Nothing was heard.

        Args:
            calm: Whether little is to move.
        """
        self._lasts_s = CALM_FLASH_S if calm else FLASH_S
        self._apart_s = CALM_FLASHES_APART_S if calm else FLASHES_APART_S
        self._flash: Flash | None = None
        self._since = float("-inf")

    def heard(self, said: Said) -> None:
        """Take what is heard; a sign too soon after another is not shown."""
        sign = said.utterance.earcon
        if said.utterance.kind is Kind.SIGN and sign is not None and said.at_s - self._since >= self._apart_s:
            self._flash, self._since = _FLASHES[sign], said.at_s

    def flash(self, now: float) -> Flash | None:
        """What to show at a time."""
        return self._flash if 0.0 <= now - self._since < self._lasts_s else None
