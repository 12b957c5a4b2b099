"""What can be heard: words or a short sign, why, and until when it is worth hearing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WITHIN_S: Final = 0.7
"""The longest that anything is heard after its cause; what cannot be in time is not said at all."""


class Earcon(StrEnum):
    """A short sign, told from the others by its shape as well as by its pitch."""

    READY = "ready"  # seen well: the countdown begins
    START = "start"  # go
    GOOD = "good"  # a repetition, hold or flow that was a good one
    ATTEMPT = "attempt"  # one that was not
    UNJUDGED = "unjudged"  # one that could not be judged
    HOLD_STARTED = "hold_started"  # the clock of a hold runs
    HOLD_LEFT = "hold_left"  # it has stopped before its time
    FINISHED = "finished"  # the session is over


class Kind(StrEnum):
    """What an utterance is for; `RULES` say what follows from it."""

    SIGN = "sign"  # an earcon: heard beside words
    COUNTDOWN = "countdown"
    SUMMARY = "summary"
    STEP = "step"  # what is to be done next
    CUE = "cue"  # what to change
    PRAISE = "praise"
    TROUBLE = "trouble"  # what is wrong with the box
    COUNT = "count"
    PROMPT = "prompt"  # what to do to get on
    INSTRUCTION = "instruction"  # how a routine is done


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something worth hearing: words or a sign, never both.

    Attributes:
        kind: What it is for.
        cause_s: When what it tells has happened, session seconds.
        text: The words; empty of a sign.
        earcon: The sign; `None` of words.
        within_s: How long after its cause it is worth hearing.
    """

    kind: Kind
    cause_s: float
    text: str = ""
    earcon: Earcon | None = None
    within_s: float = WITHIN_S

    def __post_init__(self) -> None:
        if bool(self.text) == (self.earcon is not None):
            raise ValueError(f"expected words or a sign, got {self.text!r} and {self.earcon}")
        if (self.kind is Kind.SIGN) != (self.earcon is not None):
            raise ValueError(
                f"expected kind sign of a sign alone, got {self.kind} for {self.text or self.earcon}"
            )
        if not 0.0 <= self.within_s <= WITHIN_S:
            raise ValueError(f"expected 0 to {WITHIN_S} s after its cause, got {self.within_s}")

    @property
    def latest_s(self) -> float:
        """The latest time at which it may begin."""
        return self.cause_s + self.within_s


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance that begins.

    Attributes:
        utterance: What.
        at_s: When, session seconds.
        ducked: Whether it is a sign that sounds while somebody speaks: more quietly then.
    """

    utterance: Utterance
    at_s: float
    ducked: bool = False

    @property
    def late_s(self) -> float:
        """How long after its cause."""
        return self.at_s - self.utterance.cause_s

    @property
    def spare_s(self) -> float:
        """How much later it may begin, if whoever speaks needs time to get ready."""
        return max(self.utterance.latest_s - self.at_s, 0.0)


class Reason(StrEnum):
    """Why something is not said."""

    LATE = "late"  # there was no room in time
    SUPERSEDED = "superseded"  # something newer of its kind has come
    REPEATED = "repeated"  # it was said a moment ago


@dataclass(frozen=True, slots=True)
class Dropped:
    """An utterance that is not said.

    Attributes:
        utterance: What.
        at_s: When that was decided, session seconds.
        reason: Why.
    """

    utterance: Utterance
    at_s: float
    reason: Reason


_SECONDS_A_LETTER: Final = 0.057
_SECONDS_A_STOP: Final = 0.25
_SIGN_S: Final = 0.12
"""Of every sign: words wait for so long, and may begin while it dies away."""
_NUMBER: Final = re.compile(r"\d+")


def usual_length_s(utterance: Utterance) -> float:
    """How long an utterance usually lasts, for whoever has no sound of it to measure."""
    text = utterance.text
    if not text:
        return _SIGN_S
    numbers_s = sum(_usual_number_s(int(number[:6])) for number in _NUMBER.findall(text))
    stops = sum(letter in ".:;!?" for letter in text[:-1])
    letters = sum(letter.isalpha() for letter in text) + text.count(" ")
    return numbers_s + stops * _SECONDS_A_STOP + letters * _SECONDS_A_LETTER


def _usual_number_s(number: int) -> float:
    """In words: two for 27, one for 20."""
    hundreds, rest = divmod(number, 100)
    words_s = 0.37 if rest <= 12 else 0.53 if rest < 20 or rest % 10 == 0 else 0.76
    return words_s + (0.35 if hundreds else 0.0)
