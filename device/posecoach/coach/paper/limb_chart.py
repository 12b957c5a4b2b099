"""The body with its limbs as they were judged, and a table that says the same in figures."""

from __future__ import annotations

from typing import Final

from posecoach.coach.compose_body import LimbLook, level_ink, limb_look
from posecoach.coach.figure import standing
from posecoach.coach.outcome import Outcome
from posecoach.coach.paper.sheet import Sheet
from posecoach.coach.paper.words import PaperWords
from posecoach.coach.scene import Align, Box, Ink, Shape, Weight
from posecoach.coach.typesetting import width_em
from posecoach.coach.words import capitalised
from posecoach.skeleton import Limb

_ROW_PT: Final = 15.5
_FIGURE_W_PT: Final = 74.0
_THICK: Final = {Limb.TRUNK: 2.3, Limb.LEFT_LEG: 1.15, Limb.RIGHT_LEG: 1.15}
"""Limbs that are wider than an arm."""
_WIDTH: Final = 0.62


def limb_chart(sheet: Sheet, box: Box, outcome: Outcome, words: PaperWords) -> None:
    """Figure at the left, table at the right: colour, width, pattern and points each tell the level."""
    room = sheet.heading(words.limbs, box, words.limbs_aside)
    figure_h = min(room.h - 34, 110.0)
    centre_x = room.x + _FIGURE_W_PT / 2
    _figure(sheet, centre_x, room.y + figure_h, figure_h, outcome)
    foot = Box(room.x, room.y + figure_h + 2, _FIGURE_W_PT, 11)
    half = foot.w / 2 + 2
    for word, x in ((words.left, foot.x - 5), (words.right, foot.x + half + 1)):
        sheet.text(word, Box(x, foot.y, half, foot.h), 7.5, ink=Ink.SOFT, align=Align.CENTRE)
    table = Box(room.x + _FIGURE_W_PT + 12, room.y, room.w - _FIGURE_W_PT - 12, room.h - 18)
    pitch = min(_ROW_PT + 3, table.h / len(Limb))
    _levels(sheet, Box(room.x, room.bottom - 14, room.w, 12), words)
    for i, limb in enumerate(Limb):
        row = Box(table.x, table.y + i * pitch, table.w, pitch)
        _row(sheet, row, limb, outcome, words)


def _levels(sheet: Sheet, box: Box, words: PaperWords) -> None:
    """What the colours and patterns mean, in points."""
    levels = ((100.0, words.level_good), (70.0, words.level_fair), (0.0, words.level_poor))
    for i, (score, word) in enumerate(levels):
        x = box.x + i * box.w / len(levels)
        sample(sheet, Box(x, box.y, 20, box.h), score)
        sheet.text(word, Box(x + 26, box.y, box.w / len(levels) - 30, box.h), 7.5, ink=Ink.SOFT)


def _row(sheet: Sheet, row: Box, limb: Limb, outcome: Outcome, words: PaperWords) -> None:
    score, y = outcome.limbs[limb], row.centre[1]
    sample(sheet, Box(row.x, row.y, 22, row.h), score)
    ink = Ink.TEXT if limb in outcome.limbs_that_matter else Ink.SOFT
    value = words.limb_unknown if score is None else f"{score:.0f}"
    weight, size = (Weight.MEDIUM, 8.0) if score is None else (Weight.BOLD, 9.5)
    value_w = min(0.45 * row.w, max(20.0, width_em(value, weight) * size + 2))
    name = Box(row.x + 27, row.y, row.w - 30 - value_w, row.h)
    sheet.text(capitalised(words.names[limb.value]), name, 9.0, ink=ink)
    at = Box(row.right - value_w, row.y, value_w, row.h)
    sheet.text(value, at, size, ink=ink, weight=weight, align=Align.RIGHT)
    sheet.rule(row.x + 27, y + row.h / 2, row.right, Ink.TRACK, 0.4)


def sample(sheet: Sheet, box: Box, score: float | None) -> None:
    """A piece of limb as one with this score is drawn."""
    look, y = limb_look(score), box.centre[1]
    ends = ((box.x + 3, y), (box.right - 3, y))
    _stroke(sheet, ends, 50.0 * look.width, 50.0 * look.rim, look)


def _figure(sheet: Sheet, x: float, foot_y: float, height: float, outcome: Outcome) -> None:
    figure = standing(raise_deg=30).placed((x, foot_y), height)
    unit = _WIDTH * height
    for limb, points in sorted(figure.limbs.items(), key=lambda entry: entry[0] is not Limb.TRUNK):
        look = limb_look(outcome.limbs[limb])
        _stroke(sheet, points, _THICK.get(limb, 1.0) * unit * look.width, 0.7 * unit * look.rim, look)
    score = outcome.limbs[Limb.HEAD]
    centre, radius = figure.head
    sheet.mark(Shape.DISC, centre, 2.1 * radius, level_ink(score))


def _stroke(
    sheet: Sheet, points: tuple[tuple[float, float], ...], width: float, rim: float, look: LimbLook
) -> None:
    dark = look.ink in (Ink.FAIR, Ink.POOR)
    sheet.line(
        points,
        width,
        look.ink,
        rim_ink=Ink.TEXT if dark else None,
        rim=rim if dark else 0.0,
        dashed=look.dashed,
    )
