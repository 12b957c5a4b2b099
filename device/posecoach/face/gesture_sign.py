"""A hand that points, and how long it still has to."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posecoach.coach.gesture import Gesture, GestureView
from posecoach.coach.page import Page
from posecoach.coach.scene import Ink, Scene

_RADIUS: Final = 0.042
_HELD: Final = (Gesture.LEFT_HAND, Gesture.RIGHT_HAND, Gesture.CROSS_ARMS)


def with_gesture(scene: Scene, gesture: GestureView, aspect: float, *, mirrored: bool) -> Scene:
    """The scene, and the gesture that is being made over it.

    A hand that points is a ring that fills while it stays on something; a sign that is held is a ring at the
    side of the hand that makes it, at the middle for both.

    Args:
        scene: To put it over.
        gesture: As the reader has it.
        aspect: Of the screen.
        mirrored: Whether somebody's left hand is at the left of the screen.
    """
    page = Page(aspect)
    if gesture.cursor is not None:
        x, y = gesture.cursor[0] * aspect, gesture.cursor[1]
        radius = _RADIUS * min(1.0, aspect)
        # The ring is all of it on the screen, wherever the hand is.
        x, y = min(max(x, radius), aspect - radius), min(max(y, radius), 1 - radius)
        page.ring((x, y), radius, 0.3 * radius, gesture.share, Ink.GOOD, Ink.TEXT)
    elif gesture.gesture in _HELD and gesture.share > 0:
        radius = 1.6 * _RADIUS * min(1.0, aspect)
        left = (gesture.gesture is Gesture.LEFT_HAND) == mirrored
        across = 0.5 if gesture.gesture is Gesture.CROSS_ARMS else 0.08 if left else 0.92
        page.ring((across * aspect, 0.3), radius, 0.3 * radius, gesture.share, Ink.GOOD, Ink.TEXT)
    if not page.items:
        return scene
    return replace(scene, items=(*scene.items, *page.items))
