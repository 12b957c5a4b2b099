"""A motion as a few postures at their times, with the body easing from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.view import StepKind
from posecoach.synthetic.angles import as_row
from posecoach.synthetic.body import Body
from posecoach.synthetic.kinematics import Stance, posture

Array = NDArray[np.float64]

STANDING: Final = Stance()


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """One cycle of a movement.

    Attributes:
        name: Its name in options and file names.
        title: In words.
        kind: Whether it is repeated, held, or done once.
        times_s: ``(keys,)`` rising from 0; the last is the length of a cycle.
        rows: ``(keys, 34)`` the posture at each time; the last is the first.
        turning_s: When it is furthest from its start; the middle of the first time it stays there.
        stance: Where the feet stand.
    """

    name: str
    title: str
    kind: StepKind
    times_s: Array = field(repr=False)
    rows: Array = field(repr=False)
    turning_s: float = 0.0
    stance: Stance = STANDING

    @classmethod
    def of(
        cls,
        name: str,
        kind: StepKind,
        keys: list[tuple[float, Mapping[str, float]]],
        *,
        rest: Mapping[str, float] | None = None,
        stance: Stance = STANDING,
    ) -> Motion:
        """Author a motion.

        Args:
            name: Words with underscores between.
            kind: How it is counted.
            keys: At how many seconds which angles, by name, see `angles`; ``both_...`` is left and
                right. What is not named is as in `rest`. The first is at 0; the last gives the length and
                has no angles: it is the first again.
            rest: Angles of all keys, over those of standing at ease.
            stance: Where the feet stand.
        """
        start = dict(rest or {})
        times_s = np.array([at for at, _ in keys])
        rows = np.stack([as_row({**start, **angles}) for _, angles in keys])
        rows[-1] = rows[0]
        if times_s[0] != 0 or not (np.diff(times_s) > 0).all():
            raise ValueError(f"the times of {name} must rise from 0, got {times_s.tolist()}")
        away = np.abs(rows - rows[0]).sum(axis=1)
        first = last = int(np.argmax(away >= away.max() - 1e-9))
        while away[last + 1] >= away.max() - 1e-9:  # it stays there; another such place later is another
            last += 1
        turning_s = float(times_s[first : last + 1].mean())
        return cls(name, name.replace("_", " ").capitalize(), kind, times_s, rows, turning_s, stance)

    @property
    def period_s(self) -> float:
        """Length of one cycle."""
        return float(self.times_s[-1])

    @property
    def start(self) -> Array:
        """``(34,)`` the posture it begins and ends with."""
        return np.asarray(self.rows[0])

    @property
    def half_s(self) -> float:
        """When it is back at its start for the first time: of a motion that turns once, its end."""
        rests = [
            float(at) for at, row in zip(self.times_s, self.rows, strict=True) if (row == self.start).all()
        ]
        return next(at for at in rests if at > self.turning_s)

    def reached_s(self, share: float) -> float:
        """When it has gone a share of the way to its turning point, by the joint that goes furthest."""
        at_s = np.linspace(0.0, self.turning_s, 200)
        origins = posture(Body.average(), self.angles(at_s), self.stance).origins  # (time, 17, 3)
        way = np.sqrt(((origins - origins[0]) ** 2).sum(axis=-1))
        done = way[:, int(np.argmax(way[-1]))] / float(way[-1].max())
        return float(at_s[int(np.argmax(done > min(share, 1.0) - 1e-9))])

    def angles(self, at_s: Array) -> Array:
        """``(time, 34)`` at times within a cycle; before and after it, its start."""
        at_s = np.clip(np.asarray(at_s, dtype=np.float64), 0.0, self.period_s)
        key = np.clip(np.searchsorted(self.times_s, at_s, side="right") - 1, 0, len(self.times_s) - 2)
        share = (at_s - self.times_s[key]) / (self.times_s[key + 1] - self.times_s[key])
        eased = eased_share(share)[:, None]
        return np.asarray(self.rows[key] * (1.0 - eased) + self.rows[key + 1] * eased)


def eased_share(share: Array) -> Array:
    """0..1 to 0..1 as a reaching hand goes: least jerk (Flash & Hogan, J. Neuroscience 5 (1985) 1688)."""
    share = np.clip(share, 0.0, 1.0)
    return np.asarray(share**3 * (10.0 - 15.0 * share + 6.0 * share**2))
