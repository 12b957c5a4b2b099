"""A line at the edge that says what is wrong with the box, while the coach goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from posecoach.coach.page import Page
from posecoach.coach.scene import Box, Ink, Scene, Shape, Weight
from posecoach.coach.typesetting import width_em
from posecoach.coach.view import TroubleView
from posecoach.coach.words import ENGLISH, Words

_SIZE: Final = 0.044
_EDGE: Final = 0.012


def with_trouble(
    scene: Scene, troubles: tuple[TroubleView, ...], room: Box, aspect: float, words: Words = ENGLISH
) -> Scene:
    """The scene, and the first of what is wrong in one line at its upper edge.

    Only the first: what a person can do about it is done one after the other.

    Args:
        scene: To put it over.
        troubles: The most important first.
        room: In height units: the line stands at its upper edge, or over it on an upright screen.
        aspect: Of the screen.
        words: The screen's language.
    """
    if not troubles:
        return scene
    trouble = troubles[0]
    page = Page(aspect)
    # On a screen that stands upright the picture is low: the line takes the place of the heading.
    box = Box(room.x, room.y, room.w, 0.09) if aspect >= 1.05 else _over_heading(aspect, room)
    pad, size = 0.02 * page.upright, _SIZE * page.upright
    page.panel(box, Ink.RAISED)
    page.mark(Shape.POINTER, (box.x + pad + size / 2, box.centre[1]), size, Ink.FAIR)
    code_w = 1.1 * width_em(trouble.code, Weight.BOLD) * size
    left, right = box.x + 1.5 * pad + size, box.right - pad - code_w
    box_of_words = Box(left, box.y + 0.006, right - pad - left, box.h - 0.012)
    page.text(words.say(trouble.text), box_of_words, size, max_lines=3, on=Ink.RAISED, weight=Weight.BOLD)
    code = Box(right, box.y, code_w, box.h)
    page.text(trouble.code, code, size, ink=Ink.SOFT, on=Ink.RAISED, weight=Weight.BOLD)
    return replace(scene, items=(*scene.items, *page.items))


def _over_heading(aspect: float, room: Box) -> Box:
    """All of the heading that there is over a picture, or over facts, which begin a little lower."""
    high = 0.075 if room.y > 2.0 * _EDGE else 0.084
    return Box(_EDGE, 0.5 * _EDGE, aspect - 2 * _EDGE, high)


def upper_edge(aspect: float) -> Box:
    """Where the line stands on a screen without a picture."""
    return Box(_EDGE, _EDGE, aspect - 2 * _EDGE, 0.1)
