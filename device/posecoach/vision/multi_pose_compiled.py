"""The greedy decoding of `multi_pose`, compiled: one root after another, the same results.

The arithmetic is that of `multi_pose`, operation by operation: only the sigmoids that decide whether
a pose is kept may differ, in their last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.compiled import Kernel, kernel, part
from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS
from posecoach.vision.heads import PART_TREE, Head, Heads
from posecoach.vision.multi_pose import (
    REFINEMENTS,
    SCHEDULE,
    DecodeOptions,
    MultiPoseDecoder,
    decode_multi_pose,
    instances,
    least_logit,
    sigmoid,
)

_STEPS: Final = SCHEDULE[SCHEDULE[..., 0] >= 0].astype(np.int64).reshape(NUM_KEYPOINTS, len(PART_TREE), 3)
"""The steps from each root: ``(17 roots, 16, 3)`` of source, target, channel."""

_KINDS: Final = ("uint8", "int8", "float32")

_Floats = NDArray[np.float64]
_Stored = NDArray[np.uint8] | NDArray[np.int8] | NDArray[np.float32]


@part
def _sample(stored: _Stored, channel: int, y: float, x: float, scale: float, shift: float) -> float:
    """A bilinear sample of one channel at a point inside the grid."""
    rows, columns, _ = stored.shape
    # The last row and column belong to the square before them, with weight 1. A grid one cell wide has
    # no second corner: the weight there is 0, any cell will do.
    top, left = min(int(y), max(rows - 2, 0)), min(int(x), max(columns - 2, 0))
    bottom, right = min(top + 1, rows - 1), min(left + 1, columns - 1)
    fy, fx = y - top, x - left
    both = fy * fx
    down, across = fy - both, fx - both
    total = float(stored[top, left, channel]) * ((1.0 - fy) - across)
    total += float(stored[top, right, channel]) * across
    total += float(stored[bottom, left, channel]) * down
    total += float(stored[bottom, right, channel]) * both
    sample: float = total * scale + shift
    return sample


@part
def _moved(
    stored: _Stored, channel: int, gap: int, y: float, x: float, scale: float, shift: float
) -> tuple[float, float]:
    """A point, moved by the vector there, inside the grid."""
    rows, columns, _ = stored.shape
    dy = _sample(stored, channel, y, x, scale, shift)
    dx = _sample(stored, channel + gap, y, x, scale, shift)
    return min(max(y + dy, 0.0), rows - 1.0), min(max(x + dx, 0.0), columns - 1.0)


@kernel(*(f"int64[::1]({kind}[:, :, ::1], float32, float32, float32)" for kind in _KINDS))
def _find_roots(logits: _Stored, zero_point: float, scale: float, least: float) -> NDArray[np.int64]:
    """Cells that may start a pose, as flat indices, ascending."""
    rows, columns, channels = logits.shape
    found = np.empty(logits.size, np.int64)
    count = 0
    confident = np.empty(columns * channels, np.bool_)
    for row in range(rows):
        line = logits[row].reshape(columns * channels)
        for i in range(columns * channels):
            confident[i] = (np.float32(line[i]) - zero_point) * scale >= least
        for i in range(columns * channels):
            if not confident[i]:
                continue
            column, channel = i // channels, i % channels
            peak = True
            for y in range(max(row - 1, 0), min(row + 2, rows)):
                for x in range(max(column - 1, 0), min(column + 2, columns)):
                    if logits[y, x, channel] > line[i]:
                        peak = False
            if peak:
                found[count] = row * columns * channels + i
                count += 1
    return found[:count].copy()


_HEAD: Final = "{kind}[:, :, ::1], float64, float64"
_WALK: Final = (
    f"Tuple((float64[:, :, ::1], float64[:, ::1]))(int64[::1], {_HEAD}, {_HEAD}, {_HEAD}, "
    "int64[:, :, ::1], int64, int64, int64, float64, float64)"
)


@kernel(*(_WALK.format(kind=kind) for kind in _KINDS))
def _follow_roots(
    roots: NDArray[np.int64],
    heat: _Stored,
    heat_scale: float,
    heat_shift: float,
    short: _Stored,
    short_scale: float,
    short_shift: float,
    mid: _Stored,
    mid_scale: float,
    mid_shift: float,
    steps: NDArray[np.int64],
    refinements: int,
    max_poses: int,
    max_roots: int,
    score_threshold: float,
    radius_squared: float,
) -> tuple[_Floats, _Floats]:
    """Accepted poses in the order found: ``(poses, 17, 2)`` cells (y, x); ``(poses, 17)`` logits."""
    columns, keypoints, edges = heat.shape[1], heat.shape[2], steps.shape[1]
    # The row behind the accepted poses is the one that is being walked.
    most = min(max_poses, max_roots, len(roots))
    poses = np.empty((most, keypoints, 2))
    logits = np.empty((most, keypoints))
    count = followed = 0
    for root in roots:
        if count == most or followed == max_roots:
            break
        keypoint, cell = root % keypoints, root // keypoints
        y, x = _moved(
            short,
            keypoint,
            keypoints,
            float(cell // columns),
            float(cell % columns),
            short_scale,
            short_shift,
        )
        taken = False
        for other in range(count):
            dy, dx = y - poses[other, keypoint, 0], x - poses[other, keypoint, 1]
            if dy * dy + dx * dx <= radius_squared:
                taken = True
        if taken:
            continue
        followed += 1
        yx = poses[count]
        yx[keypoint, 0], yx[keypoint, 1] = y, x
        for step in range(edges):
            source, target, channel = steps[keypoint, step]
            y, x = _moved(mid, channel, edges, yx[source, 0], yx[source, 1], mid_scale, mid_shift)
            for _ in range(refinements):
                y, x = _moved(short, target, keypoints, y, x, short_scale, short_shift)
            yx[target, 0], yx[target, 1] = y, x
        total = 0.0
        for k in range(keypoints):
            logits[count, k] = _sample(heat, k, yx[k, 0], yx[k, 1], heat_scale, heat_shift)
            total += 0.5 * (1 + np.tanh(0.5 * logits[count, k]))
        if total / keypoints >= score_threshold:
            count += 1
    return poses[:count].copy(), logits[:count].copy()


KERNELS: Final[tuple[Kernel[..., Any], ...]] = (_find_roots, _follow_roots)


def fastest_decoder() -> MultiPoseDecoder:
    """The compiled decoder where its kernels were built for this machine, else `decode_multi_pose`."""
    find_roots, follow_roots = _find_roots.load(), _follow_roots.load()
    if find_roots is None or follow_roots is None:
        return decode_multi_pose
    return decoder_of(find_roots, follow_roots)


def decoder_of(find_roots: Callable[..., Any], follow_roots: Callable[..., Any]) -> MultiPoseDecoder:
    """The decoder that these two make: compiled, or as they are written."""

    def decode(heads: Heads, options: DecodeOptions | None = None) -> list[PoseEstimate]:
        parts = (heads.heatmaps, heads.short_offsets, heads.mid_offsets)
        if len({head.values.dtype for head in parts}) > 1:
            return decode_multi_pose(heads, options)
        options = options or DecodeOptions()
        # What a kernel takes; real heads come so, and are not copied.
        heat, short, mid = (np.require(head.values, requirements=["C", "A", "W"]) for head in parts)
        roots = find_roots(
            heat,
            np.float32(heads.heatmaps.zero_point),
            np.float32(heads.heatmaps.scale),
            least_logit(options.score_threshold),
        )
        # Best first, and ascending among equals.
        stored = heat.reshape(-1)[roots]
        roots = roots[np.argsort(-stored if stored.dtype == np.float32 else ~stored, kind="stable")]
        stride = heads.output_stride
        yx, logits = follow_roots(
            roots,
            *_linear(heat, heads.heatmaps, 1.0),
            *_linear(short, heads.short_offsets, stride),
            *_linear(mid, heads.mid_offsets, stride),
            _STEPS,
            REFINEMENTS,
            min(options.max_poses, len(roots)),
            min(options.max_roots, len(roots)),
            options.score_threshold,
            (options.nms_radius_px / stride) ** 2,
        )
        return instances(yx, sigmoid(logits), stride, options)

    return decode


def _linear(values: _Stored, head: Head, per: float) -> tuple[_Stored, float, float]:
    """Stored values with what makes them real: a factor and a term, both divided by `per`."""
    scale = head.scale / per
    return values, scale, -head.zero_point * scale
