"""What was planned and what was done, week by week: a column that is filled as far as it was kept to."""

from __future__ import annotations

from typing import Final

from posecoach.coach.adherence import Adherence
from posecoach.coach.paper.sheet import Sheet
from posecoach.coach.paper.words import PaperWords
from posecoach.coach.scene import Align, Box, Ink

WEEKS: Final = 16
"""The newest; more are on no page."""
_WIDE: Final = 0.62
"""Of a column, as a share of its week."""


def adherence_chart(sheet: Sheet, box: Box, kept: Adherence, words: PaperWords) -> None:
    """A frame for what a week asked for, filled from below; over it how many sets of how many."""
    share = "" if kept.share is None else words.of_planned.format(percent=f"{100 * kept.share:.0f}")
    room = sheet.heading(words.programme.format(name=words.say(kept.name)), box, share)
    weeks = kept.weeks[-WEEKS:]
    most = max([1, *(max(week.planned, week.done) for week in weeks)])
    across = room.w / WEEKS
    told_h = date_h = 10.0
    high = room.h - told_h - date_h
    for number, week in enumerate(weeks):
        x = room.x + (number + 0.5 * (1.0 - _WIDE)) * across
        foot = room.y + told_h + high
        wide, planned, done = _WIDE * across, high * week.planned / most, high * week.done / most
        if week.done:
            sheet.block(Box(x, foot - done, wide, done), Ink.GOOD, 1.0)
        if week.planned:
            corners = ((x, foot), (x, foot - planned), (x + wide, foot - planned), (x + wide, foot))
            sheet.line((*corners, corners[0]), 0.8, Ink.SOFT)
        top = foot - max(planned, done) - told_h
        told = f"{week.done} / {week.planned}"
        around = Box(room.x + number * across, top, across, told_h)
        sheet.text(told, around, 7.5, align=Align.CENTRE)
        if number % 2 == 0:
            day = Box(around.x, foot + 1.0, 2.0 * across, date_h)
            sheet.text(words.day(week.day, with_year=False), day, 7.5, ink=Ink.SOFT)
