"""How far each joint went, beside the reference and the time before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from posecoach.coach.outcome import JointRange, Outcome
from posecoach.coach.paper.sheet import Sheet
from posecoach.coach.paper.words import PaperWords
from posecoach.coach.records import HoldRecord
from posecoach.coach.scene import Align, Box, Ink, Shape, Weight
from posecoach.coach.words import capitalised

_ROW_PT: Final = 16.0
_MOST_ROWS: Final = 8


def range_chart(
    sheet: Sheet, box: Box, outcome: Outcome, last_deg: Mapping[str, float], words: PaperWords
) -> None:
    """A bar for each joint on one scale of degrees.

    Args:
        sheet: Where.
        box: The room.
        outcome: Of the session.
        last_deg: By joint, the time before; empty where there was none.
        words: The language.
    """
    ranges = outcome.ranges
    room = sheet.heading(words.range_of_motion, box, words.range_key if ranges else "")
    if not ranges:
        held = bool(outcome.judged) and all(isinstance(part, HoldRecord) for part in outcome.judged)
        text = words.no_range_of_hold if held else words.no_range
        sheet.paragraph(text, Box(room.x, room.y, room.w, 30), ink=Ink.SOFT, max_lines=2)
        return
    fits = max(1, min(_MOST_ROWS, int((room.h - 14) / 13.0)))
    shown = ranges[:fits]
    pitch = min(_ROW_PT + 3, (room.h - 14) / len(shown))
    widest = max(
        max(each.most_deg, each.reference_deg or 0.0, last_deg.get(each.joint, 0.0)) for each in shown
    )
    top_deg = 45.0 * max(1, -(-int(widest + 1) // 45))
    plot = Box(room.x + 0.25 * room.w, room.y, 0.52 * room.w, pitch * len(shown))
    _scale(sheet, plot, top_deg)
    for i, each in enumerate(shown):
        row = Box(room.x, room.y + i * pitch, room.w, pitch)
        _row(sheet, row, plot, each, top_deg, last_deg.get(each.joint), words)


def _scale(sheet: Sheet, plot: Box, top_deg: float) -> None:
    for degrees in range(0, int(top_deg) + 1, 45):
        x = plot.x + plot.w * degrees / top_deg
        sheet.line(((x, plot.y), (x, plot.bottom)), 0.5, Ink.FAINT if degrees == 0 else Ink.TRACK)
        at = Box(x - 12, plot.bottom + 2, 24, 10)
        sheet.text(f"{degrees}°", at, 7.5, ink=Ink.SOFT, align=Align.CENTRE)


def _row(
    sheet: Sheet,
    row: Box,
    plot: Box,
    each: JointRange,
    top_deg: float,
    last: float | None,
    words: PaperWords,
) -> None:
    y, per_deg = row.centre[1], plot.w / top_deg
    name = Box(row.x, row.y, plot.x - row.x - 8, row.h)
    sheet.text(capitalised(words.names.get(each.joint, each.joint)), name, 9.0)
    thick = min(7.0, 0.5 * row.h)
    sheet.block(Box(plot.x, y - thick / 2, each.mean_deg * per_deg, thick), Ink.LIVE)
    if each.most_deg - each.least_deg >= 1:
        ends = (plot.x + each.least_deg * per_deg, plot.x + each.most_deg * per_deg)
        sheet.line(((ends[0], y), (ends[1], y)), 0.9, Ink.TEXT)
    if last is not None:
        sheet.mark(Shape.RING, (plot.x + last * per_deg, y), 6.5, Ink.TEXT)
    value = words.range_alone.format(own=f"{each.mean_deg:.0f}")
    if each.reference_deg is not None:
        x = plot.x + each.reference_deg * per_deg
        sheet.line(((x, y - 0.42 * row.h), (x, y + 0.42 * row.h)), 1.8, Ink.TEXT)
        value = words.range_of.format(own=f"{each.mean_deg:.0f}", wanted=f"{each.reference_deg:.0f}")
    at = Box(plot.right + 10, row.y, row.right - plot.right - 10, row.h)
    sheet.text(value, at, 9.0, weight=Weight.BOLD, align=Align.RIGHT)
