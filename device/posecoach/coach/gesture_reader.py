"""From what is seen of a person to what they want."""

from __future__ import annotations

from posecoach.coach.gesture import GestureView, Listening
from posecoach.coach.intent import Intent
from posecoach.coach.perception import Percept


class GestureReader:
    """Watch one person for gestures; pure but for its own state."""

    def __init__(self) -> None:
        """Start with nobody."""
        self.view = GestureView()
        """What there is to show of a gesture under way, after the latest `update`."""

    def update(self, now: float, percept: Percept | None, listening: Listening) -> Intent | None:
        """Take what is seen at a moment; what is wanted, told once, when a gesture was held long enough.

        Args:
            now: Seconds on the camera's clock; never goes back. Call it for every frame that was looked
                at; a moment at which nobody looked is none.
            percept: The person; `None` while nobody is followed.
            listening: What a gesture means now. Where it changes, a gesture under way begins anew, and a
                hand that is still up must come down first.
        """
        return None
