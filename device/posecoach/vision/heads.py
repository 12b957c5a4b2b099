"""The three outputs of a PoseNet: heatmaps, short offsets, mid offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError
from posecoach.skeleton import NUM_KEYPOINTS

PART_TREE: Final[tuple[tuple[int, int], ...]] = (
    (0, 1), (1, 3), (0, 2), (2, 4),
    (0, 5), (5, 7), (7, 9), (5, 11), (11, 13), (13, 15),
    (0, 6), (6, 8), (8, 10), (6, 12), (12, 14), (14, 16),
)  # fmt: skip
"""Parent and child keypoint of each edge that the mid offsets follow (PersonLab, arXiv 1803.08225)."""

HEATMAP_CHANNELS: Final = NUM_KEYPOINTS
SHORT_OFFSET_CHANNELS: Final = 2 * NUM_KEYPOINTS
MID_OFFSET_CHANNELS: Final = 4 * len(PART_TREE)

LARGEST_SCALE: Final = 1e6  # one step of a real head is worth about 1; beyond this, sums may overflow

_STORED: Final = (np.dtype(np.uint8), np.dtype(np.int8), np.dtype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One output of the network, as stored.

    Attributes:
        values: ``(rows, cols, channels)`` uint8, int8 or float32.
        scale: What one step is worth; 1 for floats.
        zero_point: The stored value that means 0; 0 for floats.
    """

    values: NDArray[np.uint8] | NDArray[np.int8] | NDArray[np.float32]
    scale: float = 1.0
    zero_point: int = 0

    def __post_init__(self) -> None:
        if self.values.ndim != 3 or 0 in self.values.shape or self.values.dtype not in _STORED:
            raise ShapeError(
                "a head must be (rows, cols, channels) of uint8, int8 or float32, "
                f"got {self.values.shape} {self.values.dtype}"
            )
        if not 0 < self.scale <= LARGEST_SCALE:
            raise ShapeError(f"scale of a head must be in (0, {LARGEST_SCALE:g}], got {self.scale}")
        if self.values.dtype == np.float32 and not np.isfinite(self.values).all():
            raise ShapeError("a head of floats holds NaN or infinity: the network or its input is broken")

    def real(self, stored: NDArray[np.generic]) -> NDArray[np.float32]:
        """What `stored` values of this head mean, as float32."""
        real: NDArray[np.float32] = (stored.astype(np.float32) - np.float32(self.zero_point)) * np.float32(
            self.scale
        )
        return real


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What a PoseNet says about one picture.

    Attributes:
        heatmaps: 17 channels, one for each keypoint: logits of "it is near this cell".
        short_offsets: 34 channels, in input pixels: from the cell's position to the keypoint; 17 times
            dy, then 17 times dx.
        mid_offsets: 64 channels, in input pixels: along the 16 edges of `PART_TREE`; dy and dx from
            parent to child, then dy and dx from child to parent.
        output_stride: Input pixels from one cell to the next. A cell's position is ``cell * stride``.
    """

    heatmaps: Head
    short_offsets: Head
    mid_offsets: Head
    output_stride: int

    def __post_init__(self) -> None:
        cells = self.heatmaps.values.shape[:2]
        for name, head, channels in (
            ("heatmaps", self.heatmaps, HEATMAP_CHANNELS),
            ("short_offsets", self.short_offsets, SHORT_OFFSET_CHANNELS),
            ("mid_offsets", self.mid_offsets, MID_OFFSET_CHANNELS),
        ):
            if head.values.shape != (*cells, channels):
                raise ShapeError(f"{name} must be {(*cells, channels)}, got {head.values.shape}")
        if self.output_stride < 1:
            raise ShapeError(f"output_stride must be at least 1, got {self.output_stride}")
