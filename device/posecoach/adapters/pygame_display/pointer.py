"""The mouse's pointer over a screen that is looked at: there while somebody moves it."""

from __future__ import annotations

from typing import Final

import pygame

SHOWN_S: Final = 3.0
"""How long it stays after it was moved last."""
MEANT_PX: Final = 4
"""How far it must be moved: a table that is knocked against moves it too."""


class Pointer:
    """The one pointer of SDL's one window; pure but for that."""

    def __init__(self) -> None:
        """Hide it."""
        self._hides_at: float | None = None
        pygame.mouse.set_visible(False)

    def take(self, event: pygame.event.Event, now: float) -> None:
        """Take what SDL says, at a time on any steady clock; fingers that it tells of as a mouse are none."""
        if event.type != pygame.MOUSEMOTION or getattr(event, "touch", False):
            return
        if self._hides_at is None and max(map(abs, event.rel)) < MEANT_PX:
            return
        if self._hides_at is None:
            pygame.mouse.set_visible(True)
        self._hides_at = now + SHOWN_S

    def pass_time(self, now: float) -> None:
        """Hide it again once nobody has moved it for a while."""
        if self._hides_at is not None and now >= self._hides_at:
            self._hides_at = None
            pygame.mouse.set_visible(False)
