"""How far off a performance is, in degrees, in each phase of a repetition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.gauges import compared_deg, gauge_trust
from posecoach.coach.measure import Measure
from posecoach.coach.view import StepKind
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.sequence import PoseSequence

Array = NDArray[np.float64]

TURN_SHARE: Final = 0.85
"""Share of the way to the turning point, from which a pose belongs to the turn."""
FURTHEST: Final = 0.95
"""Share of its own way from which a performance, or its reference, is where it turns."""
_START_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """One phase of a performance beside the same of its reference.

    Attributes:
        phase: ``start``, ``out``, ``turn`` or ``back``; ``hold`` in a held pose.
        off_deg: ``(9,)`` of each gauge, performed less wanted, on average.
        wanted_deg: ``(9,)`` what was wanted, likewise.
        trust: ``(9,)`` how well both were seen, in [0, 1].
    """

    phase: str
    off_deg: Array
    wanted_deg: Array
    trust: Array


def stretches(performed: PoseSequence, measured: Measure, yardstick: Yardstick) -> Iterator[Stretch]:
    """The phases of a measured performance, the turning points first.

    Poses are compared as the warping path pairs them, but at the turning point of a cycle: there the path
    would pair a limb that stays below it with the way there, and forgive what it lacks. Where each turns is
    compared.
    """
    wanted, done = compared_deg(yardstick.reference, yardstick), compared_deg(performed, yardstick)
    wanted_trust, trust = gauge_trust(yardstick.reference, yardstick), gauge_trust(performed, yardstick)
    query, reference = measured.query, measured.reference

    def paired(phase: str, pairs: NDArray[np.bool_]) -> Stretch:
        both = trust[query[pairs]] * wanted_trust[reference[pairs]]
        there = wanted[reference[pairs]]
        off = done[query[pairs]] - there
        return Stretch(phase, _mean(off, both), _mean(there, both), both.mean(axis=0))

    if yardstick.kind is StepKind.HOLD:
        yield paired("hold", np.ones(len(reference), dtype=bool))
        return
    reach, own = yardstick.reaches(yardstick.reference), yardstick.reaches(performed)
    here = reach[reference]
    at_turn, at_start = here >= TURN_SHARE, here <= _START_SHARE
    between = ~at_turn & ~at_start
    for number, turn in enumerate(yardstick.turns):
        part = (reference >= yardstick.middle) == bool(number)
        before = reference <= turn
        if yardstick.kind is StepKind.FLOW:
            if (at_turn & part).any():
                yield paired("turn", at_turn & part)
        elif (at_turn & part).any():
            there = _furthest(reach, np.unique(reference[part]))
            gone = _furthest(own, np.unique(query[part]))
            at_there, at_gone = _mean(wanted[there], wanted_trust[there]), _mean(done[gone], trust[gone])
            seen = wanted_trust[there].mean(axis=0) * trust[gone].mean(axis=0)
            yield Stretch("turn", at_gone - at_there, at_there, seen)
        for phase, pairs in (("out", before & between & part), ("back", ~before & between & part)):
            if pairs.any():
                yield paired(phase, pairs)
    if at_start.any():
        yield paired("start", at_start)


def _furthest(reach: Array, among: NDArray[np.intp]) -> NDArray[np.intp]:
    """The poses at which the reach is nearly as far as it comes."""
    most = float(reach[among].max())
    return np.asarray(among[reach[among] >= min(FURTHEST * most, most)])


def _mean(values: Array, weights: Array) -> Array:
    """``(9,)`` weighted means over time; 0 where nothing was seen."""
    total = weights.sum(axis=0)
    mean = np.divide((values * weights).sum(axis=0), total, out=np.zeros(values.shape[1]), where=total > 0)
    return np.asarray(mean)
