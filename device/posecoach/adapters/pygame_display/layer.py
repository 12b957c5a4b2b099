"""Limbs and outlines: drawn on a transparent layer as large as needed, blitted once.

pygame draws without antialiasing. Here every edge is drawn twice, half a pixel too wide and half
transparent, then half a pixel too narrow: as smooth to the eye, at a fraction of the cost of
oversampling, and only the person's bounding box is ever blended, never the whole screen.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TypeAlias

import pygame

from posecoach.coach.palette import Rgb

PointPx: TypeAlias = tuple[float, float]
Rgba: TypeAlias = tuple[int, int, int, int]

_EDGE_ALPHA = 120
_DASH, _GAP = 1.7, 1.5  # in widths of the line


class Layer:
    """A transparent surface of the screen's size, empty between uses."""

    def __init__(self, wh: tuple[int, int]) -> None:
        self._surface = pygame.Surface(wh, pygame.SRCALPHA, 32)
        self._surface.fill((0, 0, 0, 0))
        self._used: pygame.Rect | None = None

    def clip(self, rect: pygame.Rect | None) -> None:
        """Draw inside `rect` only, from now on."""
        self._surface.set_clip(rect)

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
        """A round-ended line with a rim."""
        radius = max(0.75, width / 2)
        pieces = _dashes(points, width) if dashed else [points]
        if rim_rgb is not None and rim > 0:
            self._lines([points], radius + rim + 0.5, (*rim_rgb, _EDGE_ALPHA))
            self._lines([points], radius + rim - 0.5, (*rim_rgb, 255))
            self._lines(pieces, radius + 0.25, (*_between(rgb, rim_rgb), 255))
        else:
            self._lines(pieces, radius + 0.5, (*rgb, _EDGE_ALPHA))
        self._lines(pieces, radius - 0.5, (*rgb, 255))

    def hoop(
        self, centre: PointPx, radius: float, width: float, rgb: Rgb, rim_rgb: Rgb | None, rim: float
    ) -> None:
        """A circle drawn as a line, what is inside left free."""
        around = max(20, min(64, round(radius)))
        points = [
            (
                centre[0] + radius * math.cos(2 * math.pi * i / around),
                centre[1] + radius * math.sin(2 * math.pi * i / around),
            )
            for i in range(around + 1)
        ]
        self.stroke(points, width, rgb, rim_rgb, rim, dashed=False)

    def silhouette(
        self,
        strokes: Sequence[tuple[Sequence[PointPx], float]],
        discs: Sequence[tuple[PointPx, float]],
        rgb: Rgb,
        outline: float,
        fill: float,
    ) -> None:
        """The outline around all of it together, thinly filled."""
        inside = round(255 * fill)
        for shrink, alpha in (
            (-0.6, 110),
            (0.4, 235),
            (outline - 0.4, (235 + inside) // 2),
            (outline + 0.6, inside),
        ):
            colour = (*rgb, alpha)
            for points, width in strokes:
                self._lines([points], max(0.5, width / 2 - shrink), colour)
                if len(points) > 3 and points[0] == points[-1]:  # a trunk: its inside as well
                    pygame.draw.polygon(self._surface, colour, points)
            for centre, radius in discs:
                self._disc(centre, max(0.5, radius - shrink), colour)

    def release_onto(self, screen: pygame.Surface) -> None:
        """Blit what was drawn, then be empty again."""
        if self._used is None:
            return
        area = self._used.clip(self._surface.get_clip())
        if area.w and area.h:
            screen.blit(self._surface, area.topleft, area)
            self._surface.fill((0, 0, 0, 0), area)
        self._used = None

    def _lines(self, pieces: Sequence[Sequence[PointPx]], radius: float, colour: Rgba) -> None:
        for points in pieces:
            for (x0, y0), (x1, y1) in itertools.pairwise(points):
                length = math.hypot(x1 - x0, y1 - y0)
                if length < 0.5:
                    continue
                nx, ny = -(y1 - y0) / length * radius, (x1 - x0) / length * radius
                quad = [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)]
                self._mark_used(pygame.draw.polygon(self._surface, colour, quad))
            for point in points:
                self._disc(point, radius, colour)

    def _disc(self, centre: PointPx, radius: float, colour: Rgba) -> None:
        self._mark_used(pygame.draw.circle(self._surface, colour, centre, radius))

    def _mark_used(self, rect: pygame.Rect) -> None:
        if self._used is None:
            self._used = pygame.Rect(rect)
        else:
            self._used.union_ip(rect)


def _between(one: Rgb, other: Rgb) -> Rgb:
    return (one[0] + other[0]) // 2, (one[1] + other[1]) // 2, (one[2] + other[2]) // 2


def _dashes(points: Sequence[PointPx], width: float) -> list[list[PointPx]]:
    """Each straight piece as dashes of even length which begin and end at its joints."""
    dashes: list[list[PointPx]] = []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        period = (_DASH + _GAP) * max(width, 1.0)
        count = max(1, round((length + _GAP * width) / period))
        dash = length / (count + (count - 1) * _GAP / _DASH)
        step = dash * (1 + _GAP / _DASH)
        for i in range(count):
            start, end = i * step / max(length, 1e-6), (i * step + dash) / max(length, 1e-6)
            dashes.append(
                [
                    (x0 + (x1 - x0) * start, y0 + (y1 - y0) * start),
                    (x0 + (x1 - x0) * end, y0 + (y1 - y0) * end),
                ]
            )
    return dashes
