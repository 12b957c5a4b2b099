"""The gauges: dial, score, repetitions, reach; and the key to what the colours mean."""

from __future__ import annotations

import math
from typing import Final

from posecoach.coach.compose_body import FAIR_FROM, GOOD_FROM, level_ink, limb_look
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Shape, Weight
from posecoach.coach.typesetting import width_em
from posecoach.coach.view import RepView, Verdict
from posecoach.coach.words import Words

MARKS: Final = {
    Verdict.GOOD: (Shape.DISC, Ink.GOOD),
    Verdict.ATTEMPT: (Shape.RING, Ink.FAIR),
    Verdict.NOT_JUDGED: (Shape.DASH, Ink.UNKNOWN),
}
"""How each verdict is drawn: form and colour."""
MOST_DOTS: Final = 40

_BEYOND: Final = 1.2
"""The reach meter's upper end: a little more than the reference can be shown."""
_REACHED: Final = 0.97


def dial(
    page: Page,
    box: Box,
    number: str,
    under: str,
    value: float,
    ink: Ink,
    *,
    swell: float = 1.0,
    below: float = 0.0,
) -> None:
    """A ring with a huge number in it, and what the number counts under it; some room is left below."""
    page.panel(box)
    box = Box(box.x, box.y, box.w, box.h - below)
    radius = (min(box.w, box.h) - 0.045) / 2
    thickness = 0.12 * radius
    page.ring(box.centre, radius, thickness, value, ink)
    inner = radius - thickness
    x, y = box.centre
    if not under:
        room = Box(x - 0.75 * inner, y - 0.75 * inner, 1.5 * inner, 1.5 * inner)
        page.text(number, room, 1.45 * inner, weight=Weight.BOLD, align=Align.CENTRE)
        return
    half = 0.8 * inner
    room = Box(x - half, y - 0.72 * inner, 2 * half, 0.9 * inner)
    page.text(number, room, 1.1 * inner * swell, weight=Weight.BOLD, align=Align.CENTRE)
    half = 0.7 * inner
    page.text(
        under,
        Box(x - half, y + 0.24 * inner, 2 * half, 0.46 * inner),
        max(page.least, min(0.062, 0.3 * inner)),
        max_lines=2,
        ink=Ink.SOFT,
        align=Align.CENTRE,
    )


def score_card(page: Page, box: Box, score: float | None, words: Words) -> None:
    """The score so far as a ring with its number; a dash and why where there is none."""
    page.panel(box)
    label = words.score if score is not None else words.not_yet
    pad = 0.022
    beside = box.w >= box.h + 0.13
    label_h = page.least * (1.8 if score is not None else 3.5)
    side = min(box.h - 2 * pad, 0.5 * box.w) if beside else min(box.w - 2 * pad, box.h - 2 * pad - label_h)
    radius = min(side, 0.27) / 2  # the count comes first
    if beside:
        centre = (box.x + pad + radius, box.centre[1])
        left = centre[0] + radius + pad
        room = Box(left, box.y + pad / 2, box.right - pad / 2 - left, box.h - pad)
    else:
        centre = (box.centre[0], box.centre[1] - label_h / 2)
        room = Box(box.x + pad / 2, centre[1] + radius, box.w - pad, label_h + pad)
    share = 0.0 if score is None else score / 100
    page.ring(centre, radius, 0.15 * radius, share, level_ink(score))
    half = 0.68 * radius
    page.text(
        "\N{EN DASH}" if score is None else f"{score:.0f}",
        Box(centre[0] - half, centre[1] - half, 2 * half, 2 * half),
        0.86 * radius,
        weight=Weight.BOLD,
        align=Align.CENTRE,
    )
    align = Align.LEFT if beside else Align.CENTRE
    page.text(label, room, 0.05 * min(1.0, page.aspect), max_lines=3, ink=Ink.SOFT, align=align)


def rep_dots(
    page: Page, box: Box, reps: tuple[RepView, ...], at_least: int, newest_swell: float = 1.0
) -> None:
    """One sign a repetition, oldest first, and a point for each that is still asked for."""
    page.panel(box)
    shown = reps[-MOST_DOTS:]
    cells = min(MOST_DOTS, max(len(shown), at_least, 1))
    area = box.inset(0.018, 0.014)
    columns, pitch = _grid(cells, area)
    rows = math.ceil(cells / columns)
    left = area.centre[0] - pitch * (columns - 1) / 2
    top = area.centre[1] - pitch * (rows - 1) / 2
    for i in range(cells):
        centre = (left + pitch * (i % columns), top + pitch * (i // columns))
        if i < len(shown):
            shape, ink = MARKS[shown[i].verdict]
            swell = newest_swell if i == len(shown) - 1 else 1.0
            page.mark(shape, centre, 0.66 * pitch * swell, ink)
        else:
            page.mark(Shape.POINT, centre, 0.24 * pitch, Ink.FAINT)


def _grid(cells: int, area: Box) -> tuple[int, float]:
    """Columns, and the distance of neighbours: as large as fits, but rather in rows of equal length."""
    best, best_worth, best_pitch = 1, 0.0, 0.0
    for rows in range(1, cells + 1):
        columns = math.ceil(cells / rows)
        pitch = min(area.w / columns, area.h / rows, 0.1)
        worth = pitch * (1.0 if cells % columns == 0 else 0.8)
        if worth > best_worth + 1e-9:
            best, best_worth, best_pitch = columns, worth, pitch
    return best, best_pitch


def reach_meter(page: Page, box: Box, reach: float | None, best: float | None) -> None:
    """How far into the movement: filled from below, the line is where the reference turns round."""
    reached = reach is not None and reach >= _REACHED
    value = 0.0 if reach is None else max(0.0, reach) / _BEYOND
    page.bar(box, value, Ink.GOOD if reached else Ink.LIVE, upright=True, track=Ink.PANEL)
    if best is not None and best > 0:
        y = max(box.y + 0.012, box.bottom - box.h * best / _BEYOND)
        page.panel(Box(box.x, y - 0.004, box.w, 0.008), Ink.GOOD if best >= _REACHED else Ink.TEXT, 0.004)
    y = box.bottom - box.h / _BEYOND
    page.panel(
        Box(box.x - 0.01, y - 0.0065, box.w + 0.02, 0.013), Ink.FAINT if reach is None else Ink.GOOD, 0.0065
    )


def legend_fits(box: Box) -> bool:
    """Whether the legend would be legible there."""
    return box.h >= (0.3 if box.w > 0.3 else 0.36)


def legend(page: Page, box: Box, words: Words) -> None:
    """What the limbs' colours and patterns mean; in a narrow box each word stands under its sample."""
    page.panel(box)
    rows = ((GOOD_FROM, words.legend_good), (FAIR_FROM, words.legend_fair), (0.0, words.legend_poor))
    area = box.inset(0.024, 0.02)
    sample_w, gap = 0.085, 0.03
    longest = max(width_em(word, Weight.MEDIUM) for _, word in rows) * page.least * 1.1
    narrow = area.w - sample_w - 2 * gap < longest
    pitch = min(area.h / len(rows), 0.16 if narrow else 0.13)
    top = area.centre[1] - pitch * len(rows) / 2
    for i, (score, word) in enumerate(rows):
        look, row_y = limb_look(score), top + i * pitch
        scale = 0.2 * min(1.0, pitch / 0.1)
        start = area.x + 0.02
        y = row_y + (0.2 if narrow else 0.5) * pitch
        page.stroke(
            ((start, y), (start + sample_w, y)),
            look.width * scale,
            look.ink,
            look.rim_ink,
            look.rim * scale,
            look.dashed,
        )
        left = area.x if narrow else start + sample_w + gap
        top_of_word, word_h = (0.4 * pitch, 0.58 * pitch) if narrow else (0.0, pitch)
        room = Box(left, row_y + top_of_word, area.right - left, word_h)
        page.text(word, room, 0.042 if narrow else 0.052, max_lines=2)
