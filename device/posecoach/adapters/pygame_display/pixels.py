"""Filling, clearing and turning whole 32-bit pixels through numpy.

On the machines measured, SDL's own fill takes a detour past the processor's cache: a panel costs ten
times as much as here, and what is drawn on it next has to be fetched again.
"""

from __future__ import annotations

import pygame

from posecoach.coach.palette import Rgb


def fill(surface: pygame.Surface, rgb: Rgb, rect: pygame.Rect | None = None) -> None:
    """Fill `rect`, or everything, inside the surface's clip."""
    inside = surface.get_clip() if rect is None else rect.clip(surface.get_clip())
    if inside.w <= 0 or inside.h <= 0:
        return
    if surface.get_bytesize() != 4:
        surface.fill(rgb, inside)
        return
    columns = pygame.surfarray.pixels2d(surface)
    columns[inside.left : inside.right, inside.top : inside.bottom] = surface.map_rgb(rgb)


def clear(surface: pygame.Surface) -> None:
    """Make a surface with transparency transparent everywhere."""
    pygame.surfarray.pixels2d(surface)[...] = 0


def turn(source: pygame.Surface, target: pygame.Surface) -> None:
    """Copy all of `source` onto `target` of the same size, left and right exchanged; no clip is minded."""
    if source.get_bytesize() == 4 and target.get_bytesize() == 4:
        pygame.surfarray.pixels2d(target)[...] = pygame.surfarray.pixels2d(source)[::-1, :]
    else:
        target.blit(pygame.transform.flip(source, True, False), (0, 0))
