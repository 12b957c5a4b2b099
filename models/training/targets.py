"""What the network should say of a picture, in PersonLab's terms (arXiv 1803.08225, section 3.1)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.vision.heads import HEATMAP_CHANNELS, MID_OFFSET_CHANNELS, PART_TREE, SHORT_OFFSET_CHANNELS

STRIDE: Final = 16
RADIUS_PX: Final = 32.0
"""How far from a keypoint a cell speaks of it: the paper's."""

HIDDEN: Final = 0.25
"""What the heatmap should say where a keypoint is hidden: known of, but not to be judged by."""

CHANNELS: Final = HEATMAP_CHANNELS + SHORT_OFFSET_CHANNELS + MID_OFFSET_CHANNELS
"""Of the network's output, and of the target; a mask of the offsets comes after the target's."""

Array = NDArray[np.float32]

_FROM: Final = np.array([edge[way] for way in (0, 1) for edge in PART_TREE])
_TO: Final = np.array([edge[1 - way] for way in (0, 1) for edge in PART_TREE])


def targets(
    xy: NDArray[np.floating], seen: NDArray[np.bool_], inside: NDArray[np.bool_], wh: tuple[int, int]
) -> Array:
    """The heads for a picture.

    Args:
        xy: ``(people, 17, 2)`` keypoints in its pixels.
        seen: ``(people, 17)`` whether each can be seen.
        inside: ``(people, 17)`` whether each lies in the picture; what does not is not spoken of.
        wh: Size of the picture.

    Returns:
        ``(rows, cols, CHANNELS + 17)``: heatmaps 0..1, short and mid offsets in strides, in the order of
        `posecoach.vision.heads`, and how much the offsets at each cell count: most where the keypoint is,
        for there the decoder reads them last.
    """
    cols, rows = ((side - 1) // STRIDE + 1 for side in wh)
    out = np.zeros((rows, cols, CHANNELS + HEATMAP_CHANNELS), dtype=np.float32)
    if not len(xy):
        return out
    cell_y, cell_x = np.mgrid[:rows, :cols].astype(np.float32)
    away_y = xy[:, :, 1, None, None] / STRIDE - cell_y  # (people, 17, rows, cols), in strides
    away_x = xy[:, :, 0, None, None] / STRIDE - cell_x
    off = np.hypot(away_y, away_x)
    off = np.where(inside[:, :, None, None], off, np.inf)
    nearest = off.argmin(axis=0)  # (17, rows, cols): whose keypoint a cell speaks of
    least = off.min(axis=0)
    near = least <= RADIUS_PX / STRIDE
    value = np.where(seen, 1.0, HIDDEN)[:, :, None, None]
    heat = np.where(off <= RADIUS_PX / STRIDE, value, 0.0).max(axis=0)

    def chosen(of_people: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.take_along_axis(of_people, nearest[None], axis=0)[0]

    short = np.concatenate([chosen(away_y), chosen(away_x)]) * np.tile(near, (2, 1, 1))
    reach = (xy[:, _TO] - xy[:, _FROM]) / STRIDE  # (people, 32, 2)
    who = nearest[_FROM]  # (32, rows, cols)
    along = reach[who, np.arange(len(_FROM))[:, None, None]]  # (32, rows, cols, 2)
    along = (along[..., ::-1] * near[_FROM][..., None]).reshape(2, len(PART_TREE), rows, cols, 2)
    mid = along.transpose(0, 4, 1, 2, 3)  # to the child: all dy, all dx; to the parent likewise
    counts = near / (1.0 + np.minimum(least, 9.0) ** 2)
    every = [heat, short, mid.reshape(MID_OFFSET_CHANNELS, rows, cols), counts]
    out[:] = np.concatenate(every).transpose(1, 2, 0)
    return out
