"""Where to stand: the one thing that keeps somebody from being judged well, if anything does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from posecoach.coach.agenda import best_view
from posecoach.coach.framing_room import Overflow, Placed, is_small, overflow, placed_of
from posecoach.coach.others import others_beside
from posecoach.coach.perception import Percept
from posecoach.coach.phrase import Phrase
from posecoach.coach.placing import ready_to_start, turn_words
from posecoach.coach.room_needed import RoomNeeded, room_needed
from posecoach.coach.routine import Step, View
from posecoach.coach.upright import roll_deg
from posecoach.coach.viewpoint import viewpoint
from posecoach.pose import PoseEstimate


class Advice(StrEnum):
    """What to do next; the most useful first: what comes before hides what comes after."""

    TOO_DARK = "too_dark"
    NOBODY = "nobody"  # step into view
    SECOND_PERSON = "second_person"
    TOO_NEAR = "too_near"  # step back
    TOO_FAR = "too_far"
    HEAD_CUT = "head_cut"
    FEET_CUT = "feet_cut"
    GO_LEFT = "go_left"  # the person's own left, as they face the screen
    GO_RIGHT = "go_right"
    TILTED_CAMERA = "tilted_camera"
    TURN = "turn"
    HIDDEN = "hidden"  # something else that matters is not seen
    GOOD = "good"


DARK: Final = 0.1
"""Mean brightness that is to blame where not enough is seen of somebody."""
DIM: Final = 0.17
"""The same where nobody is found in it."""
FAR: Final = 0.09
"""Share of the picture's height that a torso must have: some six metres from a usual camera."""
TILTED_DEG: Final = 5.0
ROLL_S: Final = 0.3
"""Time in which the roll is believed."""
ROOM: Final = 0.1
"""Torso lengths that must be left around what the step needs: bodies differ."""
MORE_ROOM: Final = 0.05
"""Further torso lengths, and the share of every other limit, that it takes to be let in again: whoever stands
at a limit is not to be told one thing and then the other."""

SETTLES_S: Final[Mapping[Advice, float]] = {
    Advice.GOOD: 0.3,
    Advice.NOBODY: 0.0,
    Advice.SECOND_PERSON: 0.8,
    Advice.TILTED_CAMERA: 0.8,
}
"""How long each must be so before it is told; the others `SETTLE_S`."""
SETTLE_S: Final = 0.4
MISSED_S: Final = 0.7
"""Who is not found for less than this is still where they were."""
_AT_ONCE: Final = (Advice.TOO_NEAR, Advice.TOO_FAR, Advice.TURN, Advice.TOO_DARK)

_WORDS: Final[Mapping[Advice, Phrase]] = {
    Advice.TOO_DARK: Phrase("It is too dark: turn on a light"),
    Advice.NOBODY: Phrase("Step into view"),
    Advice.SECOND_PERSON: Phrase("Two people in view: one at a time, please"),
    Advice.TOO_NEAR: Phrase("Step back"),
    Advice.TOO_FAR: Phrase("Come closer"),
    Advice.HEAD_CUT: Phrase("You reach out of the picture at the top: step back, or tilt the camera up"),
    Advice.FEET_CUT: Phrase("Your feet are out of the picture: step back, or tilt the camera down"),
    Advice.GO_LEFT: Phrase("Step to your left"),
    Advice.GO_RIGHT: Phrase("Step to your right"),
    Advice.TILTED_CAMERA: Phrase("The camera is tilted: set it level"),
    Advice.HIDDEN: Phrase("Step back, or clear the space before you: part of you is hidden"),
    Advice.GOOD: Phrase("Stand still"),
}


@dataclass(frozen=True, slots=True)
class FramingAdvice:
    """What to tell somebody who finds their place.

    Attributes:
        advice: Which.
        words: The same in words, a sentence without its stop.
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
        self._rooms: dict[View, RoomNeeded] = {}
        self._seen, self._seen_since, self._at = Advice.NOBODY, -math.inf, -math.inf
        self._found_at = -math.inf
        self._roll: float | None = None
        self._turn = ""
        self.seen_from = View.FRONT
        """Which side of the person was seen last."""
        self.latest = FramingAdvice(Advice.NOBODY, _WORDS[Advice.NOBODY], 0.0)
        """What `update` said last."""

    def update(
        self,
        now: float,
        percept: Percept | None,
        brightness: float | None,
        people: Sequence[PoseEstimate],
        wh: tuple[int, int] | None,
    ) -> FramingAdvice:
        """Take what is seen at a moment; what to tell.

        It changes only when something else has been so for a moment.

        Args:
            now: Seconds on the camera's clock; never goes back.
            percept: The person; `None` while nobody is followed.
            brightness: Of the picture, 0..1, as `mean_luminance` gives it; `None` where there is no
                picture: it is never too dark then.
            people: Everybody in the picture.
            wh: Size of the frame; `None` where it is not known: nothing is cut off by its edge then.
        """
        self._follow_roll(now, percept, wh)
        self._at = now
        if percept is not None:
            self._found_at = now
        elif now - self._found_at < MISSED_S:
            return self.latest
        seen = self._most_useful(percept, brightness, people, wh)
        if seen is not self._seen:
            self._seen, self._seen_since = seen, now
        # Whoever has just come is told at once.
        first = self.latest.advice is Advice.NOBODY and seen in _AT_ONCE
        if first or now - self._seen_since >= SETTLES_S.get(seen, SETTLE_S):
            self._tell(seen, now)
        return self.latest

    @property
    def good_since(self) -> float:
        """Since when somebody has been seen to stand well; infinite while they do not."""
        return self._seen_since if self._seen is Advice.GOOD else math.inf

    def room(self, view: View) -> RoomNeeded:
        """What the step needs where somebody is seen from a side."""
        view = best_view(self._step, view)
        if view not in self._rooms:
            self._rooms[view] = room_needed(self._step, view)
        return self._rooms[view]

    def _tell(self, advice: Advice, now: float) -> None:
        words = self._turn if advice is Advice.TURN else _WORDS[advice]
        if advice is not self.latest.advice or words != self.latest.words:
            self.latest = FramingAdvice(advice, words, now)

    def _follow_roll(self, now: float, percept: Percept | None, wh: tuple[int, int] | None) -> None:
        roll = None if percept is None else roll_deg(percept, wh)
        if roll is None or self._roll is None or now <= self._at:
            self._roll = roll
            return
        self._roll += (1.0 - math.exp((self._at - now) / ROLL_S)) * (roll - self._roll)

    def _most_useful(
        self,
        percept: Percept | None,
        brightness: float | None,
        people: Sequence[PoseEstimate],
        wh: tuple[int, int] | None,
    ) -> Advice:
        enough = percept is not None and ready_to_start(percept, self._step)
        if brightness is not None and not enough and brightness <= (DIM if percept is None else DARK):
            return Advice.TOO_DARK
        if others_beside(people):
            return Advice.SECOND_PERSON
        if percept is None:
            return Advice.NOBODY
        asked = 0.0 if self.latest.good else MORE_ROOM
        if percept.pose is not None:
            self.seen_from = viewpoint(percept.pose.xy[None], percept.pose.weights[None])
        if wh is not None:
            placed = placed_of(percept)
            if placed is None:
                return Advice.TOO_FAR if is_small(percept, wh, FAR) else Advice.TOO_NEAR
            place = self._place(placed, self.room(self.seen_from), wh, asked)
            if place is not Advice.GOOD:
                return place
        if self._roll is not None and abs(self._roll) > TILTED_DEG * (1.0 - asked):
            return Advice.TILTED_CAMERA
        self._turn = turn_words(percept, self._step)
        if self._turn:
            return Advice.TURN
        return Advice.GOOD if enough else Advice.HIDDEN

    @staticmethod
    def _place(placed: Placed, room: RoomNeeded, wh: tuple[int, int], asked: float) -> Advice:
        """How somebody stands in the picture."""
        over: Overflow = overflow(placed, room, wh, ROOM + asked)
        if over.higher or over.wider:
            return Advice.TOO_NEAR
        if placed.torso_px < FAR * (1.0 + asked) * max(wh[1], 9 / 16 * wh[0]):
            return Advice.TOO_FAR
        if over.top > 0.0:
            return Advice.HEAD_CUT
        if over.bottom > 0.0:
            return Advice.FEET_CUT
        if over.left > 0.0 or over.right > 0.0:
            # Whoever faces the camera has its right at their left.
            return Advice.GO_LEFT if over.left > 0.0 else Advice.GO_RIGHT
        return Advice.GOOD
