"""Which picture to draw when: every frame with the pose that was found in it, if that comes soon enough.

Pure: told of frames, answers and the time, it says what to draw and when to ask again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from posecoach.frame import Frame

HOLD_S: Final = 0.045
"""The longest a frame waits for its answer before it is drawn without: longer would be felt as lag."""
LEAST_S: Final = 0.025
"""No two drawings are closer together."""
IDLE_S: Final = 0.036
"""Where no frame comes, what moves on the screen moves on at this pace."""
BLIND_AFTER_S: Final = 0.2
"""No answer for so long: no frame waits for one."""
TOGETHER_AFTER_S: Final = 0.5
"""No frame was drawn without its answer for so long: only then does the drawing say that all is well."""
_SHARE: Final = 0.2  # of the newest in the usual time of an answer


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A picture to draw.

    Attributes:
        frame: `None` before the first.
        late_s: How much older the newest pose is; 0 where it belongs to the frame.
    """

    frame: Frame | None
    late_s: float


class Pacing:
    """Follows frames and answers; times are of one clock, that of the frames."""

    def __init__(self) -> None:
        """Nothing has come."""
        self._waiting: Frame | None = None  # the newest that was not drawn yet
        self._waiting_since = 0.0  # when the oldest of them came
        self._answered: Frame | None = None
        self._answered_at = float("-inf")
        self._latency_s = 0.0
        self._drawn: Frame | None = None
        self._drawn_at = float("-inf")
        self._late_until = float("-inf")

    def came(self, frame: Frame, now: float) -> None:
        """A frame has come."""
        if self._drawn is None or frame.captured_at > self._drawn.captured_at:
            if self._waiting is None:
                self._waiting_since = now
            self._waiting = frame

    def answered(self, frame: Frame, now: float, latency_s: float) -> None:
        """Somebody has looked at a frame, and it took so long."""
        self._answered, self._answered_at = frame, now
        self._latency_s += _SHARE * (latency_s - self._latency_s)

    def due_at(self) -> float:
        """When to draw, if nothing comes before."""
        soonest = self._drawn_at + LEAST_S
        if self._newer(self._answered):
            return soonest
        if self._waiting is None:
            return self._drawn_at + IDLE_S
        return max(self._waiting_since + self._hold_s, soonest)

    def draw(self, now: float) -> Drawn | None:
        """What to draw now; `None` where it is better to wait."""
        if now < self.due_at() - 1e-9:
            return None
        if self._newer(self._answered):
            self._drawn = self._answered
            if self._waiting is not None and not self._newer(self._waiting):
                self._waiting = None
        elif self._waiting is not None:
            self._drawn, self._waiting = self._waiting, None
            self._late_until = now + TOGETHER_AFTER_S
        self._drawn_at = now
        return Drawn(self._drawn, self._late_s(now))

    @property
    def _hold_s(self) -> float:
        """Waiting for what usually does not come in time only makes the picture later."""
        usual = self._latency_s <= HOLD_S and self._waiting_since - self._answered_at <= BLIND_AFTER_S
        return HOLD_S if usual else 0.0

    def _newer(self, frame: Frame | None) -> bool:
        """Whether the picture would go forward with it."""
        if frame is None:
            return False
        return self._drawn is None or frame.captured_at > self._drawn.captured_at

    def _late_s(self, now: float) -> float:
        if self._drawn is None or self._answered is None:
            return 0.0
        behind_s = self._drawn.captured_at - self._answered.captured_at
        if behind_s > 0:
            return behind_s
        # For a while after a frame came too late, so that the drawing does not flicker.
        return 1e-3 if now < self._late_until else 0.0
