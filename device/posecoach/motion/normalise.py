"""Poses without the camera: origin at the middle of the hips, torso length 1."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError
from posecoach.motion.columns import LISTS, Column, Layout, columns
from posecoach.skeleton import EDGES, NUM_KEYPOINTS, Keypoint

Array = NDArray[np.float64]

_SHOULDERS: Final = (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
_HIPS: Final = (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)
_BONES: Final = tuple((int(start), int(end)) for start, end, _ in EDGES)
_WIDTHS: Final = [(start, end) in {_SHOULDERS, _HIPS} for start, end in _BONES]
"""Which of them are as wide as somebody is turned."""


UNSEEN_SCORE: Final = 0.15
"""Keypoint score up to which a keypoint weighs nothing."""
SURE_SCORE: Final = 0.5
"""Keypoint score from which a keypoint weighs fully."""


@dataclass(frozen=True, slots=True, eq=False)
class NormalisedPose:
    """A pose in its own frame of reference.

    Attributes:
        captured_at: Seconds on the camera's clock.
        xy: ``(17, 2)`` in torso lengths from the middle of the hips; x right, y down.
        weights: ``(17,)`` in [0, 1].
        origin_xy: ``(2,)`` middle of the hips, in frame pixels.
        torso_px: Length of the torso, in frame pixels.
    """

    captured_at: float
    xy: Array
    weights: Array
    origin_xy: Array
    torso_px: float

    def __post_init__(self) -> None:
        if self.xy.shape != (NUM_KEYPOINTS, 2) or self.weights.shape != (NUM_KEYPOINTS,):
            raise ShapeError(f"xy, weights must be (17, 2), (17,), got {self.xy.shape}, {self.weights.shape}")


def confidence_weights(keypoint_scores: NDArray[np.floating]) -> Array:
    """Weights of keypoints by their scores: 0 up to `UNSEEN_SCORE`, 1 from `SURE_SCORE`, straight between."""
    scores = np.asarray(keypoint_scores, dtype=np.float64)
    shares: Array = np.clip((scores - UNSEEN_SCORE) / (SURE_SCORE - UNSEEN_SCORE), 0.0, 1.0)
    return shares


def keypoint_weights(keypoint_scores: Column) -> Column:
    """The same of the keypoints of one pose, as a column."""
    wide = SURE_SCORE - UNSEEN_SCORE
    return [
        0.0 if score <= UNSEEN_SCORE else 1.0 if score >= SURE_SCORE else (score - UNSEEN_SCORE) / wide
        for score in keypoint_scores
    ]


def torso(xy: Array, weights: Array) -> tuple[Array, float] | None:
    """Middle of the hips and length of the torso, in the unit of `xy`.

    A hidden shoulder or hip leaves its twin to stand for both.

    Returns:
        `None` where no shoulder or no hip is seen, or both are on one point.
    """
    x, y = columns(xy)
    shown: Column = weights.tolist()
    shoulders, hips = _middle(x, y, shown, _SHOULDERS), _middle(x, y, shown, _HIPS)
    if shoulders is None or hips is None:
        return None
    length = math.hypot(shoulders[0] - hips[0], shoulders[1] - hips[1])
    return (np.array(hips), length) if length > 1.0 else None


def _middle(x: Column, y: Column, weights: Column, pair: tuple[int, int]) -> tuple[float, float] | None:
    one, other = pair
    total = weights[one] + weights[other]
    if total <= 0.0:
        return None
    return (
        (weights[one] * x[one] + weights[other] * x[other]) / total,
        (weights[one] * y[one] + weights[other] * y[other]) / total,
    )


class TorsoScale:
    """The length of the torso as if seen upright.

    Bending towards the camera shortens the torso in the picture; dividing by that would make the
    whole body seem to grow. So the scale follows a longer torso at once and a shorter one slowly,
    unless no bone at all is as long as it was: then it is the whole body that has gone further away.
    """

    RISE_S: Final = 0.4
    FALL_S: Final = 12.0
    LEAVE_S: Final = 0.25
    SHORTER: Final = 0.96
    """Share of its greatest length that the least shortened bone may have before the body is further away."""

    def __init__(self) -> None:
        """Start without a past."""
        self._time: float | None = None
        self._length_px = 0.0
        self._grow, self._layout = fastest_grow()
        kept = self._layout.kept
        self._bones = kept([start for start, _ in _BONES]), kept([end for _, end in _BONES]), kept(_WIDTHS)
        self._longest_px: Column = kept([0.0] * len(_BONES))
        self._now_px: Column = kept([0.0] * len(_BONES))

    def update(self, at_s: float, length_px: float, xy: Array, weights: Array) -> float:
        """Take one frame and return the scale to divide by.

        Args:
            at_s: Time of the frame; not earlier than the one before.
            length_px: Length of the torso, as `torso` gives it.
            xy: ``(17, 2)`` in frame pixels.
            weights: ``(17,)`` in [0, 1].
        """
        least_shortened = self._grow(
            *self._layout.columns(xy),
            self._layout.column(weights),
            *self._bones,
            self._longest_px,
            self._now_px,
        )
        if self._time is None:
            self._length_px = length_px
        else:
            step_s = at_s - self._time
            if 0.0 < least_shortened < self.SHORTER:
                shrunk = least_shortened / self.SHORTER
                shrink = 1.0 - (1.0 - math.exp(-step_s / self.LEAVE_S)) * (1.0 - shrunk)
                for bone in range(len(_BONES)):
                    self._longest_px[bone] = shrink * self._longest_px[bone]
                self._length_px = max(self._length_px * shrink, length_px)
            time_constant_s = self.RISE_S if length_px > self._length_px else self.FALL_S
            self._length_px += (1.0 - math.exp(-step_s / time_constant_s)) * (length_px - self._length_px)
        self._time = at_s
        return self._length_px


def grow(
    x: Column,
    y: Column,
    shown: Column,
    starts: list[int],
    ends: list[int],
    widths: list[bool],
    longest_px: Column,
    now_px: Column,
) -> float:
    """Take the bones of one frame; columns are lists, or arrays where this is compiled.

    Whoever comes nearer grows as a whole, with what is bent or out of the picture meanwhile: three bones
    longer than ever are more than a trunk that comes upright.

    Args:
        x: ``(17,)`` in frame pixels.
        y: Likewise.
        shown: ``(17,)`` the weight of each keypoint.
        starts: ``(bones,)`` the keypoint in which each bone starts.
        ends: And in which it ends.
        widths: Whether it is as wide as somebody is turned.
        longest_px: The longest each has been; changed.
        now_px: How long each is, 0 where it is not seen; changed.

    Returns:
        Share of its greatest length that the least shortened bone has, 0 where none is seen.
    """
    first = second = third = 0.0
    for bone in range(len(starts)):
        start, end = starts[bone], ends[bone]
        if not (shown[start] > 0.3 and shown[end] > 0.3):
            now_px[bone] = 0.0
            continue
        aside, down = x[end] - x[start], y[end] - y[start]
        now_px[bone] = math.sqrt(aside * aside + down * down)
        if longest_px[bone] > 1.0 and not widths[bone]:
            times = now_px[bone] / longest_px[bone]
            if times > first:
                first, second, third = times, first, second
            elif times > second:
                second, third = times, second
            elif times > third:
                third = times
    least_shortened = 0.0
    for bone in range(len(starts)):
        longest = longest_px[bone] * third if third > 1.0 else longest_px[bone]
        if now_px[bone] > longest:
            longest = now_px[bone]
        longest_px[bone] = longest
        if longest > 1.0 and now_px[bone] / longest > least_shortened:
            least_shortened = now_px[bone] / longest
    return least_shortened


@cache
def fastest_grow() -> tuple[Callable[..., float], Layout]:
    """`grow`, compiled where its kernel was built for this machine, and what columns it takes.

    Loading it takes a moment, once.
    """
    from posecoach.motion.columns_compiled import compiled_grow

    return compiled_grow() or (grow, LISTS)


def normalise(
    captured_at: float, xy: Array, weights: Array, origin_xy: Array, scale_px: float
) -> NormalisedPose:
    """Put a pose into torso lengths from the middle of its hips.

    Args:
        captured_at: Seconds on the camera's clock.
        xy: ``(17, 2)`` in frame pixels.
        weights: ``(17,)`` in [0, 1].
        origin_xy: ``(2,)`` middle of the hips, as `torso` gives it.
        scale_px: Torso length, as `TorsoScale` gives it.
    """
    return NormalisedPose(captured_at, (xy - origin_xy) / scale_px, weights, origin_xy, scale_px)


def scores_of(weights: Array) -> Array:
    """Keypoint scores that `confidence_weights` turns back into `weights`; 0 for weight 0."""
    return np.where(weights > 0, UNSEEN_SCORE + weights * (SURE_SCORE - UNSEEN_SCORE), 0.0)
