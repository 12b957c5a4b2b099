"""Every repetition and hold of a session: how many points, and what became of it.

The verdict is told three times: by the lane a sign stands in, by its form and by its colour, so that two
hundred repetitions on a grey copy can still be read.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from posecoach.coach.compose_body import FAIR_FROM, GOOD_FROM, level_ink
from posecoach.coach.compose_gauges import MARKS
from posecoach.coach.outcome import Outcome
from posecoach.coach.paper.sheet import Sheet
from posecoach.coach.paper.words import PaperWords
from posecoach.coach.records import AskedStep, HoldRecord, RepRecord
from posecoach.coach.scene import Align, Box, Ink, Weight
from posecoach.coach.summary import mean
from posecoach.coach.typesetting import width_em
from posecoach.coach.view import Verdict

_LANE_PT: Final = 11.0
_WIDEST_PT: Final = 40.0
_LEFT_PT: Final = 22.0
_LANES: Final = (Verdict.GOOD, Verdict.ATTEMPT, Verdict.NOT_JUDGED)


def rep_chart(sheet: Sheet, box: Box, outcome: Outcome, words: PaperWords) -> None:
    """Columns of points over three lanes of verdicts, in the order it was done."""
    parts = outcome.in_order
    held = bool(parts) and all(isinstance(part, HoldRecord) for part in parts)
    aside = words.good_parts.format(good=outcome.good, n=len(parts)) if parts else ""
    room = sheet.heading(words.one_by_one if held else words.each_one, box, aside)
    if not parts:
        sheet.text(words.nothing_done, Box(room.x, room.y, room.w, 20), ink=Ink.SOFT)
        return
    named = dict(zip(_LANES, (words.good, words.attempt, words.not_judged), strict=True))
    tallies = {verdict: f"{sum(p.verdict is verdict for p in parts)}  {named[verdict]}" for verdict in _LANES}
    right_w = min(0.25 * room.w, max(width_em(tally, Weight.MEDIUM) for tally in tallies.values()) * 9.5 + 10)
    lanes_y = room.bottom - 14 - len(_LANES) * _LANE_PT
    plot = Box(room.x + _LEFT_PT, room.y + 14, room.w - _LEFT_PT - right_w, lanes_y - 6 - room.y - 14)
    _grid(sheet, plot, room.x)
    pitch = min(_WIDEST_PT, plot.w / len(parts))
    for i, part in enumerate(parts):
        x = plot.x + (i + 0.5) * pitch
        if part.score is not None:
            high = max(0.8, plot.h * part.score / 100)
            wide = min(18.0, 0.62 * pitch)
            bar = Box(x - wide / 2, plot.bottom - high, wide, high)
            sheet.block(bar, level_ink(part.score))
        shape, ink = MARKS[part.verdict]
        lane_y = lanes_y + (_LANES.index(part.verdict) + 0.5) * _LANE_PT
        sheet.mark(shape, (x, lane_y), min(7.5, 0.82 * pitch), ink)
    for k, verdict in enumerate(_LANES):
        y = lanes_y + k * _LANE_PT
        at = Box(plot.right + 10, y, right_w - 10, _LANE_PT)
        sheet.text(tallies[verdict], at, 8.5, ink=Ink.SOFT)
        sheet.rule(plot.x, y + _LANE_PT, plot.right, Ink.TRACK, 0.4)
    _steps(sheet, Box(plot.x, room.y, plot.w, 12), plot, lanes_y, pitch, outcome, words)
    _numbers(sheet, Box(plot.x, room.bottom - 13, plot.w, 12), pitch, parts)


def _grid(sheet: Sheet, plot: Box, left: float) -> None:
    """The scale, with the levels from which something is good or nearly."""
    for points in (0.0, FAIR_FROM, GOOD_FROM, 100.0):
        y = plot.bottom - plot.h * points / 100
        sheet.rule(plot.x, y, plot.right, Ink.FAINT if points == 0 else Ink.TRACK, 0.5)
        at = Box(left, y - 5, plot.x - left - 5, 10)
        sheet.text(f"{points:.0f}", at, 7.5, ink=Ink.SOFT, align=Align.RIGHT)


def _steps(
    sheet: Sheet,
    above: Box,
    plot: Box,
    lanes_y: float,
    pitch: float,
    outcome: Outcome,
    words: PaperWords,
) -> None:
    """What each step asked for, over its own columns, and a line between two steps."""
    asked = outcome.session.summary.asked if outcome.session.summary else ()
    at = 0
    for step, parts in itertools.groupby(outcome.in_order, key=lambda part: part.step):
        group = list(parts)
        count = len(group)
        x = above.x + at * pitch
        at += count
        if x > above.x:
            sheet.line(((x, above.y + 2), (x, lanes_y + len(_LANES) * _LANE_PT)), 0.5, Ink.FAINT)
        said = _asked(asked[step] if step < len(asked) else None, group, words)
        last = at == len(outcome.in_order)
        wide = (plot.right - x if last else count * pitch) - 6
        if said and width_em(said, Weight.MEDIUM) * 7.5 <= wide:
            sheet.text(said, Box(x + (3 if x > above.x else 0), above.y, wide, above.h), 8.0, ink=Ink.SOFT)


def _asked(wanted: AskedStep | None, group: Sequence[RepRecord], words: PaperWords) -> str:
    """What a step asked for, and of a hold what came of it."""
    facts = []
    if wanted is not None and wanted.reps:
        facts.append(words.asked_reps.format(n=wanted.reps))
    elif wanted is not None and wanted.hold_s:
        facts.append(words.asked_hold.format(n=f"{wanted.hold_s:.0f}"))
    held_s = mean(part.held_s for part in group if isinstance(part, HoldRecord))
    if held_s is not None:
        facts.append(words.held.format(n=f"{held_s:.0f}"))
    return ", ".join(facts)


def _numbers(sheet: Sheet, below: Box, pitch: float, parts: Sequence[RepRecord]) -> None:
    """Their numbers, as many as have room; each step counts from 1."""
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 500, 1000) if n * pitch >= 15 or n == 1000)
    free_from = below.x - 10
    for i, part in enumerate(parts):
        number = part.index + 1
        x = below.x + (i + 0.5) * pitch
        if (number == 1 or number % every == 0) and x - 9 >= free_from:
            at = Box(x - 9, below.y, 18, below.h)
            sheet.text(str(number), at, 7.5, ink=Ink.SOFT, align=Align.CENTRE)
            free_from = x + 9
