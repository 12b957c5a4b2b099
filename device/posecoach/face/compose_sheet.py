"""What a search has found, as on a light table: the pose asked for at the left, the nearest beside it.

For a person who judges with their own eyes: every figure with its distance in numbers and as a bar, on one
scale for all sheets, so that two of them can be laid side by side. A mirrored twin is shown turned over, so
that it looks as what was asked for does, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from posecoach.coach.page import Page
from posecoach.coach.scene import Box, Ink, Scene, Shape, Weight
from posecoach.face.pose_picture import PosePicture, put

_CELL_PX: Final = (250, 318)
_CAPTION_PX: Final = 92
_GAP_PX: Final = 22
_ASKED_PX: Final = 400
_HEAD_PX: Final = 64
_LEAST_PX: Final = 17
_MOST_ACROSS: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class SheetEntry:
    """One that was found.

    Attributes:
        picture: Of the person.
        name: Of the file, and which person of it.
        distance: By the measure that was asked for.
        mirrored: Whether it is the mirrored twin that is so near.
    """

    picture: PosePicture
    name: str
    distance: float
    mirrored: bool


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A search and what it has found.

    Attributes:
        asked: The picture asked about.
        name: Of its file.
        measure: Name of the distance.
        full: The distance at which a bar is full.
        among: How many were looked through, in words.
        found: Nearest first.
    """

    asked: PosePicture
    name: str
    measure: str
    full: float
    among: str
    found: Sequence[SheetEntry]


def sheet_wh(found: int) -> tuple[int, int]:
    """The size of a sheet for so many, in pixels."""
    across, down = _grid(found)
    width = _ASKED_PX + 3 * _GAP_PX + across * (_CELL_PX[0] + _GAP_PX)
    return width, _HEAD_PX + 2 * _GAP_PX + down * (_CELL_PX[1] + _CAPTION_PX + _GAP_PX)


def compose_sheet(sheet: Sheet) -> Scene:
    """The sheet, for a screen of the size that `sheet_wh` says."""
    width, height = sheet_wh(len(sheet.found))
    px = 1.0 / height
    page = Page(width * px, least=_LEAST_PX * px)
    _asked(page, sheet, Box(_GAP_PX * px, _GAP_PX * px, _ASKED_PX * px, 1 - 2 * _GAP_PX * px), px)
    left, across = (_ASKED_PX + 3 * _GAP_PX) * px, _grid(len(sheet.found))[0]
    head = Box(left, _GAP_PX * px, width * px - left - _GAP_PX * px, _HEAD_PX * px)
    title = f"{sheet.measure}: 0 is alike, a bar is full at {sheet.full:g}"
    page.text(title, head, 27 * px, ink=Ink.SOFT, on=Ink.GROUND)
    cell = ((_CELL_PX[0] + _GAP_PX) * px, (_CELL_PX[1] + _CAPTION_PX + _GAP_PX) * px)
    for place, entry in enumerate(sheet.found):
        x, y = left + (place % across) * cell[0], head.bottom + (place // across) * cell[1]
        _entry(
            page, place + 1, entry, sheet.full, Box(x, y, cell[0] - _GAP_PX * px, cell[1] - _GAP_PX * px), px
        )
    return Scene(items=tuple(page.items), light=True)


def _asked(page: Page, sheet: Sheet, box: Box, px: float) -> None:
    page.panel(box, radius=14 * px)
    inner = box.inset(18 * px)
    page.text("asked for", Box(inner.x, inner.y, inner.w, 40 * px), 30 * px, weight=Weight.BOLD)
    room = Box(inner.x, inner.y + 52 * px, inner.w, min(inner.h - 150 * px, inner.w * 4 / 3))
    put(page, sheet.asked, room, turned=False)
    under = Box(inner.x, room.bottom + 10 * px, inner.w, 30 * px)
    page.text(sheet.name, under, 22 * px, least=12 * px, on=Ink.PANEL)
    page.text(sheet.among, Box(under.x, under.bottom, under.w, 30 * px), 22 * px, ink=Ink.SOFT)


def _entry(page: Page, rank: int, entry: SheetEntry, full: float, box: Box, px: float) -> None:
    page.panel(box, radius=14 * px)
    put(page, entry.picture, Box(box.x, box.y, box.w, _CELL_PX[1] * px).inset(10 * px), turned=entry.mirrored)
    caption = Box(box.x + 14 * px, box.y + _CELL_PX[1] * px, box.w - 28 * px, _CAPTION_PX * px)
    distance = Box(caption.x, caption.y, 0.5 * caption.w, 34 * px)
    page.text(f"{entry.distance:.3f}", distance, 31 * px, weight=Weight.BOLD)
    if entry.mirrored:
        sign = 18 * px
        page.mark(Shape.BACK, (distance.right + sign / 2, distance.centre[1]), sign, Ink.FAIR)
        word = Box(
            distance.right + 1.4 * sign, distance.y, caption.right - distance.right - 1.4 * sign, 34 * px
        )
        page.text("mirrored", word, 22 * px)
    bar = Box(caption.x, distance.bottom + 5 * px, caption.w, 10 * px)
    page.bar(bar, entry.distance / full, Ink.LIVE)
    name = Box(caption.x, bar.bottom + 6 * px, caption.w, 26 * px)
    page.text(f"{rank}  {entry.name}", name, 20 * px, least=11 * px, ink=Ink.SOFT)


def _grid(found: int) -> tuple[int, int]:
    """Columns and rows."""
    across = min(max(found, 1), _MOST_ACROSS)
    return across, math.ceil(max(found, 1) / across)
