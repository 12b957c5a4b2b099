"""Small smooth shapes, drawn several times too large, scaled down once, and kept within a bound."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

import pygame

from posecoach.coach.palette import Rgb
from posecoach.coach.scene import Shape

_OVERSAMPLING: Final = 3


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


def _reduced(large: pygame.Surface, rgb: Rgb | None = None) -> pygame.Surface:
    wh = (large.get_width() // _OVERSAMPLING, large.get_height() // _OVERSAMPLING)
    small = pygame.transform.smoothscale(large, wh)
    if rgb is not None:  # scaling loses a shade to rounding: seen where a sprite meets a plain fill
        pygame.surfarray.pixels3d(small)[...] = rgb
        alpha = pygame.surfarray.pixels_alpha(small)
        alpha[alpha > 250] = 255
    return small


def disc(diameter: int, rgb: Rgb) -> pygame.Surface:
    """A filled circle."""
    large = _canvas((diameter, diameter), rgb)
    half = diameter * _OVERSAMPLING / 2
    pygame.draw.circle(large, rgb, (half, half), half)
    return _reduced(large, rgb)


def outer_corners(radius: int, rgb: Rgb) -> pygame.Surface:
    """A square of colour with a disc cut out: its quarters round the corners of a picture."""
    large = _canvas((2 * radius, 2 * radius), rgb)
    large.fill((*rgb, 255))
    half = radius * _OVERSAMPLING
    pygame.draw.circle(large, (*rgb, 0), (half, half), half)
    return _reduced(large, rgb)


def band(radius: int, thickness: int, rgb: Rgb) -> pygame.Surface:
    """A whole ring of one colour."""
    large = _canvas((2 * radius, 2 * radius), rgb)
    half = radius * _OVERSAMPLING
    pygame.draw.circle(large, rgb, (half, half), half)
    pygame.draw.circle(large, (*rgb, 0), (half, half), half - thickness * _OVERSAMPLING)
    return _reduced(large, rgb)


def sector(whole: pygame.Surface, share: float) -> list[tuple[pygame.Surface, tuple[int, int]]]:
    """The first `share` of a band, clockwise from the top: pieces of it, each with its place.

    The cut is not smooth: a round end has to be laid over it.
    """
    radius = whole.get_width() // 2
    quarters = ((radius, 0), (radius, radius), (0, radius), (0, 0))
    pieces = []
    for number, corner in enumerate(quarters):
        turn = min(1.0, 4 * share - number)
        if turn <= 0:
            break
        piece = whole.subsurface((*corner, radius, radius))
        if turn < 1:
            piece = piece.copy()
            middle = (radius - corner[0], radius - corner[1])
            from_angle, to_angle = math.pi / 2 * (number + turn), math.pi / 2 * (number + 1)
            beyond = [
                (middle[0] + 3 * radius * math.sin(angle), middle[1] - 3 * radius * math.cos(angle))
                for angle in (from_angle, (from_angle + to_angle) / 2, to_angle)
            ]
            pygame.draw.polygon(piece, (0, 0, 0, 0), [middle, *beyond])
        pieces.append((piece, corner))
    return pieces


def mark(shape: Shape, size: int, rgb: Rgb) -> pygame.Surface:
    """A small sign."""
    if shape in (Shape.DISC, Shape.POINT):
        return disc(size, rgb)
    large = _canvas((size, size), rgb)
    side = size * _OVERSAMPLING
    if shape is Shape.RING:
        pygame.draw.circle(large, rgb, (side / 2, side / 2), side / 2)
        pygame.draw.circle(large, (*rgb, 0), (side / 2, side / 2), 0.3 * side)
    elif shape is Shape.RECORD:
        pygame.draw.circle(large, rgb, (side / 2, side / 2), side / 2)
        pygame.draw.circle(large, (*rgb, 0), (side / 2, side / 2), 0.39 * side)
        pygame.draw.circle(large, rgb, (side / 2, side / 2), 0.27 * side)
    else:
        for points, width in _LINES[shape]:
            _polyline(large, [(x * side, y * side) for x, y in points], width * side, rgb)
    return _reduced(large, rgb)


def _hand_up(side: float) -> list[tuple[tuple[tuple[float, float], ...], float]]:
    """A figure from the front; `side` is 1 for the arm at the right, -1 for the one at the left."""

    def x(away: float) -> float:
        return 0.5 + side * away

    return [
        (((0.5, 0.3), (0.5, 0.3)), 0.24),
        (((0.5, 0.54), (0.5, 0.94)), 0.26),
        (((x(0.17), 0.52), (x(0.3), 0.32), (x(0.26), 0.06)), 0.11),
        (((x(-0.17), 0.52), (x(-0.27), 0.84)), 0.11),
    ]


def _circle(x: float, y: float, radius: float) -> tuple[tuple[float, float], ...]:
    turns = [2.0 * math.pi * number / 24 for number in range(25)]
    return tuple((x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns)


_LINES: Final[dict[Shape, list[tuple[tuple[tuple[float, float], ...], float]]]] = {
    Shape.DASH: [(((0.12, 0.5), (0.88, 0.5)), 0.22)],
    Shape.TICK: [(((0.12, 0.55), (0.4, 0.82), (0.88, 0.22)), 0.17)],
    Shape.POINTER: [(((0.3, 0.14), (0.68, 0.5), (0.3, 0.86)), 0.17)],
    Shape.LEFT_UP: _hand_up(-1.0),
    Shape.RIGHT_UP: _hand_up(1.0),
    Shape.FAST: [(((x, 0.2), (x + 0.3, 0.5), (x, 0.8)), 0.14) for x in (0.15, 0.52)],
    Shape.BACK: [(((0.7, 0.14), (0.32, 0.5), (0.7, 0.86)), 0.17)],
    Shape.PAUSE: [(((0.33, 0.18), (0.33, 0.82)), 0.2), (((0.67, 0.18), (0.67, 0.82)), 0.2)],
    Shape.TREND: [
        (((0.08, 0.08), (0.08, 0.92), (0.92, 0.92)), 0.08),
        (((0.26, 0.68), (0.46, 0.46), (0.62, 0.56), (0.88, 0.22)), 0.1),
    ],
    Shape.TEMPO: [
        (_circle(0.5, 0.57, 0.34), 0.1),
        (((0.5, 0.57), (0.5, 0.4)), 0.1),
        (((0.5, 0.57), (0.62, 0.64)), 0.1),
        (((0.42, 0.07), (0.58, 0.07)), 0.1),
    ],
    Shape.STICK: [
        (((0.36, 0.34), (0.36, 0.08), (0.64, 0.08), (0.64, 0.34)), 0.08),
        (((0.24, 0.36), (0.76, 0.36), (0.76, 0.92), (0.24, 0.92), (0.24, 0.36)), 0.1),
        (((0.5, 0.54), (0.5, 0.74)), 0.1),
    ],
    Shape.SETTINGS: [
        *((((0.06, y), (0.94, y)), 0.07) for y in (0.2, 0.5, 0.8)),
        *((((x, y), (x, y)), 0.22) for x, y in ((0.66, 0.2), (0.32, 0.5), (0.56, 0.8))),
    ],
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
