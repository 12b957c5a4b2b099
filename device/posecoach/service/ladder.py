"""What is tried when a part fails, one thing after the other: the ladders of DESIGN.md section 8, as data.

`Climb` walks one of them and knows nothing of processes, clocks or devices: it is told what fell and when,
and says what to do next and how long to wait before.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from posecoach.coach.phrase import Phrase


class Cause(StrEnum):
    """How a part has failed."""

    DIED = "died"
    HUNG = "hung"
    NONSENSE = "nonsense"  # it answers, but not what can be true
    ABSENT = "absent"  # it could not be opened: not there, or in use
    STUCK = "stuck"  # its process cannot even be killed (P2)


class Remedy(StrEnum):
    """What can be done about it."""

    NEW_CHILD = "new child"
    USB_RESET = "USB reset"
    PORT_POWER = "port power off and on"
    OTHER_MODEL = "the processor's model"  # meanwhile; what failed is tried again later
    EXIT = "exit for systemd"
    ASK = "ask a person"  # and try again, slowly


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder.

    Attributes:
        code: Short, for whoever is asked for help on the telephone.
        words: What the screen says: what has happened, what is being done or to be done.
        remedy: What is done.
        tries: How often, before the next rung; 0 for ever.
        pauses_s: To wait before each try in quick succession; the last holds for all further ones.
    """

    code: str
    words: str
    remedy: Remedy
    tries: int = 0
    pauses_s: tuple[float, ...] = (0.0,)


@dataclass(frozen=True, slots=True)
class Ladder:
    """What is tried for one part.

    Attributes:
        part: Its name, in the log.
        rungs: From the least to the most.
        absent: What to do where the part is not there: no rung of the ladder, for there is nothing to heal.
    """

    part: str
    rungs: tuple[Rung, ...]
    absent: Rung


SLOWER_AND_SLOWER_S: Final = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0)

CAMERA_LADDER: Final = Ladder(
    "camera",
    (
        Rung(
            "C1", Phrase("The camera stopped. Starting it again"), Remedy.NEW_CHILD, 4, (0.0, 0.5, 2.0, 5.0)
        ),
        Rung("C2", Phrase("The camera does not answer. Starting the coach again"), Remedy.EXIT, 1, (3.0,)),
        Rung(
            "C3",
            Phrase("No camera. Unplug this box, wait ten seconds, plug it back in"),
            Remedy.ASK,
            pauses_s=(10.0, 20.0, 40.0, 60.0),
        ),
    ),
    absent=Rung(
        "C4",
        Phrase("No camera found. Plug the camera in"),
        Remedy.ASK,
        pauses_s=(0.5, 1.0, 1.0, 1.0, 2.0, 5.0),
    ),
)
TPU_LADDER: Final = Ladder(
    "TPU",
    (
        Rung("T1", Phrase("The Coral stick stopped. Starting it again"), Remedy.NEW_CHILD, 2, (0.0, 0.5)),
        Rung("T2", Phrase("The Coral stick stopped. Resetting it"), Remedy.USB_RESET, 1),
        Rung("T3", Phrase("The Coral stick stopped. Switching it off and on"), Remedy.PORT_POWER, 1),
        Rung(
            "T4",
            Phrase("The Coral stick failed. The coach goes on, slower"),
            Remedy.OTHER_MODEL,
            2,
            (10.0, 20.0),
        ),
        Rung(
            "T5",
            Phrase("Unplug the Coral stick and plug it back in: the coach is slow"),
            Remedy.OTHER_MODEL,
            pauses_s=(40.0, 80.0, 160.0, 300.0),
        ),
    ),
    absent=Rung(
        "T6",
        Phrase("No Coral stick found. Plug it in: the coach is slow"),
        Remedy.OTHER_MODEL,
        pauses_s=SLOWER_AND_SLOWER_S,
    ),
)
ESTIMATOR_LADDER: Final = Ladder(
    "estimator",
    (
        Rung(
            "E1",
            Phrase("The coach lost sight of you. Looking again"),
            Remedy.NEW_CHILD,
            5,
            (0.0, 0.5, 1.0, 2.0),
        ),
        Rung(
            "E2",
            Phrase("The coach cannot see you. It goes on trying"),
            Remedy.ASK,
            pauses_s=SLOWER_AND_SLOWER_S,
        ),
    ),
    absent=Rung(
        "E2", Phrase("The coach cannot see you. It goes on trying"), Remedy.ASK, pauses_s=SLOWER_AND_SLOWER_S
    ),
)
VOICE_LADDER: Final = Ladder(
    "voice",
    (
        Rung("V1", Phrase("The sound stopped. Starting it again"), Remedy.NEW_CHILD, 4, (0.0, 0.5, 2.0, 5.0)),
        Rung("V2", Phrase("No sound. The coach goes on without"), Remedy.ASK, pauses_s=SLOWER_AND_SLOWER_S),
    ),
    absent=Rung("V3", Phrase("No sound here"), Remedy.ASK, pauses_s=(10.0, 30.0, 100.0, 300.0)),
)

SETTLED_S: Final = 10.0
"""Whoever has worked for so long was helped and begins at the foot of the ladder again; not in a storm."""
QUIET_S: Final = 3.0
"""Whoever has worked for so long is started again at once."""
STORM_FALLS: Final = 5
STORM_WITHIN_S: Final = 60.0
STORM_PAUSE_S: Final = 10.0
"""More falls than these within this time, and each further try waits at least so long, and climbs."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now.

    Attributes:
        rung: Where the ladder stands.
        wait_s: To wait before it.
    """

    rung: Rung
    wait_s: float


class Climb:
    """One part on its ladder."""

    def __init__(self, ladder: Ladder, *, possible: frozenset[Remedy] = frozenset(Remedy)) -> None:
        """Stand at the foot.

        Args:
            ladder: To be climbed.
            possible: What can be done on this box; rungs of other remedies are left out, but not the last.
        """
        last = ladder.rungs[-1]
        self._ladder = ladder
        self._rungs = tuple(rung for rung in ladder.rungs if rung.remedy in possible or rung is last)
        self._at = self._tries = self._absences = self._quick = 0
        self._stood_since: float | None = None
        self._falls: deque[float] = deque(maxlen=STORM_FALLS)

    @property
    def part(self) -> str:
        """Whose ladder it is."""
        return self._ladder.part

    def fell(self, now: float, cause: Cause) -> Step:
        """It has failed: what to do."""
        stood_s = 0.0 if self._stood_since is None else now - self._stood_since
        storm = len(self._falls) == STORM_FALLS and now - self._falls[0] <= STORM_WITHIN_S
        if stood_s >= SETTLED_S and not storm:
            self._at = self._tries = self._absences = 0
        self._quick = 1 if stood_s >= QUIET_S else self._quick + 1
        self._stood_since = None
        if cause is Cause.ABSENT:
            self._absences += 1
            return Step(self._ladder.absent, _nth(self._ladder.absent.pauses_s, self._absences))
        self._absences = 0
        self._falls.append(now)
        self._tries += 1
        rung = self._rungs[self._at]
        # A process that cannot be killed must not get a second beside it.
        leave = cause is Cause.STUCK and rung.remedy is Remedy.NEW_CHILD
        while (rung.tries and self._tries > rung.tries) or leave:
            if self._at + 1 == len(self._rungs):
                break
            self._at, self._tries, leave = self._at + 1, 1, False
            rung = self._rungs[self._at]
        wait_s = _nth(rung.pauses_s, min(self._tries, self._quick))
        return Step(rung, max(wait_s, STORM_PAUSE_S) if storm else wait_s)

    def stood(self, now: float) -> None:
        """It works."""
        if self._stood_since is None:
            self._stood_since = now


def _nth(pauses_s: tuple[float, ...], number: int) -> float:
    return pauses_s[min(number, len(pauses_s)) - 1]
