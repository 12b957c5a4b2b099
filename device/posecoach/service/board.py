"""What is wrong now: told by whoever finds it, shown on the screen, written to the log once."""

from __future__ import annotations

import logging
import threading

from posecoach.coach.view import TroubleView

_log = logging.getLogger(__name__)


class Board:
    """The troubles of the parts, one of each at most."""

    def __init__(self) -> None:
        """Nothing is wrong."""
        self._lock = threading.Lock()
        self._troubles: dict[str, TroubleView] = {}

    def tell(self, part: str, trouble: TroubleView | None, why: str = "") -> None:
        """Say what is wrong with a part, or that nothing is. From any thread.

        Args:
            part: Whose trouble it is.
            trouble: In words for the screen; `None` where all is well.
            why: For the log: the error's own words.
        """
        with self._lock:
            before = self._troubles.get(part)
            if before == trouble:
                return
            if trouble is None:
                del self._troubles[part]
            else:
                self._troubles[part] = trouble
        if trouble is not None:
            level = logging.WARNING if why else logging.INFO  # where nothing is wrong yet, nobody says why
            _log.log(level, "%s: %s %s%s", part, trouble.code, trouble.text, f" ({why})" if why else "")
        elif before is not None:
            _log.info("%s: works again, after %s", part, before.code)

    @property
    def troubles(self) -> tuple[TroubleView, ...]:
        """All of them, by code."""
        with self._lock:
            return tuple(sorted(self._troubles.values(), key=lambda trouble: trouble.code))

    @property
    def parts(self) -> frozenset[str]:
        """Who has one."""
        with self._lock:
            return frozenset(self._troubles)
