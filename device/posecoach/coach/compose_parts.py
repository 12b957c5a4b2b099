"""The parts that stages share: heading, coach's line, dial, score, dots, reach meter."""

from __future__ import annotations

import math

from posecoach.coach.compose_body import level_ink
from posecoach.coach.figure import standing
from posecoach.coach.layout import LEAST, LEAST_MOVING, Layout
from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Point, Shape, Weight
from posecoach.coach.view import RepView, Verdict
from posecoach.coach.words import Words
from posecoach.skeleton import Limb

MARKS = {
    Verdict.GOOD: (Shape.DISC, Ink.GOOD),
    Verdict.ATTEMPT: (Shape.RING, Ink.FAIR),
    Verdict.NOT_JUDGED: (Shape.DASH, Ink.UNKNOWN),
}
"""How each verdict is drawn: form and colour."""
MOST_DOTS = 40


def heading(page: Page, layout: Layout, title: str, words: Words) -> None:
    """The word mark, and what is being done."""
    box = layout.heading
    low = box.h < 0.09
    brand_h = box.h if low else 0.45 * box.h
    brand = Box(box.x, box.y, box.w * (0.4 if low else 1.0), brand_h)
    page.mark(Shape.RING, (brand.x + 0.013, brand.centre[1]), 0.026, Ink.GOOD)
    page.text(
        words.brand,
        Box(brand.x + 0.038, brand.y, brand.w - 0.038, brand.h),
        LEAST,
        ink=Ink.SOFT,
        on=Ink.GROUND,
    )
    name = (
        Box(brand.right, box.y, box.w - brand.w, box.h)
        if low
        else Box(box.x, brand.bottom, box.w, box.h - brand_h)
    )
    align = Align.RIGHT if low else Align.LEFT
    page.text(title, name, 0.055, on=Ink.GROUND, weight=Weight.BOLD, align=align)


def coach_line(
    page: Page,
    layout: Layout,
    text: str,
    *,
    limb: Limb | None = None,
    icon: Shape | None = None,
    praise: bool = False,
    quiet: bool = False,
    opacity: float = 1.0,
    tint: Ink = Ink.POOR,
) -> None:
    """The one thing to read now: large, on its own panel, with a sign before it."""
    box = layout.line
    ground = Ink.GOOD if praise else Ink.PANEL if quiet else Ink.RAISED
    page.panel(box, ground)
    pad = 0.03
    left = box.x + pad
    sign = min(box.h - 0.05, 0.13)
    if limb is not None and not praise:
        limb_sign(page, (left + sign / 2, box.centre[1]), sign, limb, tint)
        left += sign + pad
    elif icon is not None or praise:
        size = min(sign, 0.085)
        shape = Shape.TICK if praise else icon
        assert shape is not None
        page.mark(shape, (left + size / 2, box.centre[1]), size, Ink.ON_GOOD if praise else tint)
        left += size + pad
    room = Box(left, box.y + 0.02, box.right - pad - left, box.h - 0.04)
    page.text(
        text,
        room,
        0.066 if quiet else 0.084,
        least=LEAST_MOVING,
        max_lines=4,
        ink=Ink.ON_GOOD if praise else Ink.SOFT if quiet else Ink.TEXT,
        on=ground,
        weight=Weight.MEDIUM if quiet else Weight.BOLD,
        opacity=opacity,
    )


def limb_sign(page: Page, centre: Point, height: float, limb: Limb, tint: Ink) -> None:
    """A small person, as in a mirror, with the limb that is meant standing out."""
    figure = standing(raise_deg=32).placed((centre[0], centre[1] + height / 2), height)
    for part, points in figure.limbs.items():
        meant = part is limb
        page.stroke(
            points,
            (0.13 if meant else 0.07) * height * (1.3 if part is Limb.TRUNK else 1),
            tint if meant else Ink.SOFT,
        )
    meant = limb is Limb.HEAD
    page.mark(
        Shape.DISC, figure.head[0], 2 * figure.head[1] * (1.25 if meant else 1.0), tint if meant else Ink.SOFT
    )


def dial(
    page: Page, box: Box, number: str, under: str, value: float, ink: Ink, *, swell: float = 1.0
) -> None:
    """A ring with a huge number in it, and what the number counts under it."""
    page.panel(box)
    radius = (min(box.w, box.h) - 0.05) / 2
    thickness = 0.13 * radius
    page.ring(box.centre, radius, thickness, value, ink)
    inner = radius - thickness
    x, y = box.centre
    half = 0.78 * inner
    page.text(
        number,
        Box(x - half, y - 0.62 * inner, 2 * half, 0.84 * inner),
        1.02 * inner * swell,
        least=0.3 * inner,
        weight=Weight.BOLD,
        align=Align.CENTRE,
    )
    half = 0.72 * inner
    page.text(
        under,
        Box(x - half, y + 0.34 * inner, 2 * half, 0.34 * inner),
        max(LEAST, min(0.062, 0.3 * inner)),
        ink=Ink.SOFT,
        align=Align.CENTRE,
    )


def score_card(page: Page, box: Box, score: float | None, reason: str, words: Words) -> None:
    """The score so far as a ring with its number; a dash and the reason where there is none."""
    page.panel(box)
    side = min(box.h - 0.04, 0.5 * box.w)
    wide = box.w > 1.45 * (side + 0.04)
    radius = side / 2
    centre = (box.x + 0.03 + radius, box.centre[1]) if wide else (box.centre[0], box.y + 0.03 + radius)
    page.ring(centre, radius, 0.16 * radius, 0.0 if score is None else score / 100, level_ink(score))
    half = 0.66 * radius
    page.text(
        "\N{EN DASH}" if score is None else f"{score:.0f}",
        Box(centre[0] - half, centre[1] - half, 2 * half, 2 * half),
        0.85 * radius,
        weight=Weight.BOLD,
        align=Align.CENTRE,
    )
    if wide:
        label = Box(centre[0] + radius + 0.025, box.y + 0.02, 0.0, box.h - 0.04)
        label = Box(label.x, label.y, box.right - 0.015 - label.x, label.h)
        page.text(
            words.score if score is not None else reason or words.not_yet,
            label,
            0.05,
            max_lines=3,
            ink=Ink.SOFT,
        )
    else:
        label = Box(box.x + 0.015, centre[1] + radius, box.w - 0.03, box.bottom - centre[1] - radius)
        page.text(
            words.score if score is not None else reason or words.not_yet,
            label,
            0.045,
            max_lines=2,
            ink=Ink.SOFT,
            align=Align.CENTRE,
        )


def rep_dots(
    page: Page, box: Box, reps: tuple[RepView, ...], target: int | None, newest_swell: float
) -> None:
    """One sign a repetition, oldest first, and a point for each that is still asked for."""
    page.panel(box)
    shown = reps[-MOST_DOTS:]
    cells = min(MOST_DOTS, max(len(shown), target or 0, 5))
    area = box.inset(0.018, 0.014)
    columns = min(cells, max(1, math.ceil(math.sqrt(cells * area.w / max(area.h, 1e-6)))))
    if cells > 5:  # rows of equal length look counted rather than spilled
        columns = math.ceil(cells / math.ceil(cells / columns))
    rows = math.ceil(cells / columns)
    pitch = min(area.w / columns, area.h / rows, 0.085)
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


def reach_meter(page: Page, layout: Layout, reach: float | None, best: float | None) -> None:
    """How far into the movement: filled from below, the mark is where the reference turns round."""
    box = layout.meter
    full = 1.2  # a little beyond the reference can be shown
    reached = reach is not None and reach >= 0.97
    page.bar(
        box,
        0.0 if reach is None else reach / full,
        Ink.GOOD if reached else Ink.SEEN,
        upright=True,
        track=Ink.PANEL,
    )
    if best is not None and best > 0:
        y = box.bottom - box.h * min(1.0, best / full)
        page.panel(
            Box(box.x, max(box.y + 0.01, y) - 0.003, box.w, 0.006),
            Ink.GOOD if best >= 0.97 else Ink.SOFT,
            0.003,
        )
    y = box.bottom - box.h / full
    page.panel(Box(box.x - 0.009, y - 0.006, box.w + 0.018, 0.012), Ink.GOOD, 0.006)
