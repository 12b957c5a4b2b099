"""Figures over sessions, oldest at the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecoach.coach.paper.sheet import Sheet
from posecoach.coach.scene import Align, Box, Ink, Shape

_LEFT_PT = 24.0
_WIDEST_PT = 46.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One row of figures.

    Attributes:
        values: One for each session; `None` where there is none.
        shape, ink: Of its points.
    """

    values: Sequence[float | None]
    shape: Shape
    ink: Ink


def line_chart(
    sheet: Sheet,
    box: Box,
    curves: Sequence[Curve],
    ticks: Sequence[float],
    labels: Sequence[str],
    *,
    reference: float | None = None,
) -> None:
    """Curves on one scale.

    Args:
        sheet: Where.
        box: The room, with the scale and the labels.
        curves: All of the same length; the last is drawn over the others.
        ticks: Of the scale, from its lower end to its upper.
        labels: Below, one for each session; as many are shown as have room, first and last for certain.
        reference: A dashed line.
    """
    plot = Box(box.x + _LEFT_PT, box.y + 5, box.w - _LEFT_PT - 8, box.h - 21)
    low, high = ticks[0], ticks[-1]

    def y_of(value: float) -> float:
        return plot.bottom - plot.h * (min(max(value, low), high) - low) / (high - low)

    for i, tick in enumerate(ticks):
        sheet.rule(plot.x, y_of(tick), plot.right, Ink.TRACK if i else Ink.FAINT, 0.5)
        at = Box(box.x, y_of(tick) - 5, _LEFT_PT - 5, 10)
        sheet.text(f"{tick:.0f}", at, 7.5, ink=Ink.SOFT, align=Align.RIGHT)
    if reference is not None:
        dashes(sheet, plot.x, y_of(reference), plot.right)
    count = len(labels)
    pitch = min(_WIDEST_PT, plot.w / max(1, count))
    for curve in curves:
        run: list[tuple[float, float]] = []
        for i, value in enumerate((*curve.values, None)):
            if value is not None:
                run.append((plot.x + (i + 0.5) * pitch, y_of(value)))
                continue
            if len(run) > 1:
                sheet.line(run, 1.0, curve.ink)
            size = min(5.5, max(2.2, 0.7 * pitch))
            for point in run:
                if curve.shape is Shape.RING:  # open: the line does not run through it
                    sheet.mark(Shape.DISC, point, size, Ink.GROUND)
                sheet.mark(curve.shape, point, size, curve.ink)
            run = []
    _labels(sheet, plot, pitch, labels)


def dashes(sheet: Sheet, left: float, y: float, right: float) -> None:
    """A thin dashed line across."""
    x = left
    while x < right:
        sheet.line(((x, y), (min(x + 3.5, right), y)), 0.9, Ink.TEXT)
        x += 7.5


def _labels(sheet: Sheet, plot: Box, pitch: float, labels: Sequence[str]) -> None:
    """The last first, then the first, then what is left of the room between."""
    wide = 40.0
    placed: list[float] = []
    order = [len(labels) - 1, 0, *range(1, len(labels) - 1)]
    for i in order:
        x = plot.x + (i + 0.5) * pitch
        at = min(max(x, plot.x + 8), plot.right - wide / 2 + 6)
        if labels[i] and all(abs(at - other) >= wide + 2 for other in placed):
            placed.append(at)
            sheet.text(
                labels[i],
                Box(at - wide / 2, plot.bottom + 4, wide, 10),
                7.5,
                ink=Ink.SOFT,
                align=Align.CENTRE,
            )
