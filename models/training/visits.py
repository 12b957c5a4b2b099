"""What is seen of somebody beside exercise: where they stand before they stand well, and their gestures."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from posecoach.synthetic.angles import Angle
from posecoach.synthetic.body import Body
from posecoach.synthetic.motion import Motion
from posecoach.synthetic.motions_gestures import CROSS_ARMS, FOLD_ARMS, RAISE_LEFT_HAND, RAISE_RIGHT_HAND
from posecoach.synthetic.pointing import pointing
from posecoach.synthetic.view_camera import ViewCamera

ARMS: Final = [
    *range(Angle.LEFT_SHOULDER_FLEX, Angle.LEFT_WRIST_FLEX + 1),
    *range(Angle.RIGHT_SHOULDER_FLEX, Angle.RIGHT_WRIST_FLEX + 1),
]
_NEAREST_M: Final = 1.2
_FARTHEST_M: Final = 9.5


def anyhow(rng: np.random.Generator, camera: ViewCamera) -> ViewCamera:
    """A camera that is set up anyhow, and somebody anywhere before it: near, far, at the edge, aslant."""
    distance_m = camera.distance_m
    if rng.random() < 0.6:
        distance_m = float(np.exp(rng.uniform(np.log(_NEAREST_M), np.log(_FARTHEST_M))))
    roll_deg = float(rng.uniform(-20.0, 20.0) if rng.random() < 0.4 else rng.normal(0.0, 2.0))
    aside_m = float(rng.normal(0.0, 0.25) * distance_m) if rng.random() < 0.5 else 0.0
    tilt_deg = float(rng.uniform(-20.0, 24.0) if rng.random() < 0.25 else rng.uniform(-1.0, 7.0))
    return replace(camera, distance_m=distance_m, tilt_deg=tilt_deg, aside_m=aside_m, roll_deg=roll_deg)


def gesture(rng: np.random.Generator, body: Body, camera: ViewCamera) -> Motion:
    """Arms crossed in one of the many ways, a hand up, or a hand that points somewhere."""
    kind = rng.random()
    if kind < 0.25:
        at = float(rng.uniform(-0.2, 1.2)), float(rng.uniform(-0.1, 1.1))
        return pointing(at, body=body, camera=camera, left=bool(rng.random() < 0.5))
    if kind < 0.4:
        motion = RAISE_LEFT_HAND if rng.random() < 0.5 else RAISE_RIGHT_HAND
    else:
        motion = _between(CROSS_ARMS, FOLD_ARMS, float(rng.uniform(-0.2, 1.2)))
    rows = motion.rows.copy()
    moves = np.abs(rows - rows[0]).max(axis=0) > 4.0
    bends = rng.normal(0.0, 6.0, rows.shape[1]) * moves
    away = np.abs(rows - rows[0]).max(axis=1) > 1.0
    rows[away] += bends
    return replace(motion, rows=rows)


def _between(one: Motion, other: Motion, share: float) -> Motion:
    return replace(one, rows=one.rows + share * (other.rows - one.rows))
