"""Whether a view shows a movement at all: what goes towards the camera and back looks like standing still.

What is asked of a view follows from the references alone. The views of a step that were recorded of one
performance tell how everything goes in space; of that a view shows the part which lies in the picture.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.around import with_around
from posecoach.coach.phrase import Phrase
from posecoach.coach.routine import Sides, Step, View
from posecoach.coach.turning import other_turn_of
from posecoach.coach.view import StepKind
from posecoach.coach.way import displaced
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

LEAST_SHOWN_SHARE: Final = 1 / 3
"""Of how far what matters moves in the view that shows most, below which a view does not support a step."""
LEAST_IN_PICTURE: Final = 0.82
"""Of the way that what matters goes in space, the part that must lie in the picture.

It is the cosine of 35 degrees: who stands 30 beside a recorded view is judged, who stands at 40 is not.
"""
_K = Keypoint
_CHAINS: Final = (
    (_K.LEFT_SHOULDER, _K.LEFT_ELBOW, _K.LEFT_WRIST),
    (_K.RIGHT_SHOULDER, _K.RIGHT_ELBOW, _K.RIGHT_WRIST),
    (_K.LEFT_HIP, _K.LEFT_KNEE, _K.LEFT_ANKLE),
    (_K.RIGHT_HIP, _K.RIGHT_KNEE, _K.RIGHT_ANKLE),
)


def unsupported(step: Step, view: View) -> str:
    """What to do where a step cannot be judged in one of its views; empty where it can.

    What is recommended can, as far as anything moves there. From elsewhere it can where most of what goes on
    lies in the picture, or where no other view shows more of it.
    """
    hidden = step.kind is StepKind.REPS and _hardly_moves(step, view)
    if not hidden and (view in step.best_views or _shows(step, view)):
        return ""
    better = [each for each in step.best_views if each is not view] or _better(step, view)
    if not better:
        return ""
    if step.sides is Sides.EITHER:
        better += [each for each in step.mirrored().best_views if each is not view]
    if view is View.FRONT:
        return Phrase("this cannot be judged from the front: {turn}", turn=turn_to(better))
    return Phrase("this cannot be judged from this side: {turn}", turn=turn_to(better))


def turn_to(views: Collection[View]) -> str:
    """How to stand to be seen from one of some views."""
    if View.FRONT in views:
        return Phrase("turn to face the camera")
    if set(views) == {View.LEFT}:
        return Phrase("turn your left side to the camera")
    if set(views) == {View.RIGHT}:
        return Phrase("turn your right side to the camera")
    return Phrase("turn your side to the camera")


def travel(step: Step, view: View) -> float:
    """How far what matters moves away from the starting pose, on average over the body, in torso lengths."""
    reference, emphasis = step.views[view], step.emphasis()
    moved = np.hypot(*np.moveaxis(reference.xy - reference.xy[:1], -1, 0))
    seen = moved * reference.weights * reference.weights[:1]
    return float((seen @ emphasis).max() / emphasis.sum())


def in_picture(step: Step, view: View) -> float:
    """Which part of the way that what matters goes in space lies in the picture, 0..1.

    The way of a held pose is that from standing with arms and legs straight down. 1 where only this view is
    known, or nothing goes anywhere.
    """
    seen = with_around(view, step.views)
    if seen.around is None:
        return 1.0
    across, along, known = np.moveaxis(seen.around, -1, 0)
    places = np.stack([across, seen.xy[..., 1], along], axis=-1)  # (time, 17, 3)
    shown = known * seen.weights * step.emphasis()
    if step.kind is StepKind.HOLD:
        moved = places - _hanging(places)
    else:
        moved, shown = np.diff(places, axis=0), np.sqrt(shown[1:] * shown[:-1])
    whole = float((shown * np.sqrt((moved * moved).sum(axis=-1))).sum())
    return float((shown * np.hypot(moved[..., 0], moved[..., 1])).sum()) / whole if whole > 1e-9 else 1.0


def _shows(step: Step, view: View) -> bool:
    """Whether most of what goes on lies in the picture, and all of its turning points are seen.

    Of a march seen from the side it is one knee alone that comes up.
    """
    once = step.kind is StepKind.REPS and not _turns_twice(step, view)
    if once and any(_turns_twice(step, other) for other in step.views):
        return False
    return in_picture(step, view) >= LEAST_IN_PICTURE


def _turns_twice(step: Step, view: View) -> bool:
    """Whether it goes to one side, back, and to the other."""
    reference = step.views[view]
    turn = int(np.argmax(displaced(reference, step.emphasis())))
    return other_turn_of(reference, step.emphasis(), turn) is not None


def _hardly_moves(step: Step, view: View) -> bool:
    return travel(step, view) < LEAST_SHOWN_SHARE * max(travel(step, each) for each in step.views)


def _better(step: Step, view: View) -> list[View]:
    """The view that shows a movement best, where nobody has recommended one and it is another."""
    others = [each for each in step.views if each is not view and _shows(step, each)]
    found = max(others, key=lambda each: travel(step, each), default=None)
    return [] if found is None else [found]


def _hanging(places: Array) -> Array:
    """``(time, 17, 3)`` the same bodies with arms and legs straight down."""
    hanging = places.copy()
    for chain in _CHAINS:
        for start, end in pairwise(chain):
            bone = places[:, end] - places[:, start]
            hanging[:, end] = hanging[:, start]
            hanging[:, end, 1] += np.sqrt((bone * bone).sum(axis=-1))
    return hanging
