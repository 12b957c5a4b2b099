"""Between the sets of a programme: how the last one was, what comes next and when, what the day still has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from posecoach.coach.adherence import PlannedDay, Week
from posecoach.coach.compose_before import what_to_do
from posecoach.coach.compose_body import level_ink
from posecoach.coach.compose_gauges import dial
from posecoach.coach.compose_line import titled
from posecoach.coach.look import Look
from posecoach.coach.page import Page, TextPart
from posecoach.coach.programme import PlannedRoutine
from posecoach.coach.scene import Align, Box, Ink, Scene, Shape, Weight
from posecoach.coach.words import Words
from posecoach.face.menu import Tile
from posecoach.face.place import Place
from posecoach.face.reference_figure import reference_figure
from posecoach.face.walk import Walk

_GAP: Final = 0.024
_STACKED: Final = 1.5
"""Narrower screens have the week above what can be done, not beside it."""


def compose_programme(walk: Walk, now: float, aspect: float, look: Look) -> Scene:
    """What is next, large; beside it the list of the day, below it the week.

    Args:
        walk: Where somebody is in it.
        now: Seconds since the screen was entered.
        aspect: Of the screen.
        look: How to say it.
    """
    page, words = Page(aspect, look.type_scale), look.words
    head, main, listing, foot = _plan(aspect)
    done = walk.done
    told = words.sets_today.format(done=sum(done), n=len(done))
    room = titled(page, head, words)
    half = Box(room.x, room.y, 0.58 * room.w, room.h)
    page.text(
        words.say(walk.programme.name), half, 0.06, max_lines=2, on=Ink.GROUND, weight=Weight.BOLD,
    )  # fmt: skip
    right = Box(half.right + _GAP, room.y, room.right - half.right - _GAP, room.h)
    page.text(told, right, 0.048, max_lines=2, ink=Ink.SOFT, on=Ink.GROUND, align=Align.RIGHT)
    coming = walk.next
    if coming is None:
        page.panel(main)
        _all_done(page, main, walk, words)
    else:
        _next(page, main, walk, coming, now, look)
    page.panel(listing)
    _list(page, listing.inset(0.022, 0.018), walk, words)
    _foot(page, foot, walk, words)
    return Scene(items=tuple(page.items))


def _plan(aspect: float) -> tuple[Box, Box, Box, Box]:
    upright = aspect < 1.05
    head = Box(1.5 * _GAP, _GAP, aspect - 3 * _GAP, 0.07 if upright else 0.1)
    foot_h = 0.17 if aspect < _STACKED else 0.12
    foot = Box(_GAP, 1 - _GAP - foot_h, aspect - 2 * _GAP, foot_h)
    top = head.bottom + _GAP / 2
    high = foot.y - _GAP - top
    if upright:
        main = Box(_GAP, top, foot.w, 0.6 * (high - _GAP))
        return head, main, Box(_GAP, main.bottom + _GAP, foot.w, high - main.h - _GAP), foot
    main = Box(_GAP, top, 0.6 * (foot.w - _GAP), high)
    return head, main, Box(main.right + _GAP, top, foot.right - main.right - _GAP, high), foot


def _next(page: Page, box: Box, walk: Walk, coming: PlannedRoutine, now: float, look: Look) -> None:
    """The figure that does it, what it is, and the seconds until it begins."""
    words = look.words
    shown = Box(box.x, box.y, 0.58 * (box.w - _GAP), box.h)
    beside = Box(shown.right + _GAP, box.y, box.right - shown.right - _GAP, box.h)
    page.panel(shown)
    area = shown.inset(0.03, 0.024)
    text_h = 0.46 * area.h
    tile = Tile("", Place.SESSION, coming.routine)
    if tile.movement is not None and tile.kind is not None:
        picture = Box(area.x, area.y, area.w, area.h - text_h - _GAP)
        moving = not look.calm
        reference_figure(page, picture, tile.movement, tile.kind, now, mirrored=look.mirrored, moving=moving)
    step, (number, of) = coming.routine.steps[0], coming.set_of
    parts = [
        TextPart(words.rest_and_next if walk.rests else words.next_up, 0.044, 2, Ink.SOFT),
        TextPart(words.say(coming.routine.name), 0.066, 2, weight=Weight.BOLD),
        TextPart(what_to_do(step.kind, step.reps, step.hold_s, words), 0.05, 2),
        TextPart(words.set_of.format(n=number, of=of) if of > 1 else "", 0.044, 1, Ink.SOFT),
    ]
    page.column(Box(area.x, area.bottom - text_h, area.w, text_h), parts, 0.014)
    note = walk.programme.note if walk.last is None else ""
    under_it = walk.last is not None or bool(note)
    gauge = Box(beside.x, beside.y, beside.w, 0.6 * (beside.h - _GAP) if under_it else beside.h)
    if walk.waits:
        page.panel(gauge)
        page.text(
            words.paused, gauge.inset(0.03, 0.03), 0.08, ink=Ink.LIVE, weight=Weight.BOLD, align=Align.CENTRE
        )
    else:
        left_s = max(walk.lasts_s - now, 0.0)
        dial(page, gauge, f"{math.ceil(left_s)}", "", left_s / walk.lasts_s, Ink.LIVE)
    if not under_it:
        return
    under_box = Box(beside.x, gauge.bottom + _GAP, beside.w, beside.bottom - gauge.bottom - _GAP)
    page.panel(under_box)
    room = under_box.inset(0.02, 0.016)
    if walk.last is not None:
        _last(page, room, walk, words)
    page.text(note, room, 0.05, max_lines=6, ink=Ink.SOFT)


def _last(page: Page, box: Box, walk: Walk, words: Words) -> None:
    """How the set was that somebody rests from."""
    assert walk.last is not None
    score = walk.last.score
    if score is None:
        page.text(words.no_score, box, 0.05, max_lines=3, ink=Ink.SOFT, align=Align.CENTRE)
        return
    number = TextPart(f"{score:.0f}", 0.12, 1, level_ink(score), Weight.BOLD)
    page.column(box, [number, TextPart(words.score, 0.046, 1, Ink.SOFT)], 0.01, align=Align.CENTRE)


def _all_done(page: Page, box: Box, walk: Walk, words: Words) -> None:
    size = min(0.34 * box.h, 0.3 * box.w)
    page.mark(Shape.TICK, (box.centre[0], box.y + 0.3 * box.h), size, Ink.GOOD)
    room = Box(box.x + 0.04, box.y + 0.52 * box.h, box.w - 0.08, 0.42 * box.h)
    parts = [TextPart(words.all_done_today, 0.075, 3, weight=Weight.BOLD)]
    if walk.last is not None and walk.last.score is not None:
        parts.append(TextPart(words.say_score.format(score=f"{walk.last.score:.0f}"), 0.05, 1, Ink.SOFT))
    page.column(room, parts, 0.02, align=Align.CENTRE)


def _list(page: Page, area: Box, walk: Walk, words: Words) -> None:
    """A line for each exercise, with a sign for each of its sets; around the one that is next."""
    lines = [
        (name, list(entries))
        for name, entries in groupby(
            zip(walk.sets, walk.done, strict=True), key=lambda each: each[0].routine.name
        )
    ]
    row_h = 0.085 if page.aspect >= 1.05 else 0.052
    most = max(1, int(area.h / row_h))
    coming = next((i for i, (_, sets) in enumerate(lines) if not all(is_done for _, is_done in sets)), 0)
    first = max(0, min(coming - most // 2, len(lines) - most))
    shown = lines[first : first + most]
    row_h = min(area.h / len(shown), 1.3 * row_h)
    for i, (name, sets) in enumerate(shown):
        row = Box(area.x, area.y + i * row_h, area.w, row_h)
        here = first + i == coming and not all(walk.done)
        signs_w = min(0.05 * min(len(sets), 8), 0.5 * row.w)
        text = Box(row.x, row.y, row.w - signs_w - 0.02, row.h)
        weight = Weight.BOLD if here else Weight.MEDIUM
        page.text(
            words.say(name), text, 0.044, max_lines=2, ink=Ink.TEXT if here else Ink.SOFT, weight=weight
        )
        _signs(page, Box(row.right - signs_w, row.y, signs_w, row.h), [is_done for _, is_done in sets])


def _signs(page: Page, box: Box, done: Sequence[bool]) -> None:
    """Done is filled, to be done is a ring; more than eight are a number."""
    if len(done) > 8:
        page.text(f"{sum(done)} / {len(done)}", box, 0.04, ink=Ink.SOFT, align=Align.RIGHT)
        return
    wide = box.w / len(done)
    size = 0.62 * min(wide, 0.05)
    for i, is_done in enumerate(done):
        centre = (box.x + (i + 0.5) * wide, box.centre[1])
        page.mark(Shape.DISC if is_done else Shape.RING, centre, size, Ink.GOOD if is_done else Ink.FAINT)


def _foot(page: Page, box: Box, walk: Walk, words: Words) -> None:
    """The week at the left where it is known whose it is, how to go on at the right."""
    room = Box(box.x + _GAP / 2, box.y, box.w - _GAP, box.h)
    if walk.week is not None and page.aspect < _STACKED:  # one below the other
        _week(page, Box(box.x, box.y, box.w, 0.5 * box.h), walk, walk.week, words)
        room = Box(room.x, box.y + 0.55 * box.h, room.w, 0.45 * box.h)
    elif walk.week is not None:
        week_w = 0.42 * box.w
        _week(page, Box(box.x + 0.02, box.y, week_w - 0.02, box.h), walk, walk.week, words)
        room = Box(box.x + week_w + _GAP / 2, box.y, box.w - week_w - _GAP, box.h)
    text = words.how_to_leave if walk.next is None else words.how_to_go_on
    page.text(text, room, 0.044, max_lines=4, ink=Ink.SOFT, on=Ink.GROUND)


def _week(page: Page, box: Box, walk: Walk, week: Week, words: Words) -> None:
    """A sign for each day from Monday on: told by form as well as by colour."""
    names = words.weekdays.split()
    wide = box.w / len(week.days)
    size = min(0.62 * wide, 0.4 * box.h, 0.045)
    for i, day in enumerate(week.days):
        x = box.x + (i + 0.5) * wide
        label = Box(x - wide / 2, box.y, wide, 0.42 * box.h)
        is_today = day.day == week.today
        page.text(
            names[i], label, 0.036, ink=Ink.TEXT if is_today else Ink.SOFT, on=Ink.GROUND,
            weight=Weight.BOLD if is_today else Weight.MEDIUM, align=Align.CENTRE,
        )  # fmt: skip
        shape, ink = _sign_of(replace(day, done=sum(walk.done)) if is_today else day)
        page.mark(shape, (x, box.y + 0.7 * box.h), size if shape is not Shape.POINT else 0.4 * size, ink)


def _sign_of(day: PlannedDay) -> tuple[Shape, Ink]:
    if day.done and day.done >= day.planned:
        return Shape.TICK, Ink.GOOD
    if day.done:
        return Shape.DISC, Ink.FAIR
    return (Shape.RING, Ink.FAINT) if day.planned else (Shape.POINT, Ink.FAINT)
