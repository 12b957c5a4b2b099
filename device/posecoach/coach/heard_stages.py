"""What is heard around the exercise: what to do, the countdown, what comes next, how it went."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from posecoach.coach.events import Finished
from posecoach.coach.heard_moves import sign, wanted
from posecoach.coach.routine import Routine
from posecoach.coach.sayings import COUNTED_DOWN, asked_for, introduced, sentence, summed_up
from posecoach.coach.summary import Performance
from posecoach.coach.utterance import Earcon, Kind, Utterance
from posecoach.coach.view import SessionView, Stage
from posecoach.coach.words import Words

SETTLED_S: Final = 0.4
"""What changes sooner is not worth saying."""
LOST_S: Final = 1.5
"""Somebody who is not seen for so long while they exercise is asked back."""
PROMPTED_AGAIN_S: Final = 8.0
"""What was asked for is asked for again after so long, then after twice as long, and so on."""


class Stages:
    """From one stage of a session to the next."""

    def __init__(self, routine: Routine, words: Words, *, unseen: bool) -> None:
        """Nobody is there.

        Args:
            routine: What is to be done.
            words: The language.
            unseen: Whether somebody listens who does not see the screen.
        """
        self._routine, self._words, self._unseen = routine, words, unseen
        self._stage: Stage | None = None
        self._introduced = False
        self._second = math.inf
        self._step = 0
        self._performance: Performance | None = None

    def over(self, finished: Finished) -> None:
        """Take it that the session is over; the next view has its summary."""
        self._performance = finished.performance

    def hear(self, view: SessionView) -> Iterator[Utterance]:
        """What there is to hear of the stage now."""
        before, self._stage = self._stage, view.stage
        if view.stage is Stage.COUNTDOWN:
            if before is not Stage.COUNTDOWN:
                self._second = math.inf
                yield sign(Earcon.READY, view.stage_since)
            yield from self._count_down(view)
        elif view.stage is not before:
            yield from self._entered(view, before)
        if view.stage is Stage.ACTIVE and view.step > self._step:
            self._step = view.step
            what = asked_for(self._routine.steps[view.step], self._words)
            yield wanted(Kind.STEP, view.now, self._words.say_next.format(what=what))
        if view.stage is Stage.SUMMARY:
            yield from self._sum_up(view)

    def _entered(self, view: SessionView, before: Stage | None) -> Iterator[Utterance]:
        if view.stage is Stage.PLACING and not self._introduced:
            self._introduced = True
            yield wanted(Kind.STEP, view.stage_since, introduced(self._routine, self._words))
            if self._unseen and view.instructions:
                text = " ".join(sentence(self._words.say(each)) for each in view.instructions)
                yield wanted(Kind.INSTRUCTION, view.stage_since, text)
        elif view.stage is Stage.ACTIVE and before is not None:
            yield sign(Earcon.START, view.stage_since)

    def _count_down(self, view: SessionView) -> Iterator[Utterance]:
        left_s = view.countdown_s or 0.0
        second = math.ceil(left_s)
        if 0 < second < self._second and second <= COUNTED_DOWN:
            yield wanted(Kind.COUNTDOWN, view.now - (second - left_s), str(second))
        self._second = min(self._second, second)

    def _sum_up(self, view: SessionView) -> Iterator[Utterance]:
        performance, self._performance = self._performance, None
        if performance is None or view.summary is None or not performance.steps:
            return
        yield sign(Earcon.FINISHED, view.stage_since)
        yield wanted(Kind.SUMMARY, view.stage_since, summed_up(performance, view.summary, self._words))


class Requests:
    """What somebody is asked to do to get on, once it has been so for a moment; and what is wrong."""

    def __init__(self, words: Words, *, unseen: bool) -> None:
        """Nothing is asked for."""
        self._words, self._unseen = words, unseen
        self._request = Lasting(SETTLED_S, again_after_s=PROMPTED_AGAIN_S)
        self._lost = Lasting(LOST_S, again_after_s=PROMPTED_AGAIN_S)
        self._trouble = Lasting(SETTLED_S)

    def hear(self, view: SessionView, now: float) -> Iterator[Utterance]:
        """What there is to hear of it now; time goes on while the session waits for whoever looks."""
        # An empty room is not talked to, unless somebody may be there who cannot see that they are not seen.
        asked = view.stage in (Stage.PLACING, Stage.ACTIVE) or (self._unseen and view.stage is Stage.IDLE)
        prompt = self._words.say(view.prompt) if asked and view.cue is None else ""
        lost = view.stage is Stage.ACTIVE and view.person is None
        for lasting, text, kind in (
            (self._request, prompt, Kind.PROMPT),
            (self._lost, self._words.step_in if lost and not prompt else "", Kind.PROMPT),
            (
                self._trouble,
                self._words.say(view.troubles[0].text) if self._unseen and view.troubles else "",
                Kind.TROUBLE,
            ),
        ):
            since = lasting.due(now, text)
            if since is not None:
                yield wanted(kind, since, sentence(self._words.say(text)))


class Lasting:
    """Tells a text once it has stayed the same for long enough, and again while it stays."""

    def __init__(self, settled_s: float, again_after_s: float = math.inf) -> None:
        """There is none.

        Args:
            settled_s: How long it must have stayed.
            again_after_s: When it is told for the second time; the third time takes twice as long.
        """
        self._settled_s, self._again_after_s = settled_s, again_after_s
        self._text = ""
        self._next_s, self._pause_s = math.inf, again_after_s

    def due(self, now: float, text: str) -> float | None:
        """Take the text of the moment; when it became worth telling, if that is now."""
        if text != self._text:
            self._text = text
            self._next_s = now + self._settled_s if text else math.inf
            self._pause_s = self._again_after_s
        if now < self._next_s:
            return None
        due_s, self._next_s = self._next_s, now + self._pause_s
        self._pause_s *= 2
        return due_s
