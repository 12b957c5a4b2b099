"""A box without the libraries for pages."""

import sys

import pytest

from posecoach.adapters.pdf_page import pdf_of, png_of
from posecoach.coach.scene import Scene
from posecoach.errors import OutputError


def test_what_is_missing_is_named_with_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(OutputError, match=r"fpdf, which is not installed.*posecoach\[report\]"):
        pdf_of(Scene(), (595.0, 842.0), title="x")

    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(OutputError, match=r"posecoach\[report\]"):
        png_of(b"%PDF-")
