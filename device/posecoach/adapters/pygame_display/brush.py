"""Draws each kind of drawable."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import pygame

from posecoach.adapters.pygame_display import sprites
from posecoach.adapters.pygame_display.layer import Layer, PointPx
from posecoach.adapters.pygame_display.lettering import Lettering
from posecoach.adapters.pygame_display.picture import PicturePainter, corners, draw_still
from posecoach.adapters.pygame_display.pixels import fill
from posecoach.coach.palette import Rgb
from posecoach.coach.scene import (
    Bar,
    BodyItem,
    Box,
    Hoop,
    Ink,
    Item,
    Mark,
    Panel,
    PictureBox,
    Point,
    Ring,
    Shape,
    Silhouette,
    Still,
    Text,
)

_MAX_SPRITE_BYTES: Final = 16_000_000
_MAX_STILL_BYTES: Final = 16_000_000


class Brush:
    """Draws drawables on a surface; keeps what is drawn again and again, within bounds."""

    def __init__(self, palette: Mapping[Ink, Rgb]) -> None:
        self._palette = palette
        self._sprites = sprites.SurfaceCache(_MAX_SPRITE_BYTES)
        self._stills = sprites.SurfaceCache(_MAX_STILL_BYTES)
        self._lettering = Lettering()
        self._picture = PicturePainter()
        self._layer: tuple[int, Layer] | None = None

    def picture(
        self, screen: pygame.Surface, box: PictureBox, body: tuple[BodyItem, ...], ground: Ink
    ) -> None:
        """The camera picture, the body over it, and round corners."""
        width, height = screen.get_size()
        rect = whole_pixels(box.stands, screen).clip(screen.get_rect())
        if box.image is None:
            fill(screen, self._palette[Ink.PANEL], rect)
        else:
            self._picture.draw(screen, box, rect)
        if body:

            def place(point: Point) -> PointPx:
                x, y = box.on_screen(*point)
                return x * width, y * height

            self._lines(screen, body, place, box.size_on_screen * height, rect)
        radius = round(box.radius * height)
        if radius > 1:
            rgb = self._palette[ground]
            cut = self._sprites.get(("cut", radius, rgb), partial(sprites.outer_corners, radius, rgb))
            corners(screen, rect, cut)

    def item(self, screen: pygame.Surface, item: Item) -> None:
        """One drawable that is anchored to the screen."""
        if isinstance(item, Text):
            self._lettering.draw(screen, item, self._palette[item.ink])
        elif isinstance(item, Panel):
            radius = round(item.radius * screen.get_height())
            self._panel(screen, whole_pixels(item.box, screen), self._palette[item.ink], radius)
        elif isinstance(item, Bar):
            self._bar(screen, item)
        elif isinstance(item, Mark):
            size = max(3, round(item.size * screen.get_height()))
            ink = self._palette[item.ink]
            sprite = self._sprites.get((item.shape, size, ink), partial(sprites.mark, item.shape, size, ink))
            _blit_centred(screen, sprite, item.centre)
        elif isinstance(item, Ring):
            self._ring(screen, item)
        elif isinstance(item, Still):
            rect = whole_pixels(item.picture.stands, screen)
            key = (item, rect.size, screen.get_size())  # while it is kept no other has its identity
            screen.blit(self._stills.get(key, partial(self._still, screen, item, rect)), rect)
        else:
            width, height = screen.get_size()
            rect = screen.get_rect()
            self._lines(screen, (item,), lambda point: (point[0] * width, point[1] * height), height, rect)

    def _still(self, screen: pygame.Surface, still: Still, rect: pygame.Rect) -> pygame.Surface:
        """A picture that stays, with what is drawn on it: scaled smoothly, for that is done once."""
        width, height = screen.get_size()
        box = still.picture
        drawn = pygame.Surface(rect.size, 0, screen)
        draw_still(drawn, box)

        def place(point: Point) -> PointPx:
            x, y = box.on_screen(*point)
            return x * width - rect.x, y * height - rect.y

        inside = drawn.get_rect()
        self._lines(drawn, still.body, place, box.size_on_screen * height, inside, self._layer_for(screen))
        radius = round(box.radius * height)
        if radius > 1:
            rgb = self._palette[still.on]
            cut = self._sprites.get(("cut", radius, rgb), partial(sprites.outer_corners, radius, rgb))
            corners(drawn, inside, cut)
        return drawn

    def _lines(
        self,
        screen: pygame.Surface,
        items: tuple[BodyItem, ...],
        place: Callable[[Point], PointPx],
        size: float,
        inside: pygame.Rect,
        layer: Layer | None = None,
    ) -> None:
        """Lines and outlines together on one layer; `size` is a size of 1 in pixels."""
        part: pygame.Rect | None = None
        for item in items:
            rect = _room(item, place, size)
            part = rect if part is None else part.union(rect)
        if part is None:
            return
        layer = layer or self._layer_for(screen)
        layer.cover(part.clip(inside))
        for item in items:
            self._draw_lines(layer, item, place, size)
        layer.release_onto(screen)

    def _draw_lines(
        self, layer: Layer, item: BodyItem, place: Callable[[Point], PointPx], size: float
    ) -> None:
        rgb = self._palette[item.ink]
        rim_rgb = None if item.rim_ink is None else self._palette[item.rim_ink]
        if isinstance(item, Silhouette):
            strokes = [([place(p) for p in points], width * size) for points, width in item.strokes]
            discs = [(place(centre), radius * size) for centre, radius in item.discs]
            layer.silhouette(strokes, discs, rgb, max(1.5, item.outline * size), item.fill, rim_rgb)
            return
        rim = max(1.0, item.rim * size) if item.rim else 0.0
        width = max(1.5, item.width * size)
        if isinstance(item, Hoop):
            layer.hoop(place(item.centre), item.radius * size, width, rgb, rim_rgb, rim)
        else:
            layer.stroke([place(p) for p in item.points], width, rgb, rim_rgb, rim, dashed=item.dashed)

    def _panel(self, screen: pygame.Surface, rect: pygame.Rect, rgb: Rgb, radius: int) -> None:
        radius = min(radius, rect.w // 2, rect.h // 2)
        fill(screen, rgb, pygame.Rect(rect.x, rect.y + radius, rect.w, rect.h - 2 * radius))
        if radius < 1:
            return
        fill(screen, rgb, pygame.Rect(rect.x + radius, rect.y, rect.w - 2 * radius, radius))
        fill(screen, rgb, pygame.Rect(rect.x + radius, rect.bottom - radius, rect.w - 2 * radius, radius))
        disc = self._sprites.get((Shape.DISC, 2 * radius, rgb), partial(sprites.disc, 2 * radius, rgb))
        corners(screen, rect, disc)

    def _bar(self, screen: pygame.Surface, bar: Bar) -> None:
        rect = whole_pixels(bar.box, screen)
        radius = min(rect.w, rect.h) // 2
        self._panel(screen, rect, self._palette[bar.track], radius)
        if bar.value <= 0:
            return
        if bar.upright:
            length = max(2 * radius, round(rect.h * bar.value))
            rect = pygame.Rect(rect.x, rect.bottom - length, rect.w, length)
        else:
            rect = pygame.Rect(rect.x, rect.y, max(2 * radius, round(rect.w * bar.value)), rect.h)
        self._panel(screen, rect, self._palette[bar.ink], radius)

    def _ring(self, screen: pygame.Surface, ring: Ring) -> None:
        height = screen.get_height()
        radius, thickness = max(4, round(ring.radius * height)), max(2, round(ring.thickness * height))
        ink = self._palette[ring.ink]
        _blit_centred(screen, self._band(radius, thickness, self._palette[ring.track]), ring.centre)
        if ring.value <= 0:
            return
        x, y = ring.centre[0] * screen.get_width(), ring.centre[1] * height
        left, top = round(x - radius), round(y - radius)
        for piece, (dx, dy) in sprites.sector(self._band(radius, thickness, ink), ring.value):
            screen.blit(piece, (left + dx, top + dy))
        end = self._sprites.get((Shape.DISC, thickness, ink), partial(sprites.disc, thickness, ink))
        for turn in (0.0, 2 * math.pi * ring.value):
            reach = radius - thickness / 2
            end_x, end_y = left + radius + reach * math.sin(turn), top + radius - reach * math.cos(turn)
            screen.blit(end, (round(end_x - thickness / 2), round(end_y - thickness / 2)))

    def _band(self, radius: int, thickness: int, rgb: Rgb) -> pygame.Surface:
        return self._sprites.get((radius, thickness, rgb), partial(sprites.band, radius, thickness, rgb))

    def _layer_for(self, screen: pygame.Surface) -> Layer:
        height = screen.get_height()
        if self._layer is None or self._layer[0] != height:
            self._layer = (height, Layer(height))
        return self._layer[1]


def _room(item: BodyItem, place: Callable[[Point], PointPx], size: float) -> pygame.Rect:
    """The pixels that `item` may touch."""
    if isinstance(item, Silhouette):
        spots = [(place(p), width / 2) for points, width in item.strokes for p in points]
        spots += [(place(centre), radius) for centre, radius in item.discs]
    elif isinstance(item, Hoop):
        spots = [(place(item.centre), item.radius + item.width / 2 + item.rim)]
    else:
        spots = [(place(p), item.width / 2 + item.rim) for p in item.points]
    left = math.floor(min(x - reach * size for (x, _), reach in spots)) - 2
    top = math.floor(min(y - reach * size for (_, y), reach in spots)) - 2
    right = math.ceil(max(x + reach * size for (x, _), reach in spots)) + 2
    bottom = math.ceil(max(y + reach * size for (_, y), reach in spots)) + 2
    return pygame.Rect(left, top, right - left, bottom - top)


def whole_pixels(box: Box, screen: pygame.Surface) -> pygame.Rect:
    """The box on `screen`; neighbours that touch in the scene touch on the screen."""
    width, height = screen.get_size()
    left, top = round(box.x * width), round(box.y * height)
    return pygame.Rect(left, top, round(box.right * width) - left, round(box.bottom * height) - top)


def _blit_centred(screen: pygame.Surface, sprite: pygame.Surface, centre: Point) -> None:
    x, y = centre[0] * screen.get_width(), centre[1] * screen.get_height()
    screen.blit(sprite, (round(x - sprite.get_width() / 2), round(y - sprite.get_height() / 2)))
