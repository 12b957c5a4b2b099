"""Who speaks when: one voice, never two at once, nothing late."""

from __future__ import annotations

from collections.abc import Callable

from posecoach.coach.speaking_rules import BREATH_S, LONGEST_AGAIN_S, RULES, TURN_S, Rule
from posecoach.coach.utterance import Dropped, Kind, Reason, Said, Utterance, usual_length_s

Decision = Said | Dropped


class Floor:
    """Decides what of all that is worth hearing is said, and when.

    Pure but for its own state: time comes in as an argument and never goes back.
    """

    def __init__(self, length_s: Callable[[Utterance], float] = usual_length_s) -> None:
        """Nobody speaks.

        Args:
            length_s: How long an utterance lasts. Asked again while it is being said: whoever speaks may
                know better then.
        """
        self._length_s = length_s
        self._waiting: list[Utterance] = []
        self._speaking: Said | None = None  # last, in words; over by now, it may be
        self._sign: Said | None = None
        self._said_at: dict[tuple[Kind, str], float] = {}

    def until_s(self) -> float:
        """When what was said last is over."""
        return self._end_s(self._speaking)

    def want(self, utterance: Utterance) -> None:
        """Have something said, if there is room for it in time."""
        self._waiting.append(utterance)

    def decide(self, now: float) -> list[Decision]:
        """What begins now, and what will not be said any more; at most one in words, and one sign."""
        decisions: list[Decision] = [*self._superseded(now), *self._hopeless(now)]
        decisions += self._signs(now)
        said = self._words(now)
        if said is not None:
            decisions.append(said)
        return decisions

    def _superseded(self, now: float) -> list[Dropped]:
        """Of what renews itself only the newest is worth hearing."""
        newest = {each.kind: each for each in self._waiting}
        dropped = [
            Dropped(each, now, Reason.SUPERSEDED)
            for each in self._waiting
            if _rule(each).renews and each is not newest[each.kind]
        ]
        self._forget(dropped)
        return dropped

    def _hopeless(self, now: float) -> list[Dropped]:
        """What is late, and what was said a moment ago."""
        dropped = []
        for each in self._waiting:
            if now - self._said_at.get(_content(each), float("-inf")) < _rule(each).again_after_s:
                dropped.append(Dropped(each, now, Reason.REPEATED))
            elif now > each.latest_s:
                dropped.append(Dropped(each, now, Reason.LATE))
        self._forget(dropped)
        return dropped

    def _signs(self, now: float) -> list[Said]:
        sign = next((each for each in self._waiting if each.kind is Kind.SIGN), None)
        if sign is None or now < self._end_s(self._sign):
            return []
        self._sign = self._say(sign, now, ducked=now < self.until_s())
        return [self._sign]

    def _words(self, now: float) -> Said | None:
        waiting = [each for each in self._waiting if each.kind is not Kind.SIGN]
        if not waiting:
            return None
        first = max(waiting, key=lambda each: (_rule(each).priority, -each.cause_s))
        free_s = max(self.until_s() + BREATH_S, now)
        if free_s > now and not self._cuts_off(first, free_s, now):
            return None
        shorts = [each for each in waiting if free_s <= now and self._leads(each, first, now)]
        # A sign is over soon; words wait for it, unless they would be late, or lose their place to others.
        sign_over_s = self._end_s(self._sign)
        if now < sign_over_s <= first.latest_s - TURN_S and all(
            self._leads(each, first, sign_over_s) for each in shorts
        ):
            return None
        self._speaking = self._say(shorts[0] if shorts else first, now)
        return self._speaking

    def _cuts_off(self, utterance: Utterance, free_s: float, now: float) -> bool:
        """Whether something is said although somebody speaks: it is more important, and cannot wait."""
        speaking = self._speaking
        assert speaking is not None
        if now >= self.until_s():  # only drawing breath
            return False
        mine, theirs = _rule(utterance), _rule(speaking.utterance)
        more = mine.priority > theirs.priority or (mine.renews and utterance.kind is speaking.utterance.kind)
        return more and free_s > utterance.latest_s - TURN_S

    def _leads(self, short: Utterance, first: Utterance, now: float) -> bool:
        """Whether something short goes before something more important, which is in time all the same."""
        if short is first or not _rule(short).leads:
            return False
        return now + self._length_s(short) + BREATH_S <= first.latest_s - TURN_S

    def _say(self, utterance: Utterance, now: float, *, ducked: bool = False) -> Said:
        self._waiting.remove(utterance)
        self._said_at = {what: at_s for what, at_s in self._said_at.items() if now - at_s < LONGEST_AGAIN_S}
        self._said_at[_content(utterance)] = now
        return Said(utterance, now, ducked)

    def _end_s(self, said: Said | None) -> float:
        return float("-inf") if said is None else said.at_s + self._length_s(said.utterance)

    def _forget(self, dropped: list[Dropped]) -> None:
        for each in dropped:
            self._waiting.remove(each.utterance)


def _rule(utterance: Utterance) -> Rule:
    return RULES[utterance.kind]


def _content(utterance: Utterance) -> tuple[Kind, str]:
    """What makes two utterances the same to whoever hears them."""
    return utterance.kind, utterance.text or str(utterance.earcon)
