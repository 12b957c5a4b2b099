"""What somebody may ask of a session."""

from __future__ import annotations

from dataclasses import dataclass

from posecoach.coach.body_limits import AS_RECORDED, BodyDifferences
from posecoach.coach.view import LastTime


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """When a session begins and ends.

    Attributes:
        gated: Whether somebody has to stand in view and be counted in first. Not for a recording that
            is only scored: its first frame is already the performance.
        place_s: How long somebody must stand ready before the countdown.
        countdown_s: Length of the countdown.
        open_ended: Whether to go on past what the step asks for; of the last step only.
        body: What is not asked of the person.
        last: How the same person did the same routine the time before; `None` where that is not known.
    """

    gated: bool = True
    place_s: float = 1.0
    countdown_s: float = 3.0
    open_ended: bool = False
    body: BodyDifferences = AS_RECORDED
    last: LastTime | None = None
