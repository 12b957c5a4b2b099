"""What somebody has shown: each time that they left the pose they began in, and came back to it.

Nobody has described the movement yet. All that is known is the protocol: somebody stands still, is counted
in, and shows it again and again from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.reps import RepCounter, RepSpan
from posecoach.coach.routine import keypoint_share
from posecoach.motion.floor_level import rises_of
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.resample import SAMPLE_RATE_HZ
from posecoach.skeleton import MIRROR, NUM_KEYPOINTS

Array = NDArray[np.float64]

HOME_S: Final = 0.5
"""How long somebody stands in the pose that they begin in, at least."""
LEAST_MOVEMENT: Final = 0.25
"""Torso lengths that some keypoint must go: a curl of one arm is a movement, a network's noise is none."""
LEAST_RISE: Final = 0.08
"""The same of a body that goes up as a whole, which hardly changes its shape meanwhile."""
LEAST_SEEN: Final = 0.3
"""Mean weight of a keypoint of which it can be told how far it went."""
MOVES_WITH_IT: Final = 0.5
"""Share of the way of the keypoint that goes furthest, from which another belongs to the movement."""
COMPLETE: Final = 0.6
"""Share of how far it goes typically, from which it was the movement, and not something else in between."""
TRIFLING: Final = 0.3
"""Share of the furthest up to which it does not even tell what is typical."""
CAME_BACK: Final = 0.2
"""Share of the way up to which somebody is home again; who turns round before has not ended."""
SHORTEST_S: Final = 0.6
"""Nobody goes there and back in less."""
SAME_PLACE: Final = 0.4
"""Torso lengths from where somebody stood, up to which they have come back to it."""
SAME_SIZE: Final = 0.3
"""And the share by which they may be larger or smaller in the picture: nearer, or further away. Raised arms
lift the shoulders, and with them what is taken for size."""
ALIKE: Final = 0.7
"""Difference of two turning poses, as a share of their way from home, up to which they are the same."""
STAYS: Final = 0.8
"""Share of the furthest, from which somebody who holds a pose is in it."""
_SOON: Final = 8
"""Samples that are enough to know how somebody stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Excursion:
    """Once away from home and back.

    Attributes:
        start, turn, end: Numbers of samples: the last at home before it, the furthest, the first at home.
        way: ``(17, 2)`` by how much each keypoint was displaced at the turn.
        rise: How much the whole body had risen then, in torso lengths.
        stay: First and last sample of the longest time near its furthest.
        path: ``(time, 17, 2)`` displacements from its start to its end.
        rises: ``(time,)`` likewise.
    """

    start: int
    turn: int
    end: int
    way: Array
    rise: float
    stay: tuple[int, int]
    path: Array
    rises: Array

    def alike(self, other: Excursion) -> bool:
        """Whether each came by where the other went furthest: of two sides either may be further."""
        return self._comes_by(other) and other._comes_by(self)

    def _comes_by(self, other: Excursion) -> bool:
        return bool((_apart(_pose(other.way, other.rise), _poses(self.path, self.rises)) <= ALIKE).any())

    def mirrors(self, other: Excursion) -> bool:
        """Whether one is the other done with the other side, seen from the front or from beside."""
        turned = other.way[MIRROR]
        ways = np.stack([turned * (-1.0, 1.0), turned])
        poses = _poses(ways, np.full(2, other.rise))
        return bool((_apart(_pose(self.way, self.rise), poses) <= ALIKE).any())


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What was found in a recording.

    Attributes:
        excursions: In their order.
        furthest: How far the keypoint that goes furthest went from home, in torso lengths.
        risen: How far the whole body rose.
        away: ``(time,)`` whether somebody was away from home.
        elsewhere: Share of the time that they stood somewhere else in the room.
    """

    excursions: tuple[Excursion, ...]
    furthest: float
    risen: float
    away: NDArray[np.bool_]
    elsewhere: float

    @property
    def moved(self) -> bool:
        """Whether there was any movement."""
        return self.furthest >= LEAST_MOVEMENT or self.risen >= LEAST_RISE


def shown_in(samples: Sequence[NormalisedPose], rises: Array | None = None) -> Shown:
    """Find every time away from home in the samples of one person; the first are at home.

    Args:
        samples: At the common rate.
        rises: ``(time,)`` of each, as `rises_of` gives it, for whoever has it already.
    """
    if len(samples) < _SOON:
        return Shown((), 0.0, 0.0, np.zeros(len(samples), dtype=bool), 0.0)
    xy, weights = np.stack([each.xy for each in samples]), np.stack([each.weights for each in samples])
    first = slice(0, max(round(HOME_S * SAMPLE_RATE_HZ), 3))
    home = np.median(xy[first], axis=0)
    known = np.minimum(weights, weights[first].mean(axis=0)) * (keypoint_share() >= 1.0)
    away = np.where(known >= LEAST_SEEN, np.hypot(*np.moveaxis(xy - home, -1, 0)), 0.0)  # (time, 17)
    far = np.percentile(away, 98, axis=0) * (known.mean(axis=0) >= LEAST_SEEN)
    rises = rises_of(samples) if rises is None else rises
    furthest, risen = float(far.max()), float(np.percentile(rises, 98))
    gone = (away.max(axis=1) > LEAST_MOVEMENT) | (rises > 0.5 * LEAST_RISE)
    stands = _stands(samples, samples[: first.stop])
    elsewhere = 1.0 - float(stands.mean())
    if furthest < LEAST_MOVEMENT and risen < LEAST_RISE:
        return Shown((), furthest, risen, gone, elsewhere)
    if risen >= LEAST_RISE and furthest < max(LEAST_MOVEMENT, 2.0 * risen):
        reach = rises / risen
    else:
        moves = far >= MOVES_WITH_IT * furthest
        reach = np.average(away[:, moves] / far[moves], axis=1, weights=known[:, moves] + 1e-9)
        reach = reach / max(float(np.percentile(reach, 98)), 1e-9)
    counter = RepCounter()
    found = [counter.push(number, float(value)) for number, value in enumerate(reach)]
    spans = _joined([span for span in (*found, counter.close()) if span is not None], reach)
    far_enough = COMPLETE * _typical([span.best_reach for span in spans])
    excursions = tuple(
        Excursion(
            span.start,
            span.turn,
            span.end,
            np.median(xy[max(span.turn - 1, 0) : span.turn + 2], axis=0) - home,
            float(rises[span.turn]),
            _stay(reach, span.start, span.turn, span.end),
            xy[span.start : span.end + 1] - home,
            rises[span.start : span.end + 1],
        )
        for span in spans
        if span.best_reach >= far_enough
        and span.end - span.start >= SHORTEST_S * SAMPLE_RATE_HZ
        and stands[max(span.start - _SOON, 0) : span.start + 1].any()
        and stands[span.end : span.end + _SOON].any()
    )
    return Shown(excursions, furthest, risen, gone, elsewhere)


class Home:
    """The pose that somebody begins in, and where they stand in it."""

    def __init__(self, samples: Sequence[NormalisedPose]) -> None:
        """Take the first samples, at least one."""
        self._samples = samples
        self._xy = np.median([each.xy for each in samples], axis=0)
        self._known = np.mean([each.weights for each in samples], axis=0) * (keypoint_share() >= 1.0)

    def away(self, sample: NormalisedPose) -> float:
        """How far from there the keypoint is that is furthest, in torso lengths."""
        seen = np.minimum(sample.weights, self._known) >= LEAST_SEEN
        return float((np.hypot(*(sample.xy - self._xy).T) * seen).max())

    def holds(self, sample: NormalisedPose, rise: float) -> bool:
        """Whether somebody is in it, and where they were; `rise` is how far the whole body is above it."""
        near = self.away(sample) <= LEAST_MOVEMENT and rise <= 0.5 * LEAST_RISE
        return near and bool(_stands([sample], self._samples)[0])


def _joined(spans: Sequence[RepSpan], reach: Array) -> list[RepSpan]:
    """The times away, those joined between which somebody was not home."""
    joined: list[RepSpan] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is None or last.end != span.start or reach[span.start] <= CAME_BACK:
            joined.append(span)
            continue
        further = max(last, span, key=lambda each: each.best_reach)
        joined[-1] = RepSpan(last.start, further.turn, span.end, further.best_reach)
    return joined


def _typical(reaches: Sequence[float]) -> float:
    most = max(reaches, default=0.0)
    return float(np.median([each for each in reaches if each >= TRIFLING * most])) if reaches else 0.0


def _stands(samples: Sequence[NormalisedPose], home: Sequence[NormalisedPose]) -> NDArray[np.bool_]:
    """``(time,)`` whether somebody stands where they did at first."""
    x = float(np.median([each.origin_xy[0] for each in home]))
    torso_px = float(np.median([each.torso_px for each in home]))
    aside = np.array([abs(each.origin_xy[0] - x) for each in samples])
    size = np.array([abs(each.torso_px - torso_px) for each in samples])
    return np.asarray((aside <= SAME_PLACE * torso_px) & (size <= SAME_SIZE * torso_px))


def _stay(reach: Array, start: int, turn: int, end: int) -> tuple[int, int]:
    """First and last sample around the turn in which it is as far, but for moments."""
    near = reach[start : end + 1] >= STAYS * reach[turn]
    first = last = turn - start
    while first > 0 and near[max(first - 2, 0) : first].any():
        first -= 1
    while last < end - start and near[last + 1 : last + 3].any():
        last += 1
    return start + first, start + last


def _pose(way: Array, rise: float) -> Array:
    """``(35,)`` a displaced pose as one column of numbers; a rise counts as that of every keypoint."""
    return np.asarray(_poses(way[None], np.array([rise]))[0])


def _poses(ways: Array, rises: Array) -> Array:
    """``(time, 35)`` the same of many."""
    return np.column_stack([ways.reshape(len(ways), -1), NUM_KEYPOINTS**0.5 * rises])


def _apart(one: Array, others: Array) -> Array:
    """``(time,)`` how different displaced poses are from one, as a share of how far they are from home."""
    size = np.maximum(np.linalg.norm(others, axis=1), max(float(np.linalg.norm(one)), 1e-9))
    return np.asarray(np.linalg.norm(others - one, axis=1) / size)
