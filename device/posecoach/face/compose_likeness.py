"""Two pictures side by side, each with its pose, and how alike the poses are by every name it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Scene, Weight
from posecoach.face.pose_picture import PosePicture, put
from posecoach.skeleton import Limb

LIKENESS_WH: Final = (1520, 720)
_GAP: Final = 24
_PICTURE_W: Final = 440
_LEAST: Final = 17


@dataclass(frozen=True, slots=True)
class LikenessRow:
    """One measure.

    Attributes:
        name: Of the measure.
        value: In words.
        closeness: 1 where alike, 0 or less where they might as well be any two.
    """

    name: str
    value: str
    closeness: float


@dataclass(frozen=True, slots=True, eq=False)
class LikenessSheet:
    """What is compared, and what came of it.

    Attributes:
        pictures: How it should be, and how it is.
        names: Of their files.
        rows: Every measure.
        limbs: The coach's score of each limb of the second.
        reason: Why the coach has no score; else empty.
    """

    pictures: Sequence[PosePicture]
    names: Sequence[str]
    rows: Sequence[LikenessRow]
    limbs: Mapping[Limb, float | None]
    reason: str


def compose_likeness(sheet: LikenessSheet) -> Scene:
    """The sheet, for a screen of `LIKENESS_WH`."""
    width, height = LIKENESS_WH
    px = 1.0 / height
    page = Page(width * px, least=_LEAST * px)
    box = Box(_GAP * px, _GAP * px, _PICTURE_W * px, 1 - 2 * _GAP * px)
    for place, (picture, name) in enumerate(zip(sheet.pictures, sheet.names, strict=True)):
        page.panel(box, radius=14 * px)
        title = Box(box.x + 16 * px, box.y + 12 * px, box.w - 32 * px, 44 * px)
        page.text(f"{'AB'[place]}  {name}", title, 26 * px, least=12 * px, weight=Weight.BOLD)
        room = Box(
            box.x + 14 * px, title.bottom + 8 * px, box.w - 28 * px, box.bottom - title.bottom - 22 * px
        )
        put(page, picture, room, turned=False, limb_scores=sheet.limbs if place else None)
        box = Box(box.right + _GAP * px, box.y, box.w, box.h)
    _measures(page, sheet, Box(box.x, box.y, width * px - box.x - _GAP * px, box.h), px)
    return Scene(items=tuple(page.items), light=True)


def _measures(page: Page, sheet: LikenessSheet, box: Box, px: float) -> None:
    page.panel(box, radius=14 * px)
    inner = box.inset(22 * px)
    head = Box(inner.x, inner.y, inner.w, 44 * px)
    page.text("how alike: a full bar is alike", head, 27 * px, ink=Ink.SOFT)
    reason_h = 78 * px if sheet.reason else 0.0
    each = (inner.bottom - head.bottom - reason_h) / len(sheet.rows)
    for place, row in enumerate(sheet.rows):
        y = head.bottom + place * each
        value_w = 130 * px
        line = Box(inner.x, y + 0.12 * each, inner.w - value_w, 0.46 * each)
        page.text(row.name, line, 30 * px, weight=Weight.BOLD if place == 0 else Weight.MEDIUM)
        value = Box(line.right, line.y, value_w, line.h)
        page.text(row.value, value, 38 * px, weight=Weight.BOLD, align=Align.RIGHT)
        page.bar(Box(inner.x, line.bottom + 4 * px, inner.w, 14 * px), row.closeness, Ink.LIVE)
    if sheet.reason:
        why = Box(inner.x, inner.bottom - reason_h + 8 * px, inner.w, reason_h - 8 * px)
        page.text(sheet.reason, why, 24 * px, max_lines=3, ink=Ink.SOFT)
