"""Somebody who walks through the picture."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.anatomy import bare_solids
from posecoach.synthetic.body import Body
from posecoach.synthetic.kinematics import Posture
from posecoach.synthetic.solids import Outline, Shape
from posecoach.synthetic.view_camera import ViewCamera
from posecoach.synthetic.walking import walking

Array = NDArray[np.float64]

_SPEED_M_S: Final = 1.15


class Passer:
    """A second person, who crosses from one side to the other at a walk."""

    def __init__(self, start_s: float, before_m: float, camera: ViewCamera, seed: int) -> None:
        """Somebody who comes by.

        Args:
            start_s: When they come in.
            before_m: How far before the athlete they pass; negative for behind.
            camera: Whose picture they cross.
            seed: Of who they are, and from which side they come.
        """
        rng = np.random.default_rng([seed, 3])
        self.body = Body.sample(rng)
        self._start_s = start_s
        side = 1.0 if rng.random() < 0.5 else -1.0
        distance_m = max(camera.distance_m - before_m, 0.8)
        width, _ = camera.image_wh
        half_m = distance_m * width / 2.0 / camera.focal + 1.1
        right, away = camera.across[:2], camera.axes[2][:2] / np.linalg.norm(camera.axes[2][:2])
        middle = camera.place[:2] + away * distance_m
        self._from, self._step = middle - right * side * half_m, right * side * _SPEED_M_S
        self._length_s = 2.0 * half_m / _SPEED_M_S
        self._heading_deg = float(np.degrees(np.arctan2(self._step[1], self._step[0])))
        self._shape = Shape(bare_solids(self.body))

    def present(self, at_s: Array) -> NDArray[np.bool_]:
        """``(time,)`` whether they are about."""
        return np.asarray((at_s >= self._start_s) & (at_s <= self._start_s + self._length_s))

    def posture(self, at_s: Array) -> Posture:
        """Where they are at some times."""
        gone = (np.atleast_1d(at_s) - self._start_s)[:, None]
        return walking(self.body, self._from + gone * self._step, np.full(len(gone), self._heading_deg))

    def outline(self, at_s: Array, camera: ViewCamera) -> Outline:
        """What they hide at some times."""
        return self._shape.outline(self.posture(at_s), camera)
