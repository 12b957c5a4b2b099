"""Looking on while the coach works: how far it is, and the moment that shows it best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.cli.progress_bar import ProgressBar
from posecoach.coach.session import Session
from posecoach.coach.view import Stage
from posecoach.ports import Display

_READABLE_S = 0.5  # a cue has faded in


class Moments:
    """Keeps one picture of the screen for people who only look once.

    The best is a correction on the screen while the person is far into the next repetition, the first
    one of the last routine; without one it is the furthest reach.
    """

    def __init__(self) -> None:
        """Start without a picture."""
        self.pixels: NDArray[np.uint8] | None = None
        self._best: tuple[bool, float] = (False, 0.0)
        self._cue_since: float | None = None
        self._bar: ProgressBar | None = None

    def begin(self, what: str, length_s: float | None) -> None:
        """Another routine begins."""
        self.end()
        self._bar = ProgressBar(what, length_s)
        self._best, self._cue_since = (False, 0.0), None

    def end(self) -> None:
        """It is over: clear the line."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def watch(self, session: Session, display: Display) -> None:
        """Look at what is shown now."""
        if self._bar is not None:
            self._bar.advance(session.now)
        if session.stage is not Stage.ACTIVE:
            return
        view = session.view(session.now)
        cue = view.cue
        told = cue is not None and not cue.praise and cue.limb is not None
        if told and cue is not None:
            self._cue_since = cue.since if self._cue_since is None else self._cue_since
            told = cue.since == self._cue_since and view.now - cue.since >= _READABLE_S
        now = (told, view.reach or 0.0)
        if view.person is not None and now > self._best:
            self._best, self.pixels = now, display.pixels()
