"""The camera picture on the screen: converted once, scaled once, mirrored where it is smaller."""

from __future__ import annotations

import numpy as np
import pygame

from posecoach.adapters.pygame_display.pixels import turn
from posecoach.coach.scene import PictureBox


class PicturePainter:
    """Paints camera pictures; keeps its intermediate surfaces from frame to frame."""

    def __init__(self) -> None:
        self._converted: pygame.Surface | None = None
        self._turned: pygame.Surface | None = None

    def draw(self, screen: pygame.Surface, box: PictureBox, rect: pygame.Rect) -> None:
        """Paint the shown part of the picture into `rect` of `screen`."""
        if box.image is None or rect.w < 1 or rect.h < 1:
            return
        height, width = box.image.shape[:2]
        source = pygame.image.frombuffer(np.ascontiguousarray(box.image).data, (width, height), "RGB")
        area = _area(box, width, height)
        target = screen.subsurface(rect)
        # One conversion to the screen's own format; scaling a 24-bit picture costs twice as much.
        self._converted = _sized(self._converted, area.size, screen)
        self._converted.blit(source, (0, 0), area)
        if not box.mirrored:
            pygame.transform.scale(self._converted, rect.size, target)
        elif area.w * area.h <= rect.w * rect.h:
            self._turned = _sized(self._turned, area.size, screen)
            turn(self._converted, self._turned)
            pygame.transform.scale(self._turned, rect.size, target)
        else:
            self._turned = _sized(self._turned, rect.size, screen)
            pygame.transform.scale(self._converted, rect.size, self._turned)
            turn(self._turned, target)
        if box.brightness < 1:
            level = round(255 * max(0.0, box.brightness))
            target.fill((level, level, level), special_flags=pygame.BLEND_RGB_MULT)


def draw_still(target: pygame.Surface, box: PictureBox) -> None:
    """Fill `target` with the shown part of a picture, turned as a mirror does where it is to be."""
    if box.image is None:
        return
    height, width = box.image.shape[:2]
    source = pygame.image.frombuffer(np.ascontiguousarray(box.image).data, (width, height), "RGB")
    shown = pygame.transform.smoothscale(source.subsurface(_area(box, width, height)), target.get_size())
    target.blit(pygame.transform.flip(shown, True, False) if box.mirrored else shown, (0, 0))


def _area(box: PictureBox, width: int, height: int) -> pygame.Rect:
    """The shown part in whole pixels, at least one of them."""
    left = min(width - 1, max(0, round(box.shows.x * width)))
    top = min(height - 1, max(0, round(box.shows.y * height)))
    wide = min(width - left, max(1, round(box.shows.w * width)))
    high = min(height - top, max(1, round(box.shows.h * height)))
    return pygame.Rect(left, top, wide, high)


def _sized(kept: pygame.Surface | None, wh: tuple[int, int], like: pygame.Surface) -> pygame.Surface:
    if kept is not None and kept.get_size() == wh and kept.get_masks() == like.get_masks():
        return kept
    return pygame.Surface(wh, 0, like)


def corners(screen: pygame.Surface, rect: pygame.Rect, cut: pygame.Surface) -> None:
    """Round the corners of `rect` with the four quarters of `cut`."""
    radius = cut.get_width() // 2
    for x, left in ((rect.left, 0), (rect.right - radius, radius)):
        for y, top in ((rect.top, 0), (rect.bottom - radius, radius)):
            screen.blit(cut, (x, y), pygame.Rect(left, top, radius, radius))
