"""Heading, and the coach's line: the one thing to read now, with a sign of the limb it is about."""

from __future__ import annotations

from typing import Final

from posecoach.coach.figure import standing
from posecoach.coach.layout import Layout
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Point, Shape, Weight
from posecoach.coach.typesetting import fit
from posecoach.coach.words import Words
from posecoach.skeleton import Limb

_MOST_LINES: Final = 6


def word_mark(page: Page, box: Box, words: Words) -> None:
    """The product's name, quietly."""
    size = 0.03
    page.mark(Shape.RING, (box.x + size / 2, box.centre[1]), size, Ink.GOOD)
    room = Box(box.x + 1.35 * size, box.y, box.w - 1.35 * size, box.h)
    page.text(words.brand, room, 0.036, ink=Ink.SOFT, on=Ink.GROUND)


def titled(page: Page, box: Box, words: Words) -> Box:
    """The word mark at the left of a headline, where there is room for it; the room for the headline."""
    mark_w = 0.24 * box.w
    if mark_w < 0.3:
        return box
    word_mark(page, Box(box.x, box.y, mark_w, box.h), words)
    return Box(box.x + mark_w, box.y, box.w - mark_w, box.h)


def heading(page: Page, layout: Layout, title: str, words: Words) -> None:
    """The word mark, and what is being done."""
    box, title = layout.heading, words.say(title)
    if box.h < 0.09:  # one row
        word_mark(page, Box(box.x, box.y, 0.42 * box.w, box.h), words)
        room = Box(box.x + 0.44 * box.w, box.y, 0.56 * box.w, box.h)
        page.text(title, room, 0.046, max_lines=2, on=Ink.GROUND, weight=Weight.BOLD, align=Align.RIGHT)
        return
    word_mark(page, Box(box.x, box.y, box.w, 0.4 * box.h), words)
    room = Box(box.x, box.y + 0.42 * box.h, box.w, 0.58 * box.h)
    page.text(title, room, 0.06, on=Ink.GROUND, weight=Weight.BOLD)


def coach_line(
    page: Page,
    box: Box,
    text: str,
    *,
    limb: Limb | None = None,
    icon: Shape | None = None,
    tint: Ink = Ink.POOR,
    opacity: float = 1.0,
) -> None:
    """What to do, as large as it fits; the limb or another sign before it."""
    _line(page, box, text, Ink.RAISED, Ink.TEXT, Weight.BOLD, 0.1, limb, icon, tint, opacity)


def praise_line(page: Page, box: Box, text: str, *, opacity: float = 1.0) -> None:
    """That something is right now: the whole panel in the good colour, and a tick."""
    _line(page, box, text, Ink.GOOD, Ink.ON_GOOD, Weight.BOLD, 0.1, None, Shape.TICK, Ink.ON_GOOD, opacity)


def quiet_line(page: Page, box: Box, text: str, *, icon: Shape | None = None, tint: Ink = Ink.SOFT) -> None:
    """What is good to know while there is nothing to change."""
    _line(page, box, text, Ink.PANEL, Ink.SOFT, Weight.MEDIUM, 0.068, None, icon, tint, 1.0)


def limb_sign(page: Page, centre: Point, height: float, limb: Limb, tint: Ink) -> None:
    """A small person, as in a mirror, with the limb that is meant standing out."""
    small_figure(
        page, centre, height, {part: (tint, 0.14) if part is limb else (Ink.UNKNOWN, 0.075) for part in Limb}
    )


def small_figure(page: Page, centre: Point, height: float, looks: dict[Limb, tuple[Ink, float]]) -> None:
    """A small person whose limbs have a colour and a width (share of the height) each."""
    figure = standing(raise_deg=26).placed((centre[0], centre[1] + height / 2), height)
    # The heavy limbs last, so that they lie on top of their neighbours.
    for part, points in sorted(figure.limbs.items(), key=lambda entry: looks[entry[0]][1]):
        ink, width = looks[part]
        page.stroke(points, height * (0.1 + 0.9 * width if part is Limb.TRUNK else width), ink)
    ink, width = looks[Limb.HEAD]
    page.mark(Shape.DISC, figure.head[0], figure.head[1] * (2.5 if width > 0.1 else 2.2), ink)


def _line(
    page: Page,
    box: Box,
    text: str,
    ground: Ink,
    ink: Ink,
    weight: Weight,
    size: float,
    limb: Limb | None,
    icon: Shape | None,
    tint: Ink,
    opacity: float,
) -> None:
    page.panel(box, ground)
    pad = 0.03
    least = page.least_moving if ink is not Ink.SOFT else max(page.least, 0.75 * page.least_moving)
    left = box.x + pad
    sign = min(box.h - 0.04, 0.15, 0.3 * box.w) if limb is not None else min(box.h - 0.06, 0.075)
    sign_w = 0.0 if limb is None and icon is None else (0.72 * sign if limb is not None else sign) + pad
    # Rather a narrow margin, and then rather no sign, than words too small: the body shows the limb as well.
    for kept_w, margin in ((sign_w, 0.028), (sign_w, 0.016), (0.0, 0.028), (0.0, 0.016)):
        room = Box(left + kept_w, box.y + margin, box.w - 1.8 * pad - kept_w, box.h - 2 * margin)
        if fit(text, weight, (room.w, room.h), size, least, _MOST_LINES)[1] >= least:
            break
    if kept_w and limb is not None:
        limb_sign(page, (left + 0.36 * sign, box.centre[1]), sign, limb, tint)
    elif kept_w and icon is not None:
        page.mark(icon, (left + sign / 2, box.centre[1]), sign, tint)
    lines = _MOST_LINES
    page.text(
        text, room, size, least=least, max_lines=lines, ink=ink, on=ground, weight=weight, opacity=opacity
    )
