"""Draw poses onto a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.pose import PoseEstimate
from posecoach.skeleton import EDGES, MIRROR, Keypoint
from posecoach.vision.brush import Rgb, figures, figures_width_px, stroke

# Okabe and Ito (2008), "Color Universal Design": blue and orange stay apart for everybody.
_LEFT: Final[Rgb] = (86, 180, 233)
_RIGHT: Final[Rgb] = (240, 140, 20)
_MIDDLE: Final[Rgb] = (245, 245, 240)
_CASING: Final[Rgb] = (12, 16, 22)

_FACE: Final = (
    (Keypoint.NOSE, Keypoint.LEFT_EYE),
    (Keypoint.LEFT_EYE, Keypoint.LEFT_EAR),
    (Keypoint.NOSE, Keypoint.RIGHT_EYE),
    (Keypoint.RIGHT_EYE, Keypoint.RIGHT_EAR),
)
_LINES: Final = (*_FACE, *((one, other) for one, other, _ in EDGES))

# A keypoint below the first score is not shown, above the second it is shown fully.
_UNSEEN, _CLEAR = 0.05, 0.5
_FAINTEST: Final = 0.12


def sketched(image: NDArray[np.uint8], poses: Sequence[PoseEstimate]) -> NDArray[np.uint8]:
    """A copy of `image` with `poses`, best first, and their scores in per cent.

    The subject's left is blue, the right orange, the middle white, all with a dark casing so that they
    read on any ground. Limbs are as faint as their keypoints are uncertain.
    """
    drawn = image.copy()
    for pose in reversed(poses):  # the best on top
        opacity = _opacity(pose.keypoint_scores)
        radius_px = _limb_radius_px(pose, opacity, image.shape[1], image.shape[0])
        _body(drawn, pose, opacity, radius_px)
    for pose in reversed(poses):
        opacity = _opacity(pose.keypoint_scores)
        _tag(drawn, pose, opacity, _limb_radius_px(pose, opacity, image.shape[1], image.shape[0]))
    return drawn


def _opacity(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """How strongly to draw each keypoint: ``(17,)``, 0 where it was not seen."""
    clear = np.clip((np.asarray(scores, dtype=np.float64) - _UNSEEN) / (_CLEAR - _UNSEEN), 0, 1)
    strength: NDArray[np.float64] = np.where(scores > _UNSEEN, np.maximum(clear**1.5, _FAINTEST), 0.0)
    return strength


def _limb_radius_px(pose: PoseEstimate, opacity: NDArray[np.float64], width: int, height: int) -> float:
    """Thicker for nearer people, never less than can be seen in the whole picture."""
    seen = pose.keypoints_xy[opacity > 0]
    extent = float(np.hypot(*np.ptp(seen, axis=0))) if len(seen) else 0.0
    side = float(np.hypot(width, height))
    return max(min(extent * 0.011, side * 0.009), side * 0.0018, 1.0)


def _body(
    image: NDArray[np.uint8], pose: PoseEstimate, opacity: NDArray[np.float64], radius_px: float
) -> None:
    points = [(float(x), float(y)) for x, y in pose.keypoints_xy]
    casing_px = max(0.45 * radius_px, 1.2)
    lines = [(a, b) for a, b in _LINES if opacity[a] > 0 and opacity[b] > 0]
    dots = [k for k in Keypoint if opacity[k] > 0]
    for a, b in lines:
        thickness = radius_px * _weight(a, b) + casing_px
        stroke(image, points[a], points[b], thickness, _CASING, (opacity[a] * 0.75, opacity[b] * 0.75))
    for a, b in lines:
        sides = {_colour(a), _colour(b)} - {_MIDDLE}
        colour = sides.pop() if len(sides) == 1 else _MIDDLE
        stroke(image, points[a], points[b], radius_px * _weight(a, b), colour, (opacity[a], opacity[b]))
    for k in dots:
        dot_px = radius_px * 1.5 * _weight(k, k)
        stroke(image, points[k], points[k], dot_px + casing_px, _CASING, (opacity[k], opacity[k]))
        stroke(image, points[k], points[k], dot_px, _colour(k), (opacity[k], opacity[k]))


def _weight(one: Keypoint, other: Keypoint) -> float:
    """The face is small: thin lines leave it visible."""
    return 0.55 if max(one, other) <= Keypoint.RIGHT_EAR else 1.0


def _colour(keypoint: Keypoint) -> Rgb:
    if MIRROR[keypoint] == keypoint:
        return _MIDDLE
    return _LEFT if keypoint.name.startswith("LEFT") else _RIGHT


def _tag(
    image: NDArray[np.uint8], pose: PoseEstimate, opacity: NDArray[np.float64], radius_px: float
) -> None:
    """The instance score on a dark plate above the person, inside the picture."""
    seen = pose.keypoints_xy[opacity > 0]
    if not len(seen):
        return
    height, width, _ = image.shape
    text = f"{pose.score * 100:.0f}%"
    tall = max(radius_px * 4.0, 9.0)
    wide = figures_width_px(text, tall)
    plate_px = tall * 0.85
    head = opacity[:5] > 0.3
    # Over the middle of the head if it can be seen: one doubtful ear would pull the plate away.
    top = pose.keypoints_xy[:5][head].mean(axis=0) if head.any() else seen[int(seen[:, 1].argmin())]
    middle_x = float(
        np.clip(top[0], wide / 2 + plate_px, max(width - wide / 2 - plate_px, wide / 2 + plate_px))
    )
    middle_y = float(np.clip(top[1] - 2.8 * tall, plate_px, max(height - plate_px, plate_px)))
    ends = ((middle_x - wide / 2, middle_y), (middle_x + wide / 2, middle_y))
    stroke(image, *ends, plate_px, _CASING, (0.8, 0.8))
    figures(image, text, (middle_x - wide / 2, middle_y - tall / 2), tall, _MIDDLE)
