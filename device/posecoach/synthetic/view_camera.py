"""The camera's side of a picture: what is in front of it, and where that lies in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.routine import View
from posecoach.errors import CameraError

Array = NDArray[np.float64]

VIEW_YAW_DEG: Final = {View.FRONT: 0.0, View.LEFT: 90.0, View.RIGHT: 270.0}
"""From where each view is seen: the camera stands before the body, at its left, at its right."""

NEAREST_M: Final = 0.2
"""What is nearer to the camera than this cannot be seen."""


@dataclass(frozen=True, slots=True)
class ViewCamera:
    """A pinhole camera that looks across the origin, where the athlete stands.

    Attributes:
        image_wh: Size of its pictures, in pixels.
        distance_m: From the vertical through the origin, along the floor.
        height_m: Over the floor.
        tilt_deg: Downwards positive.
        yaw_deg: Where it stands around the origin: 0 before a body that faces along x, 90 at its left.
        aside_m: How far it stands to its own right of there: the athlete is so far left of the middle.
        roll_deg: How far it is turned clockwise about its line of sight: the picture turns the other way.
        focal_px: Focal length; `None` for a field of view of 49 degrees over the picture's height (a
            Raspberry Pi camera's), or of 62 over the width where that is narrower.
    """

    image_wh: tuple[int, int] = (1280, 720)
    distance_m: float = 3.4
    height_m: float = 1.15
    tilt_deg: float = 2.0
    yaw_deg: float = 0.0
    focal_px: float | None = None
    aside_m: float = 0.0
    roll_deg: float = 0.0

    def __post_init__(self) -> None:
        if not 0.5 <= self.distance_m <= 20.0:
            raise CameraError(f"the camera's distance must be 0.5 to 20 m, got {self.distance_m}")
        if min(self.image_wh) < 16:
            raise CameraError(f"a picture must be at least 16 pixels wide and high, got {self.image_wh}")

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        if self.focal_px is not None:
            return self.focal_px
        width, height = self.image_wh
        return max(1.097 * height, 0.832 * width) if width < height else 1.097 * height

    @property
    def place(self) -> Array:
        """``(3,)`` where it stands, in metres."""
        yaw = np.radians(self.yaw_deg)
        along = np.array([np.cos(yaw) * self.distance_m, np.sin(yaw) * self.distance_m, self.height_m])
        return along + self.aside_m * self.across

    @property
    def across(self) -> Array:
        """``(3,)`` to the right of its picture, level, in the world."""
        yaw = np.radians(self.yaw_deg)
        return np.array([-np.sin(yaw), np.cos(yaw), 0.0])

    @property
    def axes(self) -> Array:
        """``(3, 3)`` rows: to the right of the picture, down, and away from the camera, in the world."""
        yaw, tilt = np.radians(self.yaw_deg), np.radians(self.tilt_deg)
        away = np.array([-np.cos(yaw) * np.cos(tilt), -np.sin(yaw) * np.cos(tilt), -np.sin(tilt)])
        right, roll = self.across, np.radians(self.roll_deg)
        down = np.cross(away, right)
        return np.stack(
            [
                right * np.cos(roll) + down * np.sin(roll),
                down * np.cos(roll) - right * np.sin(roll),
                away,
            ]
        )

    def seen(self, points: Array) -> Array:
        """``(..., 3)`` points of the world in the camera's axes: metres right, down, away."""
        return np.asarray((points - self.place) @ self.axes.T)

    def project(self, points: Array) -> tuple[Array, Array]:
        """Where points of the world lie in the picture.

        Args:
            points: ``(..., 3)`` metres.

        Returns:
            ``(..., 2)`` xy in pixels, and ``(...)`` the distance along the line of sight in metres. A
            point nearer than `NEAREST_M`, or behind, is taken to be at that distance.
        """
        local = self.seen(points)
        depth = local[..., 2]
        middle = (np.array(self.image_wh) - 1) / 2.0
        return middle + self.focal * local[..., :2] / np.maximum(depth, NEAREST_M)[..., None], depth
