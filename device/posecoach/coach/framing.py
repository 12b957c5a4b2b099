"""Where to stand: the one thing that keeps somebody from being judged well, if anything does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from posecoach.coach.perception import Percept
from posecoach.coach.routine import Step
from posecoach.pose import PoseEstimate


class Advice(StrEnum):
    """What to do next; the most useful first: what comes before hides what comes after."""

    NOBODY = "nobody"  # step into view
    TOO_DARK = "too_dark"
    SECOND_PERSON = "second_person"
    TILTED_CAMERA = "tilted_camera"
    TOO_NEAR = "too_near"  # step back
    TOO_FAR = "too_far"
    GO_LEFT = "go_left"  # the person's own left
    GO_RIGHT = "go_right"
    FEET_CUT = "feet_cut"  # step back, or tilt the camera down
    HEAD_CUT = "head_cut"
    TURN = "turn"
    HIDDEN = "hidden"  # something else that matters is not seen
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class FramingAdvice:
    """What to tell somebody who finds their place.

    Attributes:
        advice: Which.
        words: The same in words, English, a sentence without its stop.
        since: When it became this, seconds on the camera's clock.
    """

    advice: Advice
    words: str
    since: float

    @property
    def good(self) -> bool:
        """Whether they stand well."""
        return self.advice is Advice.GOOD


class Framing:
    """Watch somebody find their place; pure but for its own state."""

    def __init__(self, step: Step) -> None:
        """Wait for somebody.

        Args:
            step: What is going to be done, with what is not asked of the body in `Step.without`.
        """
        self._step = step
        self.latest = FramingAdvice(Advice.NOBODY, "", 0.0)
        """What `update` said last."""

    def update(
        self,
        now: float,
        percept: Percept | None,
        brightness: float | None,
        people: Sequence[PoseEstimate],
        wh: tuple[int, int],
    ) -> FramingAdvice:
        """Take what is seen at a moment; what to tell.

        It changes only when something else has been so for a moment.

        Args:
            now: Seconds on the camera's clock; never goes back.
            percept: The person; `None` while nobody is followed.
            brightness: Of the picture, 0..1, as `mean_luminance` gives it; `None` where there is no
                picture: it is never too dark then.
            people: Everybody in the picture.
            wh: Size of the frame.
        """
        return self.latest
