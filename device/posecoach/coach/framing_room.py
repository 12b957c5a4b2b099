"""Somebody's place and size in a picture, beside the room that a step needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.perception import Percept
from posecoach.coach.room_needed import RoomNeeded
from posecoach.motion.columns import columns
from posecoach.skeleton import Keypoint

Array = NDArray[np.float64]

SEEN: Final = 0.3
SHOULDERS_PER_TORSO: Final = 0.75
"""Width of the shoulders of a standing adult, seen from the front, over the length of the torso."""
HEAD_PER_TORSO: Final = 0.4
"""From the middle of the shoulders to the nose, over the length of the torso."""
THIGH_PER_TORSO: Final = 0.85
BODY_PER_TORSO: Final = 3.2
"""From ankles to eyes, over the length of the torso."""
FILLED: Final = 0.85
"""Share of the picture that the room of a step takes where somebody stands as they should."""
_K = Keypoint


@dataclass(frozen=True, slots=True)
class Placed:
    """Where somebody is.

    Attributes:
        x, y: The middle of the hips, in frame pixels; perhaps outside the frame.
        torso_px: Length of the torso, as if seen upright.
        foot_y: The lower ankle; `None` where both are not seen.
    """

    x: float
    y: float
    torso_px: float
    foot_y: float | None = None


@dataclass(frozen=True, slots=True)
class Overflow:
    """What of the room that is needed lies outside the picture.

    Attributes:
        left, right, top, bottom: By how much, in torso lengths; 0 or less where it is inside.
        higher, wider: Whether it would not fit wherever somebody stood at that distance.
    """

    left: float
    right: float
    top: float
    bottom: float
    higher: bool
    wider: bool


def placed_of(percept: Percept) -> Placed | None:
    """Where somebody is; of whom only half is seen, by the lengths of an average adult.

    `None` where not even that can be told: somebody who is seen so is far too near.
    """
    (xs, ys), weights = columns(percept.keypoints_xy), percept.weights.tolist()
    if percept.pose is not None:
        x, y = percept.pose.origin_xy.tolist()
        feet = [ys[ankle] for ankle in (_K.LEFT_ANKLE, _K.RIGHT_ANKLE) if weights[ankle] >= SEEN]
        return Placed(x, y, percept.pose.torso_px, max(feet) if len(feet) == 2 else None)

    def pair(left: int, right: int) -> tuple[float, float, float] | None:
        """Middle and distance of two that are both seen."""
        if min(weights[left], weights[right]) < SEEN:
            return None
        apart = math.hypot(xs[left] - xs[right], ys[left] - ys[right])
        return 0.5 * (xs[left] + xs[right]), 0.5 * (ys[left] + ys[right]), apart

    shoulders = pair(_K.LEFT_SHOULDER, _K.RIGHT_SHOULDER)
    if shoulders is not None:
        # From the side the shoulders are one behind the other: the head tells then.
        torso_px = max(
            shoulders[2] / SHOULDERS_PER_TORSO, _head_px(xs, ys, weights, shoulders) / HEAD_PER_TORSO
        )
        return Placed(shoulders[0], shoulders[1] + torso_px, torso_px) if torso_px > 1.0 else None
    hips, knees = pair(_K.LEFT_HIP, _K.RIGHT_HIP), pair(_K.LEFT_KNEE, _K.RIGHT_KNEE)
    if hips is not None and knees is not None:
        torso_px = math.hypot(hips[0] - knees[0], hips[1] - knees[1]) / THIGH_PER_TORSO
        return Placed(hips[0], hips[1], torso_px) if torso_px > 1.0 else None
    return None


def _head_px(
    xs: Sequence[float], ys: Sequence[float], weights: Sequence[float], shoulders: tuple[float, float, float]
) -> float:
    """How far the nose is from the middle of the shoulders; 0 where it is not seen."""
    if weights[_K.NOSE] < SEEN:
        return 0.0
    return math.hypot(xs[_K.NOSE] - shoulders[0], ys[_K.NOSE] - shoulders[1])


def is_small(percept: Percept, wh: tuple[int, int], torso: float) -> bool:
    """Whether somebody is small, by all that a network sees or guesses, and nothing of it at the edge.

    Args:
        percept: Of whom not even the size can be told otherwise.
        wh: Size of the frame.
        torso: Share of the picture's height from which a torso is not small.
    """
    xy, spare = percept.keypoints_xy, torso * wh[1]
    inside = (xy > spare).all() and (xy < np.array(wh) - spare).all()
    return bool(inside and np.ptp(xy[:, 1]) < BODY_PER_TORSO * spare)


def overflow(placed: Placed, room: RoomNeeded, wh: tuple[int, int], spare: float) -> Overflow:
    """What of the room a step needs is outside the picture.

    Args:
        placed: Where somebody is.
        room: What the step needs.
        wh: Size of the frame.
        spare: Torso lengths that must be left around it.
    """
    (width, height), size = wh, placed.torso_px
    y = placed.y
    if placed.foot_y is not None and room.foot is not None:
        y = placed.foot_y - room.foot * size  # where the hips of the reference would be
    return Overflow(
        left=room.left + spare - placed.x / size,
        right=room.right + spare - (width - placed.x) / size,
        top=room.above + spare - y / size,
        bottom=room.below + spare - (height - y) / size,
        higher=(room.above + room.below + 2.0 * spare) * size > height,
        wider=(room.left + room.right + 2.0 * spare) * size > width,
    )


def start_place(room: RoomNeeded, wh: tuple[int, int]) -> Array:
    """``(17, 2)`` in frame pixels: the pose that a step begins with, where and as large as it fits best.

    All of it is in the picture, what the step does not need as well: nobody is asked to come so near.
    """
    width, height = wh
    (least_x, least_y), (most_x, most_y) = room.start_xy.min(axis=0), room.start_xy.max(axis=0)
    left, above = max(room.left, -float(least_x)), max(room.above, -float(least_y))
    across, down = left + max(room.right, float(most_x)), above + max(room.below, float(most_y))
    torso_px = FILLED * min(width / across, height / down)
    x = 0.5 * (width - across * torso_px) + left * torso_px
    y = 0.5 * (height - down * torso_px) + above * torso_px
    return np.asarray(room.start_xy * torso_px + np.array([x, y]))
