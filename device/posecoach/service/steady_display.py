"""A screen that may be absent: the coach goes on without, and comes up when one is plugged in."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.intent import Intent
from posecoach.coach.phrase import Phrase
from posecoach.coach.scene import Scene
from posecoach.coach.view import TroubleView
from posecoach.errors import DisplayError
from posecoach.ports import Closes, Display
from posecoach.service.board import Board

PART: Final = "display"
LOOK_EVERY_S: Final = 2.0
UNSEEN_WH: Final = (1280, 720)

_NONE: Final = TroubleView("D1", Phrase("No screen. Connect one"))
_LOST: Final = TroubleView("D2", Phrase("The screen was lost. Connect it again"))


class SteadyDisplay(Closes):
    """Shows on the screen that is there now. For the thread that SDL runs in, as every display."""

    def __init__(
        self,
        start: Callable[[], Display],
        board: Board,
        *,
        plugged: Callable[[], frozenset[str] | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the screen, if there is one.

        Args:
            start: Opens it.
            board: Where troubles are told.
            plugged: Names of the connectors with a screen on them; `None` where the system cannot say.
            clock: Of this process.
        """
        self._start, self._board, self._plugged, self._clock = start, board, plugged, clock
        self._display: Display | None = None
        self._wh = UNSEEN_WH
        self._seen = plugged()
        self._looked_at = clock()
        self._open(_NONE)

    @property
    def wh(self) -> tuple[int, int]:
        """Width and height in pixels; without a screen those of the last, or of a usual one."""
        if self._display is not None:
            self._wh = self._display.wh
        return self._wh

    def show(self, scene: Scene) -> bool:
        """Draw `scene` where there is a screen. False when the person asked to quit."""
        self._look()
        if self._display is None:
            return True
        try:
            return self._display.show(scene)
        except DisplayError as error:
            self._let_go()
            self._board.tell(PART, _LOST, str(error))
            return True

    def intents(self) -> list[Intent]:
        """What somebody has wished since the last call; nothing without a screen."""
        return [] if self._display is None else self._display.intents()

    def pixels(self) -> NDArray[np.uint8]:
        """What was shown last; black without a screen."""
        if self._display is None:
            return np.zeros((self._wh[1], self._wh[0], 3), np.uint8)
        return self._display.pixels()

    def close(self) -> None:
        """Let the screen go; a second call does nothing."""
        self._let_go()

    def _look(self) -> None:
        """See now and then whether a screen has come or gone, and set its mode anew when it has come (D4)."""
        now = self._clock()
        if now - self._looked_at < LOOK_EVERY_S:
            return
        self._looked_at = now
        before, self._seen = self._seen, self._plugged()
        if self._seen is not None and before is not None and self._seen - before:
            self._let_go()
        if self._display is None and self._seen != frozenset():
            self._open(None)

    def _open(self, trouble: TroubleView | None) -> None:
        try:
            self._display = self._start()
        except DisplayError as error:
            if trouble is not None:
                self._board.tell(PART, trouble, str(error))
        else:
            self._board.tell(PART, None)

    def _let_go(self) -> None:
        display, self._display = self._display, None
        if display is not None:
            self._wh = display.wh
            display.close()


def connectors_in_use(root: Path = Path("/")) -> frozenset[str] | None:
    """Which of the graphics card's connectors have a screen; `None` where there is no such list."""
    states = {path.parent.name: _text(path) for path in (root / "sys/class/drm").glob("card*-*/status")}
    if not states:
        return None
    return frozenset(name for name, state in states.items() if state == "connected")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
