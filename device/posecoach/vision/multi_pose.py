"""Poses of several people from the heads: the greedy decoding of PersonLab (arXiv 1803.08225).

The semantics are those of Google's ``PosenetDecoderOp``: the best heatmap cells are roots; from a
root the mid offsets lead along the part tree, and short offsets refine each keypoint. Deviations,
both deliberate: the arithmetic is float64 (the operator's is float32), and equal root scores, which
are common because uint8 heatmaps saturate, are taken in a stated order, not in that of a heap: by
score, highest first, then by row, column and keypoint.

Walking the tree is some fifty small steps one after another, so here many roots are walked together:
the time is nearly flat in the number of people. `multi_pose_compiled` walks one after another, which is
far faster where it can be had.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.errors import ShapeError
from posecoach.pose import PoseEstimate
from posecoach.skeleton import NUM_KEYPOINTS
from posecoach.vision.bilinear import Sampler
from posecoach.vision.heads import PART_TREE, Heads

REFINEMENTS: Final = 5
"""How often a keypoint is moved by the short offset at its place."""

_CHUNK: Final = 48  # roots walked together; more costs little, fewer may need another walk

_Floats = NDArray[np.float64]
_Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """What counts as a person.

    Attributes:
        max_poses: Most poses to return.
        score_threshold: In [0, 1]: least keypoint score of a root, and least instance score.
        nms_radius_px: In network pixels: a root this near to the same keypoint of an earlier pose is
            that pose again.
        max_roots: Most roots to follow: a bound on the time that a noisy picture can cost, which the
            official operator does not have. The best ones are followed; people need one each.
    """

    max_poses: int = 10
    score_threshold: float = 0.2
    nms_radius_px: float = 10.0
    max_roots: int = 960

    def __post_init__(self) -> None:
        if self.max_poses < 1 or self.max_roots < 1:
            raise ShapeError(
                f"max_poses and max_roots must be at least 1, got {self.max_poses}, {self.max_roots}"
            )
        if not 0 <= self.score_threshold <= 1:
            raise ShapeError(f"score_threshold must be in [0, 1], got {self.score_threshold}")
        if not 0 <= self.nms_radius_px < math.inf:
            raise ShapeError(f"nms_radius_px must be 0 or more, got {self.nms_radius_px}")


MultiPoseDecoder = Callable[[Heads, DecodeOptions | None], list[PoseEstimate]]
"""What `decode_multi_pose` is."""


def decode_multi_pose(heads: Heads, options: DecodeOptions | None = None) -> list[PoseEstimate]:
    """Everybody in `heads`, best instance score first; empty when there is nobody.

    Keypoints are in network pixels. The instance score is the sum of the keypoint scores, without
    those of keypoints within the NMS radius of the same keypoint of a better pose, over 17.
    """
    options = options or DecodeOptions()
    yx, scores = _greedy(heads, options)
    return instances(yx, scores, heads.output_stride, options)


def instances(yx: _Floats, scores: _Floats, output_stride: int, options: DecodeOptions) -> list[PoseEstimate]:
    """The people that accepted poses are: ``(poses, 17, 2)`` cells (y, x) and scores ``(poses, 17)``."""
    if not len(yx):
        return []
    instance_scores = _without_shared_keypoints(yx, scores, options.nms_radius_px / output_stride)
    order = np.argsort(-instance_scores, kind="stable")
    return [
        PoseEstimate(yx[i, :, ::-1] * output_stride, scores[i], float(instance_scores[i]))
        for i in order
        if instance_scores[i] >= options.score_threshold
    ]


def _greedy(heads: Heads, options: DecodeOptions) -> tuple[_Floats, _Floats]:
    """Accepted poses in the order found: ``(poses, 17, 2)`` cells (y, x); ``(poses, 17)`` scores."""
    walk = _Walk(heads)
    roots = _roots(heads, options.score_threshold)
    keypoints, cells = roots[:, 2], walk.root_cells(roots)
    radius_squared = (options.nms_radius_px / heads.output_stride) ** 2
    free = np.ones(len(roots), dtype=bool)
    found: list[_Floats] = []
    found_scores: list[_Floats] = []
    left = options.max_roots
    while (chunk := np.flatnonzero(free)[: min(_CHUNK, left)]).size:
        yx, scores = walk.follow(keypoints[chunk], cells[chunk])
        means = scores.sum(axis=1) / NUM_KEYPOINTS
        for i, root in enumerate(chunk):
            left -= int(free[root])
            if free[root] and means[i] >= options.score_threshold:
                found.append(yx[i])
                found_scores.append(scores[i])
                if len(found) == options.max_poses:
                    return np.stack(found), np.stack(found_scores)
                apart = cells - yx[i][keypoints]
                free &= (apart * apart).sum(axis=1) > radius_squared
        free[chunk] = False
    if not found:
        return np.empty((0, NUM_KEYPOINTS, 2)), np.empty((0, NUM_KEYPOINTS))
    return np.stack(found), np.stack(found_scores)


def _roots(heads: Heads, score_threshold: float) -> _Indices:
    """Cells that may start a pose, best first: ``(roots, 3)`` of row, column and keypoint."""
    logits = heads.heatmaps.values
    # The largest of each 3x3 neighbourhood; a plateau keeps all its cells, as in the operator.
    peak = logits.copy()
    np.maximum(peak[1:], logits[:-1], out=peak[1:])
    np.maximum(peak[:-1], logits[1:], out=peak[:-1])
    column = peak.copy()
    np.maximum(peak[:, 1:], column[:, :-1], out=peak[:, 1:])
    np.maximum(peak[:, :-1], column[:, 1:], out=peak[:, :-1])
    confident = heads.heatmaps.real(logits) >= least_logit(score_threshold)
    # Ascending row, column, keypoint; the sort keeps that order among equals.
    roots = np.argwhere((logits == peak) & confident)
    return roots[np.argsort(-logits[tuple(roots.T)].astype(np.float32), kind="stable")]


def least_logit(score_threshold: float) -> np.float32:
    """The inverse sigmoid of a root's least score; the tiny term is the operator's own."""
    return np.float32(-math.log(1 / min(score_threshold + 1e-6, 1 - 1e-12) - 1))


def sigmoid(logits: _Floats) -> _Floats:
    """Scores from logits, in the form that cannot overflow."""
    scores: _Floats = 0.5 * (1 + np.tanh(0.5 * logits))
    return scores


class _Walk:
    """Follows the part tree through one picture's heads, in units of cells."""

    def __init__(self, heads: Heads) -> None:
        self._heat = Sampler.make(heads.heatmaps, vector_gap=None)
        self._short = Sampler.make(heads.short_offsets, vector_gap=NUM_KEYPOINTS, per=heads.output_stride)
        self._mid = Sampler.make(heads.mid_offsets, vector_gap=len(PART_TREE), per=heads.output_stride)

    def root_cells(self, roots: _Indices) -> _Floats:
        """Where roots are after their own cell's short offset: ``(roots, 2)`` (y, x)."""
        at = roots[:, :2].T.astype(np.float64)
        return self._short.clamped(at + self._short.vectors(at, roots[:, 2])).T

    def follow(self, keypoints: _Indices, cells: _Floats) -> tuple[_Floats, _Floats]:
        """The poses that grow from roots: ``(roots, 17, 2)`` (y, x) and scores ``(roots, 17)``."""
        yx = np.empty((2, len(keypoints), NUM_KEYPOINTS))
        yx[:, np.arange(len(keypoints)), keypoints] = cells.T
        for which, source, target, channel in _steps(keypoints):
            at = yx[:, which, source]
            at = self._mid.clamped(at + self._mid.vectors(at, channel))
            for _ in range(REFINEMENTS):
                at = self._short.clamped(at + self._short.vectors(at, target))
            yx[:, which, target] = at
        everything = np.tile(np.arange(NUM_KEYPOINTS), len(keypoints))
        logits = self._heat.numbers(yx.reshape(2, -1), everything).reshape(-1, NUM_KEYPOINTS)
        return yx.transpose(1, 2, 0), sigmoid(logits)


def _schedule() -> _Indices:
    """Walks over the tree: ``(17 roots, depths, slots, 3)`` of source, target, channel; -1 where unused."""
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(NUM_KEYPOINTS)]
    backward = 2 * len(PART_TREE)  # after the forward dy and dx
    for edge, (parent, child) in enumerate(PART_TREE):
        neighbours[parent].append((child, edge))
        neighbours[child].append((parent, backward + edge))
    walks: list[list[list[tuple[int, int, int]]]] = []
    for root in range(NUM_KEYPOINTS):
        seen, level, walk = {root}, [root], []
        while level:
            steps = [(s, t, channel) for s in level for t, channel in neighbours[s] if t not in seen]
            level = [target for _, target, _ in steps]
            seen.update(level)
            walk.append(steps)
        walks.append(walk[:-1])  # the last level of every walk is empty
    depths, slots = max(map(len, walks)), max(len(steps) for walk in walks for steps in walk)
    schedule = np.full((NUM_KEYPOINTS, depths, slots, 3), -1, dtype=np.intp)
    for root, walk in enumerate(walks):
        for depth, steps in enumerate(walk):
            schedule[root, depth, : len(steps)] = steps
    return schedule


SCHEDULE: Final = _schedule()


def _steps(keypoints: _Indices) -> Iterator[tuple[_Indices, _Indices, _Indices, _Indices]]:
    """For each depth of the tree, the steps of all roots: which root, source, target, channel."""
    walks = SCHEDULE[keypoints]
    for depth in range(walks.shape[1]):
        steps = walks[:, depth]
        which, slot = np.nonzero(steps[:, :, 0] >= 0)
        if not which.size:
            return
        source, target, channel = steps[which, slot].T
        yield which, source, target, channel


def _without_shared_keypoints(yx: _Floats, scores: _Floats, radius: float) -> _Floats:
    """Instance scores that count no keypoint which a better pose has already: ``(poses,)``."""
    order = np.argsort(-scores.sum(axis=1), kind="stable")
    ranked = yx[order]
    apart = ranked[:, np.newaxis] - ranked[np.newaxis]
    near = (apart * apart).sum(axis=-1) <= radius * radius
    before = np.tri(len(ranked), k=-1, dtype=bool)
    shared = (near & before[:, :, np.newaxis]).any(axis=1)
    instance_scores = np.empty(len(ranked))
    instance_scores[order] = np.where(shared, 0.0, scores[order]).sum(axis=1) / NUM_KEYPOINTS
    return instance_scores
