"""Rows to choose from, or to read: settings, and what doctor says of the box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from posecoach.coach.compose_line import titled
from posecoach.coach.intent import Wish
from posecoach.coach.look import Look
from posecoach.coach.page import Page, TextPart
from posecoach.coach.scene import Align, Box, Ink, Scene, Shape, Weight
from posecoach.coach.typesetting import width_em
from posecoach.face.menu import Target

_GAP: Final = 0.02
_MOST_ROW_H: Final = 0.14
PER_PAGE: Final = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One line.

    Attributes:
        label: What it is about.
        value: How it is.
        sign: Before it: its form says the same as its colour.
        ink: Of the sign.
    """

    label: str
    value: str = ""
    sign: Shape | None = None
    ink: Ink = Ink.SOFT


def compose_rows(title: str, rows: Sequence[Row], marked: int | None, aspect: float, look: Look) -> Scene:
    """A title, up to `PER_PAGE` rows, and the way back.

    Args:
        title: What all of it is.
        rows: The ones to show.
        marked: Which is marked; ``len(rows)`` the way back, `None` none.
        aspect: Of the screen.
        look: How to say it.
    """
    page, words = Page(aspect, look.type_scale), look.words
    head, boxes, back = _plan(len(rows), aspect)
    room = titled(page, head, words)
    page.text(title, room, 0.062, on=Ink.GROUND, weight=Weight.BOLD, align=Align.RIGHT)
    for i, (box, row) in enumerate(zip(boxes, rows, strict=True)):
        _row(page, box, row, is_marked=i == marked)
    sign = Shape.LEFT_UP if look.mirrored else Shape.RIGHT_UP  # it is what the left hand does
    _row(page, back, Row(words.back, "", sign, Ink.LIVE), is_marked=marked == len(rows))
    return Scene(items=tuple(page.items))


def row_targets(count: int, aspect: float) -> tuple[Target, ...]:
    """What happens where: a row is taken, the last one leads back."""
    _, boxes, back = _plan(count, aspect)
    page = Page(aspect)
    return (
        *(Target(page.box(box), i) for i, box in enumerate(boxes)),
        Target(page.box(back), Wish.BACK),
    )


def _plan(count: int, aspect: float) -> tuple[Box, list[Box], Box]:
    margin = 0.04 * min(1.0, aspect)
    head = Box(margin, _GAP, aspect - 2 * margin, 0.11 if aspect >= 1.05 else 0.07)
    top = head.bottom + _GAP / 2
    row_h = min((1 - _GAP - top + _GAP) / (count + 1) - _GAP, _MOST_ROW_H)
    boxes = [Box(margin, top + i * (row_h + _GAP), aspect - 2 * margin, row_h) for i in range(count + 1)]
    return head, boxes[:-1], boxes[-1]


def _row(page: Page, box: Box, row: Row, *, is_marked: bool) -> None:
    ground = Ink.RAISED if is_marked else Ink.PANEL
    if is_marked:
        rim = 0.006
        page.panel(Box(box.x - rim, box.y - rim, box.w + 2 * rim, box.h + 2 * rim), Ink.GOOD, 0.026)
    page.panel(box, ground)
    pad = 0.028
    left = box.x + pad
    if row.sign is not None:
        size = min(0.5 * box.h, 0.045)
        page.mark(row.sign, (left + size / 2, box.centre[1]), size, row.ink)
        left += size + pad
    wide = box.right - pad - left
    size = min(1.0, 1.25 * page.aspect)
    if row.value and width_em(row.value, Weight.MEDIUM) * 0.046 * size > 0.52 * wide:
        parts = [
            TextPart(row.label, 0.048 * size, 2, weight=Weight.BOLD),
            TextPart(row.value, 0.042 * size, 2, Ink.SOFT),
        ]
        page.column(Box(left, box.y + 0.01, wide, box.h - 0.02), parts, 0.016, on=ground)
        return
    label_w = 0.45 * wide if row.value else wide
    inner_y, inner_h = box.y + 0.01, box.h - 0.02
    label = Box(left, inner_y, label_w, inner_h)
    page.text(row.label, label, 0.052 * size, max_lines=2, on=ground, weight=Weight.BOLD)
    if row.value:
        value = Box(left + label_w + pad, inner_y, wide - label_w - pad, inner_h)
        page.text(row.value, value, 0.046 * size, max_lines=3, ink=Ink.SOFT, on=ground, align=Align.RIGHT)
