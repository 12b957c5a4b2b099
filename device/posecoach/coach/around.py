"""What a reference looks like from beside the view it was recorded in.

The views of a step that were recorded of one performance know the movement in space: what lies across
the picture in one view lies along the line of sight in the other. From both follows how the reference is
seen from every angle between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.routine import LEAST_SHOWN, View
from posecoach.motion.pose_distance import bone_directions
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import LIMB_KEYPOINTS, NUM_KEYPOINTS, Keypoint, Limb

Array = NDArray[np.float64]

SAME_PERFORMANCE: Final = 0.3
"""Share of their height from the hips that keypoints differ by at most in two views of one performance."""

BODY: Final[Array] = np.array([keypoint > Keypoint.RIGHT_EAR for keypoint in range(NUM_KEYPOINTS)])
_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
_TRUNK: Final = np.isin(np.arange(NUM_KEYPOINTS), LIMB_KEYPOINTS[Limb.TRUNK])

Sides = tuple[tuple[View, float], ...]
"""Views that show the same direction, each with the sign of x in it."""

# From the right everything lies as from the left, the other way round; each knows its own side better.
_PROFILE: Final[Sides] = ((View.LEFT, 1.0), (View.RIGHT, -1.0))
_SEEN_FROM: Final[dict[View, tuple[Sides, Sides]]] = {
    View.FRONT: (((View.FRONT, 1.0),), _PROFILE),
    View.LEFT: (_PROFILE, ((View.FRONT, -1.0),)),
    View.RIGHT: (tuple((view, -sign) for view, sign in _PROFILE), ((View.FRONT, 1.0),)),
}


def with_around(view: View, views: Mapping[View, PoseSequence]) -> PoseSequence:
    """The reference of a view, knowing its `PoseSequence.around` where other views tell it."""
    reference = views[view]
    across, along = _SEEN_FROM[view]
    x, known_across = _told(reference, views, across, profile=view is not View.FRONT)
    aside, known_along = _told(reference, views, along, profile=view is not View.FRONT)
    known = np.minimum(known_across, known_along)
    return replace(reference, around=np.stack([x, aside, known], axis=-1)) if known.any() else reference


def turned(reference: PoseSequence, off_deg: float) -> PoseSequence:
    """A reference as a camera sees it that stands so many degrees further to the subject's left."""
    if reference.around is None or off_deg == 0.0:
        return reference
    cosine, sine = np.cos(np.radians(off_deg)), np.sin(np.radians(off_deg))
    x, aside, known = np.moveaxis(reference.around, -1, 0)
    seen = np.where(known > 0, cosine * x + sine * aside, reference.xy[..., 0])
    xy = np.stack([seen, reference.xy[..., 1]], axis=-1)
    around = np.stack([seen, cosine * aside - sine * x, known], axis=-1)
    # From beside a profile both shoulders and both hips are seen, and the trunk is the middle of them.
    weights = np.where(_TRUNK, np.maximum(reference.weights, known), reference.weights)
    return replace(reference, xy=xy, weights=weights, directions=bone_directions(xy), around=around)


def _told(
    reference: PoseSequence, views: Mapping[View, PoseSequence], of: Sides, *, profile: bool
) -> tuple[Array, Array]:
    """``(time, 17)`` x as the views of one performance tell it together, and how well it is known."""
    weights, weighted = np.zeros(reference.weights.shape), np.zeros(reference.weights.shape)
    for view, sign in of:
        other = views.get(view)
        if other is None or len(other) != len(reference):
            continue  # recorded at another time, and so another performance
        size = 1.0 if profile and view is not View.FRONT else _size_in(reference, other)
        if size is not None:
            x, known = _between_hips(other) if view is View.FRONT else (other.xy[..., 0], other.weights)
            weights += known
            weighted += sign * size * known * x
    mean = np.divide(weighted, weights, out=np.zeros_like(weights), where=weights > 0)
    return mean, np.minimum(weights, 1.0)


def _between_hips(seen: PoseSequence) -> tuple[Array, Array]:
    """``(time, 17)`` x from the middle of the hips, and weights, where a raised thigh hides one hip.

    The other one is the origin then; both are taken to be as far apart as while they were seen.
    """
    x, weights = seen.xy[..., 0].copy(), seen.weights.copy()
    hidden = weights[:, _HIPS] < LEAST_SHOWN
    both = ~hidden.any(axis=1)
    if both.all() or not both.any():
        return x, weights
    usual = np.median(x[both][:, _HIPS], axis=0)
    for number, hip in enumerate(_HIPS):
        alone = hidden[:, number] & ~hidden[:, 1 - number]
        x[alone] += usual[1 - number]
        x[alone, hip] = usual[number]
        weights[alone, hip] = weights[alone, _HIPS[1 - number]]
    return x, weights


def _size_in(reference: PoseSequence, other: PoseSequence) -> float | None:
    """Torso lengths of a reference in one of another view; `None` where they are not one performance.

    A trunk that leans along the line of sight is a short unit; heights are the same in every view.
    """
    known = reference.weights * other.weights * BODY
    y, other_y = reference.xy[..., 1], other.xy[..., 1]
    size = float((known * y * other_y).sum() / max((known * other_y * other_y).sum(), 1e-9))
    apart, tall = (float((known * np.abs(each)).sum()) for each in (y - size * other_y, y))
    return size if apart <= SAME_PERFORMANCE * tall else None
