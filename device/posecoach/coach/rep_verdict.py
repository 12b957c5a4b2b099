"""Whether a repetition was all of it, or an attempt, and what was short."""

from __future__ import annotations

from typing import Final

from posecoach.coach.fault import Fault
from posecoach.coach.instruct import turn_in_words
from posecoach.coach.measure import Measure
from posecoach.coach.phrase import Phrase
from posecoach.coach.reps import RepSpan
from posecoach.coach.shortfall import Shortfall
from posecoach.coach.yardstick import Yardstick

GOOD_REACH: Final = 0.8
"""Reach of a full repetition."""
LEAST_REACH: Final = 0.6
"""Reach below which no body, however it is built, has done all of it."""
GOOD_SCORE: Final = 50.0
"""Score of a repetition that counts as one."""
FULL_SCORE: Final = 85.0
"""Score from which somebody whose body goes less far in the picture has done all of it."""
FULL_RANGE: Final = 0.9
"""Share of the reference's range of motion that is all of it."""


def too_little(span: RepSpan, short: Shortfall | None) -> bool:
    """Whether it turned back too early."""
    return span.best_reach < LEAST_REACH or (span.best_reach < GOOD_REACH and (short is None or short.tells))


def too_far(span: RepSpan, short: Shortfall, yardstick: Yardstick) -> bool:
    """Whether it went so far past the turning point that it is as wrong as falling short by as much."""
    further = min(span.best_reach, short.times) > 1.0 / GOOD_REACH
    return not yardstick.rise and further and short.beyond


def why_attempt(
    span: RepSpan, short: Shortfall | None, measured: Measure, found: tuple[Fault, ...], yardstick: Yardstick
) -> str:
    """Why a measured repetition was only an attempt; an empty text if it was good."""
    score = measured.score or 0.0
    if too_little(span, short) and short is not None and short.tells:
        degrees, where = f"{short.degrees:.0f}", turn_in_words(yardstick)
        return Phrase(
            "{joint} {degrees} degrees short {where}", joint=short.name, degrees=degrees, where=where
        )
    if span.best_reach < GOOD_REACH and (yardstick.rise or score < FULL_SCORE):
        return Phrase("only {share} of the way", share=f"{max(span.best_reach, 0.0):.0%}")
    as_recorded = short is not None and short.varies and score >= FULL_SCORE
    if score < GOOD_SCORE or (short is not None and not as_recorded and too_far(span, short, yardstick)):
        return found[0].text if found else Phrase("this was another movement")
    return ""
