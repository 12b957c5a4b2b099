"""Exercises that look like a gesture: of these the gesture is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from posecoach.coach.gesture import Gesture
from posecoach.coach.gesture_shapes import HAND_UP, SEEN, Arm, Arms, Crossing, crossing, is_up
from posecoach.coach.intent import Wish
from posecoach.coach.routine import Routine, Step, View
from posecoach.motion.sequence import PoseSequence
from posecoach.skeleton import Keypoint

LONG_S: Final = 0.3
"""Half of how long arms must be crossed to be taken for it: whoever does it slowly needs twice the time."""
_K = Keypoint


def heard_in(routine: Routine, wishes: Mapping[Gesture, Wish]) -> Mapping[Gesture, Wish]:
    """What can be said with gestures while a routine is done: not what belongs to it."""
    if Gesture.CROSS_ARMS not in wishes or not any(_crosses_arms(step) for step in routine.steps):
        return wishes
    return {gesture: wish for gesture, wish in wishes.items() if gesture is not Gesture.CROSS_ARMS}


def signs_in(movement: PoseSequence) -> frozenset[Gesture]:
    """Which signs somebody would seem to give who only does a movement; of hands neither or both."""
    found = set()
    if _lasts(movement, lambda arms: crossing(arms) is not Crossing.NONE):
        found.add(Gesture.CROSS_ARMS)
    if _lasts(movement, _one_hand_up):
        found |= {Gesture.LEFT_HAND, Gesture.RIGHT_HAND}
    return frozenset(found)


def _one_hand_up(arms: Arms) -> bool:
    return is_up(arms.left, arms.right, HAND_UP) or is_up(arms.right, arms.left, HAND_UP)


def _crosses_arms(step: Step) -> bool:
    reference = step.views.get(View.FRONT)
    if reference is None:
        return False
    return _lasts(reference, lambda arms: crossing(arms) is not Crossing.NONE)


def _lasts(reference: PoseSequence, made: Callable[[Arms], bool]) -> bool:
    """Whether a shape is there for long, or in all of a pose that is held."""
    begun_s: float | None = None
    for index, at_s in enumerate(reference.at_s.tolist()):
        arms = _arms(reference, index)
        if arms is None or not made(arms):
            begun_s = None
            continue
        begun_s = at_s if begun_s is None else begun_s
        if at_s - begun_s >= LONG_S or reference.duration_s < LONG_S:
            return True
    return False


def _arms(reference: PoseSequence, index: int) -> Arms | None:
    """As a reference has them: already in torso lengths, but from the hips."""
    places, weights = reference.xy[index].tolist(), reference.weights[index].tolist()
    if min(weights[_K.LEFT_SHOULDER], weights[_K.RIGHT_SHOULDER]) <= 0.0:  # a hand before one hides it
        return None
    left, right = places[_K.LEFT_SHOULDER], places[_K.RIGHT_SHOULDER]
    middle_x, middle_y = 0.5 * (left[0] + right[0]), 0.5 * (left[1] + right[1])

    def arm(elbow: Keypoint, wrist: Keypoint) -> Arm:
        found = (
            (places[each][0] - middle_x, places[each][1] - middle_y) if weights[each] >= SEEN else None
            for each in (elbow, wrist)
        )
        return Arm(*found)

    return Arms(arm(_K.LEFT_ELBOW, _K.LEFT_WRIST), arm(_K.RIGHT_ELBOW, _K.RIGHT_WRIST), left[0] - right[0])
