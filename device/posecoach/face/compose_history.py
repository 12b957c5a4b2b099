"""How it went before: a routine's scores and range of motion, and the days on which something was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from posecoach.coach.body_words import in_words
from posecoach.coach.compose_body import FAIR_FROM, GOOD_FROM, level_ink
from posecoach.coach.intent import Wish
from posecoach.coach.look import Look
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Scene, Shape, Weight
from posecoach.coach.trend import RoutineTrend, Trend, TrendPoint, monday_of
from posecoach.coach.words import Words, capitalised
from posecoach.face.hands import NO_HANDS, Hands, draw_hands
from posecoach.face.menu import Marked, Target
from posecoach.skeleton import Joint

MOST_POINTS: Final = 16
"""The newest sessions; more could not be told apart from three metres."""
WEEKS: Final = 6
_GAP: Final = 0.024
_LOW: Final = 40.0


@dataclass(frozen=True, slots=True)
class _Curve:
    values: Sequence[float | None]
    shape: Shape
    ink: Ink


def compose_history(
    trend: Trend | None, at: int, aspect: float, look: Look, hands: Hands = NO_HANDS
) -> Scene:
    """The screen of somebody's history.

    Args:
        trend: What they did; `None` where nobody said who they are: others' figures are not shown to them.
        at: Which of their routines, counted from 0; beyond the last it begins again.
        aspect: Of the screen.
        look: How to say it.
        hands: What is told of them.
    """
    page, words = Page(aspect, look.type_scale), look.words
    bottom = draw_hands(page, hands, look)
    head = Box(1.5 * _GAP, _GAP, aspect - 3 * _GAP, 0.1 if aspect >= 1.05 else 0.06)
    if trend is None or not trend.routines:
        page.text(words.trend, head, 0.062, on=Ink.GROUND, weight=Weight.BOLD)
        room = Box(_GAP, head.bottom + _GAP, aspect - 2 * _GAP, bottom - head.bottom - 2 * _GAP)
        page.panel(room)
        text = words.no_name if trend is None else words.nothing_kept
        page.text(text, room.inset(0.06), 0.08, max_lines=5, ink=Ink.SOFT, align=Align.CENTRE)
        return Scene(items=tuple(page.items))
    routine = trend.routines[at % len(trend.routines)]
    _head(page, head, trend, routine, words)
    scores, ranges, days = _plan(head, bottom, aspect)
    points = routine.points[-MOST_POINTS:]
    _scores(page, scores, routine, points, words)
    _second(page, ranges, routine, points, words)
    _days(page, days, trend, words)
    return Scene(items=tuple(page.items))


def history_targets(marked: Marked) -> tuple[Target, ...]:
    """What happens where: the sides lead to the routine before and after, the middle leads back."""
    third = 1 / 3
    return (
        Target(Box(0.0, 0.0, third, 1.0), marked.moved(Wish.PREVIOUS)),
        Target(Box(third, 0.0, third, 1.0), Wish.BACK),
        Target(Box(2 * third, 0.0, third, 1.0), marked.moved(Wish.NEXT)),
    )


def _plan(head: Box, bottom: float, aspect: float) -> tuple[Box, Box, Box]:
    top = head.bottom + _GAP / 2
    high, wide = bottom - _GAP - top, aspect - 2 * _GAP
    if aspect < 1.05:
        boxes, y = [], top
        for share in (0.44, 0.28, 0.28):
            boxes.append(Box(_GAP, y, wide, share * (high - 2 * _GAP)))
            y = boxes[-1].bottom + _GAP
        return boxes[0], boxes[1], boxes[2]
    left_w = 0.56 * wide
    right_x = 2 * _GAP + left_w
    right_w = aspect - _GAP - right_x
    upper_h = 0.52 * (high - _GAP)
    return (
        Box(_GAP, top, left_w, high),
        Box(right_x, top, right_w, upper_h),
        Box(right_x, top + upper_h + _GAP, right_w, high - upper_h - _GAP),
    )


def _head(page: Page, box: Box, trend: Trend, routine: RoutineTrend, words: Words) -> None:
    """What, who, and which of how many."""
    left = Box(box.x, box.y, 0.52 * box.w, box.h)
    page.text(words.say(routine.name), left, 0.06, max_lines=2, on=Ink.GROUND, weight=Weight.BOLD)
    who = trend.person.name if trend.person else ""
    if len(trend.routines) > 1:
        number = trend.routines.index(routine) + 1
        who = f"{who}  ·  {number} / {len(trend.routines)}" if who else f"{number} / {len(trend.routines)}"
    right = Box(left.right + _GAP, box.y, box.right - left.right - _GAP, box.h)
    page.text(who, right, 0.044, max_lines=2, ink=Ink.SOFT, on=Ink.GROUND, align=Align.RIGHT)


def _scores(page: Page, box: Box, routine: RoutineTrend, points: Sequence[TrendPoint], words: Words) -> None:
    """The newest score in large figures beside the best, and the way there below."""
    page.panel(box)
    area = box.inset(0.026, 0.02)
    scores = routine.scores
    head_h = min(0.17, 0.34 * area.h)
    if scores:
        third = area.w / 3
        facts = (
            (f"{scores[-1]:.0f}", words.now, level_ink(scores[-1])),
            (f"{max(scores):.0f}", words.best_so_far, Ink.TEXT),
            (f"{len(routine.points)}", words.sessions, Ink.TEXT),
        )
        for i, (number, label, ink) in enumerate(facts):
            over = Box(area.x + i * third, area.y, third - 0.01, 0.62 * head_h)
            page.text(number, over, 0.11, ink=ink, weight=Weight.BOLD)
            under = Box(over.x, over.bottom, over.w, 0.38 * head_h)
            page.text(label, under, 0.04 * page.upright, ink=Ink.SOFT)
    else:
        page.text(words.no_score, Box(area.x, area.y, area.w, head_h), 0.06, ink=Ink.SOFT)
    chart = Box(area.x, area.y + head_h + 0.012, area.w, area.h - head_h - 0.012)
    curve = _Curve([point.score for point in points], Shape.DISC, Ink.GOOD)
    low = _LOW if min(scores, default=0.0) >= _LOW else 0.0  # what nobody fell to needs no room
    _chart(page, chart, [curve], (low, FAIR_FROM, GOOD_FROM, 100.0), points, words)


def _second(page: Page, box: Box, routine: RoutineTrend, points: Sequence[TrendPoint], words: Words) -> None:
    """How far the joint that moves most went on either side; of a hold, how long it was held."""
    page.panel(box)
    area = box.inset(0.026, 0.018)
    title_h = min(0.06, 0.24 * area.h)
    chart = Box(area.x, area.y + title_h, area.w, area.h - title_h)
    if routine.joint is None:
        held = [point.held_s for point in points]
        longest = max((seconds for seconds in held if seconds is not None), default=0.0)
        page.text(
            words.held if longest else words.no_limbs,
            Box(area.x, area.y, area.w, title_h),
            0.042 * page.upright,
        )
        if longest:
            scale = (0.0, _rounded_up(longest, 10.0))
            _chart(page, chart, [_Curve(held, Shape.DISC, Ink.LIVE)], scale, points, words, dated=False)
        return
    sides = [("left", Shape.DISC, Ink.LIVE), ("right", Shape.RING, Ink.TEXT)]
    half = area.w / 2
    for i, (side, shape, ink) in enumerate(sides):
        x = area.x + i * half
        size = 0.6 * min(title_h, 0.04)
        page.mark(shape, (x + size / 2, area.y + title_h / 2), size, ink)
        name = words.say(capitalised(in_words(Joint(f"{side}_{routine.joint}"))))
        page.text(
            name,
            Box(x + 1.5 * size, area.y, half - 1.5 * size - 0.01, title_h),
            0.04 * page.upright,
            ink=Ink.SOFT,
        )
    curves = [
        _Curve([getattr(point, f"{side}_deg") for point in points], shape, ink) for side, shape, ink in sides
    ]
    found = [value for curve in curves for value in curve.values if value is not None]
    top = _rounded_up(max([*found, routine.reference_deg or 0.0, 10.0]), 45.0)
    low = 45.0 * int(max(min(found, default=0.0) - 15.0, 0.0) / 45.0)
    ticks = tuple(low + 45.0 * i for i in range(round((top - low) / 45.0) + 1))
    ticks = ticks if len(ticks) <= 4 else (low, (low + top) / 2, top)
    _chart(page, chart, curves, ticks, points, words, routine.reference_deg, dated=False, unit="°")


def _rounded_up(value: float, step: float) -> float:
    return step * max(1, -(-int(value + 0.999) // int(step)))


def _chart(
    page: Page,
    box: Box,
    curves: Sequence[_Curve],
    ticks: Sequence[float],
    points: Sequence[TrendPoint],
    words: Words,
    reference: float | None = None,
    *,
    dated: bool = True,
    unit: str = "",
) -> None:
    """Curves over sessions; the newest point is the largest."""
    label_h = 1.35 * page.least
    label_w = 2.9 * page.least
    foot_h = label_h if dated else 0.3 * label_h
    plot = Box(box.x + label_w, box.y + 0.4 * label_h, box.w - label_w - 0.02, box.h - 0.4 * label_h - foot_h)
    low, high = ticks[0], ticks[-1]

    def y_of(value: float) -> float:
        return plot.bottom - plot.h * (min(max(value, low), high) - low) / (high - low)

    free_above = plot.bottom + label_h
    for tick in ticks:
        y = y_of(tick)
        page.stroke(((plot.x, y), (plot.right, y)), 0.002, Ink.TRACK)
        if free_above - y >= label_h - 1e-9:  # where two levels are near each other, the lower one is named
            at = Box(box.x, y - label_h / 2, label_w - 0.012, label_h)
            page.text(f"{tick:.0f}{unit}", at, page.least, ink=Ink.SOFT, align=Align.RIGHT)
            free_above = y
    if reference is not None:
        y = y_of(reference)
        page.stroke(((plot.x, y), (plot.right, y)), 0.005, Ink.FAINT, dashed=True)
    pitch = plot.w / max(len(points), 4)
    for curve in curves:
        placed = [
            (plot.x + (i + 0.5) * pitch, y_of(value))
            for i, value in enumerate(curve.values)
            if value is not None
        ]
        if len(placed) > 1:
            page.stroke(tuple(placed), 0.005, curve.ink)
        size = min(0.022, 0.6 * pitch)
        for i, point in enumerate(placed):
            newest = 1.5 if i == len(placed) - 1 else 1.0
            if curve.shape is Shape.RING:
                page.mark(Shape.DISC, point, size * newest, Ink.PANEL)
            page.mark(curve.shape, point, size * newest, curve.ink)
    if dated:
        _dates(page, Box(plot.x, plot.bottom, plot.w, foot_h), pitch, points, words)


def _dates(page: Page, box: Box, pitch: float, points: Sequence[TrendPoint], words: Words) -> None:
    """The first day and the newest, where they are known and there is room for both."""
    months = words.months.split()
    wide = 4.6 * page.least
    ends = [(0, points[0])] if len(points) == 1 else [(0, points[0]), (len(points) - 1, points[-1])]
    free_from = box.x
    for i, point in ends:
        x = min(max(box.x + (i + 0.5) * pitch - wide / 2, box.x), box.right - wide)
        if point.day is None or x < free_from:
            continue
        said = f"{point.day.day} {months[(point.day.month - 1) % len(months)]}"
        page.text(said, Box(x, box.y, wide, box.h), page.least, ink=Ink.SOFT, align=Align.CENTRE)
        free_from = x + wide


def _days(page: Page, box: Box, trend: Trend, words: Words) -> None:
    """A row for each week, the current one last; a disc for a day on which something was done."""
    page.panel(box)
    area = box.inset(0.026, 0.018)
    title_h = min(0.06, 0.24 * area.h)
    title = Box(area.x, area.y, area.w - 0.16 * min(1.0, page.aspect), title_h)
    page.text(words.days_done, title, 0.042 * page.upright, max_lines=1, ink=Ink.SOFT)
    number = Box(title.right, area.y, area.right - title.right, title_h)
    count = str(trend.days_in(WEEKS))
    page.text(count, number, 0.055 * page.upright, weight=Weight.BOLD, align=Align.RIGHT)
    room = Box(area.x, area.y + title_h + 0.008, area.w, area.h - title_h - 0.008)
    pitch = min(room.w / 7, room.h / WEEKS, 0.06)
    left = room.centre[0] - 3 * min(1.5 * pitch, room.w / 7)
    across = min(1.5 * pitch, room.w / 7)
    first = monday_of(trend.until) - timedelta(weeks=WEEKS - 1)
    for week in range(WEEKS):
        for weekday in range(7):
            day = first + timedelta(weeks=week, days=weekday)
            centre = (left + weekday * across, room.y + (week + 0.5) * room.h / WEEKS)
            if day > trend.until:
                continue
            if day in trend.days:
                page.mark(Shape.DISC, centre, 0.72 * pitch, Ink.GOOD)
            else:
                page.mark(Shape.POINT, centre, 0.2 * pitch, Ink.FAINT)
