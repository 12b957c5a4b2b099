"""A screen whose driver may crash: what has ended the coach once is tried in a process of its own first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from posecoach.coach.scene import Scene
from posecoach.errors import DisplayError
from posecoach.ports import Display
from posecoach.service.trial import tried

TRIED_WITHIN_S: Final = 6.0
"""Less than systemd's watchdog waits: the coach stands still meanwhile."""


def why_not(mode: str) -> str:
    """Open the screen in a process of its own, and draw on it; empty where that went well, or the reason."""
    said, reason = tried("screen", mode, limit_s=TRIED_WITHIN_S)
    return "" if said is not None else reason


class TriedScreen:
    """Opens the screen, but not where that has killed a coach before and still kills (D1).

    A file stands for as long as the first picture is not on the screen. A coach that finds it was started
    anew after a crash; it asks `why_not` before it opens the screen itself, and goes on without one until
    that goes well. No coach that comes up as it should pays for a second start of SDL.
    """

    def __init__(self, start: Callable[[], Display], mark: Path, why_not: Callable[[], str]) -> None:
        """Open nothing yet.

        Args:
            start: Opens it.
            mark: The file; its folder need not exist.
            why_not: Tries it elsewhere.
        """
        self._start, self._mark, self._why_not = start, mark, why_not

    def __call__(self) -> Display:
        """Open it.

        Raises:
            DisplayError: There is none, or its driver crashes or hangs.
        """
        if self._mark.exists() and (reason := self._why_not()):
            raise DisplayError(f"the screen's driver has stopped the coach before, and fails again: {reason}")
        with suppress(OSError):  # where nothing can be stored, a crash is only not remembered
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            self._mark.touch()
        try:
            display = self._start()
            try:
                display.show(Scene())
            except DisplayError:
                display.close()
                raise
            return display
        finally:  # an error is no crash
            with suppress(OSError):
                self._mark.unlink(missing_ok=True)
