"""The multi-pose decoder once more, written from the description of the algorithm alone.

Plain loops over plain numbers, no line shared with the package. What it adds is a choice of the order
among equal root scores: the one that the package states, or the one that the official operator's
binary heap (libstdc++) happens to give, with which it reproduces the official results.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

EDGES = [
    (0, 1), (1, 3), (0, 2), (2, 4), (0, 5), (5, 7), (7, 9), (5, 11),
    (11, 13), (13, 15), (0, 6), (6, 8), (8, 10), (6, 12), (12, 14), (14, 16),
]  # fmt: skip


@dataclass
class NaivePose:
    score: float
    yx: list[tuple[float, float]]
    scores: list[float]


def naive_decode(
    heads: tuple[Any, Any, Any],
    quantisation: list[tuple[float, int]],
    stride: int,
    max_poses: int = 10,
    threshold: float = 0.2,
    radius_px: float = 10.0,
    ties: str = "stated",
) -> list[NaivePose]:
    """Poses, best first, in network pixels; `heads` as ``(rows, cols, channels)``."""
    heat, short, mid = (
        _real(head, scale / part, zero)
        for head, (scale, zero), part in zip(heads, quantisation, (1, stride, stride), strict=True)
    )
    rows, cols = len(heat), len(heat[0])
    least = -math.log(1 / (threshold + 1e-6) - 1)
    radius2 = (radius_px / stride) ** 2

    def clamp(y: float, x: float) -> tuple[float, float]:
        return min(max(y, 0.0), rows - 1.0), min(max(x, 0.0), cols - 1.0)

    def sample(head: list, y: float, x: float, channel: int) -> float:
        y0, x0 = math.floor(y), math.floor(x)
        y1, x1 = math.ceil(y), math.ceil(x)
        top = head[y0][x0][channel] * (1 - (x - x0)) + head[y0][x1][channel] * (x - x0)
        bottom = head[y1][x0][channel] * (1 - (x - x0)) + head[y1][x1][channel] * (x - x0)
        return top * (1 - (y - y0)) + bottom * (y - y0)

    roots = []
    for y in range(rows):
        for x in range(cols):
            for k in range(17):
                if heat[y][x][k] >= least and not any(
                    heat[v][u][k] > heat[y][x][k]
                    for v in range(max(y - 1, 0), min(y + 2, rows))
                    for u in range(max(x - 1, 0), min(x + 2, cols))
                ):
                    at = clamp(y + short[y][x][k], x + short[y][x][17 + k])
                    roots.append((heat[y][x][k], y, x, k, at))

    found: list[tuple[list, list]] = []
    pop = _queue(roots, ties)
    while len(found) < max_poses and (root := pop()) is not None:
        _, _, _, k, at = root
        if any(_apart2(pose[k], at) <= radius2 for pose, _ in found):
            continue
        pose: list[Any] = [None] * 17
        pose[k] = at
        open_ends = [k]
        while open_ends:
            source = open_ends.pop()
            for e, (parent, child) in enumerate(EDGES):
                if source == parent and pose[child] is None:
                    target, channel = child, e
                elif source == child and pose[parent] is None:
                    target, channel = parent, 32 + e
                else:
                    continue
                y, x = pose[source]
                dy, dx = sample(mid, y, x, channel), sample(mid, y, x, channel + 16)
                y, x = clamp(y + dy, x + dx)
                for _ in range(5):
                    dy, dx = sample(short, y, x, target), sample(short, y, x, 17 + target)
                    y, x = clamp(y + dy, x + dx)
                pose[target] = (y, x)
                open_ends.append(target)
        scores = [1 / (1 + math.exp(-sample(heat, y, x, k))) for k, (y, x) in enumerate(pose)]
        if sum(scores) / 17 >= threshold:
            found.append((pose, scores))

    found.sort(key=lambda one: -sum(one[1]))
    poses = []
    for i, (pose, scores) in enumerate(found):
        total = 0.0
        for k in range(17):
            if not any(_apart2(better[k], pose[k]) <= radius2 for better, _ in found[:i]):
                total += scores[k]
        poses.append(NaivePose(total / 17, [(y * stride, x * stride) for y, x in pose], scores))
    poses.sort(key=lambda one: -one.score)
    return [pose for pose in poses if pose.score >= threshold]


def _real(head: Any, scale: float, zero: int) -> list:
    return [[[(float(q) - zero) * scale for q in cell] for cell in row] for row in head.tolist()]


def _apart2(one: tuple[float, float], other: tuple[float, float]) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _queue(roots: list, ties: str) -> Callable[[], tuple | None]:
    if ties == "stated":
        ordered = sorted(roots, key=lambda root: (-root[0], root[1], root[2], root[3]))
        return lambda: ordered.pop(0) if ordered else None
    heap: list = []
    for root in roots:
        heap.append(root)
        _sift_up(heap, len(heap) - 1, root)

    def pop() -> tuple | None:
        if not heap:
            return None
        best, last = heap[0], heap.pop()
        if heap:
            _sift_down(heap, last)
        return best

    return pop


def _sift_up(heap: list, hole: int, root: tuple) -> None:
    while hole > 0 and heap[(hole - 1) // 2][0] < root[0]:
        heap[hole] = heap[(hole - 1) // 2]
        hole = (hole - 1) // 2
    heap[hole] = root


def _sift_down(heap: list, root: tuple) -> None:
    """libstdc++ first walks the hole to the bottom, then sifts up from there."""
    hole = child = 0
    while child < (len(heap) - 1) // 2:
        child = 2 * (child + 1)
        if heap[child][0] < heap[child - 1][0]:
            child -= 1
        heap[hole] = heap[child]
        hole = child
    if len(heap) % 2 == 0 and child == (len(heap) - 2) // 2:
        child = 2 * (child + 1)
        heap[hole] = heap[child - 1]
        hole = child - 1
    _sift_up(heap, hole, root)
