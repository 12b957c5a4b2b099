"""Keys, pads, touch and mouse, as wishes. Remotes and foot switches are keyboards to a computer."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import pygame

from posecoach.coach.intent import Intent, Wish
from posecoach.coach.key_names import split_names
from posecoach.errors import ConfigurationError

_W = Wish

KEYS: Final[Mapping[Wish, str]] = {
    _W.NEXT: "right, page down, tab, audionext",
    _W.PREVIOUS: "left, page up, audioprev",
    _W.UP: "up",
    _W.DOWN: "down",
    _W.CHOOSE: "return, keypad enter, select",
    _W.BACK: "backspace, ac back",
    _W.PAUSE: "space, p, pause, audioplay",
    _W.MUTE: "m, mute, audiomute",
    _W.QUIT: "escape, q",
}
"""Which keys say what, by SDL's names; those of remotes and presenters are among them."""

# SDL's GameController layout, which it knows for hundreds of pads: A is the lower of the four buttons.
_A, _B, _X, _Y, _VIEW, _START, _LB, _RB = 0, 1, 2, 3, 4, 6, 9, 10
_PAD: Final[Mapping[int, Wish]] = {
    _A: _W.CHOOSE, _B: _W.BACK, _X: _W.PAUSE, _Y: _W.MUTE, _VIEW: _W.BACK, _START: _W.PAUSE,
    _LB: _W.PREVIOUS, _RB: _W.NEXT, 11: _W.UP, 12: _W.DOWN, 13: _W.PREVIOUS, 14: _W.NEXT,
}  # fmt: skip
_STICK: Final[Mapping[tuple[int, int], Wish]] = {
    (0, -1): _W.PREVIOUS, (0, 1): _W.NEXT, (1, -1): _W.UP, (1, 1): _W.DOWN,
}  # fmt: skip
_STICK_MOST: Final = 32768.0
_PUSHED: Final = 0.6
_LET_GO: Final = 0.3

BOUNCE_S: Final = 0.15
"""A key pressed again sooner than this was not let go: contacts of foot switches bounce, and a remote's key
that is held comes as many presses."""
SWIPE: Final = 0.12
"""Share of the screen that a finger must go across it to turn a page; less is a tap."""
_MOST_WAITING: Final = 16


class Controls:
    """What has been wished with hands on something, until it is asked for."""

    def __init__(self, keys: Mapping[Wish, str] | None = None) -> None:
        """Listen; a screen must be open.

        Args:
            keys: Further keys, by SDL's names with commas between; they mean this and nothing else any more.

        Raises:
            ConfigurationError: SDL knows no such key.
        """
        self._keys = {code: wish for wish, names in KEYS.items() for code in _codes(wish, names)}
        self._keys |= {code: wish for wish, names in (keys or {}).items() for code in _codes(wish, names)}
        self._waiting: deque[Intent] = deque(maxlen=_MOST_WAITING)
        self._pressed_at: dict[Any, float] = {}
        self._touched: dict[Any, tuple[float, float]] = {}
        self._pushed: set[tuple[Any, int]] = set()
        self._pads: dict[int, Any] = {}
        self._controller = _controllers()

    def take(self, event: pygame.event.Event, now: float, wh: tuple[int, int]) -> Wish | None:
        """Take what SDL says; the wish that it was, kept for `wishes`, or `None`.

        Args:
            event: Any event.
            now: Seconds on any steady clock.
            wh: Of the window, in pixels.
        """
        intent = self._read(event, now, wh)
        if intent is None:
            return None
        self._waiting.append(intent)
        return intent.wish

    def wishes(self) -> list[Intent]:
        """What has been wished since the last call, oldest first; the oldest of very many are forgotten."""
        wishes = list(self._waiting)
        self._waiting.clear()
        return wishes

    def _read(self, event: pygame.event.Event, now: float, wh: tuple[int, int]) -> Intent | None:
        kind = event.type
        if kind == pygame.QUIT:
            return Intent(Wish.QUIT)
        if kind == pygame.KEYDOWN:
            return self._press(("key", event.key), self._keys.get(event.key), now)
        if kind == pygame.CONTROLLERBUTTONDOWN:
            return self._press(("pad", event.instance_id, event.button), _PAD.get(event.button), now)
        if kind == pygame.CONTROLLERAXISMOTION:
            return self._push(event)
        if kind == pygame.CONTROLLERDEVICEADDED:
            self._open_pad(event.device_index)
        if kind in (pygame.FINGERDOWN, pygame.FINGERUP):
            return self._touch(event, up=kind == pygame.FINGERUP)
        if getattr(event, "touch", False):  # SDL tells of fingers a second time, as a mouse
            return None
        if kind == pygame.MOUSEBUTTONDOWN:
            return _clicked(event, wh)
        if kind == pygame.MOUSEWHEEL and event.y:
            return Intent(Wish.PREVIOUS if event.y > 0 else Wish.NEXT)
        return None

    def _press(self, button: Any, wish: Wish | None, now: float) -> Intent | None:
        before = self._pressed_at.get(button)
        if wish is None:
            return None
        self._pressed_at[button] = now
        return Intent(wish) if before is None or now - before >= BOUNCE_S else None

    def _touch(self, event: pygame.event.Event, *, up: bool) -> Intent | None:
        finger = (getattr(event, "touch_id", 0), event.finger_id)
        if not up:
            self._touched[finger] = (event.x, event.y)
            return None
        begun = self._touched.pop(finger, None)
        if begun is None:
            return None
        across, down = event.x - begun[0], event.y - begun[1]
        if abs(across) >= SWIPE and abs(across) > abs(down):
            return Intent(Wish.NEXT if across < 0 else Wish.PREVIOUS)  # as one pushes a page away
        return Intent(Wish.POINT, begun) if abs(down) < SWIPE else None

    def _push(self, event: pygame.event.Event) -> Intent | None:
        """A stick is pushed once, however far, until it is let go."""
        share, stick = event.value / _STICK_MOST, (event.instance_id, event.axis)
        if abs(share) < _LET_GO:
            self._pushed.discard(stick)
        if abs(share) < _PUSHED or stick in self._pushed:
            return None
        self._pushed.add(stick)
        wish = _STICK.get((event.axis, 1 if share > 0 else -1))
        return None if wish is None else Intent(wish)

    def _open_pad(self, number: int) -> None:
        if self._controller is not None:
            with suppress(pygame.error):  # it was pulled out again
                self._pads[number] = self._controller.Controller(number)


def _clicked(event: pygame.event.Event, wh: tuple[int, int]) -> Intent | None:
    if event.button == pygame.BUTTON_LEFT:
        return Intent(Wish.POINT, (event.pos[0] / wh[0], event.pos[1] / wh[1]))
    return Intent(Wish.BACK) if event.button == pygame.BUTTON_RIGHT else None


def _codes(wish: Wish, names: str) -> list[int]:
    codes = []
    for name in split_names(names):
        try:
            codes.append(pygame.key.key_code(name))
        except ValueError:
            raise ConfigurationError(
                f"keys.{wish}: SDL knows no key {name!r}; expected names such as {KEYS[Wish.NEXT]}"
            ) from None
    return codes


def _controllers() -> Any:
    """SDL's game controllers; `None` where this SDL has none, or may not look for them."""
    try:
        from pygame._sdl2 import controller

        controller.init()
    except (ImportError, pygame.error):
        return None
    return controller
