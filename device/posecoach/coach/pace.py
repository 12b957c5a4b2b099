"""The pace of a repetition: done in a rush, or stopped on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from posecoach.coach.fault import Change
from posecoach.coach.instruct import turn_in_words
from posecoach.coach.phrase import Phrase
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.sequence import PoseSequence

TOO_FAST: Final = 1.5
"""Times as fast as the reference, or the fastest recording, from which somebody is asked to slow down."""
WHOLE_TOO_FAST: Final = 1.2
"""The same of the whole of it: where only the way is seen to be short, it is seen badly."""
LONG_PAUSE_S: Final = 1.2
"""Longer than the reference at the turning point, from which somebody is asked to keep moving."""
_ON_THE_WAY: Final = 0.3  # of the furthest it goes
_AT_TURN: Final = 0.85
_FAST_WEIGHT: Final = 15.0  # severity of being twice as fast, beside degrees of a limb that matters
_PAUSE_WEIGHT: Final = 6.0  # of every second


def pace_faults(performed: PoseSequence, yardstick: Yardstick) -> Iterator[tuple[Change, str, float]]:
    """What there is to say of the pace: the change, in words, and how severe it is."""
    paused_s = _stayed_s(performed, yardstick) - _stayed_s(yardstick.reference, yardstick)
    wanted_s = yardstick.reference.duration_s
    times = tempo(performed, yardstick, without_s=max(paused_s, 0.0))
    whole = wanted_s / max(performed.duration_s - max(paused_s, 0.0), 0.1)
    fastest = yardstick.fastest
    if times >= TOO_FAST * fastest and whole >= WHOLE_TOO_FAST * fastest:
        wanted, taken = f"{wanted_s:.0f}", f"{wanted_s / times:.1f}"
        text = Phrase("slow down: take {wanted} seconds, not {taken}", wanted=wanted, taken=taken)
        yield Change.SLOWER, text, _FAST_WEIGHT * (times - 1.0)
    if paused_s >= LONG_PAUSE_S:
        text = Phrase(
            "keep moving: you stopped for {n} seconds {where}",
            n=f"{paused_s:.0f}",
            where=turn_in_words(yardstick),
        )
        yield Change.KEEP_MOVING, text, _PAUSE_WEIGHT * paused_s


def tempo(performed: PoseSequence, yardstick: Yardstick, *, without_s: float = 0.0) -> float:
    """How many times as fast as the reference a repetition was.

    Both are timed while they are well on their way: where a rest ends and a movement begins is seen
    differently every time.
    """
    return _under_way_s(yardstick.reference, yardstick) / max(
        _under_way_s(performed, yardstick) - without_s, 0.1
    )


def _under_way_s(sequence: PoseSequence, yardstick: Yardstick) -> float:
    reach = yardstick.reaches(sequence)
    on_the_way = np.flatnonzero(reach >= _ON_THE_WAY * reach.max())
    if len(on_the_way) == 0:  # by somebody whose own posture is below the reference's
        return sequence.duration_s
    return float(sequence.at_s[on_the_way[-1]] - sequence.at_s[on_the_way[0]])


def _stayed_s(sequence: PoseSequence, yardstick: Yardstick) -> float:
    """How long it stays near the furthest it goes."""
    reach = yardstick.reaches(sequence)
    there = reach >= _AT_TURN * reach.max()
    steps_s = np.diff(sequence.at_s)
    return float(steps_s[there[1:] & there[:-1]].sum())
