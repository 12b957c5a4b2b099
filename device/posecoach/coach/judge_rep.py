"""From a finished repetition to what is kept of it: no more points than what was done of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.beside import as_seen
from posecoach.coach.judge import judge
from posecoach.coach.part_of_movement import begun_with, half
from posecoach.coach.progress import Part
from posecoach.coach.rep_verdict import FULL_RANGE, GOOD_REACH, LEAST_REACH, too_little, why_attempt
from posecoach.coach.reps import RepSpan
from posecoach.coach.shortfall import short_fault, shortfall
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.sequence import PoseSequence

Array = NDArray[np.float64]


def judge_rep(
    index: int,
    performed: PoseSequence,
    sides: Sequence[tuple[RepSpan, PoseSequence]],
    asked: Yardstick,
    *,
    first_side: int = 0,
    own: Array | None = None,
    reason: str = "",
) -> Part:
    """Judge a repetition of one side, or of two that follow each other, by the side that lacks most.

    Args:
        index: Its number within the step.
        performed: All of it.
        sides: Where each side was counted, and its samples.
        asked: How the step is measured.
        first_side: The side that was done first, as its number in `turns`.
        own: As in `judge`.
        reason: Why it was only an attempt, where that is known already.
    """
    yardstick = as_seen(performed, begun_with(asked, first_side))
    if yardstick.off_deg:  # what was reached is as far as it looks from there
        sides = [
            (replace(span, best_reach=float(yardstick.reaches(side).max())), side) for span, side in sides
        ]
    halves = [half(yardstick, number) for number in range(len(sides))]
    lacking = [(span, shortfall(side, of), of) for (span, side), of in zip(sides, halves, strict=True)]
    span, short, of = min(lacking, key=lambda each: each[0].best_reach if each[1] is None else each[1].share)
    early = too_little(span, short)
    part = judge(
        index,
        performed,
        yardstick,
        lambda measured, found: reason or why_attempt(span, short, measured, found, asked),
        own=own,
    )
    done = span.best_reach if yardstick.rise else None if short is None else short.share
    if part.score is not None and done is not None:
        # However well the way was kept to: nobody scores more than the share of it that was done.
        part = replace(part, score=min(part.score, 100.0 * _most_of(done, span.best_reach)))
    if part.score is not None and early and not any(fault.phase == "turn" for fault in part.faults):
        told = short_fault(short, span.best_reach, of)
        part = replace(part, faults=(told, *part.faults))
    return part


def _most_of(done: float, reach: float) -> float:
    """The most that a share of the range is worth, 0..1.

    It counts the more the shorter the reach is, all of it where nobody has done the whole: two measures of
    the same, neither exact, and no step between good and short.
    """
    short_of = float(np.clip((GOOD_REACH - reach) / (GOOD_REACH - LEAST_REACH), 0.0, 1.0))
    return 1.0 - short_of * (1.0 - min(done / FULL_RANGE, 1.0))
