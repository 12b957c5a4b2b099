"""Where somebody is in a picture, how large, and how long their bones seem: what tells people apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

from posecoach.motion.columns import LISTS, Column, Layout


def survey(
    x: Column, y: Column, weights: Column, starts: list[int], ends: list[int], bones_px: Column
) -> tuple[float, float, float]:
    """Look at one person; columns are lists, or arrays where this is compiled.

    Args:
        x: ``(17,)`` in pixels.
        y: Likewise.
        weights: ``(17,)`` in [0, 1].
        starts: ``(bones,)`` the keypoint in which each bone starts.
        ends: And in which it ends.
        bones_px: How long each is, 0 where an end is not seen; written to.

    Returns:
        The weighted middle of the keypoints, x and y; and the extent of those that are seen, at least 1.
    """
    total = middle_x = middle_y = 0.0
    left, right, top, bottom = math.inf, -math.inf, math.inf, -math.inf
    for k in range(len(x)):
        soft = weights[k] + 1e-6
        total += soft
        middle_x += soft * x[k]
        middle_y += soft * y[k]
        if weights[k] > 0.3:
            left, right = min(left, x[k]), max(right, x[k])
            top, bottom = min(top, y[k]), max(bottom, y[k])
    for bone in range(len(starts)):
        start, end = starts[bone], ends[bone]
        bones_px[bone] = 0.0
        if weights[start] > 0.3 and weights[end] > 0.3:
            aside, down = x[end] - x[start], y[end] - y[start]
            bones_px[bone] = math.sqrt(aside * aside + down * down)
    return middle_x / total, middle_y / total, max(1.0, right - left, bottom - top)


@cache
def fastest_survey() -> tuple[Callable[..., tuple[float, float, float]], Layout]:
    """`survey`, compiled where its kernel was built for this machine, and what columns it takes.

    Loading it takes a moment, once.
    """
    from posecoach.motion.columns_compiled import compiled_survey

    return compiled_survey() or (survey, LISTS)
