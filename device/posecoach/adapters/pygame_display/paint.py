"""Paints scenes on a surface, and of each new scene only what differs from the last.

The camera picture changes with every frame, the rest seldom: a drawable equal to the one painted
before is left standing unless something around it has to be painted anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pygame

from posecoach.adapters.pygame_display.brush import Brush, whole_pixels
from posecoach.adapters.pygame_display.pixels import fill
from posecoach.coach.bounds import bounds
from posecoach.coach.palette import DAY, NIGHT, Rgb
from posecoach.coach.scene import Ink, Item, Scene, Text

_MARGIN_PX = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Painted:
    """What a surface shows: the scene, and the pixels that each of its items may have touched."""

    screen: pygame.Surface
    size: tuple[int, int]
    scene: Scene
    places: list[pygame.Rect]


class Painter:
    """Draws scenes on one surface after another; what it keeps is bounded."""

    def __init__(self) -> None:
        self._brushes: dict[bool, Brush] = {}
        self._last: _Painted | None = None

    def paint(self, scene: Scene, screen: pygame.Surface) -> None:
        """Make `screen` show `scene`, assuming that nobody else has drawn on it since the last time."""
        palette, brush = self._colours(scene)
        last, self._last = self._last, None  # whatever stops the painting half-way: next time all of it
        picture = None if scene.picture is None else whole_pixels(scene.picture.stands, screen)
        if last is not None and _alike(last, scene, screen):
            places, damage = self._changes(last, scene, screen)
            damage = _apart(damage if picture is None else [picture.clip(screen.get_rect()), *damage])
        else:
            places, damage = [_place(item, screen) for item in scene.items], [screen.get_rect()]
        for rect in damage:
            screen.set_clip(rect)
            if picture is None or not picture.contains(rect):
                fill(screen, palette[scene.ground])
            if scene.picture is not None and picture is not None and rect.colliderect(picture):
                brush.picture(screen, scene.picture, scene.body, scene.ground)
            for item, place in zip(scene.items, places, strict=True):
                if rect.colliderect(place):
                    brush.item(screen, item)
        screen.set_clip(None)
        self._last = _Painted(screen, screen.get_size(), scene, places)

    def _colours(self, scene: Scene) -> tuple[Mapping[Ink, Rgb], Brush]:
        palette = DAY if scene.light else NIGHT
        if scene.light not in self._brushes:
            self._brushes.clear()  # colours change seldom, and what a brush keeps is large
            self._brushes[scene.light] = Brush(palette)
        return palette, self._brushes[scene.light]

    def _changes(
        self, last: _Painted, scene: Scene, screen: pygame.Surface
    ) -> tuple[list[pygame.Rect], list[pygame.Rect]]:
        """Where the items are now, and what has to be painted anew for those that changed."""
        places, damage, whole = [], [], screen.get_rect()
        for before, now, place in zip(last.scene.items, scene.items, last.places, strict=True):
            if before != now:
                damage.append(place.clip(whole))
                place = _place(now, screen)  # noqa: PLW2901 (the place of the item, as it is now)
                damage.append(place.clip(whole))
            places.append(place)
        return places, damage


def _alike(last: _Painted, scene: Scene, screen: pygame.Surface) -> bool:
    """Whether the new scene differs from the last one in single items and the camera picture only."""
    before, now = last.scene.picture, scene.picture
    return (
        last.screen is screen
        and last.size == screen.get_size()
        and last.scene.ground is scene.ground
        and last.scene.light == scene.light
        and len(last.scene.items) == len(scene.items)
        and (None if before is None else before.stands) == (None if now is None else now.stands)
    )


def _place(item: Item, screen: pygame.Surface) -> pygame.Rect:
    width, height = screen.get_size()
    rect = whole_pixels(bounds(item, width / height), screen)
    # Type is set in whole pixels: a line may run a little wider than it was reckoned.
    beyond = rect.w // 10 if isinstance(item, Text) else 0
    return rect.inflate(2 * _MARGIN_PX + beyond, 2 * _MARGIN_PX)


def _apart(rects: list[pygame.Rect]) -> list[pygame.Rect]:
    """The same area in rectangles that do not overlap: a picture is painted whole or not at all."""
    apart: list[pygame.Rect] = []
    for rect in rects:
        merged = rect
        while (hit := merged.collidelist(apart)) >= 0:
            merged = merged.union(apart.pop(hit))
        apart.append(merged)
    return apart
