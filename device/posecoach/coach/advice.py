"""One cue at a time: what costs most over the last repetitions, for how long, and when it is fixed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

from posecoach.coach.fault import Change, Fault
from posecoach.coach.faults import LEAST_FAULT_DEG
from posecoach.coach.phrase import Phrase
from posecoach.coach.view import CueView
from posecoach.skeleton import Limb

REMEMBERED: Final = 3
"""Repetitions over which a fault's cost is summed up."""
WORTH_SAYING: Final = 1.25 * LEAST_FAULT_DEG
"""Cost from which a fault is said: a clear one at once, one that hardly is one when it comes again."""
CLEARLY_WORSE: Final = 1.25
"""Times the cost of what is being said, from which something else takes its place."""
NEWS_DEG: Final = 5.0
"""Degrees that a fault must have changed by to be said anew."""
COOL_DOWN_S: Final = 3.0
"""A cue that still holds stays at least this long before another takes its place."""
READ_S: Final = 2.0
"""A cue that does not hold any more stays this long: as long as it takes to read."""
PRAISE_S: Final = 3.0
"""How long a confirmation is shown."""
PRAISED_AGAIN_S: Final = 30.0
"""For so long the same fault, mended again, is not praised again."""
FIRST_RUN: Final = 5
"""Good repetitions in a row that are praised; then after twice as many, and so on."""
MENDED: Final = Phrase("That's it. Keep going like this.")
"""What is said when a fault has gone."""

_Kind = tuple[Limb | None, str, Change]


class Advisor:
    """Choose the one thing to say."""

    def __init__(self) -> None:
        """Start with nothing to say."""
        self._recent: deque[Mapping[_Kind, float]] = deque(maxlen=REMEMBERED)
        self._fault: Fault | None = None
        self._reminding = False
        self._cue: CueView | None = None
        self._said: list[CueView] = []
        self._praised_at: dict[_Kind, float] = {}
        self._run, self._next_run = 0, FIRST_RUN

    @property
    def said(self) -> tuple[CueView, ...]:
        """Everything that was said, oldest first."""
        return tuple(self._said)

    def cue(self, now: float) -> CueView | None:
        """What is being said at `now`; praise fades by itself, a correction stays until it is replaced."""
        if self._cue is not None and self._cue.praise and now - self._cue.since > PRAISE_S:
            self._cue = None
        return self._cue

    def observe(
        self, now: float, faults: Sequence[Fault], *, at_once: bool = False, good: bool = False
    ) -> None:
        """Take the faults of the part just finished, the most severe first.

        Of what is wrong now, what cost most over the last parts is said. What is being said stays until
        something else is clearly worse, and it has been up for `COOL_DOWN_S`; it is said anew where its
        degrees have changed. What is gone is confirmed where there is nothing else to say.

        Args:
            now: When it was finished.
            faults: Of the part.
            at_once: Whether the worst is worth saying however little it costs: it kept the part from
                counting, or there is no next time.
            good: Whether the part was a good one; many in a row, with nothing wrong, are praised.
        """
        self._recent.append({_kind(fault): fault.severity for fault in reversed(faults)})
        said = self._fault
        same = next((fault for fault in faults if said and _kind(fault) == _kind(said)), None)
        worst = self._worst(faults, at_once=at_once)
        if same is not None and (worst is None or self._cost(worst) < CLEARLY_WORSE * self._cost(same)):
            worst = same
        if worst is None:
            self._gone(now)
        elif worst is same:
            self._correct(worst, now, anew=_news(worst, said))
        elif now - self._since >= (0.0 if self._praising else READ_S if same is None else COOL_DOWN_S):
            self._correct(worst, now)
        elif same is None:
            self._fault = None
        self._count_run(now, good=good and not faults)

    def remind(self, now: float, fault: Fault) -> None:
        """Say something that cannot wait for the end of a part; it is forgotten with it."""
        if self._fault is not fault:
            self._correct(fault, now)
            self._reminding = True

    def withdraw(self) -> None:
        """Take back what is being said: whether it still holds could not be seen."""
        self._fault = self._cue = None

    def _worst(self, faults: Sequence[Fault], *, at_once: bool) -> Fault | None:
        """What costs most over the last parts of what is wrong now, if it is worth saying."""
        worst = max(faults, key=self._cost, default=None)
        if worst is None or self._cost(worst) >= WORTH_SAYING:
            return worst
        return worst if at_once else None

    def _cost(self, fault: Fault) -> float:
        return sum(part.get(_kind(fault), 0.0) for part in self._recent)

    def _gone(self, now: float) -> None:
        """What was said does not hold any more, and there is nothing else to say."""
        mended, self._fault = self._fault, None
        if mended is None:
            self._cue = self._cue if self._praising else None
            return
        kind = _kind(mended)
        again = now - self._praised_at.get(kind, float("-inf")) < PRAISED_AGAIN_S
        if self._reminding or again:
            self._cue = None
            return
        self._praised_at[kind] = now
        self._recent.clear()  # what is mended starts anew: it is said again when it is worth saying again
        self._say(CueView(MENDED, None, now, praise=True))

    def _count_run(self, now: float, *, good: bool) -> None:
        self._run = self._run + 1 if good else 0
        if self._run == 0:
            self._next_run = FIRST_RUN
        elif self._run == self._next_run:
            self._next_run *= 2
            if self._cue is None or self._cue.praise:
                self._say(
                    CueView(Phrase("{n} good ones in a row.", n=str(self._run)), None, now, praise=True)
                )

    @property
    def _praising(self) -> bool:
        return self._cue is not None and self._cue.praise

    @property
    def _since(self) -> float:
        return self._cue.since if self._cue is not None else float("-inf")

    def _correct(self, fault: Fault, now: float, *, anew: bool = True) -> None:
        self._reminding = False
        if anew:
            self._fault = fault
            self._say(CueView(_sentence(fault.text), fault.limb, now, about=fault))

    def _say(self, cue: CueView) -> None:
        if self._cue is not None and self._cue.text == cue.text:
            return
        self._cue = cue
        self._said.append(cue)


def _kind(fault: Fault) -> _Kind:
    """What two faults have in common that ask for the same change, whatever the degrees."""
    return fault.limb, fault.phase, fault.change


def _news(fault: Fault, said: Fault | None) -> bool:
    """Whether there is more to say of a fault than when it was said last."""
    return said is None or fault.both is not said.both or abs(fault.degrees - said.degrees) >= NEWS_DEG


def _sentence(text: str) -> str:
    return Phrase("{text}.", text=text).as_beginning()
