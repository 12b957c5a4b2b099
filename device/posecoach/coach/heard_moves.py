"""What is heard of what somebody does: signs, counts, the clock of a hold, the cue."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from posecoach.coach.events import PartFinished
from posecoach.coach.routine import Routine
from posecoach.coach.speaking_rules import BREATH_S, RULES
from posecoach.coach.utterance import Earcon, Kind, Utterance, usual_length_s
from posecoach.coach.view import CueView, SessionView, Stage, StepKind, Verdict
from posecoach.coach.words import Words

SHARE_OF_REP: Final = 0.7
"""A number that takes longer than this share of a repetition is said of every fifth only."""
EVERY_FIFTH: Final = 5
HELD_FOR_S: Final = 0.3
"""From so much on the clock a hold is heard to have started: passing through is none."""
HOLD_COUNTS_S: Final = 10
"""Seconds of a hold that are counted aloud; the last ones of it are counted down."""
LAST_SECONDS: Final = 3

_SIGNS: Final = {
    Verdict.GOOD: Earcon.GOOD,
    Verdict.ATTEMPT: Earcon.ATTEMPT,
    Verdict.NOT_JUDGED: Earcon.UNJUDGED,
}


def wanted(kind: Kind, cause_s: float, text: str) -> Utterance:
    """Words of a kind, worth hearing for as long as its rule says."""
    return Utterance(kind, cause_s, text, within_s=RULES[kind].within_s)


def sign(earcon: Earcon, cause_s: float) -> Utterance:
    """A sign."""
    return Utterance(Kind.SIGN, cause_s, earcon=earcon, within_s=RULES[Kind.SIGN].within_s)


class Counter:
    """What becomes of each repetition, hold or flow, and its number."""

    def __init__(self, routine: Routine) -> None:
        """Nothing is done yet."""
        self._routine = routine
        self._step = self._counted = 0
        self._finished_at: float | None = None

    def hear(self, finished: PartFinished) -> Iterator[Utterance]:
        """A sign of what became of it, and its number if the screen counts it."""
        part, step = finished.part, self._routine.steps[finished.step]
        if finished.step != self._step:
            self._step, self._counted, self._finished_at = finished.step, 0, None
        since, self._finished_at = self._finished_at, part.end_s
        counts = part.verdict is not Verdict.NOT_JUDGED
        self._counted += counts
        # That a hold has ended too early is told by its clock, when that stops.
        if step.kind is not StepKind.HOLD or part.verdict is Verdict.GOOD:
            yield sign(_SIGNS[part.verdict], part.end_s)
        if step.kind is StepKind.REPS and counts:
            number = wanted(Kind.COUNT, part.end_s, str(self._counted))
            rep_s = part.end_s - (part.start_s if since is None else since)
            short = usual_length_s(number) + BREATH_S <= SHARE_OF_REP * rep_s
            if short or self._counted % EVERY_FIFTH == 0 or self._counted == step.reps:
                yield number


class HoldClock:
    """When the clock of a hold starts and stops, and how far it is."""

    def __init__(self) -> None:
        """No pose is held."""
        self._running = False
        self._told_s = self._step = 0

    def hear(self, view: SessionView) -> Iterator[Utterance]:
        """What there is to hear of the clock now."""
        if view.step != self._step:  # another clock
            self._step, self._running = view.step, False
        held_s = view.hold_s if view.stage is Stage.ACTIVE and view.kind is StepKind.HOLD else None
        if held_s is None:
            self._running = False
        elif self._running and held_s == 0.0:
            self._running = False
            yield sign(Earcon.HOLD_LEFT, view.now)
        elif not self._running and held_s >= HELD_FOR_S:
            self._running, self._told_s = True, 0
            yield sign(Earcon.HOLD_STARTED, view.now - held_s)
        if held_s is not None and self._running:
            yield from self._seconds(view, held_s)

    def _seconds(self, view: SessionView, held_s: float) -> Iterator[Utterance]:
        second = math.floor(held_s)
        if second <= self._told_s:
            return
        self._told_s = second
        at_s = view.now - (held_s - second)
        left_s = math.inf if view.hold_target_s is None else round(view.hold_target_s) - second
        if 0 < left_s <= LAST_SECONDS:
            yield wanted(Kind.COUNT, at_s, f"{left_s:.0f}")
        elif second % HOLD_COUNTS_S == 0 and left_s > 0:
            yield wanted(Kind.COUNT, at_s, str(second))


class Corrections:
    """The one cue, when it is given, and the praise when it is followed."""

    def __init__(self, words: Words) -> None:
        """Nothing was said.

        Args:
            words: The language.
        """
        self._words = words
        self._cue: CueView | None = None

    def hear(self, view: SessionView) -> Iterator[Utterance]:
        """The cue, where it is another than before."""
        cue = view.cue if view.stage is Stage.ACTIVE else None
        if cue is not None and cue != self._cue and cue.text.strip():
            text = self._words.say(cue.text).strip()
            yield wanted(Kind.PRAISE if cue.praise else Kind.CUE, cue.since, text)
        self._cue = cue
