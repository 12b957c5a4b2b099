"""The body as solids: tapered, rounded tubes of elliptical cross-section, each fixed to a part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.synthetic.kinematics import Part, Posture
from posecoach.synthetic.look import Stuff
from posecoach.synthetic.rotation import turned, unit
from posecoach.synthetic.view_camera import ViewCamera

Array = NDArray[np.float64]

FORWARD: Final = 0
LEFTWARD: Final = 1
"""The axes of a part's frame a solid's breadth may lie along."""


@dataclass(frozen=True, slots=True)
class Solid:
    """One tube from `start` to `end`, each a place in the frame of its own part, in metres.

    Attributes:
        start, end: The part it is fixed to, and the place in its frame.
        radii: At either end: half breadth and half depth, in metres.
        stuff: What it is made of.
        breadth_axis: The axis of the start's frame the breadth lies along: `FORWARD` or `LEFTWARD`.
        cut: Whether the end is cut off straight, as a sleeve is, instead of round.
        round: Whether it is shaded as a thing of its own, not as one of several in a row.
        cap: How far its ends bulge, in radii; the trunk's are flat.
    """

    start: tuple[Part, tuple[float, float, float]]
    end: tuple[Part, tuple[float, float, float]]
    radii: tuple[tuple[float, float], tuple[float, float]]
    stuff: Stuff
    breadth_axis: int = LEFTWARD
    cut: bool = False
    round: bool = False
    cap: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Solids as a camera sees them: what is needed to paint them, or to tell what hides what.

    Attributes:
        xy: ``(time, solid, 2, 2)`` both ends in pixels.
        depth_m: ``(time, solid, 2)`` of both ends along the line of sight.
        radius_px: ``(time, solid, 2)`` half the width across the line of sight.
        thick_m: ``(time, solid, 2)`` half the thickness along it.
        end_on: ``(time, solid)`` 0 for a tube across the line of sight, 1 for one that goes straight away
            from the camera, -1 for one that comes towards it.
    """

    xy: Array = field(repr=False)
    depth_m: Array = field(repr=False)
    radius_px: Array = field(repr=False)
    thick_m: Array = field(repr=False)
    end_on: Array = field(repr=False)


class Shape:
    """A list of solids, ready to be placed many times."""

    def __init__(self, solids: list[Solid]) -> None:
        self.solids = solids
        self._parts = np.array([[int(solid.start[0]), int(solid.end[0])] for solid in solids])
        self._places = np.array([[solid.start[1], solid.end[1]] for solid in solids])  # (solid, 2, 3)
        self._radii = np.array([solid.radii for solid in solids])  # (solid, end, breadth and depth)
        self._axis = np.array([solid.breadth_axis for solid in solids])

    def outline(self, posture: Posture, camera: ViewCamera) -> Outline:
        """The solids of a body at every moment of `posture`, seen by `camera`."""
        frames = posture.frames[:, self._parts]  # (time, solid, 2, 3, 3)
        ends = posture.origins[:, self._parts] + turned(frames, self._places)
        xy, depth = camera.project(ends)
        depth = np.maximum(depth, 0.2)
        along = unit(ends[:, :, 1] - ends[:, :, 0])
        breadth = frames[:, np.arange(len(self._axis)), 0, :, self._axis].swapaxes(0, 1)
        breadth = unit(breadth - (breadth * along).sum(axis=-1, keepdims=True) * along)
        thickness = np.cross(breadth, along)
        sight = unit(ends.mean(axis=2) - camera.place)
        # Across the tube and the line of sight; of a tube seen from its end, any direction across will do.
        across = np.cross(along, sight) + 1e-6 * camera.axes[0]
        across = unit(across)
        deep = unit(sight - (sight * along).sum(axis=-1, keepdims=True) * along + 1e-6 * sight)
        radius = self._extent(breadth, thickness, across)
        end_on = np.asarray((along * sight).sum(axis=-1))
        thick = self._extent(breadth, thickness, deep)
        return Outline(xy, depth, radius * camera.focal / depth, thick, end_on)

    def _extent(self, breadth: Array, thickness: Array, direction: Array) -> Array:
        """``(time, solid, end)`` half the extent of the elliptical cross-section in a direction."""
        by_breadth = (breadth * direction).sum(axis=-1)[..., None] * self._radii[..., 0]
        by_depth = (thickness * direction).sum(axis=-1)[..., None] * self._radii[..., 1]
        return np.asarray(np.hypot(by_breadth, by_depth))
