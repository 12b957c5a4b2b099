"""A page as PDF and PNG: what is in the file is what was composed."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import numpy as np
import pytest

import kept_sessions as kept
from posecoach.adapters.pdf_page import pdf_of, png_of
from posecoach.coach.bounds import bounds
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.page import Page
from posecoach.coach.palette import PAPER
from posecoach.coach.paper.session_page import session_page
from posecoach.coach.paper.sheet import A4, LETTER
from posecoach.coach.paper.trend_page import trend_page
from posecoach.coach.scene import Align, Bar, Box, Hoop, Ink, Scene, Shape, Silhouette, Text, Weight
from posecoach.coach.trend import trend

pytest.importorskip("fpdf", reason="fpdf2 is not installed: make install")
pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed: make install")

WHEN = datetime(2026, 9, 21, 16, 20, tzinfo=UTC)


def session(paper=A4):
    outcome = kept.outcome(person=NamedPerson("Zoë Şahin-Łukasz Ærø"))
    return session_page(outcome, kept.LAST, started=WHEN, last_started=WHEN, paper=paper)


def written(scene, paper=A4):
    return pdf_of(scene, paper.wh_pt, title="posecoach: Squat", made=WHEN)


def words_of(pdf):
    document = pdfium.PdfDocument(pdf)
    try:
        return document[0].get_textpage().get_text_range().split()
    finally:
        document.close()


def picture(pdf, rate=72):
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(png_of(pdf, rate_per_inch=rate)))).astype(int)


def alone(*items):
    return Scene(items=tuple(items))


@pytest.mark.parametrize("paper", [A4, LETTER], ids=lambda paper: paper.name)
def test_every_word_of_the_page_is_text_in_the_pdf(paper):
    scene = session(paper)
    found = words_of(written(scene, paper))

    for text in (item for item in scene.items if isinstance(item, Text)):
        for word in " ".join(text.lines).replace("\N{MIDDLE DOT}", " ").split():
            assert word in found, word
    assert "Şahin-Łukasz" in found


def test_the_type_travels_with_the_file():
    pdf = written(session())
    names = set(re.findall(rb"/FontName /([A-Z]{6}\+[\w-]+)", pdf))

    assert len(names) == 2
    assert all(b"Inter" in name for name in names)
    assert len(re.findall(rb"/FontFile[23]", pdf)) == 2
    assert len(pdf) < 60_000


def test_the_same_page_is_the_same_file():
    assert written(session()) == written(session())


def test_a_page_has_its_paper_and_its_title():
    for paper in (A4, LETTER):
        document = pdfium.PdfDocument(written(session(paper), paper))
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx(paper.wh_pt, abs=0.1)
        assert document.get_metadata_dict()["Title"] == "posecoach: Squat"
        document.close()


def test_the_picture_is_the_page_as_it_is_printed():
    from PIL import Image

    image = Image.open(io.BytesIO(png_of(written(session()), rate_per_inch=200)))
    assert image.size == (1654, 2339)
    assert image.info["dpi"] == pytest.approx((200, 200), abs=0.1)
    pixels = np.asarray(image).astype(int)
    margin = round(30 / 72 * 200)
    border = np.concatenate([pixels[:margin].reshape(-1, 3), pixels[:, :margin].reshape(-1, 3)])
    assert (border == 255).all()
    inked = (pixels.min(axis=2) < 250).mean()
    assert 0.03 < inked < 0.2, "neither empty nor a waste of ink"


def near(colour, pixel):
    return np.abs(np.array(colour) - pixel).max() <= 12


def test_everything_is_drawn_where_it_was_put():
    page = Page(A4.aspect, least=0.01)
    page.panel(Box(0.1, 0.1, 0.2, 0.05), Ink.POOR, 0.01)
    page.ring((0.3, 0.3), 0.1, 0.02, 0.25, Ink.GOOD)
    page.bar(Box(0.1, 0.5, 0.4, 0.02), 0.5, Ink.LIVE)
    page.bar(Box(0.6, 0.5, 0.02, 0.2), 0.25, Ink.LIVE, upright=True)
    page.mark(Shape.DISC, (0.2, 0.6), 0.02, Ink.FAIR)
    page.mark(Shape.RING, (0.3, 0.6), 0.04, Ink.FAIR)
    page.mark(Shape.DASH, (0.4, 0.6), 0.04, Ink.FAIR)
    page.stroke(((0.1, 0.8), (0.5, 0.8)), 0.01, Ink.GOOD, Ink.TEXT, 0.005)
    page.stroke(((0.1, 0.9), (0.5, 0.9)), 0.01, Ink.GOOD, dashed=True)
    items = (*page.items, Hoop((0.8, 0.9), 0.03, 0.004, Ink.GOOD))
    pixels = picture(pdf_of(alone(*items), A4.wh_pt, title="x"), rate=144)
    scale = 2 * A4.wh_pt[1]

    def at(x, y):
        return pixels[round(y * scale), round(x * scale)]

    assert near(PAPER[Ink.POOR], at(0.2, 0.125))
    assert near((255, 255, 255), at(0.1005, 0.1005)), "a round corner"
    assert near(PAPER[Ink.GOOD], at(0.3 + 0.064, 0.3 - 0.064)), "filled for a quarter, clockwise"
    assert near(PAPER[Ink.TRACK], at(0.3 - 0.064, 0.3 - 0.064))
    assert near(PAPER[Ink.LIVE], at(0.25, 0.51))
    assert near(PAPER[Ink.TRACK], at(0.4, 0.51))
    assert near(PAPER[Ink.LIVE], at(0.61, 0.68))
    assert near(PAPER[Ink.TRACK], at(0.61, 0.55))
    assert near(PAPER[Ink.FAIR], at(0.2, 0.6))
    assert near((255, 255, 255), at(0.3, 0.6)), "a ring is open"
    assert near(PAPER[Ink.FAIR], at(0.4, 0.6))
    assert near((255, 255, 255), at(0.4, 0.61)), "a dash is flat"
    assert near(PAPER[Ink.GOOD], at(0.3, 0.8))
    assert near(PAPER[Ink.TEXT], at(0.3, 0.8075)), "the rim"
    row = pixels[round(0.9 * scale), round(0.1 * scale) : round(0.5 * scale)]
    blue = np.abs(row - np.array(PAPER[Ink.GOOD])).max(axis=1) < 40
    assert np.count_nonzero(np.diff(blue.astype(int)) == 1) >= 8, "dashes"
    assert near((255, 255, 255), at(0.8 * A4.aspect, 0.9)), "a hoop is open"


@pytest.mark.parametrize("align", Align)
@pytest.mark.parametrize("weight", Weight)
def test_a_text_stands_in_the_box_it_was_reckoned_to_have(align, weight):
    text = Text(
        ("Rücken gerade,", "Knie 96° weit"), 0.5, 0.5, 0.03, Ink.TEXT, Ink.GROUND, 0.45, weight, align
    )
    pixels = picture(pdf_of(alone(text), A4.wh_pt, title="x"), rate=144)
    dark = np.argwhere(pixels.min(axis=2) < 128)
    (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0)
    box, (width, height) = bounds(text, A4.aspect), (2 * A4.wh_pt[0], 2 * A4.wh_pt[1])

    assert box.x * width - 4 <= left
    assert right <= box.right * width + 4
    assert right - left >= 0.9 * box.w * width
    assert box.y * height - 2 <= top
    assert bottom <= box.bottom * height + 2


def test_a_text_that_would_run_too_wide_is_set_smaller():
    text = Text(("WWWWWWWWWWWWWWWW",), 0.1, 0.5, 0.05, Ink.TEXT, Ink.GROUND, 0.3)
    pixels = picture(pdf_of(alone(text), A4.wh_pt, title="x"))
    columns = np.flatnonzero((pixels.min(axis=2) < 128).any(axis=0))

    assert columns.max() <= 0.4 * A4.wh_pt[0] + 1


def test_a_trend_is_a_pdf_too():
    until = WHEN.date()
    found = trend(
        kept.ANNA, kept.practised(), lambda unix_s: datetime.fromtimestamp(unix_s, UTC).date(), until
    )

    assert {"Warrior", "Squat", "Müller"} <= set(words_of(written(trend_page(found, version="1"))))


def test_what_no_page_holds_is_refused():
    with pytest.raises(TypeError, match="Silhouette"):
        pdf_of(alone(Silhouette((), (), Ink.GHOST, 0.1, 0.2)), A4.wh_pt, title="x")


def test_a_value_of_nothing_draws_no_gauge():
    empty = alone(Bar(Box(0.1, 0.5, 0.4, 0.02), 0.0, Ink.GOOD))
    pixels = picture(pdf_of(empty, A4.wh_pt, title="x"))

    assert not (np.abs(pixels - np.array(PAPER[Ink.GOOD])).max(axis=2) < 20).any()
