"""Limbs and outlines: drawn on a transparent layer finer than the screen, scaled down once, blitted once.

pygame draws these without antialiasing and at whole pixels; on a finer layer both are too small to
see. Only the box around what was drawn is scaled and blended, never the whole screen, and the layer
has about the same number of rows for every screen, so that a large screen does not cost more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import pygame

from posecoach.adapters.pygame_display.pixels import clear
from posecoach.coach.palette import Rgb

PointPx: TypeAlias = tuple[float, float]
Rgba: TypeAlias = tuple[int, int, int, int]

_ROWS: Final = 1440
_DASH: Final = 1.7  # in widths of the line
_GAP: Final = 1.5


class Layer:
    """A transparent drawing ground over a part of the screen; all sizes in screen pixels.

    Use: `cover` a part, draw, `release_onto` the screen. It is empty between uses.
    """

    def __init__(self, screen_height: int) -> None:
        scale = max(0.75, min(3.0, _ROWS / screen_height))
        self._scale = float(round(scale)) if scale > 1.5 else scale
        self._part = pygame.Rect(0, 0, 0, 0)
        self._kept = pygame.Surface((1, 1), pygame.SRCALPHA, 32)
        self._surface = self._kept

    def cover(self, part: pygame.Rect) -> None:
        """Draw over this part of the screen from now on, and nowhere else."""
        self._part = part
        size = (math.ceil(part.w * self._scale), math.ceil(part.h * self._scale))
        kept = self._kept.get_size()
        if size[0] > kept[0] or size[1] > kept[1]:
            # No larger than needed: rows that lie far apart in memory cost twice the time.
            self._kept = pygame.Surface((max(size[0], kept[0]), max(size[1], kept[1])), pygame.SRCALPHA, 32)
            self._kept.fill((0, 0, 0, 0))
        self._surface = self._kept.subsurface((0, 0, *size))

    def stroke(
        self,
        points: Sequence[PointPx],
        width: float,
        rgb: Rgb,
        rim_rgb: Rgb | None,
        rim: float,
        *,
        dashed: bool,
    ) -> None:
        """A round-ended line with a rim; the rim runs on through the gaps of a dashed one."""
        k = self._scale
        points = [self._placed(point) for point in points]
        radius = max(0.75, width * k / 2)
        if rim_rgb is not None and rim > 0:
            self._line(points, radius + rim * k, (*rim_rgb, 255))
        for piece in _dashes(points, 2 * radius) if dashed else [points]:
            self._line(piece, radius, (*rgb, 255))

    def hoop(
        self, centre: PointPx, radius: float, width: float, rgb: Rgb, rim_rgb: Rgb | None, rim: float
    ) -> None:
        """A circle drawn as a line, what is inside left free."""
        k = self._scale
        middle = self._placed(centre)
        outer, band, rim = (radius + width / 2) * k, max(1.0, width * k), rim * k
        if rim_rgb is not None and rim > 0:
            self._circle(middle, outer + rim, (*rim_rgb, 255), band + 2 * rim)
        self._circle(middle, outer, (*rgb, 255), band)

    def silhouette(
        self,
        strokes: Sequence[tuple[Sequence[PointPx], float]],
        discs: Sequence[tuple[PointPx, float]],
        rgb: Rgb,
        outline: float,
        fill: float,
        rim_rgb: Rgb | None = None,
    ) -> None:
        """The outline around all of it together, thinly filled."""
        k = self._scale
        steps: list[tuple[float, Rgba]] = [(0.0, (*rgb, 245)), (outline, (*rgb, round(255 * fill)))]
        if rim_rgb is not None:  # parts a pale outline from a pale wall
            steps.insert(0, (-1.25, (*rim_rgb, 150)))
        for shrink, colour in steps:
            for points, width in strokes:
                placed = [self._placed(point) for point in points]
                self._line(placed, max(0.5, (width / 2 - shrink) * k), colour)
                if len(points) > 3 and points[0] == points[-1]:
                    pygame.draw.polygon(self._surface, colour, placed)
            for centre, radius in discs:
                self._circle(self._placed(centre), max(0.5, (radius - shrink) * k), colour)

    def release_onto(self, screen: pygame.Surface) -> None:
        """Put what was drawn on the screen, then be empty again."""
        if self._part.w and self._part.h:
            screen.blit(pygame.transform.smoothscale(self._surface, self._part.size), self._part)
            clear(self._surface)

    def _placed(self, point: PointPx) -> PointPx:
        return (point[0] - self._part.x) * self._scale, (point[1] - self._part.y) * self._scale

    def _line(self, points: Sequence[PointPx], radius: float, colour: Rgba) -> None:
        for (x0, y0), (x1, y1) in pairwise(points):
            length = math.hypot(x1 - x0, y1 - y0)
            if length < 0.5:
                continue
            nx, ny = (y0 - y1) / length * radius, (x1 - x0) / length * radius
            quad = [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)]
            pygame.draw.polygon(self._surface, colour, quad)
        closed = len(points) > 2 and points[0] == points[-1]
        for point in points[1:] if closed else points:
            self._circle(point, radius, colour)

    def _circle(self, centre: PointPx, radius: float, colour: Rgba, band: float = 0.0) -> None:
        pygame.draw.circle(self._surface, colour, centre, radius, round(band))


def _dashes(points: Sequence[PointPx], width: float) -> list[list[PointPx]]:
    """Each straight piece as dashes of even length which begin and end at its joints."""
    dashes: list[list[PointPx]] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = max(math.hypot(x1 - x0, y1 - y0), 1e-6)
        count = max(1, round((length + _GAP * width) / ((_DASH + _GAP) * width)))
        dash = length / (count + (count - 1) * _GAP / _DASH)
        step = dash * (1 + _GAP / _DASH)
        for i in range(count):
            start, end = i * step / length, (i * step + dash) / length
            dashes.append(
                [
                    (x0 + (x1 - x0) * start, y0 + (y1 - y0) * start),
                    (x0 + (x1 - x0) * end, y0 + (y1 - y0) * end),
                ]
            )
    return dashes
