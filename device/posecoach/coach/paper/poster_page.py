"""A routine on one page, to hang up: its key poses side by side, what matters, how much and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from posecoach.coach.demonstrated import Demonstrated
from posecoach.coach.demonstrated_body import MATTERS, body_lines
from posecoach.coach.paper.session_page import brand_line
from posecoach.coach.paper.sheet import A4, Paper, Sheet
from posecoach.coach.paper.words import ENGLISH_PAPER, PaperWords
from posecoach.coach.routine import Routine, Sides
from posecoach.coach.scene import Align, Box, Ink, Point, Scene, Weight
from posecoach.coach.view import StepKind
from posecoach.coach.words import capitalised
from posecoach.skeleton import Limb

LARGE: Final = 1.35
"""Times as large as usual that large type is."""
MOST_ROWS: Final = 2
MOST_TEXT: Final = 0.6
"""Share of the page under its title that words may take."""


def poster_page(
    routine: Routine,
    rows: Sequence[Demonstrated],
    *,
    large: bool = False,
    paper: Paper = A4,
    words: PaperWords = ENGLISH_PAPER,
) -> Scene:
    """Compose the page.

    Args:
        routine: What it is about.
        rows: What is drawn, a row each: steps, or one step seen from several sides. At most `MOST_ROWS`.
        large: Larger type, for whoever reads it from further away, and fewer pictures.
        paper: Its format.
        words: Its language.
    """
    sheet, size = Sheet(paper), LARGE if large else 1.0
    inside = sheet.inside
    brand_line(sheet, inside, words.exercise, words)
    y = inside.y + 22
    title = Box(inside.x, y, inside.w, 44 * size)
    y = sheet.paragraph(words.say(routine.name), title, 36 * size, max_lines=2, weight=Weight.BOLD) + 12
    if routine.summary:
        about = Box(inside.x, y, inside.w, 44 * size)
        y = sheet.paragraph(words.say(routine.summary), about, 14 * size, max_lines=2, ink=Ink.SOFT) + 14
    text_h = max(34.0 * len(routine.instructions) + 44.0, 170.0) * size
    text_h = min(text_h, MOST_TEXT * (inside.bottom - y))
    foot_h = 26.0
    drawn = rows[: 1 if large else MOST_ROWS]
    room = Box(inside.x, y, inside.w, inside.bottom - foot_h - text_h - y)
    _figures(sheet, room, drawn, size, words)
    below = Box(inside.x, room.bottom + 12, inside.w, text_h - 12)
    left = Box(below.x, below.y, 0.56 * below.w, below.h)
    right = Box(left.right + 18, below.y, below.right - left.right - 18, below.h)
    if routine.instructions:
        _how(sheet, left, routine, size, words)
        _facts(sheet, right, rows[0], size, words)
    else:
        _facts(sheet, below, rows[0], size, words)
    sheet.rule(inside.x, inside.bottom - 18, inside.right)
    sheet.text(words.reading_poster, Box(inside.x, inside.bottom - 14, inside.w, 12), 8.5, ink=Ink.SOFT)
    return sheet.scene()


def _figures(sheet: Sheet, room: Box, rows: Sequence[Demonstrated], size: float, words: PaperWords) -> None:
    gap = 10.0
    shares = [1.0, 0.62][: len(rows)]
    y = room.y
    for share, shown in zip(shares, rows, strict=True):
        high = (room.h - gap * (len(rows) - 1)) * share / sum(shares)
        _row(sheet, Box(room.x, y, room.w, high), shown, size, words)
        y += high + gap


def _row(sheet: Sheet, box: Box, shown: Demonstrated, size: float, words: PaperWords) -> None:
    """The key poses of one view, all as large as they can be, in one line or two."""
    seen_from = words.seen_from.format(side=words.sides.get(shown.view, shown.view))
    room = sheet.heading(f"{capitalised(seen_from)}", box, words.as_mirrored)
    caption_h, body, keys = 30.0 * size, shown.box(), shown.keys

    def scale_of(lines: int) -> float:
        wide, high = room.w / -(-len(keys) // lines), room.h / lines
        return min((wide - 8) / (body.w + 0.55), (high - caption_h - 6) / (body.h + 0.3))

    lines = max((1, 2), key=scale_of)
    scale, across = scale_of(lines), -(-len(keys) // lines)
    cell_w, cell_h = room.w / across, room.h / lines
    for number, (index, name) in enumerate(keys):
        cell = Box(room.x + number % across * cell_w, room.y + number // across * cell_h, cell_w, cell_h)
        spare = cell.h - caption_h - 4 - scale * (body.h + 0.3)
        floor = cell.bottom - caption_h - 4 - 0.5 * spare
        sheet.rule(cell.x, floor, cell.right, Ink.FAINT, 1.0)

        def on_page(point: Point, cell: Box = cell, floor: float = floor) -> Point:
            x = cell.centre[0] - scale * (point[0] - body.centre[0])
            return x, floor - scale * (body.bottom + 0.09 - point[1])

        for line in body_lines(shown, shown.xy[index], shown.weights[index]):
            points = [on_page(point) for point in line.points]
            if len(points) == 1:
                points.append((points[0][0] + 0.05, points[0][1]))
            sheet.line(points, line.width * scale, line.ink)
        said = phase_in_words(shown, name, words)
        at = f"{shown.at_s[index]:.1f} s" if shown.duration_s else ""
        if name == "way":
            said, at = at, ""
        top = Box(cell.x, floor + 5, cell.w, 14 * size)
        sheet.text(said, top, 12.5 * size, weight=Weight.BOLD, align=Align.CENTRE)
        under = Box(cell.x, top.bottom, cell.w, 12 * size)
        sheet.text(at, under, 10 * size, ink=Ink.SOFT, align=Align.CENTRE)


def phase_in_words(shown: Demonstrated, name: str, words: PaperWords) -> str:
    """What a phase is called; where a cycle turns, as the coach calls it."""
    if name == "turn" and shown.turn:
        return capitalised(words.say(shown.turn))
    return words.phases.get(name, "")


def _how(sheet: Sheet, box: Box, routine: Routine, size: float, words: PaperWords) -> None:
    room = sheet.heading(words.how_to, box)
    y, left = room.y + 2, len(routine.instructions)
    for number, sentence in enumerate(routine.instructions, 1):
        high = (room.bottom - y) / left
        sheet.text(
            f"{number}", Box(room.x, y, 16 * size, 15 * size), 14 * size, weight=Weight.BOLD, ink=Ink.GOOD
        )
        line = Box(room.x + 20 * size, y + 1, room.w - 20 * size, max(high - 4, 8.0))
        ends = sheet.paragraph(words.say(sentence), line, 13 * size, max_lines=3)
        y, left = min(max(ends, y + 12 * size) + 9, y + high), left - 1


def _facts(sheet: Sheet, box: Box, shown: Demonstrated, size: float, words: PaperWords) -> None:
    """What matters, how much of it, and how fast."""
    step = shown.step
    room = sheet.heading(words.what_matters, box)
    y = room.y + 2
    most = sorted(
        (limb for limb, rule in step.limbs.items() if rule.emphasis >= MATTERS),
        key=lambda limb: -step.limbs[limb].emphasis,
    )
    said = ", ".join(words.names[limb.value] for limb in (most or list(Limb)))
    lines = [(capitalised(said), Weight.BOLD)]
    if shown.joint is not None:
        low, high = float(shown.angle_deg.min()), float(shown.angle_deg.max())
        goes = words.joint_goes.format(joint=words.names[shown.joint], low=f"{low:.0f}", high=f"{high:.0f}")
        lines.append((capitalised(goes), Weight.MEDIUM))
    lines += [(capitalised(text), Weight.MEDIUM) for text in how_much(shown, words)]
    for text, weight in lines:
        part = Box(room.x, y, room.w, max(min(34 * size, room.bottom - y), 8.0))
        y = sheet.paragraph(text, part, 13 * size, max_lines=2, weight=weight) + 8 * size


def how_much(shown: Demonstrated, words: PaperWords) -> list[str]:
    """How many, how fast, how long to rest, on which side, and from where the camera should see it."""
    step = shown.step
    told = []
    if step.reps:
        told.append(words.times_each.format(n=step.reps, s=f"{shown.duration_s:.1f}"))
    elif step.kind is StepKind.HOLD:
        told.append(words.hold_for.format(n=f"{step.hold_s:g}"))
    else:
        told.append(words.once_for.format(s=f"{shown.duration_s:.0f}"))
    if step.rest_s:
        told.append(words.then_rest.format(n=f"{step.rest_s:g}"))
    if step.sides is Sides.EITHER:
        told.append(words.either_side)
    if step.seated:
        told.append(words.sitting)
    views = ", ".join(words.sides.get(view, view) for view in step.best_views or tuple(step.views))
    told.append(words.camera_from.format(sides=views))
    return told
