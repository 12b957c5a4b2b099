"""How much of what somebody did a candidate explains, limb by limb: the second look before it is believed.

The cost of a path is a mean over the whole body, in which a limb that does something else altogether, or
nothing, is easily lost. Here each part of the body answers for itself, against how this body stood when it
began: that one person's shoulders are broader than another's explains nothing and speaks against nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.candidates import Candidate
from posecoach.coach.view import StepKind
from posecoach.motion.body_vectors import NAMES
from posecoach.motion.warping_path import warping_path

Array = NDArray[np.float64]

SHOWN: Final = 0.02
"""Product of weights from which a part is seen in both."""
QUICKEST: Final = 0.4
"""Share of the reference's time that a performance takes at least."""
START: Final = 0.04
"""Mean square of torso lengths that two bodies differ by who stand alike."""
MOST_LEFT: Final = 0.3
"""Share of the movement that may stay unexplained."""
MOST_LEFT_OF_PART: Final = 0.6
"""The same of each part of the body that does much of it."""
MUCH: Final = 0.15
"""Share of all movement, from which a part answers for itself."""
BACK: Final = 0.5
"""Share of the greatest distance from its start, below which a repetition is on its way back."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What a candidate leaves unexplained.

    Attributes:
        left: Share of the movement, 0 for nothing.
        start_off: Mean square of torso lengths between the starting poses.
        against: The parts of the body that did something else, as `body_vectors.NAMES` calls them.
        back: Whether somebody is on the way back to where they began, or need not be.
        hurried: Whether it went by faster than anybody does it.
    """

    left: float
    start_off: float
    against: tuple[str, ...] = ()
    back: bool = True
    hurried: bool = False

    @property
    def good(self) -> bool:
        """Whether nothing speaks against it."""
        return (
            self.left <= MOST_LEFT
            and self.start_off <= START
            and self.back
            and not (self.against or self.hurried)
        )


def explained(candidate: Candidate, until: int, vectors: Array, known: Array) -> Explained:
    """Compare a performance with the beginning of a candidate.

    Args:
        candidate: What it may have been; not one that is held.
        until: The last sample of its reference that was reached, included.
        vectors: ``(time, 13, 2)`` of the performance, from its first pose on.
        known: ``(time, 13)`` how well each is known.
    """
    wanted, shown = candidate.vectors[: until + 1], candidate.known[: until + 1]
    at_start = known[0] * shown[0]
    off = vectors[0] - wanted[0]
    start_off = float((at_start * _squares(off)).sum()) / max(float(at_start.sum()), 1e-9)
    own = vectors - np.where((at_start > SHOWN)[:, None], off, 0.0)
    path = warping_path(_costs(own, known, wanted, shown))
    paired = known[path.query] * shown[path.reference]  # (pairs, 13)
    left = (paired * _squares(own[path.query] - wanted[path.reference])).sum(axis=0)  # (13,)
    away = _squares(vectors - _first_seen(vectors, known))
    asked = _squares(wanted - _first_seen(wanted, shown))
    moved = np.maximum(*((paired * each).sum(axis=0) for each in (away[path.query], asked[path.reference])))
    total = max(float(moved.sum()), 1e-9)
    wrong = (moved >= MUCH * total) & (left > MOST_LEFT_OF_PART * moved)
    gone = (known * away).sum(axis=-1)
    return Explained(
        left=float(left.sum()) / total,
        start_off=start_off,
        against=tuple(name for name, is_wrong in zip(NAMES, wrong, strict=True) if is_wrong),
        back=candidate.kind is not StepKind.REPS or bool(gone[-1] <= BACK * gone.max()),
        hurried=len(vectors) < QUICKEST * len(wanted),
    )


def _costs(own: Array, known: Array, wanted: Array, shown: Array) -> Array:
    """``(query, reference)`` mean squares, each product of a sum by itself: a few small matrices."""
    total = (known * _squares(own)) @ shown.T + known @ (shown * _squares(wanted)).T
    for axis in (0, 1):
        total -= 2.0 * (known * own[..., axis]) @ (shown * wanted[..., axis]).T
    return np.asarray(np.maximum(total, 0.0) / np.maximum(known @ shown.T, 1e-9))


def _squares(vectors: Array) -> Array:
    # Numpy is slow at summing over an axis of two.
    x, y = vectors[..., 0], vectors[..., 1]
    return np.asarray(x * x + y * y)


def _first_seen(vectors: Array, known: Array) -> Array:
    """``(13, 2)`` each vector where it is seen for the first time."""
    return np.asarray(vectors[(known > SHOWN).argmax(axis=0), np.arange(vectors.shape[1])])
