"""The One Euro filter for all keypoints at once, in units of the body.

A low pass whose cutoff rises with speed: a still person does not jitter, a fast arm does not lag.
Speeds are measured in torso lengths per second, so that near and far people are smoothed alike.
Source: Casiez, Roussel, Vogel, "1 Euro Filter", CHI 2012. The options are tuned by `tests/bench/jitter.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecoach.motion.columns import LISTS, Column, Layout, Marks

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OneEuroOptions:
    """How much to smooth.

    Attributes:
        min_cutoff_hz: Cutoff of a keypoint at rest; lower is calmer and later.
        beta: Rise of the cutoff, in Hz per torso length per second.
        derivative_cutoff_hz: Cutoff of the speed itself.
        rest_speed: Torso lengths per second that noise alone looks like: slower than this is at rest. Not
            in the paper; with it the cutoff at rest can be low and its rise steep.
    """

    min_cutoff_hz: float = 0.8
    beta: float = 50.0
    derivative_cutoff_hz: float = 0.4
    rest_speed: float = 0.11


class OneEuroFilter:
    """Smooth one person's keypoints from frame to frame."""

    def __init__(self, options: OneEuroOptions | None = None) -> None:
        """Start without a past."""
        self._options = options or OneEuroOptions()
        self._follow, self._layout = fastest_follow()
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next keypoints are taken as they are."""
        self._time: float | None = None
        self._known: Marks = []
        self._raw_x: Column = []
        self._raw_y: Column = []
        self._x: Column = []
        self._y: Column = []
        self._speed_x: Column = []
        self._speed_y: Column = []

    def smooth(
        self,
        at_s: float,
        xy: Array,
        seen: NDArray[np.bool_],
        scale_px: float,
        anew: NDArray[np.bool_] | None = None,
    ) -> Array:
        """Take one frame's keypoints and return them smoothed.

        Args:
            at_s: Time of the frame; not earlier than the one before.
            xy: ``(n, 2)``, in pixels.
            seen: ``(n,)``; a keypoint that is not seen keeps its last place and gains no speed.
            scale_px: Torso length, more than 0.
            anew: ``(n,)`` keypoints that do not continue their own movement: taken as they are, at rest.
        """
        x, y = self._layout.columns(xy)
        if self._time is None or len(self._known) != len(xy):
            self._time, self._known = at_s, self._layout.column(seen).copy()
            self._raw_x, self._raw_y = x.copy(), y.copy()
            self._x, self._y = x.copy(), y.copy()
            self._speed_x, self._speed_y = (self._layout.kept([0.0] * len(xy)) for _ in range(2))
            return self._layout.points(x, y)
        step_s = at_s - self._time
        if step_s > 0.0:
            self._time = at_s
            options, column = self._options, self._layout.column
            if anew is None:
                anew = np.zeros(len(xy), dtype=bool)
            self._follow(
                x, y, column(seen), column(anew),
                self._known, self._raw_x, self._raw_y, self._x, self._y, self._speed_x, self._speed_y,
                _gain(options.derivative_cutoff_hz, step_s), scale_px * step_s, 2.0 * math.pi * step_s,
                options.min_cutoff_hz, options.beta, options.rest_speed,
            )  # fmt: skip
        return self._layout.points(self._x, self._y)


def follow(
    x: Column,
    y: Column,
    seen: Marks,
    anew: Marks,
    known: Marks,
    raw_x: Column,
    raw_y: Column,
    smooth_x: Column,
    smooth_y: Column,
    all_speed_x: Column,
    all_speed_y: Column,
    speed_gain: float,
    per_px: float,
    turns: float,
    min_cutoff_hz: float,
    beta: float,
    rest_speed: float,
) -> None:
    """Take the next keypoints; columns are lists, or arrays where this is compiled.

    Args:
        x: ``(n,)`` as they are measured, in pixels.
        y: Likewise.
        seen: As in `OneEuroFilter.smooth`.
        anew: Likewise.
        known: Which were seen before; changed, as are all columns that follow.
        raw_x: Where each was measured last.
        raw_y: Likewise.
        smooth_x: Where each is.
        smooth_y: Likewise.
        all_speed_x: Torso lengths a second.
        all_speed_y: Likewise.
        speed_gain: Share of a new speed that is taken over.
        per_px: Torso length times the time since the keypoints before.
        turns: That time, times two pi.
        min_cutoff_hz: As in `OneEuroOptions`.
        beta: Likewise.
        rest_speed: Likewise.
    """
    for k in range(len(x)):
        speed_x, speed_y = all_speed_x[k], all_speed_y[k]
        if not seen[k]:  # slows down where it is
            all_speed_x[k] = speed_x - speed_gain * speed_x
            all_speed_y[k] = speed_y - speed_gain * speed_y
            continue
        now_x, now_y = x[k], y[k]
        if anew[k] or not known[k]:
            all_speed_x[k] = speed_x - speed_gain * speed_x
            all_speed_y[k] = speed_y - speed_gain * speed_y
            smooth_x[k], smooth_y[k] = now_x, now_y
        else:
            speed_x += speed_gain * ((now_x - raw_x[k]) / per_px - speed_x)
            speed_y += speed_gain * ((now_y - raw_y[k]) / per_px - speed_y)
            all_speed_x[k], all_speed_y[k] = speed_x, speed_y
            brisk = math.sqrt(speed_x * speed_x + speed_y * speed_y) - rest_speed
            turn = turns * (min_cutoff_hz + beta * brisk if brisk > 0.0 else min_cutoff_hz)
            gain = turn / (turn + 1.0)
            smooth_x[k] += gain * (now_x - smooth_x[k])
            smooth_y[k] += gain * (now_y - smooth_y[k])
        raw_x[k], raw_y[k], known[k] = now_x, now_y, True


@cache
def fastest_follow() -> tuple[Callable[..., None], Layout]:
    """`follow`, compiled where its kernel was built for this machine, and what columns it takes.

    Loading it takes a moment, once.
    """
    from posecoach.motion.columns_compiled import compiled_follow

    return compiled_follow() or (follow, LISTS)


def _gain(cutoff_hz: float, step_s: float) -> float:
    """Share of the new value that a first-order low pass takes over in one step."""
    turn = 2.0 * math.pi * cutoff_hz * step_s
    return turn / (turn + 1.0)
