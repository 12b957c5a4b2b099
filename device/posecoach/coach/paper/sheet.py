"""A sheet of paper being composed, in points (1/72 inch) from its upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from posecoach.coach.page import Page
from posecoach.coach.scene import Align, Box, Ink, Point, Scene, Shape, Weight
from posecoach.coach.typesetting import block_height, fit, width_em

MARGIN_PT: Final = 40.0
LEAST_PT: Final = 7.5
"""Smallest type on paper; below it an older reader needs glasses."""
BODY_PT: Final = 9.0
_RULE_PT: Final = 0.6


@dataclass(frozen=True, slots=True)
class Paper:
    """A format, upright.

    Attributes:
        name: As a command line says it.
        wh_pt: Width and height.
    """

    name: str
    wh_pt: tuple[float, float]

    @property
    def aspect(self) -> float:
        """Width in heights."""
        return self.wh_pt[0] / self.wh_pt[1]


A4: Final = Paper("a4", (595.28, 841.89))
LETTER: Final = Paper("letter", (612.0, 792.0))
PAPERS: Final = {paper.name: paper for paper in (A4, LETTER)}


class Sheet:
    """Collects what is printed; sizes of type are the largest a text may have."""

    def __init__(self, paper: Paper) -> None:
        """Begin with an empty sheet."""
        self.paper = paper
        self._pt = 1 / paper.wh_pt[1]
        self._page = Page(paper.aspect, least=LEAST_PT * self._pt)

    @property
    def inside(self) -> Box:
        """The sheet less its margins."""
        width, height = self.paper.wh_pt
        return Box(MARGIN_PT, MARGIN_PT, width - 2 * MARGIN_PT, height - 1.75 * MARGIN_PT)

    def scene(self) -> Scene:
        """What was put on it."""
        return Scene(items=tuple(self._page.items))

    def text(
        self,
        text: str,
        box: Box,
        size: float = BODY_PT,
        *,
        max_lines: int = 1,
        ink: Ink = Ink.TEXT,
        weight: Weight = Weight.MEDIUM,
        align: Align = Align.LEFT,
        on: Ink = Ink.GROUND,
    ) -> None:
        """Set `text` in `box`, in the middle from top to bottom."""
        self._page.text(
            text,
            self._scaled(box),
            size * self._pt,
            max_lines=max_lines,
            ink=ink,
            weight=weight,
            align=align,
            on=on,
        )

    def paragraph(
        self,
        text: str,
        box: Box,
        size: float = BODY_PT,
        *,
        max_lines: int,
        ink: Ink = Ink.TEXT,
        weight: Weight = Weight.MEDIUM,
    ) -> float:
        """Set `text` from the top of `box`; where it ends."""
        if not text.strip() or box.h <= 0:
            return box.y
        lines, found = fit(text, weight, (box.w, box.h), size, min(LEAST_PT, size), max_lines)
        high = block_height(len(lines)) * found
        self.text(
            text, Box(box.x, box.y, box.w, high + 0.01), found, max_lines=len(lines), ink=ink, weight=weight
        )
        return box.y + high

    def heading(self, text: str, box: Box, aside: str = "") -> Box:
        """A rule, and a heading under it; the room that is left below."""
        self.rule(box.x, box.y, box.right)
        wide = min(0.68 * box.w, width_em(text, Weight.BOLD) * 11.0 + 2.0) if aside else box.w
        self.text(text, Box(box.x, box.y + 5, wide, 14), 11.0, weight=Weight.BOLD)
        left = box.x + wide + 10
        self.text(aside, Box(left, box.y + 5.6, box.right - left, 14), 8.5, ink=Ink.SOFT, align=Align.RIGHT)
        return Box(box.x, box.y + 24, box.w, box.h - 24)

    def rule(
        self, left: float, y: float, right: float, ink: Ink = Ink.FAINT, width: float = _RULE_PT
    ) -> None:
        """A thin line across."""
        self.line(((left, y), (right, y)), width, ink)

    def line(
        self,
        points: Sequence[Point],
        width: float,
        ink: Ink,
        *,
        rim_ink: Ink | None = None,
        rim: float = 0.0,
        dashed: bool = False,
    ) -> None:
        """A round-ended line through points."""
        pt = self._pt
        self._page.stroke(
            tuple((x * pt, y * pt) for x, y in points), width * pt, ink, rim_ink, rim * pt, dashed
        )

    def block(self, box: Box, ink: Ink, radius: float = 0.0) -> None:
        """A filled rectangle."""
        self._page.panel(self._scaled(box), ink, radius * self._pt)

    def mark(self, shape: Shape, centre: Point, size: float, ink: Ink) -> None:
        """A small sign."""
        self._page.mark(shape, (centre[0] * self._pt, centre[1] * self._pt), size * self._pt, ink)

    def ring(self, centre: Point, radius: float, thickness: float, value: float, ink: Ink) -> None:
        """A round gauge."""
        pt = self._pt
        self._page.ring((centre[0] * pt, centre[1] * pt), radius * pt, thickness * pt, value, ink)

    def _scaled(self, box: Box) -> Box:
        pt = self._pt
        return Box(box.x * pt, box.y * pt, box.w * pt, box.h * pt)
