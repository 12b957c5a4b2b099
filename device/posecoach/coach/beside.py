"""Somebody who stands a little beside the recorded view: how far, and whether that can be judged fairly."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.around import BODY, turned
from posecoach.coach.measure import BAND_SHARE
from posecoach.coach.phrase import Phrase
from posecoach.coach.routine import View
from posecoach.coach.yardstick import Yardstick
from posecoach.motion.local_cost import cost_matrix
from posecoach.motion.normalise import NormalisedPose
from posecoach.motion.pose_distance import pose_distances, weighted_mean
from posecoach.motion.sequence import PoseSequence, sequence_of
from posecoach.motion.warping_path import warping_path

Array = NDArray[np.float64]

LEAST_OFF_DEG: Final = 7.0
"""Up to so many degrees a body may be built or stand as if turned: it is compared as it is."""
MOST_OFF_DEG: Final = 38.0
"""From there on nobody is judged: half way to the next view, less what the estimate is wrong by."""
BESIDE_DEG: Final = 60.0
"""Further than this it is another view."""
LITTLE_DEPTH: Final = 0.002
"""Square of the depth, in torso lengths, of a body that is taken to stand as recorded unless more tells."""
NARROW: Final = 0.75
"""Share of its breadth from the front, from which a body is rather turned than slender."""
TURNED_DEG: Final = 12.0
"""If it is also turned by so much at least, by what lies along the line of sight."""
ROUNDS: Final = 2
"""Which poses belong together is found out so many times again: at first the reference is not turned yet."""
SETTLED_DEG: Final = 3.0
"""A change of the angle that makes no difference to that."""
EXPLAINED: Final = 0.9
"""Share of the distance that must be left at most, for somebody to be taken to be turned."""


@lru_cache(maxsize=4)  # asked for when it is told from other movements, and when it is judged
def as_seen(performed: PoseSequence, yardstick: Yardstick) -> Yardstick:
    """The yardstick of somebody who stands beside the recorded view, as far as they do.

    The same one where they do not, or the routine does not know what it looks like from there.
    """
    wanted = yardstick.reference
    if wanted.around is None:
        return yardstick
    found_deg, turned_by_deg, reference = 0.0, 0.0, wanted
    before_cost: float | None = None
    for _ in range(ROUNDS + 1):
        cost = cost_matrix(performed, reference, yardstick.emphasis)
        path = warping_path(cost, band_radius=BAND_SHARE * max(cost.shape))
        before_cost = path.mean_cost if before_cost is None else before_cost
        found_deg = off_deg(performed, wanted, (path.query, path.reference), yardstick.view)
        if abs(found_deg - turned_by_deg) < SETTLED_DEG:
            break
        reference, turned_by_deg = turned(wanted, found_deg), found_deg
    # Turning explains what lies aside by the same share everywhere; another movement it does not explain.
    if abs(turned_by_deg) < LEAST_OFF_DEG or path.mean_cost > EXPLAINED * (before_cost or 0.0):
        return yardstick
    return _turned_by(turned_by_deg, yardstick)


def seen_in_first_pose(sample: NormalisedPose, yardstick: Yardstick, most: float) -> Yardstick | None:
    """The yardstick of somebody who is in the first pose of the reference, and stands beside its view.

    Args:
        sample: Their pose.
        yardstick: How the step is measured from where it was recorded.
        most: Distance from the first pose, in torso lengths, up to which it is taken for it.

    Returns:
        `None` where they are not in it, or do not stand beside.
    """
    first = np.zeros(1, dtype=np.intp)
    found_deg = off_deg(sequence_of([sample]), yardstick.reference, (first, first), yardstick.view)
    if not LEAST_OFF_DEG <= abs(found_deg) <= BESIDE_DEG:
        return None
    found = _turned_by(found_deg, yardstick)
    wanted = found.reference
    distances = pose_distances(sample.xy, wanted.xy[0])
    apart = float(weighted_mean(distances, sample.weights * wanted.weights[0] * found.emphasis))
    return found if apart <= most else None


def _turned_by(found_deg: float, yardstick: Yardstick) -> Yardstick:
    return replace(
        yardstick,
        reference=turned(yardstick.reference, found_deg),
        off_deg=yardstick.off_deg + found_deg,
    )


def why_declined(yardstick: Yardstick) -> str:
    """What somebody should do who stands so far beside every view that nothing fair can be said; or empty."""
    if abs(yardstick.off_deg) < MOST_OFF_DEG:
        return ""
    if yardstick.view is View.FRONT:
        return Phrase("you stand at an angle: turn to face the camera")
    if yardstick.view is View.LEFT:
        return Phrase("you stand at an angle: turn your left side to the camera")
    return Phrase("you stand at an angle: turn your right side to the camera")


def off_deg(
    performed: PoseSequence,
    reference: PoseSequence,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    view: View,
) -> float:
    """How many degrees further to the subject's left the camera stands than in a reference; whole ones.

    The angle at which the paired poses differ least across the picture; 0 where the reference knows no
    other view. The head is left out: it turns to the camera by itself.

    Args:
        performed: What was done.
        reference: What it is compared with.
        pairs: Which poses belong together, of the one and of the other.
        view: That of the reference.
    """
    if reference.around is None:
        return 0.0
    query, paired = pairs
    across, along, known = np.moveaxis(reference.around[paired], -1, 0)
    known = performed.weights[query] * known * BODY
    # A hidden hip leaves its twin to be the origin: only places relative to each other tell.
    seen, across, along = (_centred(each, known) for each in (performed.xy[query, :, 0], across, along))
    a, b, c = (float((known * x * y).sum()) for x, y in ((across, across), (across, along), (along, along)))
    c += LITTLE_DEPTH * float(known.sum())
    u, v = float((known * seen * across).sum()), float((known * seen * along).sum())
    cosine, sine = c * u - b * v, a * v - b * u
    found_deg = float(np.round(np.degrees(np.arctan2(sine, cosine))))
    breadth = cosine / max(a * c - b * b, 1e-9)
    if view is View.FRONT and TURNED_DEG <= abs(found_deg) < MOST_OFF_DEG and breadth < NARROW:
        return float(np.copysign(MOST_OFF_DEG, found_deg))
    return found_deg


def _centred(x: Array, known: Array) -> Array:
    total = np.maximum(known.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(x - (known * x).sum(axis=1, keepdims=True) / total)
