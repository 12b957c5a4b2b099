"""A square around the person, for a network that looks at one of them.

MoveNet sees a person better the more of its input they fill, so each picture is cropped to where they
were in the one before. The rule is that of TensorFlow's MoveNet tutorial: a square around the middle of
the hips, as large as torso and limbs ask for, and the whole picture while the torso is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.pose import PoseEstimate
from posecoach.skeleton import Keypoint

Wh = tuple[int, int]

LEAST_KEYPOINT_SCORE: Final = 0.2
"""From which a keypoint tells where the person is."""
TORSO_ROOM: Final = 1.9
"""How far the square reaches from the hips, in reaches of the torso."""
BODY_ROOM: Final = 1.2
"""The same, in reaches of all that is seen."""
LEAST_SIDE: Final = 0.1
"""Smallest square, in longer sides of the picture: smaller ones are keypoints fallen together."""

_HIPS: Final = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
_SHOULDERS: Final = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
_TAPS: Final = 2  # samples of the picture for a pixel of the input, across and down


@dataclass(frozen=True, slots=True)
class Square:
    """Part of a picture, in its pixels; may reach beyond its edges."""

    left: float
    top: float
    side: float


def square_around(pose: PoseEstimate, image_wh: Wh) -> Square | None:
    """Where to look for this person in the next picture; `None` is everywhere."""
    scores, xy = pose.keypoint_scores, pose.keypoints_xy
    seen = scores >= LEAST_KEYPOINT_SCORE
    if not (seen[_HIPS].any() and seen[_SHOULDERS].any()):
        return None
    centre = xy[_HIPS].mean(axis=0)
    # The unseen of the torso count as well: the network puts them about where they are.
    away = np.abs(xy - centre).max(axis=1)
    half = max(TORSO_ROOM * away[_HIPS + _SHOULDERS].max(), BODY_ROOM * away[seen].max())
    half = min(half, float(np.max([centre, image_wh - centre])))
    if not LEAST_SIDE * max(image_wh) <= 2 * half <= max(image_wh):
        return None
    return Square(float(centre[0] - half), float(centre[1] - half), float(2 * half))


@dataclass(frozen=True, slots=True, eq=False)
class PersonCrop:
    """Fits one square of a picture into a network's input; what lies outside the picture is black.

    Each pixel of the input is the mean of four samples, so that neither shrinking nor enlarging lets
    edges jump as the square moves.

    Attributes:
        square: In pixels of the picture whose pixels points are in.
        image_wh: Size of that picture.
        input_wh: Size of the network's input, a square as well.
        flip: Whether the picture is mirrored on the way in; the square is then one of the mirrored one.
    """

    square: Square
    image_wh: Wh
    input_wh: Wh
    flip: bool = False

    def fit(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The square of `image` as the network's input, ``(height, width, 3)``.

        `image` shows what the picture shows, and may be a smaller rendering of it.
        """
        height, width, _ = image.shape
        columns = _samples(self.square.left, self.square.side, self.image_wh[0], width, self.input_wh[0])
        rows = _samples(self.square.top, self.square.side, self.image_wh[1], height, self.input_wh[1])
        total = np.full((self.input_wh[1], self.input_wh[0], 3), _TAPS * _TAPS // 2, dtype=np.uint16)
        pixels = image.reshape(-1, 3)
        for row in rows.T:
            inside_y = (row >= 0) & (row < height)
            for column in columns.T:
                inside_x = (column >= 0) & (column < width)
                across = width - 1 - column if self.flip else column
                at = np.clip(row, 0, height - 1)[:, np.newaxis] * width + np.clip(across, 0, width - 1)
                sample = np.take(pixels, at, axis=0, mode="clip")
                if not (inside_x.all() and inside_y.all()):
                    sample[~inside_y] = 0
                    sample[:, ~inside_x] = 0
                total += sample
        total //= _TAPS * _TAPS
        return total.astype(np.uint8)

    def to_image(self, xy: NDArray[np.floating]) -> NDArray[np.float64]:
        """Points ``(..., 2)`` of the network's input, in pixels of the picture."""
        scale = self.square.side / np.asarray(self.input_wh, dtype=np.float64)
        return np.asarray(xy, dtype=np.float64) * scale + (self.square.left, self.square.top)


def _samples(start: float, side: float, picture: int, source: int, target: int) -> NDArray[np.intp]:
    """Which pixels of the source make each pixel of the input: ``(target, taps)``; may be outside."""
    step = side / (target * _TAPS)
    at = (start + (np.arange(target * _TAPS) + 0.5) * step) * (source / picture)
    samples: NDArray[np.intp] = np.floor(at).astype(np.intp)
    return samples.reshape(target, _TAPS)
