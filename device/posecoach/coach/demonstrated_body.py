"""A demonstrated body as lines: what matters stands out, and how far off is still perfect lies behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.demonstrated import FAR_SIDE, SEEN, Demonstrated
from posecoach.coach.routine import View
from posecoach.coach.scene import Ink, Point
from posecoach.skeleton import LIMB_KEYPOINTS, Keypoint, Limb

Array = NDArray[np.float64]

MATTERS: Final = 0.5
"""Emphasis from which a limb stands out."""
WIDTH: Final = 0.13
"""Of a limb, in torso lengths."""
HEAD_RADIUS: Final = 0.21
AS_LONG: Final = 1.5
"""Times as long as its twin that a bone may be in the picture."""

_K = Keypoint
_CHAINS: Final[dict[Limb, tuple[Keypoint, ...]]] = {
    Limb.LEFT_LEG: (_K.LEFT_HIP, _K.LEFT_KNEE, _K.LEFT_ANKLE),
    Limb.RIGHT_LEG: (_K.RIGHT_HIP, _K.RIGHT_KNEE, _K.RIGHT_ANKLE),
    Limb.LEFT_ARM: (_K.LEFT_SHOULDER, _K.LEFT_ELBOW, _K.LEFT_WRIST),
    Limb.RIGHT_ARM: (_K.RIGHT_SHOULDER, _K.RIGHT_ELBOW, _K.RIGHT_WRIST),
}
_TRUNK: Final = (_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER, _K.RIGHT_HIP, _K.LEFT_HIP, _K.LEFT_SHOULDER)


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One line of a body; `width` in torso lengths, a dot where there is one point only."""

    points: tuple[Point, ...]
    width: float
    ink: Ink


def body_lines(shown: Demonstrated, xy: Array, weights: Array) -> Iterator[BodyLine]:
    """The lines of one pose in torso lengths, the furthest back first.

    Args:
        shown: What is demonstrated.
        xy: ``(17, 2)``.
        weights: ``(17,)``; what is not seen is left out.
    """
    rules, trunk_ink = shown.step.limbs, _ink(shown.step.limbs[Limb.TRUNK].emphasis)

    def points(chain: tuple[Keypoint, ...]) -> tuple[Point, ...]:
        return tuple((float(xy[k, 0]), float(xy[k, 1])) for k in chain if weights[k] >= SEEN)

    def middle(pair: tuple[Keypoint, ...]) -> tuple[Point, ...]:
        ends = points(pair)
        return tuple(_between(ends) for _ in ends[:1])

    far = [limb for limb in _CHAINS if limb.startswith(FAR_SIDE[shown.view])]
    near = [limb for limb in _CHAINS if limb not in far]
    for limb in near:
        if rules[limb].emphasis >= MATTERS and len(line := points(_CHAINS[limb])) > 1:
            yield BodyLine(line, WIDTH + 2 * rules[limb].tolerance, Ink.TRACK)
    for limb in far:
        if _likely(xy, limb):
            chain = tuple((float(xy[k, 0]), float(xy[k, 1])) for k in _CHAINS[limb])
            yield BodyLine(chain, 0.8 * WIDTH, Ink.FAINT)
    shoulders, hips = middle(_TRUNK[:2]), middle(_TRUNK[2:4])
    head = points(LIMB_KEYPOINTS[Limb.HEAD])
    if shoulders and head:
        yield BodyLine((*shoulders, _between(head)), 0.8 * WIDTH, trunk_ink)
    if shown.view is View.FRONT and len(trunk := points(_TRUNK)) > 1:
        yield BodyLine(trunk, WIDTH, trunk_ink)
    elif shoulders and hips:
        yield BodyLine((*shoulders, *hips), 1.6 * WIDTH, trunk_ink)
    if head:
        yield BodyLine((_between(head),), 2 * HEAD_RADIUS, _ink(rules[Limb.HEAD].emphasis))
    for limb in near:
        if len(line := points(_CHAINS[limb])) > 1:
            wide = 1.25 if rules[limb].emphasis >= MATTERS else 1.0
            yield BodyLine(line, wide * WIDTH, _ink(rules[limb].emphasis))


def _likely(xy: Array, limb: Limb) -> bool:
    """Whether a limb that the body hides may be where it is said to be: it is as long as the other one."""
    own, twin = (np.diff(xy[list(_CHAINS[each])], axis=0) for each in (limb, limb.twin))
    times = np.hypot(*own.T) / np.maximum(np.hypot(*twin.T), 1e-6)
    return bool((times >= 1 / AS_LONG).all() and (times <= AS_LONG).all())


def _between(points: tuple[Point, ...]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _ink(emphasis: float) -> Ink:
    return Ink.GOOD if emphasis >= MATTERS else Ink.UNKNOWN
