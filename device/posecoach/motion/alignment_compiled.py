"""The local cost and the cheapest path of an alignment, compiled: the same results to the last digit."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posecoach.compiled import Kernel, kernel
from posecoach.motion.local_cost import Columns, Costs
from posecoach.motion.pose_distance import BONE_SHARE, ENDS
from posecoach.motion.sequence import PoseSequence
from posecoach.motion.warping_path import FindPath
from posecoach.skeleton import NUM_KEYPOINTS

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

_BONE_OF: Final = np.full(NUM_KEYPOINTS, -1, dtype=np.int64)
"""The bone that ends in each keypoint, -1 for none."""
_BONE_OF[ENDS] = np.arange(len(ENDS))

_M: Final = "float64[:, ::1]"


@kernel(
    f"{_M}(float64[:, :, ::1], {_M}, float64[:, :, ::1], {_M}, {_M}, {_M}, {_M}, {_M}, int64[::1], float64)"
)
def _costs(
    xy: Array,
    weights: Array,
    directions: Array,
    wanted_x: Array,
    wanted_y: Array,
    wanted_weights: Array,
    wanted_across: Array,
    wanted_along: Array,
    bone_of: Indices,
    bone_share: float,
) -> Array:
    keypoints, time = wanted_x.shape
    cost = np.zeros((len(xy), time))
    total = np.empty(time)
    for row in range(len(xy)):
        total[:] = 0.0
        for k in range(keypoints):
            weight, x, y, bone = weights[row, k], xy[row, k, 0], xy[row, k, 1], bone_of[k]
            if weight == 0.0:
                continue
            if bone < 0:
                for t in range(time):
                    dx, dy = wanted_x[k, t] - x, wanted_y[k, t] - y
                    share = wanted_weights[k, t] * weight
                    total[t] += share
                    cost[row, t] += math.sqrt(dx * dx + dy * dy) * share
                continue
            across, along = directions[row, bone, 0], directions[row, bone, 1]
            for t in range(time):
                dx, dy = wanted_x[k, t] - x, wanted_y[k, t] - y
                ex, ey = wanted_across[bone, t] - across, wanted_along[bone, t] - along
                distance = math.sqrt(dx * dx + dy * dy) + bone_share * math.sqrt(ex * ex + ey * ey)
                share = wanted_weights[k, t] * weight
                total[t] += share
                cost[row, t] += 0.5 * distance * share
        for t in range(time):
            cost[row, t] = cost[row, t] / total[t] if total[t] > 1e-9 else 0.0
    return cost


@kernel(f"Tuple((int64[::1], int64[::1], float64))({_M}, int64)")
def _find_path(cost: Array, reach: int) -> tuple[Indices, Indices, float]:
    n, m = cost.shape
    steps = np.empty((n, m), np.uint8)  # 0 in both, 1 in the query, 2 in the reference
    above, here, best = np.full(m + 1, np.inf), np.full(m + 1, np.inf), np.empty(m)
    for i in range(n):
        first, end = 0, m
        if reach >= 0 and n > 1:
            # |i (m - 1) - j (n - 1)| <= reach
            first = max(0, -((reach - i * (m - 1)) // (n - 1)))
            end = min(m, (i * (m - 1) + reach) // (n - 1) + 1)
        here[:] = np.inf
        for j in range(first, end):
            in_both, in_query = above[j], above[j + 1]
            steps[i, j] = 1 if in_query < in_both else 0
            best[j] = in_query if in_query < in_both else in_both
        if i == 0:
            best[0] = 0.0
        left = np.inf
        for j in range(first, end):
            steps[i, j] = 2 if left < best[j] else steps[i, j]
            left = cost[i, j] + (left if left < best[j] else best[j])
            here[j + 1] = left
        above, here = here, above
    query, reference = np.empty(n + m, np.int64), np.empty(n + m, np.int64)
    i, j, at = n - 1, m - 1, n + m
    while True:
        at -= 1
        query[at], reference[at] = i, j
        if i == 0 and j == 0:
            break
        step = steps[i, j]
        if step != 2:
            i -= 1
        if step != 1:
            j -= 1
    return query[at:].copy(), reference[at:].copy(), float(above[m])


KERNELS: Final[tuple[Kernel[..., Any], ...]] = (_costs, _find_path)


def compiled_costs() -> Costs | None:
    """The compiled way to the local costs; `None` where its kernel was not built for this machine."""
    costs = _costs.load()
    return None if costs is None else costs_of(costs)


def compiled_path() -> FindPath | None:
    """The compiled way to the cheapest path; `None` where its kernel was not built for this machine."""
    return _find_path.load()


def costs_of(kernel: Callable[..., Array]) -> Costs:
    """The way to the local costs that a kernel makes: compiled, or as it is written."""

    def costs(query: PoseSequence, wanted: Columns) -> Array:
        return kernel(
            # What a kernel takes; what comes from a camera is so, and is not copied.
            *(
                np.require(each, np.float64, ["C", "A", "W"])
                for each in (query.xy, query.weights, query.directions)
            ),
            wanted.x,
            wanted.y,
            wanted.weights,
            wanted.across,
            wanted.along,
            _BONE_OF,
            BONE_SHARE,
        )

    return costs
