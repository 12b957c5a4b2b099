"""One cue at a time: what to say after a repetition, for how long, and when it is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from posecoach.coach.faults import Fault
from posecoach.coach.view import CueView

COOL_DOWN_S: Final = 4.0
"""A cue stays at least this long before another takes its place."""
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

        The same fault keeps its cue, with the new degrees; a fault that is gone is confirmed; another
        one waits until the cue before it has been up for `COOL_DOWN_S`.
        """
        same = next((fault for fault in faults if self._fault and _same_kind(fault, self._fault)), None)
        if self._fault is not None and same is None:
            self._fault = None
            if not faults:
                self._say(CueView("That's it. Keep going like this.", None, now, praise=True))
                return
        if same is not None and same is faults[0]:
            self._fault = same
            self._say(CueView(_sentence(same.text), same.limb, now))
        elif faults and (self._cue is None or now - self._cue.since >= COOL_DOWN_S):
            self._fault = faults[0]
            self._say(CueView(_sentence(faults[0].text), faults[0].limb, now))

    def _say(self, cue: CueView) -> None:
        if self._cue is not None and self._cue.text == cue.text:
            return
        self._cue = cue
        self._said.append(cue)


def _same_kind(one: Fault, other: Fault) -> bool:
    """Whether two faults ask for the same change, whatever the degrees."""
    return (
        one.limb is other.limb and one.phase == other.phase and one.text.split()[0] == other.text.split()[0]
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
