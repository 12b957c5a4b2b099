"""Small smooth shapes, drawn several times too large, scaled down once, and kept within a bound."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable

import pygame

from posecoach.coach.palette import Rgb
from posecoach.coach.scene import Shape

_OVERSAMPLING = 3
_STEPS_AROUND = 360


class SurfaceCache:
    """Surfaces by key, the least recently used dropped first beyond a number of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, pygame.Surface] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """The surface kept under `key`, made now if there is none."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        made = make()
        self._kept[key] = made
        self._bytes += _size(made)
        while self._bytes > self._max_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= _size(dropped)
        return made

    @property
    def total_bytes(self) -> int:
        """What is kept now."""
        return self._bytes


def _size(surface: pygame.Surface) -> int:
    return surface.get_width() * surface.get_height() * 4


def _canvas(wh: tuple[int, int], rgb: Rgb) -> pygame.Surface:
    large = pygame.Surface((wh[0] * _OVERSAMPLING, wh[1] * _OVERSAMPLING), pygame.SRCALPHA, 32)
    large.fill((*rgb, 0))  # the colour under full transparency: no dark fringe after scaling
    return large


def _reduced(large: pygame.Surface) -> pygame.Surface:
    wh = (large.get_width() // _OVERSAMPLING, large.get_height() // _OVERSAMPLING)
    return pygame.transform.smoothscale(large, wh)


def disc(diameter: int, rgb: Rgb) -> pygame.Surface:
    """A filled circle."""
    large = _canvas((diameter, diameter), rgb)
    half = diameter * _OVERSAMPLING / 2
    pygame.draw.circle(large, rgb, (half, half), half)
    return _reduced(large)


def outer_corners(radius: int, rgb: Rgb) -> pygame.Surface:
    """A square of colour with a disc cut out: its quarters round the corners of a picture."""
    large = _canvas((2 * radius, 2 * radius), rgb)
    large.fill((*rgb, 255))
    half = radius * _OVERSAMPLING
    pygame.draw.circle(large, (*rgb, 0), (half, half), half)
    return _reduced(large)


def ring(radius: int, thickness: int, share: float, ink: Rgb, track: Rgb) -> pygame.Surface:
    """A round gauge filled clockwise from the top; both ends round."""
    large = _canvas((2 * radius, 2 * radius), track)
    half = radius * _OVERSAMPLING
    band = thickness * _OVERSAMPLING
    pygame.draw.circle(large, track, (half, half), half)
    if share > 0:
        middle = half - band / 2
        steps = max(2, round(_STEPS_AROUND * share))
        angles = [2 * math.pi * share * i / steps for i in range(steps + 1)]
        outer = [(half + half * math.sin(a), half - half * math.cos(a)) for a in angles]
        inner = [
            (half + (half - band) * math.sin(a), half - (half - band) * math.cos(a)) for a in reversed(angles)
        ]
        pygame.draw.polygon(large, ink, outer + inner)
        for a in (angles[0], angles[-1]):
            end = (half + middle * math.sin(a), half - middle * math.cos(a))
            pygame.draw.circle(large, ink, end, band / 2)
    pygame.draw.circle(large, (*track, 0), (half, half), half - band)
    return _reduced(large)


def mark(shape: Shape, size: int, rgb: Rgb) -> pygame.Surface:
    """A small sign."""
    if shape in (Shape.DISC, Shape.POINT):
        return disc(size, rgb)
    large = _canvas((size, size), rgb)
    side = size * _OVERSAMPLING
    if shape is Shape.RING:
        pygame.draw.circle(large, rgb, (side / 2, side / 2), side / 2)
        pygame.draw.circle(large, (*rgb, 0), (side / 2, side / 2), 0.3 * side)
    else:
        for points, width in _LINES[shape]:
            _polyline(large, [(x * side, y * side) for x, y in points], width * side, rgb)
    return _reduced(large)


_LINES = {
    Shape.DASH: [(((0.12, 0.5), (0.88, 0.5)), 0.22)],
    Shape.TICK: [(((0.12, 0.55), (0.4, 0.82), (0.88, 0.22)), 0.17)],
    Shape.ARROW_UP: [(((0.5, 0.9), (0.5, 0.14)), 0.15), (((0.16, 0.46), (0.5, 0.12), (0.84, 0.46)), 0.15)],
}


def _polyline(target: pygame.Surface, points: list[tuple[float, float]], width: float, rgb: Rgb) -> None:
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        nx, ny = -(y1 - y0) / length * width / 2, (x1 - x0) / length * width / 2
        pygame.draw.polygon(
            target, rgb, [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)]
        )
    for point in points:
        pygame.draw.circle(target, rgb, point, width / 2)
