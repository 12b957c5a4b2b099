"""From what is seen of a person to what they want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from posecoach.coach.gesture import Gesture, GestureView, Listening
from posecoach.coach.gesture_shapes import (
    HAND_HIGH,
    HAND_UP,
    RELAXED,
    Arms,
    Crossing,
    arms_of,
    crossing,
    cursor,
    is_up,
    points,
)
from posecoach.coach.intent import Intent, Wish
from posecoach.coach.perception import Percept
from posecoach.coach.scene import Box, Point

HOLD_S: Final[Mapping[Gesture, float]] = {
    Gesture.LEFT_HAND: 0.5,
    Gesture.RIGHT_HAND: 0.5,
    Gesture.HOVER: 0.8,
    Gesture.CROSS_ARMS: 0.6,
    Gesture.LEAVE: 2.0,
    Gesture.RETURN: 1.0,
}
"""How long each must last before it is taken."""
UNSURE_S: Final = 0.8
"""The same of arms that only seem to be crossed."""
FLICKER_S: Final = 0.3
"""A gesture that is not seen for less than this goes on."""
LET_GO_S: Final = 0.4
"""How long none must be made before the next one counts."""
MARGIN: Final = 0.03
"""How far, on the screen, the cursor may leave a target that it dwells on."""
MOVED_ON: Final = 0.15
"""How far it must have gone from where it chose something, to choose again without lowering the hand."""
STOOD: Final = 0.4
"""Torso lengths that somebody who is back may drift and still stand."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A gesture that is made now: which, of which hand, on which target, where the cursor is, how surely."""

    gesture: Gesture
    left: bool = False
    target: int | None = None
    cursor: Point | None = None
    sure: bool = True

    def same(self, other: _Made | None) -> bool:
        """Whether it is one gesture that goes on."""
        return other is not None and (self.gesture, self.left, self.target) == (
            other.gesture,
            other.left,
            other.target,
        )


class GestureReader:
    """Watch one person for gestures; pure but for its own state.

    A gesture that was taken, or that was begun before anybody listened to it, must end before another counts.
    """

    def __init__(self, *, mirrored: bool = True) -> None:
        """Start with nobody.

        Args:
            mirrored: Whether the screen shows people as a mirror does.
        """
        self._mirrored = mirrored
        self._listening: Mapping[Gesture, Wish] = {}
        self._targets = 0
        self._made: _Made | None = None
        self._since = self._made_at = 0.0
        self._armed = True
        self._taken_at: Point | None = None
        self._seen_at: float | None = None
        self._back_since: float | None = None
        self._stands: Point | None = None
        self._left_told = False
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
        arms = None if percept is None else arms_of(percept)
        made = None if arms is None else self._shape(arms, listening)
        if listening.wishes != self._listening or len(listening.targets) != self._targets:
            self._listening, self._targets = listening.wishes, len(listening.targets)
            self._made, self._armed, self._taken_at = None, made is None, made.cursor if made else None
        self.view = GestureView(cursor=made.cursor if made else None)
        self._follow(now, made)
        intent = self._hold(now, listening)
        return self._presence(now, percept, listening) or intent

    def _follow(self, now: float, made: _Made | None) -> None:
        """Keep the gesture under way, or begin another."""
        if made is not None:
            if not made.same(self._made):
                self._since = now
            self._made, self._made_at = made, now
            moved = (
                made.cursor is not None
                and self._taken_at is not None
                and (
                    max(abs(made.cursor[0] - self._taken_at[0]), abs(made.cursor[1] - self._taken_at[1]))
                    > MOVED_ON
                )
            )
            if moved and not self._armed:
                self._armed, self._since = True, now
        elif self._made is not None and now - self._made_at > FLICKER_S:
            self._made = None
        if self._made is None and now - self._made_at > LET_GO_S:
            self._armed, self._taken_at = True, None

    def _hold(self, now: float, listening: Listening) -> Intent | None:
        """The gesture under way: shown, and taken once it has lasted."""
        made = self._made
        if made is None or not self._armed or (made.gesture is Gesture.HOVER and made.target is None):
            return None
        hold_s = HOLD_S[made.gesture] if made.sure else UNSURE_S
        share = min((now - self._since) / hold_s, 1.0)
        self.view = GestureView(made.gesture, share, made.cursor, made.target)
        if share < 1.0:
            return None
        self._armed, self._taken_at = False, made.cursor
        at = listening.targets[made.target].centre if made.target is not None else None
        return _intent(listening.wishes[made.gesture], at)

    def _shape(self, arms: Arms, listening: Listening) -> _Made | None:
        """What the arms say; crossed arms before a hand, a hand before the cursor."""
        wishes, before = listening.wishes, self._made
        was_crossing = before is not None and before.gesture is Gesture.CROSS_ARMS
        crossed = crossing(arms, RELAXED if was_crossing else 0.0)
        if crossed is not Crossing.NONE:
            sure = crossed is Crossing.SURE or (was_crossing and before is not None and before.sure)
            return _Made(Gesture.CROSS_ARMS, sure=sure) if Gesture.CROSS_ARMS in wishes else None
        least = HAND_HIGH if Gesture.HOVER in wishes else HAND_UP
        for gesture, arm, other in (
            (Gesture.LEFT_HAND, arms.left, arms.right),
            (Gesture.RIGHT_HAND, arms.right, arms.left),
        ):
            going_on = before is not None and before.gesture is gesture
            if gesture in wishes and is_up(arm, other, least - RELAXED * going_on):
                return _Made(gesture, left=gesture is Gesture.LEFT_HAND)
        return self._pointing(arms, listening) if Gesture.HOVER in wishes else None

    def _pointing(self, arms: Arms, listening: Listening) -> _Made | None:
        """The hand that points, if any: the one that did before, else the higher."""
        before = self._made if self._made is not None and self._made.gesture is Gesture.HOVER else None
        hands = [
            (arm, left)
            for arm, left in ((arms.left, True), (arms.right, False))
            if points(arm, RELAXED if before is not None and before.left == left else 0.0)
        ]
        if not hands:
            return None
        arm, left = min(
            hands,
            key=lambda hand: (before is None or hand[1] != before.left, hand[0].wrist and hand[0].wrist[1]),
        )
        at = cursor(arm, left=left, mirrored=self._mirrored)
        stays = before.target if before is not None and before.left == left else None
        return _Made(Gesture.HOVER, left, _target(at, listening.targets, stays), at)

    def _presence(self, now: float, percept: Percept | None, listening: Listening) -> Intent | None:
        """Whether somebody has gone, or is back."""
        wishes = listening.wishes
        if percept is None:
            away_s = 0.0 if self._seen_at is None else now - self._seen_at
            if away_s > FLICKER_S:
                self._back_since = None
            if Gesture.LEAVE not in wishes or self._seen_at is None or self._left_told:
                return None
            share = min(away_s / HOLD_S[Gesture.LEAVE], 1.0)
            if away_s > FLICKER_S:
                self.view = GestureView(Gesture.LEAVE, share)
            self._left_told = share >= 1.0
            return _intent(wishes[Gesture.LEAVE]) if self._left_told else None
        self._seen_at, self._left_told = now, False
        if Gesture.RETURN not in wishes or not self._stands_still(now, percept):
            return None
        assert self._back_since is not None
        share = min((now - self._back_since) / HOLD_S[Gesture.RETURN], 1.0)
        if self.view.gesture is None:
            self.view = GestureView(Gesture.RETURN, share, self.view.cursor, self.view.target)
        if share < 1.0:
            return None
        self._back_since = None
        return _intent(wishes[Gesture.RETURN])

    def _stands_still(self, now: float, percept: Percept) -> bool:
        """Whether somebody stands where they can be judged, and has not moved on."""
        if percept.pose is None:
            self._back_since = None
            return False
        x, y = percept.pose.origin_xy.tolist()
        if self._back_since is not None and self._stands is not None:
            drift_px = max(abs(x - self._stands[0]), abs(y - self._stands[1]))
            if drift_px > STOOD * percept.pose.torso_px:
                self._back_since = None
        if self._back_since is None:
            self._back_since, self._stands = now, (x, y)
        return True


def _intent(wish: Wish, at: Point | None = None) -> Intent:
    return Intent(wish, at if wish is Wish.POINT else None)


def _target(at: Point, targets: tuple[Box, ...], stays: int | None) -> int | None:
    """The target at a place; the one that was there before keeps a little more than its own room."""
    if stays is not None and stays < len(targets) and _inside(at, targets[stays], MARGIN):
        return stays
    return next((number for number, box in enumerate(targets) if _inside(at, box, 0.0)), None)


def _inside(at: Point, box: Box, margin: float) -> bool:
    return box.x - margin <= at[0] <= box.right + margin and box.y - margin <= at[1] <= box.bottom + margin
