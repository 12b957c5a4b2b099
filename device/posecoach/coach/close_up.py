"""What is needed of the frame to see somebody exercise, who is then drawn larger."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.perception import Percept
from posecoach.coach.scene import Box

SURE: Final = 0.35
"""Least weight of a keypoint that widens the view."""
WIDENS_S: Final = 0.3
"""How fast the view follows somebody who reaches out of it: no single frame makes it leap."""
NARROWS_S: Final = 20.0
"""How fast it forgets where they were: over several repetitions, so that it does not breathe with them."""
FOLLOWS_S: Final = 0.6
"""How fast what is shown follows the view."""
ROOMIER: Final = 1.35
"""How much more than what is needed is shown: hands, feet and the top of the head are beyond keypoints."""
NEAREST: Final = 3.0
"""How many times as large somebody is drawn at most."""

Array = NDArray[np.float64]


class CloseUp:
    """Follow somebody's extent in the frame, smoothly; pure but for its own state."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._needs: Array | None = None  # left, top, right, bottom in fractions of the frame
        self._shown: Array | None = None
        self._at_s = 0.0

    def look(self, at_s: float, percept: Percept | None, wh: tuple[int, int] | None) -> None:
        """Take where somebody is; of nobody the view stays.

        Args:
            at_s: Seconds on the camera's clock.
            percept: The person.
            wh: Size of the frame; without it nothing is known.
        """
        if percept is None or wh is None:
            return
        seen = percept.keypoints_xy[percept.weights >= SURE] / np.array(wh, dtype=float)
        if len(seen) < 2:
            return
        extent = np.concatenate([seen.min(axis=0), seen.max(axis=0)])
        if self._needs is None or self._shown is None:
            self._needs, self._shown, self._at_s = extent, extent, at_s
            return
        self._shown = self._follow(at_s)
        since_s, self._at_s = at_s - self._at_s, at_s
        wider = np.array([-1.0, -1.0, 1.0, 1.0]) * (extent - self._needs) > 0.0
        self._needs = self._needs + np.where(
            wider, 1.0 - math.exp(-since_s / WIDENS_S), 1.0 - math.exp(-since_s / NARROWS_S)
        ) * (extent - self._needs)

    def at(self, now: float) -> Box | None:
        """What is needed of the frame, in fractions of it; `None` before anybody was seen."""
        if self._shown is None:
            return None
        left, top, right, bottom = self._follow(now).tolist()
        return Box(left, top, right - left, bottom - top)

    def _follow(self, now: float) -> Array:
        assert self._shown is not None
        assert self._needs is not None
        left = math.exp(min(self._at_s - now, 0.0) / FOLLOWS_S)
        return np.asarray(self._needs + left * (self._shown - self._needs))


def framed(shows: Box, needs: Box, share: float) -> Box:
    """A part of the frame of the same shape as `shows`, around what is needed.

    Args:
        shows: The part that is shown otherwise.
        needs: What must be in it.
        share: How far from the one to the other, 0..1.
    """
    scale = max(needs.w * ROOMIER / shows.w, needs.h * ROOMIER / shows.h)
    scale = min(max(scale, 1.0 / NEAREST), 1.0)
    x, y = needs.centre
    to = Box(x - 0.5 * scale * shows.w, y - 0.5 * scale * shows.h, scale * shows.w, scale * shows.h)
    return Box(
        *(
            start + share * (end - start)
            for start, end in ((shows.x, to.x), (shows.y, to.y), (shows.w, to.w), (shows.h, to.h))
        )
    )
