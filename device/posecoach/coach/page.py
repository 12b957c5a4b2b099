"""A sheet of screen being composed: takes height units and words, gives drawables in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecoach.coach.layout import LEAST, LEAST_MOVING
from posecoach.coach.scene import (
    Align,
    Bar,
    Box,
    Ink,
    Item,
    Mark,
    Panel,
    Point,
    Ring,
    Shape,
    Silhouette,
    Stroke,
    Text,
    Weight,
)
from posecoach.coach.typesetting import block_height, fit, fit_together


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text of a column, with the largest size it may have."""

    text: str
    size: float
    max_lines: int = 1
    ink: Ink = Ink.TEXT
    weight: Weight = Weight.MEDIUM


class Page:
    """Collects drawables. Every place given to it is in height units (y 0..1, x 0..aspect)."""

    def __init__(self, aspect: float, type_scale: float = 1.0, *, least: float | None = None) -> None:
        """Begin an empty page.

        Args:
            aspect: Width of the screen in height units.
            type_scale: By how much all type is larger than the sizes that are asked for, where it fits.
            least: Smallest type, in height units; that of a screen without.
        """
        self.aspect = aspect
        self.type_scale = type_scale
        self.least = LEAST * min(1.0, aspect) if least is None else least
        self.upright = min(1.0, 1.25 * aspect)
        """By how much type that would suit a landscape screen is smaller on one that stands upright."""
        self.least_moving = LEAST_MOVING * min(1.0, aspect)
        self.items: list[Item] = []

    def box(self, box: Box) -> Box:
        """The box in fractions of the screen."""
        return Box(box.x / self.aspect, box.y, box.w / self.aspect, box.h)

    def point(self, x: float, y: float) -> Point:
        """The point in fractions of the screen."""
        return x / self.aspect, y

    def panel(self, box: Box, ink: Ink = Ink.PANEL, radius: float = 0.022) -> None:
        """A filled rectangle."""
        self.items.append(Panel(self.box(box), ink, min(radius, box.w / 2, box.h / 2)))

    def text(
        self,
        text: str,
        box: Box,
        size: float,
        *,
        least: float | None = None,
        max_lines: int = 1,
        ink: Ink = Ink.TEXT,
        on: Ink = Ink.PANEL,
        weight: Weight = Weight.MEDIUM,
        align: Align = Align.LEFT,
        opacity: float = 1.0,
    ) -> None:
        """Set `text` in `box`, centred from top to bottom, as large as fits up to `size`."""
        if not text.strip():
            return
        size, least = (
            self.type_scale * size,
            self.type_scale * min(self.least if least is None else least, size),
        )
        lines, size = fit(text, weight, (box.w, box.h), size, least, max_lines)
        self._put(lines, size, _anchor(box, align), box.y + box.h / 2, box.w, ink, on, weight, align, opacity)

    def column(
        self,
        box: Box,
        parts: Sequence[TextPart],
        gap: float,
        *,
        on: Ink = Ink.PANEL,
        align: Align = Align.LEFT,
    ) -> None:
        """Texts one under the other, the group in the middle of `box`, as large as they fit together."""
        parts = [part for part in parts if part.text.strip()]
        if not parts:
            return
        blocks = fit_together(
            tuple((p.text, p.weight, self.type_scale * p.size, p.max_lines) for p in parts),
            (box.w, box.h),
            gap,
            self.least,
        )
        heights = [block_height(len(lines)) * size for lines, size in blocks]
        gap = max(0.0, min(gap, (box.h - sum(heights)) / len(parts)))
        x = _anchor(box, align)
        y = box.centre[1] - (sum(heights) + gap * (len(parts) - 1)) / 2
        for part, (lines, size), height in zip(parts, blocks, heights, strict=True):
            self._put(lines, size, x, y + height / 2, box.w, part.ink, on, part.weight, align)
            y += height + gap

    def _put(
        self,
        lines: tuple[str, ...],
        size: float,
        x: float,
        y: float,
        max_w: float,
        ink: Ink,
        on: Ink,
        weight: Weight,
        align: Align = Align.LEFT,
        opacity: float = 1.0,
    ) -> None:
        text = Text(lines, x / self.aspect, y, size, ink, on, max_w / self.aspect, weight, align, opacity)
        self.items.append(text)

    def ring(
        self, centre: Point, radius: float, thickness: float, value: float, ink: Ink, track: Ink = Ink.TRACK
    ) -> None:
        """A round gauge."""
        self.items.append(Ring(self.point(*centre), radius, thickness, min(1.0, max(0.0, value)), ink, track))

    def bar(self, box: Box, value: float, ink: Ink, *, upright: bool = False, track: Ink = Ink.TRACK) -> None:
        """A straight gauge."""
        self.items.append(Bar(self.box(box), min(1.0, max(0.0, value)), ink, track, upright))

    def mark(self, shape: Shape, centre: Point, size: float, ink: Ink) -> None:
        """A small sign."""
        self.items.append(Mark(shape, self.point(*centre), size, ink))

    def stroke(
        self,
        points: tuple[Point, ...],
        width: float,
        ink: Ink,
        rim_ink: Ink | None = None,
        rim: float = 0.0,
        dashed: bool = False,
    ) -> None:
        """A round-ended line."""
        self.items.append(Stroke(tuple(self.point(*p) for p in points), width, ink, rim_ink, rim, dashed))

    def silhouette(
        self,
        strokes: tuple[tuple[tuple[Point, ...], float], ...],
        discs: tuple[tuple[Point, float], ...],
        ink: Ink,
        outline: float,
        fill: float,
    ) -> None:
        """A figure's outline."""
        self.items.append(
            Silhouette(
                tuple((tuple(self.point(*p) for p in points), width) for points, width in strokes),
                tuple((self.point(*centre), radius) for centre, radius in discs),
                ink,
                outline,
                fill,
            )
        )


def _anchor(box: Box, align: Align) -> float:
    """The x at which a text in `box` is anchored."""
    return {Align.LEFT: box.x, Align.CENTRE: box.x + box.w / 2, Align.RIGHT: box.right}[align]
