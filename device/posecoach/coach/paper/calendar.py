"""Days with exercise: a column for each week, a row for each day of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from posecoach.coach.paper.sheet import Sheet
from posecoach.coach.paper.words import PaperWords
from posecoach.coach.scene import Align, Box, Ink, Shape
from posecoach.coach.trend import Trend, monday_of

WEEKS: Final = 26
_LEFT_PT: Final = 28.0


def calendar(sheet: Sheet, box: Box, trend: Trend, words: PaperWords) -> None:
    """A square for a day with exercise, numbered if more than once; a point for a day without."""
    aside = words.days_aside.format(days=trend.days_in(WEEKS), weeks=WEEKS)
    room = sheet.heading(words.days_done, box, aside)
    pitch = min((room.w - _LEFT_PT) / WEEKS, (room.h - 14) / 7)
    across = (room.w - _LEFT_PT) / WEEKS
    first = monday_of(trend.until) - timedelta(weeks=WEEKS - 1)
    side = 0.8 * pitch
    for weekday in range(7):
        y = room.y + 14 + (weekday + 0.5) * pitch
        if weekday % 2 == 0:
            at = Box(room.x, y - 5, _LEFT_PT - 6, 10)
            sheet.text(words.weekdays[weekday], at, 7.5, ink=Ink.SOFT)
        for week in range(WEEKS):
            day = first + timedelta(weeks=week, days=weekday)
            if day > trend.until:
                continue
            x = room.x + _LEFT_PT + (week + 0.5) * across
            times = trend.days.get(day, 0)
            if not times:
                sheet.mark(Shape.POINT, (x, y), 2.2, Ink.FAINT)
                continue
            square = Box(x - side / 2, y - side / 2, side, side)
            sheet.block(square, Ink.GOOD, 1.5)
            if times > 1:
                sheet.text(str(min(times, 99)), square, 7.5, ink=Ink.ON_GOOD, align=Align.CENTRE, on=Ink.GOOD)
    free_from = room.x
    for week in range(WEEKS):
        monday = first + timedelta(weeks=week)
        x = room.x + _LEFT_PT + week * across
        begins = monday.month != (monday - timedelta(weeks=1)).month
        begins = begins or (week == 0 and monday.month == (monday + timedelta(weeks=1)).month)
        if begins and x >= free_from and x + 24 <= room.right:
            at = Box(x + 0.1 * across, room.y, 30, 10)
            sheet.text(words.months[monday.month - 1], at, 7.5, ink=Ink.SOFT)
            free_from = x + 34
