"""A sheet of screen being composed: takes height units and words, gives drawables in fractions."""

from __future__ import annotations

from posecoach.coach.layout import LEAST
from posecoach.coach.scene import (
    Align,
    Bar,
    Box,
    Hoop,
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
from posecoach.coach.typesetting import block_height, fit


class Page:
    """Collects drawables. Every place given to it is in height units (y 0..1, x 0..aspect)."""

    def __init__(self, aspect: float) -> None:
        self.aspect = aspect
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
        least: float = LEAST,
        max_lines: int = 1,
        ink: Ink = Ink.TEXT,
        on: Ink = Ink.PANEL,
        weight: Weight = Weight.MEDIUM,
        align: Align = Align.LEFT,
        opacity: float = 1.0,
    ) -> float:
        """Set `text` in `box`, centred from top to bottom, as large as fits up to `size`.

        Returns:
            Height of the set block, capitals to last baseline.
        """
        if not text.strip():
            return 0.0
        lines, size = fit(text, weight, (box.w, box.h), size, min(least, size), max_lines)
        x = {Align.LEFT: box.x, Align.CENTRE: box.x + box.w / 2, Align.RIGHT: box.right}[align]
        self.items.append(
            Text(
                lines,
                x / self.aspect,
                box.y + box.h / 2,
                size,
                ink,
                on,
                box.w / self.aspect,
                weight,
                align,
                opacity,
            )
        )
        return block_height(len(lines)) * size

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

    def stroke(self, points: tuple[Point, ...], width: float, ink: Ink) -> None:
        """A round-ended line."""
        self.items.append(Stroke(tuple(self.point(*p) for p in points), width, ink))

    def hoop(self, centre: Point, radius: float, width: float, ink: Ink) -> None:
        """A circle."""
        self.items.append(Hoop(self.point(*centre), radius, width, ink))

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
