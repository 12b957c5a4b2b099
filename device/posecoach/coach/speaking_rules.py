"""Who may speak, as data: what goes first, what may wait, what cuts off what, what is not said twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from posecoach.coach.utterance import WITHIN_S, Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for utterances of one kind.

    Attributes:
        priority: Who speaks first, and who may cut off whom: what has more cuts off what has less, where it
            would be late otherwise.
        within_s: How long after its cause it is worth hearing.
        renews: Whether a newer one of the kind takes the place of one that is being spoken.
        leads: Whether it goes before something more important, where that is in time all the same.
        again_after_s: The same words are not said again before.
    """

    priority: int
    within_s: float = WITHIN_S
    renews: bool = False
    leads: bool = False
    again_after_s: float = 0.0


RULES: Final[Mapping[Kind, Rule]] = {
    Kind.SIGN: Rule(9, again_after_s=0.3),
    Kind.STEP: Rule(8, renews=True),  # whoever stands ready at once hears what they are to do, and then "2"
    Kind.COUNTDOWN: Rule(7, within_s=0.35, renews=True),
    Kind.SUMMARY: Rule(6, renews=True),
    Kind.CUE: Rule(5, renews=True, again_after_s=6.0),
    Kind.PRAISE: Rule(4, again_after_s=6.0),
    Kind.TROUBLE: Rule(3, renews=True, again_after_s=10.0),
    Kind.COUNT: Rule(2, within_s=0.6, leads=True),
    Kind.PROMPT: Rule(1, renews=True, again_after_s=4.0),
    Kind.INSTRUCTION: Rule(0, again_after_s=10.0),
}

LONGEST_AGAIN_S: Final = max(rule.again_after_s for rule in RULES.values())
BREATH_S: Final = 0.05
"""Between the end of what was said and the beginning of the next."""
TURN_S: Final = 0.04
"""How far apart the moments are at which something can be said: the screen's rate, and a little."""
DUCKED: Final = 0.35
"""How loud a sign is beside words."""
WORDS_VOLUME: Final = 0.8
"""How loud words are: with a sign beside them nothing is clipped."""
