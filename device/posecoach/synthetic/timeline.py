"""When a performance does what: its repetitions, their tempo, and where they go wrong in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.faults import Fault, FaultKind
from posecoach.synthetic.motion import Motion, eased_share

Array = NDArray[np.float64]

_RAMP_S: Final = 0.4
_EDGE: Final = 0.22
"""Share of a repetition in which a fault comes, and goes."""


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition as it will be done.

    Attributes:
        number: From 1.
        start_s, end_s: When; a pause included.
        tempo: How many times as long as the motion's own cycle, the pause aside.
        pause_s: How long it stays at the turning point.
        skipped: Whether nothing is done in its time.
        back_s: Where in the motion it turns back early; `None` where it goes all the way.
        stop: Share of the way to the turning point where it ends for good; `None` where it goes on.
    """

    number: int
    start_s: float
    end_s: float
    tempo: float
    pause_s: float = 0.0
    skipped: bool = False
    stop: float | None = None
    back_s: float | None = None


class Timeline:
    """The repetitions of a performance, one after another."""

    def __init__(
        self,
        motion: Motion,
        reps: int,
        faults: Sequence[Fault],
        *,
        start_s: float,
        tempos: Sequence[float],
        rests_s: Sequence[float],
    ) -> None:
        """Plan a performance.

        Args:
            motion: What is repeated.
            reps: How often.
            faults: Those of time are used: fast, pause, skip, stop, early.
            start_s: When the first begins.
            tempos: Of each repetition.
            rests_s: The rest after each.
        """
        self._motion = motion
        self.reps: list[Rep] = []
        at = start_s
        for number in range(1, reps + 1):
            tempo, pause_s, skipped, stop, back_s = tempos[number - 1], 0.0, False, None, None
            for fault in faults:
                if not fault.in_rep(number):
                    continue
                if fault.kind is FaultKind.FAST:
                    tempo /= fault.amount
                elif fault.kind is FaultKind.PAUSE:
                    pause_s += fault.amount
                elif fault.kind is FaultKind.SKIP:
                    skipped = True
                elif fault.kind is FaultKind.EARLY:
                    back_s = motion.reached_s(1.0 - fault.amount)
                elif fault.kind is FaultKind.STOP and not any(rep.stop is not None for rep in self.reps):
                    stop = fault.amount
            end = at + motion.period_s * tempo + pause_s
            self.reps.append(Rep(number, at, end, tempo, pause_s, skipped, stop, back_s))
            at = end + rests_s[number - 1]
        self.end_s = self.reps[-1].end_s

    def motion_time(self, at_s: Array) -> Array:
        """``(time,)`` where in the motion's cycle the performance is, in the motion's own seconds."""
        place = np.zeros(len(at_s))
        turning_s = self._motion.turning_s
        for rep in self.reps:
            now = (at_s >= rep.start_s) & (at_s < rep.end_s)
            if rep.stop is not None:
                now = at_s >= rep.start_s
            if rep.skipped or not now.any():
                continue
            since = at_s[now] - rep.start_s
            turn_s = turning_s * rep.tempo
            since = np.where(since < turn_s, since, np.maximum(since - rep.pause_s, turn_s)) / rep.tempo
            if rep.stop is not None:
                since = np.minimum(since, rep.stop * turning_s)
            if rep.back_s is not None:  # the same way back: up to there, and down again
                since = self._back_early(since, rep.back_s)
            place[now] = since
            if rep.stop is not None:
                break
        return place

    def _back_early(self, since_s: Array, back_s: float) -> Array:
        """The same way back from there; and once more on the other side, of a motion that has two."""
        period_s, half_s = self._motion.period_s, self._motion.half_s
        if half_s > 0.75 * period_s:
            half_s = period_s
        second = since_s >= half_s
        along_s, length_s = (
            np.where(second, since_s - half_s, since_s),
            np.where(second, period_s - half_s, half_s),
        )
        share = 2.0 * np.minimum(along_s, length_s - along_s) / length_s
        return np.asarray(np.where(second, half_s, 0.0) + back_s * eased_share(share))

    def number(self, at_s: Array) -> NDArray[np.intp]:
        """``(time,)`` which repetition is under way, from 1; 0 between them."""
        number = np.zeros(len(at_s), dtype=np.intp)
        for rep in self.reps:
            number[(at_s >= rep.start_s) & (at_s < rep.end_s)] = rep.number
        return number

    def activity(self, at_s: Array) -> Array:
        """``(time,)`` 0 at the ends of repetitions and between them, 1 well inside them."""
        return self._within(at_s, [rep.number for rep in self.reps])

    def strength(self, at_s: Array, fault: Fault) -> Array:
        """``(time,)`` how much of a fault there is, 0..1: it comes and goes without a jump."""
        if fault.seconds is not None:
            begin, end = fault.seconds
            leaving = np.zeros(len(at_s)) if np.isinf(end) else eased_share((at_s - end) / _RAMP_S + 1.0)
            return np.asarray(eased_share((at_s - begin) / _RAMP_S) * (1.0 - leaving))
        if fault.kind in {FaultKind.SHALLOW, FaultKind.ASYMMETRY}:  # nothing of the motion is nothing less
            number = self.number(at_s)
            if any(rep.stop is not None for rep in self.reps):
                number = np.maximum.accumulate(number)
            return np.array([float(rep > 0 and fault.in_rep(int(rep))) for rep in number])
        if fault.reps is None:
            return np.ones(len(at_s))
        return self._within(at_s, [rep.number for rep in self.reps if fault.in_rep(rep.number)])

    def _within(self, at_s: Array, numbers: list[int]) -> Array:
        strength = np.zeros(len(at_s))
        for rep in self.reps:
            if rep.number in numbers:
                share = (at_s - rep.start_s) / (rep.end_s - rep.start_s)
                strength += eased_share(share / _EDGE) * eased_share((1.0 - share) / _EDGE)
        return strength
