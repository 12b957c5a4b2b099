"""Type on the screen: the shipped faces, opened at the sizes in use, and rendered lines kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Final

import pygame

from posecoach.adapters.pygame_display.sprites import SurfaceCache
from posecoach.coach.palette import Rgb
from posecoach.coach.scene import Align, Text, Weight
from posecoach.coach.typesetting import CAP_HEIGHT, LINE_HEIGHT, block_height
from posecoach.errors import DisplayError

_FOLDER: Final = Path(__file__).parents[1] / "fonts"
_FILES: Final = {Weight.MEDIUM: "Inter-Medium.otf", Weight.BOLD: "Inter-Bold.otf"}
_MAX_FONTS: Final = 40
_MAX_LINE_BYTES: Final = 12_000_000


class Lettering:
    """Draws `Text`; what it keeps is bounded."""

    def __init__(self) -> None:
        self._fonts: OrderedDict[tuple[Weight, int], pygame.font.Font] = OrderedDict()
        self._lines = SurfaceCache(_MAX_LINE_BYTES)

    def draw(self, screen: pygame.Surface, text: Text, rgb: Rgb) -> None:
        """Draw on `screen`, each line smaller if the type runs wider than was reckoned with."""
        width, height = screen.get_size()
        px = max(6, round(text.size * height))
        room = text.max_width * width
        while px > 6 and max(self._font(text.weight, px).size(line)[0] for line in text.lines) > room + 2:
            px -= 1
        top = text.y * height - block_height(len(text.lines)) * px / 2
        ascent = self._font(text.weight, px).get_ascent()
        for i, line in enumerate(text.lines):
            surface = self._line(line, text.weight, px, rgb)
            x = (
                text.x * width
                - {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}[text.align] * surface.get_width()
            )
            y = top + (CAP_HEIGHT + i * LINE_HEIGHT) * px - ascent
            if text.opacity < 1:
                surface.set_alpha(round(255 * max(0.0, text.opacity)))
            screen.blit(surface, (round(x), round(y)))
            if text.opacity < 1:
                surface.set_alpha(255)

    def width_px(self, line: str, weight: Weight, px: int) -> int:
        """How wide a line really runs."""
        return self._font(weight, px).size(line)[0]

    def _line(self, line: str, weight: Weight, px: int, rgb: Rgb) -> pygame.Surface:
        return self._lines.get(
            (line, weight, px, rgb), lambda: self._font(weight, px).render(line, True, rgb)
        )

    def _font(self, weight: Weight, px: int) -> pygame.font.Font:
        key = (weight, px)
        font = self._fonts.get(key)
        if font is None:
            path = _FOLDER / _FILES[weight]
            try:
                font = pygame.font.Font(str(path), px)
            except (OSError, pygame.error) as error:
                raise DisplayError(
                    f"cannot open the type {path}: {error}; install posecoach again"
                ) from error
            self._fonts[key] = font
            if len(self._fonts) > _MAX_FONTS:
                self._fonts.popitem(last=False)
        else:
            self._fonts.move_to_end(key)
        return font
