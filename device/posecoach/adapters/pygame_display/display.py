"""The display port on pygame."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Final, Literal

import numpy as np
import pygame
from numpy.typing import NDArray

from posecoach.adapters.pygame_display.controls import Controls
from posecoach.adapters.pygame_display.paint import Painter
from posecoach.adapters.pygame_display.pointer import Pointer
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.scene import Scene
from posecoach.errors import DisplayError
from posecoach.ports import Closes

_UNSEEN_DRIVERS: Final = ("dummy", "offscreen")


class PygameDisplay(Closes):
    """A screen, a window, or neither.

    Args:
        mode: ``fullscreen`` takes the desktop's size; ``window`` can be resized; ``headless`` draws
            into memory and needs no video driver at all.
        wh: Width and height in pixels; ignored in ``fullscreen``.
        title: Of the window.
        keys: What further keys mean, see `Controls`.
        clock: In seconds; tells a second press from a bounce.

    Raises:
        DisplayError: SDL has no driver that can open a screen here.
        ConfigurationError: SDL knows no such key.
    """

    def __init__(
        self,
        mode: Literal["fullscreen", "window", "headless"],
        *,
        wh: tuple[int, int] = (1280, 720),
        title: str = "posecoach",
        keys: Mapping[Wish, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if min(wh) < 1:
            raise DisplayError(f"a display needs a width and a height of at least 1 pixel, got {wh}")
        self._headless = mode == "headless"
        self._open = True
        self._wanted = True
        self._clock = clock
        _start("the type", pygame.font.init)
        self._screen = pygame.Surface(wh, 0, 32) if self._headless else _open_screen(mode, wh, title)
        self._pointer = Pointer() if mode == "fullscreen" else None
        self._painter = Painter()
        self._controls = None if self._headless else Controls(keys)

    @property
    def wh(self) -> tuple[int, int]:
        """Width and height in pixels now; a window's change when it is resized."""
        return self._screen.get_size()

    def show(self, scene: Scene) -> bool:
        """Draw `scene` and present it.

        Returns:
            False once the window was closed, or a key was pressed that quits.

        Raises:
            DisplayError: The display was closed before, or the driver lost the screen.
        """
        if not self._open:
            raise DisplayError("show() after close(): open another display")
        if self._controls is None:
            self._painter.paint(scene, self._screen)
            return True
        try:
            self._take_events(self._controls)
            self._painter.paint(scene, self._screen)
            pygame.display.flip()
        except pygame.error as error:
            raise DisplayError(f"the screen was lost ({error}): check its cable and power") from error
        return self._wanted

    def intents(self) -> list[Intent]:
        """What has been wished since the last call with keys, pad, touch or mouse; `show` looks for it."""
        return [] if self._controls is None else self._controls.wishes()

    def pixels(self) -> NDArray[np.uint8]:
        """What was shown last: ``(height, width, 3)`` RGB, a copy."""
        width, height = self.wh
        packed = pygame.Surface((width, height), 0, 24, (0xFF, 0xFF00, 0xFF0000, 0))
        packed.blit(self._screen, (0, 0))
        columns = pygame.surfarray.pixels3d(packed)
        return np.array(columns.swapaxes(0, 1), dtype=np.uint8, order="C")

    def close(self) -> None:
        """Let the window go; a second call does nothing."""
        if self._open and not self._headless:
            self._screen = self._screen.copy()  # what was shown last stays readable
            pygame.display.quit()
        self._open = False

    def _take_events(self, controls: Controls) -> None:
        now = self._clock()
        for event in pygame.event.get():
            if self._pointer is not None:
                self._pointer.take(event, now)
            if controls.take(event, now, self.wh) is Wish.QUIT:
                self._wanted = False
        if self._pointer is not None:
            self._pointer.pass_time(now)
        current = pygame.display.get_surface()
        if current is not None:  # after a resize SDL hands out another surface
            self._screen = current


def _open_screen(mode: str, wh: tuple[int, int], title: str) -> pygame.Surface:
    asked_for = os.environ.get("SDL_VIDEODRIVER", "")
    _start("a screen", pygame.display.init)
    driver = pygame.display.get_driver()
    if driver in _UNSEEN_DRIVERS and driver not in asked_for.split(","):
        pygame.display.quit()
        raise _no_screen(f"only SDL's {driver} driver starts here")
    if driver == "KMSDRM":
        # Read when the mode is set. By itself SDL takes desktop OpenGL first, which drew nothing on a Debian
        # without libGL, and said nothing: a black screen. A person's own setting wins.
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "opengles2")
    try:
        pygame.display.set_caption(title)
        if mode == "fullscreen":
            return pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
        return pygame.display.set_mode(wh, pygame.RESIZABLE)
    except pygame.error as error:
        pygame.display.quit()
        raise _no_screen(f"SDL's {driver} driver: {error}") from error


def _start(what: str, init: Callable[[], object]) -> None:
    try:
        init()
    except pygame.error as error:
        raise _no_screen(f"SDL cannot start {what}: {error}") from error


def _no_screen(found: str) -> DisplayError:
    tried = ", ".join(
        f"{name}={os.environ.get(name, '')!r}" for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY")
    )
    return DisplayError(
        f"no screen can be opened: {found} ({tried}); connect a screen, start a desktop,"
        " set SDL_VIDEODRIVER=kmsdrm on a box without one, or use --display headless"
    )
