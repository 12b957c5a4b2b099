"""Paints a `Scene` on a surface of any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import pygame

from posecoach.adapters.pygame_display import sprites
from posecoach.adapters.pygame_display.layer import Layer, PointPx
from posecoach.adapters.pygame_display.lettering import Lettering
from posecoach.adapters.pygame_display.picture import PicturePainter, corners
from posecoach.coach.palette import NIGHT, Rgb
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
    Scene,
    Shape,
    Silhouette,
    Text,
)

_MAX_SPRITE_BYTES: Final = 16_000_000
_RING_STEPS: Final = 240


class Painter:
    """Draws scenes; keeps what is drawn again and again, within bounds."""

    def __init__(self, palette: Mapping[Ink, Rgb] = NIGHT) -> None:
        self._palette = palette
        self._sprites = sprites.SurfaceCache(_MAX_SPRITE_BYTES)
        self._lettering = Lettering()
        self._picture = PicturePainter()
        self._layer: tuple[tuple[int, int], Layer] | None = None

    def paint(self, scene: Scene, screen: pygame.Surface) -> None:
        """Draw all of `scene` over all of `screen`."""
        screen.fill(self._palette[scene.ground])
        if scene.picture is not None:
            self._paint_picture(scene.picture, scene.body, screen, scene.ground)
        for item in scene.items:
            self._paint_item(item, screen)

    def _paint_picture(
        self, box: PictureBox, body: tuple[BodyItem, ...], screen: pygame.Surface, ground: Ink
    ) -> None:
        width, height = screen.get_size()
        rect = _rect(box.stands, screen).clip(screen.get_rect())
        self._picture.draw(screen, box, rect)
        if body:
            layer = self._layer_for(screen)
            layer.clip(rect)

            def place(point: Point) -> tuple[float, float]:
                x, y = box.on_screen(*point)
                return x * width, y * height

            for item in body:
                self._draw_lines(layer, item, place, box.size_on_screen * height)
            layer.release_onto(screen)
            layer.clip(None)
        radius = round(box.radius * height)
        if radius > 1:
            rgb = self._palette[ground]
            cut = self._sprites.get(("cut", radius, rgb), partial(sprites.outer_corners, radius, rgb))
            corners(screen, rect, cut)

    def _paint_item(self, item: Item, screen: pygame.Surface) -> None:
        height = screen.get_height()
        if isinstance(item, Text):
            self._lettering.draw(screen, item, self._palette[item.ink])
        elif isinstance(item, Panel):
            self._panel(screen, _rect(item.box, screen), self._palette[item.ink], round(item.radius * height))
        elif isinstance(item, Bar):
            self._bar(screen, item)
        elif isinstance(item, Mark):
            size = max(3, round(item.size * height))
            ink = self._palette[item.ink]
            sprite = self._sprites.get((item.shape, size, ink), partial(sprites.mark, item.shape, size, ink))
            self._centred(screen, sprite, item.centre)
        elif isinstance(item, Ring):
            self._ring(screen, item)
        else:
            layer = self._layer_for(screen)
            width = screen.get_width()
            self._draw_lines(layer, item, lambda point: (point[0] * width, point[1] * height), height)
            layer.release_onto(screen)

    def _draw_lines(
        self, layer: Layer, item: BodyItem, place: Callable[[Point], PointPx], size: float
    ) -> None:
        rgb = self._palette[item.ink]
        if isinstance(item, Silhouette):
            strokes = [([place(p) for p in points], width * size) for points, width in item.strokes]
            discs = [(place(centre), radius * size) for centre, radius in item.discs]
            layer.silhouette(strokes, discs, rgb, max(1.5, item.outline * size), item.fill)
            return
        rim_rgb = None if item.rim_ink is None else self._palette[item.rim_ink]
        rim = max(1.0, item.rim * size) if item.rim else 0.0
        if isinstance(item, Hoop):
            layer.hoop(place(item.centre), item.radius * size, max(1.5, item.width * size), rgb, rim_rgb, rim)
        else:
            points = [place(p) for p in item.points]
            layer.stroke(points, max(1.5, item.width * size), rgb, rim_rgb, rim, dashed=item.dashed)

    def _panel(self, screen: pygame.Surface, rect: pygame.Rect, rgb: Rgb, radius: int) -> None:
        radius = min(radius, rect.w // 2, rect.h // 2)
        if radius < 2:
            screen.fill(rgb, rect)
            return
        screen.fill(rgb, rect.inflate(-2 * radius, 0))
        screen.fill(rgb, rect.inflate(0, -2 * radius))
        round_ = self._sprites.get((Shape.DISC, 2 * radius, rgb), partial(sprites.disc, 2 * radius, rgb))
        corners(screen, rect, round_)

    def _bar(self, screen: pygame.Surface, bar: Bar) -> None:
        rect = _rect(bar.box, screen)
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
        step = round(ring.value * _RING_STEPS)
        ink, track = self._palette[ring.ink], self._palette[ring.track]
        sprite = self._sprites.get(
            (radius, thickness, step, ink, track),
            partial(sprites.ring, radius, thickness, step / _RING_STEPS, ink, track),
        )
        self._centred(screen, sprite, ring.centre)

    @staticmethod
    def _centred(screen: pygame.Surface, sprite: pygame.Surface, centre: Point) -> None:
        x, y = centre[0] * screen.get_width(), centre[1] * screen.get_height()
        screen.blit(sprite, (round(x - sprite.get_width() / 2), round(y - sprite.get_height() / 2)))

    def _layer_for(self, screen: pygame.Surface) -> Layer:
        if self._layer is None or self._layer[0] != screen.get_size():
            self._layer = (screen.get_size(), Layer(screen.get_size()))
        return self._layer[1]


def _rect(box: Box, screen: pygame.Surface) -> pygame.Rect:
    """Whole pixels; neighbours that touch in the scene touch on the screen."""
    width, height = screen.get_size()
    left, top = round(box.x * width), round(box.y * height)
    return pygame.Rect(left, top, round(box.right * width) - left, round(box.bottom * height) - top)
