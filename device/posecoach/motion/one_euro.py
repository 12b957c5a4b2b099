"""The One Euro filter for all keypoints at once, in units of the body.

A low pass whose cutoff rises with speed: a still person does not jitter, a fast arm does not lag.
Speeds are measured in torso lengths per second, so that near and far people are smoothed alike.
Source: Casiez, Roussel, Vogel, "1 Euro Filter", CHI 2012. The options are tuned by `tests/bench/jitter.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next keypoints are taken as they are."""
        self._time: float | None = None
        self._raw: Array = np.empty(0)
        self._smooth: Array = np.empty(0)
        self._speed: Array = np.empty(0)
        self._known: NDArray[np.bool_] = np.empty(0, dtype=bool)

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
        if self._time is None or self._raw.shape != xy.shape:
            self._time, self._raw, self._smooth = at_s, xy.copy(), xy.copy()
            self._speed = np.zeros_like(xy)
            self._known = seen.copy()
            return xy.copy()
        step_s = at_s - self._time
        if step_s <= 0:
            return self._smooth.copy()
        fresh = seen & ~self._known if anew is None else seen & (~self._known | anew)
        moving = (seen & ~fresh)[:, None]
        speed = np.where(moving, (xy - self._raw) / (scale_px * step_s), 0.0)
        self._speed += _gain(self._options.derivative_cutoff_hz, step_s) * (speed - self._speed)
        pace = np.sqrt(self._speed[:, 0] ** 2 + self._speed[:, 1] ** 2)
        brisk = np.maximum(pace - self._options.rest_speed, 0.0)
        cutoff_hz = self._options.min_cutoff_hz + self._options.beta * brisk
        gain = _gain(cutoff_hz, step_s)[:, None]
        followed = self._smooth + gain * (xy - self._smooth)
        self._smooth = np.where(fresh[:, None], xy, np.where(seen[:, None], followed, self._smooth))
        self._raw = np.where(seen[:, None], xy, self._raw)
        self._known = self._known | seen
        self._time = at_s
        return self._smooth.copy()


def _gain(cutoff_hz: float | Array, step_s: float) -> Array:
    """Share of the new value that a first-order low pass takes over in one step."""
    turn = 2.0 * np.pi * np.asarray(cutoff_hz) * step_s
    return np.asarray(turn / (turn + 1.0))
