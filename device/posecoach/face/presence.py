"""Since when somebody is there, or nobody."""

from __future__ import annotations

from typing import Final

CAME_AFTER_S: Final = 0.5
"""Somebody who walks past is not asked anything."""


class Presence:
    """What was seen of anybody, at the times of the frames that were looked at."""

    def __init__(self) -> None:
        """Before the first frame: nobody."""
        self._somebody = False
        self._looked_at = self._seen_at = self._came_at = 0.0

    def look(self, now: float, *, somebody: bool) -> None:
        """Note whether anybody is in a frame."""
        self._looked_at, self._somebody = now, somebody
        if somebody:
            if now - self._seen_at > CAME_AFTER_S:
                self._came_at = now
            self._seen_at = now

    @property
    def came(self) -> bool:
        """Whether somebody is there, and not just walking past."""
        return self._somebody and self._looked_at - self._came_at >= CAME_AFTER_S

    def alone_s(self, since: float) -> float:
        """How long nobody has been there, at most since a time."""
        return self._looked_at - max(self._seen_at, since)
