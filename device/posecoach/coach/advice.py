"""One cue at a time: what to say after a repetition, for how long, and when it is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from posecoach.coach.fault import Fault
from posecoach.coach.view import CueView

COOL_DOWN_S: Final = 3.0
"""A cue that still holds stays at least this long before another takes its place."""
READ_S: Final = 2.0
"""A cue that does not hold any more stays this long: as long as it takes to read."""
PRAISE_S: Final = 3.0
"""How long a confirmation is shown."""


class Advisor:
    """Choose the one thing to say."""

    def __init__(self) -> None:
        """Start with nothing to say."""
        self._fault: Fault | None = None
        self._cue: CueView | None = None
        self._said: list[CueView] = []

    @property
    def said(self) -> tuple[CueView, ...]:
        """Everything that was said, oldest first."""
        return tuple(self._said)

    def cue(self, now: float) -> CueView | None:
        """What is being said at `now`; praise fades by itself, a correction stays until it is replaced."""
        if self._cue is not None and self._cue.praise and now - self._cue.since > PRAISE_S:
            self._cue = None
        return self._cue

    def observe(self, now: float, faults: Sequence[Fault]) -> None:
        """Take the faults of the part just finished, the most severe first.

        The same fault keeps its cue, with the new degrees; a fault that is gone is confirmed where
        nothing else is wrong, and gives way where something is; what is still wrong gives way to
        something worse when it has been up for `COOL_DOWN_S`.
        """
        same = next((fault for fault in faults if self._fault and _same_kind(fault, self._fault)), None)
        if self._fault is not None and not faults:
            self._fault = None
            self._say(CueView("That's it. Keep going like this.", None, now, praise=True))
        elif same is not None and same is faults[0]:
            self._correct(same, now)
        elif faults and now - self._since >= (
            0.0 if self._praising else READ_S if same is None else COOL_DOWN_S
        ):
            self._correct(faults[0], now)
        elif same is None:
            self._fault = None

    def withdraw(self) -> None:
        """Take back what is being said: whether it still holds could not be seen."""
        self._fault = self._cue = None

    @property
    def _praising(self) -> bool:
        return self._cue is not None and self._cue.praise

    @property
    def _since(self) -> float:
        return self._cue.since if self._cue is not None else float("-inf")

    def _correct(self, fault: Fault, now: float) -> None:
        self._fault = fault
        self._say(CueView(_sentence(fault.text), fault.limb, now, about=fault))

    def _say(self, cue: CueView) -> None:
        if self._cue is not None and self._cue.text == cue.text:
            return
        self._cue = cue
        self._said.append(cue)


def _same_kind(one: Fault, other: Fault) -> bool:
    """Whether two faults ask for the same change, whatever the degrees."""
    return (one.limb, one.phase, one.change) == (other.limb, other.phase, other.change)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
