"""How one person got on, on one page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from posecoach.coach.adherence import Adherence
from posecoach.coach.paper.adherence_chart import adherence_chart
from posecoach.coach.paper.calendar import calendar
from posecoach.coach.paper.line_chart import Curve, line_chart
from posecoach.coach.paper.session_page import brand_line
from posecoach.coach.paper.sheet import A4, Paper, Sheet
from posecoach.coach.paper.words import ENGLISH_PAPER, PaperWords
from posecoach.coach.scene import Box, Ink, Scene, Shape, Weight
from posecoach.coach.trend import RoutineTrend, Trend, TrendPoint

MOST_ROUTINES: Final = 4
MOST_PROGRAMMES: Final = 1
_MOST_NAMES: Final = 5
MOST_SESSIONS: Final = 120
"""The newest; more would be a line without points."""


def trend_page(
    trend: Trend,
    *,
    version: str,
    kept: Sequence[Adherence] = (),
    paper: Paper = A4,
    words: PaperWords = ENGLISH_PAPER,
) -> Scene:
    """The report of a person.

    Args:
        trend: What they did.
        version: Of posecoach, which makes the page.
        kept: How they kept to programmes, the newest last; of the newest there is room.
        paper: Its format.
        words: Its language.
    """
    sheet = Sheet(paper)
    inside = sheet.inside
    top = _title(sheet, inside, trend, words)
    room_for = MOST_ROUTINES - len(kept[-MOST_PROGRAMMES:])
    foot_h = 72.0 if len(trend.routines) > room_for else 50.0
    foot = Box(inside.x, inside.bottom - foot_h, inside.w, foot_h)
    if not trend.routines:
        sheet.text(words.no_sessions, Box(inside.x, top, inside.w, 20), 11.0, ink=Ink.SOFT)
    else:
        days = Box(inside.x, top, inside.w, 134)
        calendar(sheet, days, trend, words)
        gap = 12.0
        y = days.bottom + gap
        for programme in kept[-MOST_PROGRAMMES:]:
            adherence_chart(sheet, Box(inside.x, y, inside.w, 78.0), programme, words)
            y += 78.0 + gap
        shown = trend.routines[:room_for]
        room_h = foot.y - gap - y
        high = min(200.0, (room_h - gap * (len(shown) - 1)) / len(shown))
        for routine in shown:
            _routine(sheet, Box(inside.x, y, inside.w, high), routine, words)
            y += high + gap
    _foot(sheet, foot, trend, trend.routines[room_for:], version, words)
    return sheet.scene()


def _title(sheet: Sheet, inside: Box, trend: Trend, words: PaperWords) -> float:
    brand_line(sheet, inside, words.trend_report, words)
    name = trend.person.name if trend.person else words.nobody
    title = Box(inside.x, inside.y + 20, inside.w, 30)
    sheet.text(name, title, 25.0, weight=Weight.BOLD)
    facts = [words.sessions_n.format(n=trend.sessions)]
    if trend.days:
        first, last = min(trend.days), max(trend.days)
        facts.append(words.from_to.format(first=words.day(first), last=words.day(last)))
    if trend.without_date:
        facts.append(words.without_date.format(n=trend.without_date))
    sheet.text("  ·  ".join(facts), Box(inside.x, title.bottom + 3, inside.w, 16), 11.0, ink=Ink.SOFT)
    return title.bottom + 34


def _routine(sheet: Sheet, box: Box, routine: RoutineTrend, words: PaperWords) -> None:
    """Scores at the left, range of motion at the right."""
    points = routine.points[-MOST_SESSIONS:]
    aside = words.sessions_n.format(n=len(routine.points))
    if len(routine.scores) > 1:
        first, last, best = routine.scores[0], routine.scores[-1], max(routine.scores)
        aside += "  ·  " + words.scores_from.format(
            first=f"{first:.0f}", last=f"{last:.0f}", best=f"{best:.0f}"
        )
    room = sheet.heading(words.say(routine.name), box, aside)
    labels = [words.day(point.day, with_year=False) if point.day else "" for point in points]
    half = Box(room.x, room.y, (room.w - 18) / 2, room.h)
    _captioned(
        sheet,
        half,
        words.score_by_session,
        [Curve([point.score for point in points], Shape.DISC, Ink.GOOD)],
        (0.0, 20.0, 40.0, 60.0, 80.0, 100.0) if half.h > 90 else (0.0, 60.0, 80.0, 100.0),
        labels,
    )
    right = Box(half.right + 18, room.y, half.w, room.h)
    if routine.joint is None:
        _held(sheet, right, points, labels, words)
        return
    sides = [
        Curve([point.left_deg for point in points], Shape.DISC, Ink.LIVE),
        Curve([point.right_deg for point in points], Shape.RING, Ink.TEXT),
    ]
    found = [value for side in sides for value in side.values if value is not None]
    widest = max([*found, routine.reference_deg or 0.0])
    joint = words.kinds.get(routine.joint, routine.joint)
    caption = words.range_by_session.format(joint=joint)
    ticks = _ticks(widest, (10.0, 20.0, 45.0))
    _captioned(sheet, right, caption, sides, ticks, labels, routine.reference_deg)


def _held(sheet: Sheet, box: Box, points: Sequence[TrendPoint], labels: list[str], words: PaperWords) -> None:
    """How long it was held, where that is what it was about."""
    held = [point.held_s for point in points]
    longest = max((seconds for seconds in held if seconds is not None), default=0.0)
    if longest > 0:
        ticks = _ticks(longest, (5.0, 10.0, 20.0, 30.0, 60.0, 120.0))
        _captioned(sheet, box, words.held_by_session, [Curve(held, Shape.DISC, Ink.LIVE)], ticks, labels)


def _ticks(top: float, steps: tuple[float, ...]) -> tuple[float, ...]:
    """A scale from 0, so that half the height is half as much."""
    step = next((step for step in steps if top <= 4 * step), steps[-1])
    return tuple(step * i for i in range(max(1, math.ceil(top / step)) + 1))


def _captioned(
    sheet: Sheet,
    box: Box,
    caption: str,
    curves: list[Curve],
    ticks: tuple[float, ...],
    labels: list[str],
    reference: float | None = None,
) -> None:
    sheet.text(caption, Box(box.x, box.y - 2, box.w, 11), 8.0, ink=Ink.SOFT)
    line_chart(sheet, Box(box.x, box.y + 11, box.w, box.h - 11), curves, ticks, labels, reference=reference)


def _foot(
    sheet: Sheet, box: Box, trend: Trend, left_out: Sequence[RoutineTrend], version: str, words: PaperWords
) -> None:
    sheet.rule(box.x, box.y, box.right)
    texts = [words.reading_trend]
    more = [words.say(routine.name) for routine in left_out]
    if more:
        names = ", ".join(more[:_MOST_NAMES])
        if len(more) > _MOST_NAMES:
            names = words.and_others.format(names=names, n=len(more) - _MOST_NAMES)
        texts.append(words.more_routines.format(names=names))
    y = box.y + 6
    for text in texts:
        y = (
            sheet.paragraph(text, Box(box.x, y, box.w, box.bottom - 12 - y), 7.5, max_lines=4, ink=Ink.SOFT)
            + 4
        )
    made = words.made_trend.format(version=version, n=trend.sessions)
    sheet.text(made, Box(box.x, box.bottom - 10, box.w, 10), 7.5, ink=Ink.SOFT)
