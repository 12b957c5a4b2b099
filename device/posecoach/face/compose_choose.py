"""Tiles to choose from: the marked one moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from posecoach.coach.compose_before import what_to_do
from posecoach.coach.compose_line import titled
from posecoach.coach.look import Look
from posecoach.coach.page import Page, TextPart
from posecoach.coach.scene import Align, Box, Ink, Scene, Shape, Weight
from posecoach.coach.words import Words
from posecoach.face.menu import Does, Marked, Target, Tile
from posecoach.face.place import Place
from posecoach.face.reference_figure import reference_figure

_GAP: Final = 0.024
_BEYOND: Final = 0.02


@dataclass(frozen=True, slots=True)
class TilePlan:
    """Boxes in height units.

    Attributes:
        head: What is asked.
        tiles: Of one page, row by row.
        columns: How many stand in a row.
        back, on: To the page before and after; at the sides, or below.
        foot: How to answer.
    """

    head: Box
    tiles: tuple[Box, ...]
    columns: int
    back: Box
    on: Box
    foot: Box


@lru_cache(maxsize=16)
def plan_tiles(aspect: float) -> TilePlan:
    """Six tiles on any screen: three beside each other, two where the screen is upright."""
    upright = aspect < 1.05
    columns, rows = (2, 3) if upright else (3, 2)
    side = 0.0 if upright else 0.09
    margin = side + (_GAP if upright else 1.5 * _GAP)
    head = Box(margin, _GAP, aspect - 2 * margin, 0.07 if upright else 0.12)
    foot_h = 0.08
    foot = Box(margin, 1 - _GAP - foot_h, head.w, foot_h)
    top = head.bottom + _GAP / 2
    high = (foot.y - _GAP / 2 - top - (rows - 1) * _GAP) / rows
    wide = (head.w - (columns - 1) * _GAP) / columns
    tiles = tuple(
        Box(margin + column * (wide + _GAP), top + row * (high + _GAP), wide, high)
        for row in range(rows)
        for column in range(columns)
    )
    if upright:
        arrow_w = 0.2 * head.w
        back, on = (Box(x, foot.y, arrow_w, foot_h) for x in (foot.x, foot.right - arrow_w))
        foot = Box(back.right + _GAP, foot.y, on.x - back.right - 2 * _GAP, foot_h)
    else:
        back, on = (Box(x, top, side, foot.y - _GAP / 2 - top) for x in (_GAP / 2, aspect - _GAP / 2 - side))
    return TilePlan(head, tiles, columns, back, on, foot)


def page_of(marked: Marked, per_page: int) -> tuple[int, int]:
    """Number of the page that the marked one is on, and how many there are."""
    return marked.at // per_page, -(-marked.count // per_page)


def tile_targets(marked: Marked, aspect: float) -> tuple[Target, ...]:
    """What happens where: the tiles of the page, and its sides."""
    plan = plan_tiles(aspect)
    page, pages = page_of(marked, len(plan.tiles))
    first = page * len(plan.tiles)
    boxes: list[tuple[Box, Does]] = [
        (box, first + i) for i, box in enumerate(plan.tiles) if first + i < marked.count
    ]
    if pages > 1:
        for box, other in zip(_to_the_edges(plan, aspect), (page - 1, page + 1), strict=True):
            boxes.append((box, replace(marked, at=other % pages * len(plan.tiles))))
    return tuple(Target(Page(aspect).box(box), does) for box, does in boxes)


def _to_the_edges(plan: TilePlan, aspect: float) -> tuple[Box, Box]:
    """The sides with all that is beyond them: a hand at the edge of the screen means them."""
    if plan.back.y > plan.tiles[-1].y:  # they stand below
        return plan.back, plan.on
    back, on = plan.back, plan.on
    return Box(-_BEYOND, back.y, back.right + _BEYOND, back.h), Box(on.x, on.y, aspect + _BEYOND - on.x, on.h)


def compose_choose(tiles: Sequence[Tile], marked: Marked, now: float, aspect: float, look: Look) -> Scene:
    """What is there to do.

    Args:
        tiles: All of them.
        marked: Which is marked; the page that it is on is shown.
        now: Seconds since the screen was entered or another tile was marked.
        aspect: Of the screen.
        look: How to say it.
    """
    page, words, plan = Page(aspect, look.type_scale), look.words, plan_tiles(aspect)
    number, pages = page_of(marked, len(plan.tiles))
    head = plan.head
    room = titled(page, head, words)
    page.text(
        words.what_would_you_like,
        room,
        0.062,
        max_lines=2,
        on=Ink.GROUND,
        weight=Weight.BOLD,
        align=Align.RIGHT,
    )
    first = number * len(plan.tiles)
    for i, (box, tile) in enumerate(zip(plan.tiles, tiles[first:], strict=False), start=first):
        _tile(page, box, tile, look, now, is_marked=i == marked.at)
    if pages > 1:
        for box, shape in ((plan.back, Shape.BACK), (plan.on, Shape.POINTER)):
            page.panel(box)
            page.mark(shape, box.centre, 0.6 * min(box.w, box.h), Ink.SOFT)
    _foot(page, plan.foot, number, pages, words)
    return Scene(items=tuple(page.items))


def _tile(page: Page, box: Box, tile: Tile, look: Look, now: float, *, is_marked: bool) -> None:
    words = look.words
    ground = Ink.RAISED if is_marked else Ink.PANEL
    if is_marked:
        rim = 0.008
        page.panel(Box(box.x - rim, box.y - rim, box.w + 2 * rim, box.h + 2 * rim), Ink.GOOD, 0.028)
    page.panel(box, ground)
    area = box.inset(0.02, 0.014)
    told_h = (0.38 if page.aspect > 1.5 else 0.47) * area.h  # narrow tiles break their lines
    name = TextPart(words.say(tile.title), 0.05, 2, weight=Weight.BOLD)
    picture = Box(area.x, area.y, area.w, area.h - told_h - 0.01)
    told = Box(area.x, picture.bottom + 0.01, area.w, told_h)
    movement, kind = tile.movement, tile.kind
    if movement is None or kind is None or tile.routine is None:
        page.mark(_SIGNS.get(tile.leads, Shape.RING), picture.centre, 0.6 * picture.h, Ink.LIVE)
        page.column(told, [name], 0.0, on=ground, align=Align.CENTRE)
        return
    moving = is_marked and not look.calm
    reference_figure(page, picture, movement, kind, now, mirrored=look.mirrored, moving=moving)
    step = tile.routine.steps[0]
    asked = what_to_do(kind, step.reps, step.hold_s, words)
    if tile.programme is not None:
        asked = words.sets_a_day.format(n=len(tile.programme.sets))
    page.column(told, [name, TextPart(asked, 0.038, 2, Ink.SOFT)], 0.018, on=ground, align=Align.CENTRE)


_SIGNS: Final = {
    Place.TREND: Shape.TREND,
    Place.SETTINGS: Shape.SETTINGS,
    Place.STICK: Shape.STICK,
    Place.RECORD: Shape.RECORD,
}


def _foot(page: Page, box: Box, number: int, pages: int, words: Words) -> None:
    dots_w = 0.04 * pages if page.aspect >= 1.05 else 0.0  # an upright screen has no room for both
    if dots_w and pages > 1:
        for i in range(pages):
            x = box.right - dots_w + 0.04 * (i + 0.5)
            page.mark(Shape.POINT, (x, box.centre[1]), 0.018, Ink.GOOD if i == number else Ink.FAINT)
    room = Box(box.x, box.y, box.w - dots_w - 0.02, box.h)
    page.text(words.how_to_choose, room, 0.042, max_lines=3, ink=Ink.SOFT, on=Ink.GROUND)
