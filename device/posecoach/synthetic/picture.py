"""A picture of people in a room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.figure import Figure
from posecoach.synthetic.kinematics import Part, Posture
from posecoach.synthetic.paint import Light
from posecoach.synthetic.room import Room, painted_room
from posecoach.synthetic.view_camera import ViewCamera

Array = NDArray[np.float64]

_REACH_M: Final = 0.34
"""Radius of the shadow a body throws on the floor."""


class Scenery:
    """A room seen by a camera that does not move: painted once, then only people are painted over it."""

    def __init__(self, room: Room, camera: ViewCamera) -> None:
        self._camera, self._light = camera, room.light
        self._empty = painted_room(room, camera)

    @property
    def camera(self) -> ViewCamera:
        """The camera it is seen by."""
        return self._camera

    def picture(self, people: Sequence[tuple[Figure, Posture]]) -> NDArray[np.uint8]:
        """``(height, width, 3)`` uint8 RGB, the caller's own.

        Args:
            people: Whom to paint, each with a posture of one moment; who is further away comes first.
        """
        image = self._empty.copy()
        far_first = sorted(
            people, key=lambda one: -float(self._camera.seen(one[1].origins[0, Part.PELVIS])[2])
        )
        for _, posture in far_first:
            self._shadow(image, posture)
        for figure, posture in far_first:
            figure.paint(image, posture, self._camera, self._light)
        return image

    def _shadow(self, image: NDArray[np.uint8], posture: Posture) -> None:
        """Darken the floor under the body, most at the feet."""
        pelvis = posture.origins[0, Part.PELVIS]
        spots = [(pelvis[:2] + _thrown(self._light, self._camera, float(pelvis[2])) * 0.35, _REACH_M, 0.22)]
        for foot in (Part.LEFT_FOOT, Part.RIGHT_FOOT):
            ankle, frame = posture.origins[0, foot], posture.frames[0, foot]
            lifted = max(float(ankle[2]) - 0.07, 0.0)
            spots.append((ankle[:2] + frame[:2, 0] * 0.05, 0.17 + 0.3 * lifted, 0.42 / (1.0 + 6.0 * lifted)))
        for place, reach_m, strength in spots:
            _darken(image, np.array([*place, 0.0]), reach_m, strength, self._camera)


def _thrown(light: Light, camera: ViewCamera, height_m: float) -> Array:
    """``(2,)`` how far on the floor a shadow lies from what throws it."""
    towards = np.array(light.direction) @ camera.axes
    return np.asarray(-towards[:2] / max(float(towards[2]), 0.3) * height_m)


def _darken(
    image: NDArray[np.uint8], place: Array, reach_m: float, strength: float, camera: ViewCamera
) -> None:
    """A soft dark spot on the floor: round from above, so flat in the picture."""
    around = place + reach_m * np.array([camera.axes[0], [*camera.axes[2][:2], 0.0]])
    (middle, beside, behind), depth = camera.project(np.stack([place, *around]))
    if depth.min() < 0.4:
        return
    wide = max(float(abs(beside[0] - middle[0])), 2.0)
    high = max(float(abs(behind[1] - middle[1])), 2.0)
    height, width = image.shape[:2]
    left, right = max(int(middle[0] - 2 * wide), 0), min(int(middle[0] + 2 * wide) + 1, width)
    top, bottom = max(int(middle[1] - 2 * high), 0), min(int(middle[1] + 2 * high) + 1, height)
    if left >= right or top >= bottom:
        return
    x = (np.arange(left, right, dtype=np.float32) - np.float32(middle[0])) / np.float32(wide)
    y = ((np.arange(top, bottom, dtype=np.float32) - np.float32(middle[1])) / np.float32(high))[:, None]
    # Falls to nothing at twice the reach, without an edge.
    falling = np.maximum(1.0 - 0.25 * (x * x + y * y), 0.0)
    kept = 1.0 - np.float32(strength) * falling * falling * falling
    part = image[top:bottom, left:right]
    part[:] = part * kept[..., None]
