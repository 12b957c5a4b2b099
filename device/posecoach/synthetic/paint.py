"""Painting tubes and discs with soft edges, light and depth, each inside its own rectangle.

A tube's picture is that of a tapered capsule: every pixel has a nearest point on its axis, a share of the
radius it lies off it, and so a normal and a depth, all in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]

_FAR: Final = np.float32(1e6)
_LEVEL_M: Final = np.float32(0.0015)
_OBLIQUE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Light:
    """Where light comes from, in the camera's axes (right, down, away), and how much is everywhere.

    Attributes:
        direction: Of length one, towards the light.
        ambient: Brightness of what is turned away from it.
        diffuse: Brightness added to what faces it.
    """

    direction: tuple[float, float, float] = (-0.45, -0.72, -0.53)
    ambient: float = 0.58
    diffuse: float = 0.52


@dataclass(slots=True, eq=False)
class Canvas:
    """A rectangle of a picture while it is painted.

    Attributes:
        left, top: Where it lies in the whole picture, in pixels.
        planes: ``(3, height, width)`` float32: red, green, blue, 0..255.
        depth: ``(height, width)`` float32: distance of what was painted, in metres.
    """

    left: int
    top: int
    planes: Pixels = field(repr=False)
    depth: Pixels = field(repr=False)

    @classmethod
    def over(cls, image: NDArray[np.uint8], box: tuple[int, int, int, int]) -> Canvas:
        """A canvas over ``left, top, right, bottom`` of an image, with what is there."""
        left, top, right, bottom = box
        planes = np.ascontiguousarray(image[top:bottom, left:right].transpose(2, 0, 1), dtype=np.float32)
        return cls(left, top, planes, np.full(planes.shape[1:], _FAR, dtype=np.float32))

    def onto(self, image: NDArray[np.uint8]) -> None:
        """Put the canvas back where it was taken from."""
        height, width = self.depth.shape
        np.clip(self.planes, 0.0, 255.0, out=self.planes)
        target = image[self.top : self.top + height, self.left : self.left + width]
        for channel in range(3):
            target[..., channel] = self.planes[channel]

    def box(self, xs: tuple[float, float], ys: tuple[float, float]) -> tuple[slice, slice] | None:
        """Rows and columns of the canvas that a rectangle of the picture covers; `None` where it does not."""
        height, width = self.depth.shape
        left, right = max(int(xs[0]) - self.left - 1, 0), min(int(xs[1]) - self.left + 3, width)
        top, bottom = max(int(ys[0]) - self.top - 1, 0), min(int(ys[1]) - self.top + 3, height)
        return (slice(top, bottom), slice(left, right)) if left < right and top < bottom else None

    def blend(
        self,
        at: tuple[slice, slice],
        cover: Pixels,
        colour: tuple[float, float, float],
        shade: Pixels | float,
    ) -> None:
        """Lay a colour over a part of the canvas."""
        for channel in range(3):
            plane = self.planes[channel][at]
            plane += cover * (shade * np.float32(colour[channel]) - plane)


@dataclass(frozen=True, slots=True)
class Tube:
    """A tapered capsule in the picture.

    Attributes:
        start, end: xy of the axis' ends, in pixels.
        radii: Half widths at the ends, in pixels.
        depths_m, thick_m: Distance of the axis' ends, and half thickness there, in metres.
        round: Whether light falls round the ends; else it goes on as along the tube, so that
            tubes joined in a row show no seam.
        cap, cap_end: How far the start and the end bulge, in radii.
        end_on: How much it goes away from the camera, -1..1, see `Outline`.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    radii: tuple[float, float]
    depths_m: tuple[float, float]
    thick_m: tuple[float, float]
    round: bool = False
    cap: float = 1.0
    cap_end: float = 1.0
    end_on: float = 0.0


def paint_tube(
    canvas: Canvas, tube: Tube, colour: tuple[float, float, float], light: Light, folds: Pixels | None = None
) -> None:
    """Paint a tube where nothing nearer was painted before.

    Args:
        canvas: What to paint on.
        tube: Where.
        colour: Red, green, blue, 0..255, in full light.
        light: What lights it.
        folds: A texture at least as large as the tube's rectangle; its values, about 0, brighten and
            darken.
    """
    (ax, ay), (bx, by), (ra, rb) = tube.start, tube.end, tube.radii
    at = canvas.box(
        (min(ax - ra, bx - rb), max(ax + ra, bx + rb)), (min(ay - ra, by - rb), max(ay + ra, by + rb))
    )
    if at is None:
        return
    rows, columns = at
    x = np.arange(columns.start + canvas.left, columns.stop + canvas.left, dtype=np.float32) - np.float32(ax)
    y = (np.arange(rows.start + canvas.top, rows.stop + canvas.top, dtype=np.float32) - np.float32(ay))[
        :, None
    ]
    length = max(float(np.hypot(bx - ax, by - ay)), 1e-2)
    ux, uy = np.float32((bx - ax) / length), np.float32((by - ay) / length)
    along = x * ux + y * uy
    on_axis = np.minimum(np.maximum(along, 0.0), np.float32(length))
    share = on_axis * np.float32(1.0 / length)
    radius = share * np.float32(rb - ra) + np.float32(ra)
    inverse = 1.0 / radius
    aside = (x * uy - y * ux) * inverse
    ahead = (along - on_axis) * inverse
    if tube.cap != tube.cap_end:
        ahead = np.minimum(ahead, 0.0) * np.float32(1.0 / tube.cap) + np.maximum(ahead, 0.0) * np.float32(
            1.0 / tube.cap_end
        )
    elif tube.cap != 1.0:
        ahead *= np.float32(1.0 / tube.cap)
    across = aside * aside
    off = across + ahead * ahead
    # Squares differ by twice the distance near the edge, which spares a square root.
    cover = np.minimum(np.maximum((1.0 - off) * (0.5 * radius) + 0.5, 0.0), 1.0)
    bulge = np.sqrt(np.maximum(1.0 - off, 0.0))
    nz = bulge if tube.round else np.sqrt(np.maximum(1.0 - across, 0.0))
    depth = share * np.float32(tube.depths_m[1] - tube.depths_m[0]) + np.float32(tube.depths_m[0])
    depth -= bulge * (share * np.float32(tube.thick_m[1] - tube.thick_m[0]) + np.float32(tube.thick_m[0]))
    if abs(tube.end_on) > _OBLIQUE:
        level = np.sqrt(np.maximum(1.0 - across, 0.0)) if tube.round else nz
        depth = np.where(ahead == 0.0, _oblique_depth(tube, along, radius, level, length), depth)
    before = canvas.depth[at]
    # A tube that goes on from another lies as deep: it may paint over its soft edge.
    cover *= depth < before + _LEVEL_M
    lx, ly, lz = light.direction
    facing = aside * np.float32(0.7 * (lx * uy - ly * ux)) - nz * np.float32(0.7 * lz)
    if tube.round:
        facing += ahead * np.float32(0.7 * (lx * ux + ly * uy))
    # A little light comes round the edge, as in a room.
    shade = np.maximum(facing + np.float32(0.3), 0.0) * np.float32(light.diffuse)
    shade += nz * np.float32(0.16) + np.float32(light.ambient - 0.12)
    if folds is not None and folds.shape[0] >= shade.shape[0] and folds.shape[1] >= shade.shape[1]:
        shade *= 1.0 + folds[: shade.shape[0], : shade.shape[1]]
    canvas.blend(at, cover, colour, shade)
    np.copyto(before, depth, where=cover > 0.5)


def _oblique_depth(tube: Tube, along: Pixels, radius: Pixels, nz: Pixels, length: float) -> Pixels:
    """Depth of the surface of a tube that goes away from the camera, or comes towards it.

    What is seen at a pixel is the skin of another part of the axis than the one that lies behind it.
    """
    behind = (along - radius * nz * np.float32(tube.end_on)) * np.float32(1.0 / length)
    share = np.minimum(np.maximum(behind, 0.0), 1.0)
    depth = share * np.float32(tube.depths_m[1] - tube.depths_m[0]) + np.float32(tube.depths_m[0])
    thick = share * np.float32(tube.thick_m[1] - tube.thick_m[0]) + np.float32(tube.thick_m[0])
    return np.asarray(depth - nz * thick * np.float32((1.0 - tube.end_on**2) ** 0.5))


def paint_disc(
    canvas: Canvas,
    centre: tuple[float, float],
    axes: tuple[tuple[float, float], tuple[float, float]],
    colour: tuple[float, float, float],
    *,
    depth_m: float,
    opacity: float = 1.0,
) -> None:
    """Paint an ellipse whose half axes are two vectors, where nothing nearer than `depth_m` was painted."""
    (ux, uy), (vx, vy) = axes
    area = ux * vy - uy * vx
    if abs(area) < 0.05:
        return
    wide, high = float(np.hypot(ux, vx)), float(np.hypot(uy, vy))
    at = canvas.box((centre[0] - wide, centre[0] + wide), (centre[1] - high, centre[1] + high))
    if at is None:
        return
    rows, columns = at
    x = np.arange(columns.start + canvas.left, columns.stop + canvas.left, dtype=np.float32) - np.float32(
        centre[0]
    )
    y = (
        np.arange(rows.start + canvas.top, rows.stop + canvas.top, dtype=np.float32) - np.float32(centre[1])
    )[:, None]
    first, second = (x * vy - y * vx) / area, (y * ux - x * uy) / area
    off = first * first + second * second
    edge = 0.5 * min(abs(area) / max(wide, high), wide, high)
    cover = np.clip((1.0 - off) * np.float32(edge) + 0.5, 0.0, 1.0).astype(np.float32)
    cover *= np.float32(opacity) * (canvas.depth[at] > depth_m)
    canvas.blend(at, cover, colour, 1.0)
