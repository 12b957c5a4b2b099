"""A page to print as PDF, with its type embedded; and the same page as PNG, drawn from the PDF itself.

There is one drawing of a page: what a PNG shows is what is printed.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from posecoach.coach.palette import PAPER, Rgb
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
    Scene,
    Shape,
    Stroke,
    Text,
    Weight,
)
from posecoach.coach.typesetting import CAP_HEIGHT, LINE_HEIGHT, block_height
from posecoach.errors import OutputError

if TYPE_CHECKING:
    from fpdf import FPDF

PNG_RATE_PER_INCH: Final = 200
_FONTS: Final = Path(__file__).parent / "fonts"
_FACES: Final = {Weight.MEDIUM: ("Inter-Medium.otf", ""), Weight.BOLD: ("Inter-Bold.otf", "B")}
_FAMILY: Final = "Inter"
_DASH: Final = 1.1  # of a line's width, less its round ends
_GAP: Final = 1.6


def pdf_of(
    scene: Scene,
    wh_pt: tuple[float, float],
    *,
    title: str,
    language: str = "en",
    made: datetime | None = None,
) -> bytes:
    """One page.

    Args:
        scene: What is on it, without a picture.
        wh_pt: Its size in points.
        title: Of the document, for whoever lists or reads it aloud.
        language: Of its words, as BCP 47 has it.
        made: When; the same page made at the same time is the same file. `None` is 1970.

    Raises:
        OutputError: The library that writes PDF is not installed.
    """
    page = _Page(wh_pt)
    try:
        page.describe(title, language, made or datetime.fromtimestamp(0, UTC))
        for item in scene.items:
            page.draw(item)
        return page.written()
    finally:
        page.close()


def png_of(pdf: bytes, *, rate_per_inch: int = PNG_RATE_PER_INCH) -> bytes:
    """The first page of a PDF as a picture.

    Raises:
        OutputError: The library that draws PDF is not installed.
    """
    pdfium = _library("pypdfium2")
    document = pdfium.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=rate_per_inch / 72).to_pil().convert("RGB")
    finally:
        document.close()
    content = io.BytesIO()
    picture.save(content, "png", dpi=(rate_per_inch, rate_per_inch))
    return content.getvalue()


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise OutputError(
            f"pages are written with {name}, which is not installed here: pip install 'posecoach[report]'"
        ) from error


class _Page:
    """Draws drawables on one page; places in fractions, sizes in fractions of its height."""

    def __init__(self, wh_pt: tuple[float, float]) -> None:
        self._wh = wh_pt
        self._pdf: FPDF = _library("fpdf").FPDF(unit="pt", format=wh_pt)
        self._pdf.set_auto_page_break(False)
        for file, style in _FACES.values():
            self._pdf.add_font(_FAMILY, style, str(_FONTS / file))
        self._pdf.add_page()

    def describe(self, title: str, language: str, made: datetime) -> None:
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._pdf.set_creator("posecoach")
        self._pdf.set_creation_date(made)

    def written(self) -> bytes:
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Let the files of the type go: the library keeps those open of which no letter was used."""
        for font in self._pdf.fonts.values():
            font.close()

    def draw(self, item: Item) -> None:
        if isinstance(item, Text):
            self._text(item)
        elif isinstance(item, Panel):
            self._block(item.box, item.ink, item.radius * self._wh[1])
        elif isinstance(item, Bar):
            self._bar(item)
        elif isinstance(item, Ring):
            self._ring(item)
        elif isinstance(item, Mark):
            self._mark(item)
        elif isinstance(item, Stroke):
            self._stroke(item)
        elif isinstance(item, Hoop):
            self._circle(
                self._placed(item.centre), item.radius * self._wh[1], item.width * self._wh[1], item.ink
            )
        else:
            raise TypeError(f"no page holds a {type(item).__name__}")

    def _text(self, text: Text) -> None:
        pdf, (width, height) = self._pdf, self._wh
        style, size, room = _FACES[text.weight][1], text.size * height, text.max_width * width
        pdf.set_font(_FAMILY, style, size)
        widest = max(pdf.get_string_width(line) for line in text.lines)
        if widest > room > 0:  # kerning and rounding: a hair wider than reckoned
            size *= room / widest
            pdf.set_font(_FAMILY, style, size)
        pdf.set_text_color(*PAPER[text.ink])
        top = text.y * height - block_height(len(text.lines)) * size / 2
        for i, line in enumerate(text.lines):
            before = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}[text.align]
            x = text.x * width - before * pdf.get_string_width(line)
            pdf.text(x, top + (CAP_HEIGHT + i * LINE_HEIGHT) * size, line)

    def _block(self, box: Box, ink: Ink, radius: float) -> None:
        width, height = self._wh
        self._pdf.set_fill_color(*PAPER[ink])
        wide, high = box.w * width, box.h * height
        radius = min(radius, wide / 2, high / 2)
        self._pdf.rect(
            box.x * width,
            box.y * height,
            wide,
            high,
            style="F",
            round_corners=radius > 0.01,
            corner_radius=radius,
        )

    def _bar(self, bar: Bar) -> None:
        width, height = self._wh
        radius = min(bar.box.w * width, bar.box.h * height) / 2
        self._block(bar.box, bar.track, radius)
        if bar.value <= 0:
            return
        if bar.upright:
            length = bar.box.h * bar.value
            filled = Box(bar.box.x, bar.box.bottom - length, bar.box.w, length)
        else:
            filled = Box(bar.box.x, bar.box.y, bar.box.w * bar.value, bar.box.h)
        self._block(filled, bar.ink, radius)

    def _ring(self, ring: Ring) -> None:
        height = self._wh[1]
        centre, width = self._placed(ring.centre), ring.thickness * height
        radius = ring.radius * height - width / 2
        self._circle(centre, radius, width, ring.track)
        if ring.value >= 1:
            self._circle(centre, radius, width, ring.ink)
        elif ring.value > 0:
            steps = max(2, round(180 * ring.value))
            turns = [2 * math.pi * ring.value * i / steps for i in range(steps + 1)]
            arc = [
                (centre[0] + radius * math.sin(turn), centre[1] - radius * math.cos(turn)) for turn in turns
            ]
            self._line(arc, width, PAPER[ring.ink])

    def _mark(self, mark: Mark) -> None:
        size, (x, y) = mark.size * self._wh[1], self._placed(mark.centre)
        if mark.shape in (Shape.DISC, Shape.POINT):
            self._pdf.set_fill_color(*PAPER[mark.ink])
            self._pdf.circle(x, y, size / 2, style="F")
        elif mark.shape is Shape.RING:
            self._circle((x, y), 0.4 * size, 0.2 * size, mark.ink)
        else:
            points, width = _SIGNS[mark.shape]
            placed = [(x + (across - 0.5) * size, y + (down - 0.5) * size) for across, down in points]
            self._line(placed, width * size, PAPER[mark.ink])

    def _stroke(self, stroke: Stroke) -> None:
        height = self._wh[1]
        points = [self._placed(point) for point in stroke.points]
        width, rim = stroke.width * height, stroke.rim * height
        if stroke.rim_ink is not None and rim > 0:
            self._line(points, width + 2 * rim, PAPER[stroke.rim_ink])
        for piece in _dashes(points, width) if stroke.dashed else [points]:
            self._line(piece, width, PAPER[stroke.ink])

    def _circle(self, centre: Point, radius: float, width: float, ink: Ink) -> None:
        self._pdf.set_draw_color(*PAPER[ink])
        self._pdf.set_line_width(width)
        self._pdf.circle(*centre, radius, style="D")

    def _line(self, points: list[Point], width: float, rgb: Rgb) -> None:
        with self._path() as path:
            path.style.stroke_color = "#{:02x}{:02x}{:02x}".format(*rgb)
            path.style.fill_color = None
            path.style.stroke_width = width
            path.style.stroke_cap_style = "round"
            path.style.stroke_join_style = "round"
            path.style.auto_close = False
            path.move_to(*points[0])
            for point in points[1:]:
                path.line_to(*point)

    @contextmanager
    def _path(self) -> Iterator[Any]:
        with self._pdf.new_path() as path:
            yield path

    def _placed(self, point: Point) -> Point:
        return point[0] * self._wh[0], point[1] * self._wh[1]


def _dashes(points: list[Point], width: float) -> list[list[Point]]:
    """Each straight piece as dashes of even length which begin and end at its joints."""
    dashes = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = max(math.hypot(x1 - x0, y1 - y0), 1e-6)
        pitch = (_DASH + _GAP) * width
        count = max(1, round((length + _GAP * width) / pitch))
        step = (length + _GAP * width) / count
        dash = max(0.0, step - _GAP * width)
        for i in range(count):
            start, end = i * step / length, (i * step + dash) / length
            dashes.append(
                [
                    (x0 + (x1 - x0) * start, y0 + (y1 - y0) * start),
                    (x0 + (x1 - x0) * end, y0 + (y1 - y0) * end),
                ]
            )
    return dashes


_SIGNS: Final[dict[Shape, tuple[tuple[Point, ...], float]]] = {
    Shape.DASH: (((0.12, 0.5), (0.88, 0.5)), 0.22),
    Shape.TICK: (((0.12, 0.55), (0.4, 0.82), (0.88, 0.22)), 0.17),
    Shape.POINTER: (((0.3, 0.14), (0.68, 0.5), (0.3, 0.86)), 0.17),
}
