"""The languages: complete, with the same places to fill in, and set as well as English."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import face_views
import screen_views as views
from posecoach.adapters._languages_here import languages
from posecoach.adapters.languages import words_in
from posecoach.cli import main
from posecoach.coach.compose import compose
from posecoach.coach.layout import LEAST
from posecoach.coach.look import Look
from posecoach.coach.phrase import Phrase
from posecoach.coach.scene import Weight
from posecoach.coach.typesetting import width_em
from posecoach.coach.words import ENGLISH
from posecoach.errors import LanguageMissing
from scene_checks import TINY, readable, run_into_each_other, said, shorter_side, texts

polib = pytest.importorskip("polib", reason="polib, which reads catalogues, is not installed")
ROOT = Path(__file__).resolve().parents[2]
OTHERS = [language for language in languages() if language != "en"]
every_language = pytest.mark.parametrize("language", OTHERS)


def test_german_spanish_and_french_are_there():
    assert languages() == ("en", "de", "es", "fr")
    assert words_in("en") is ENGLISH


def test_every_text_is_in_every_language():
    found = subprocess.run(
        [sys.executable, ROOT / "tests" / "bench" / "words.py"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


@every_language
def test_what_is_filled_in_is_the_same(language):
    catalogue = words_in(language).catalogue
    assert len(catalogue) > 300
    for english, other in catalogue.items():
        assert sorted(set(re.findall(r"{\w+}", english))) == sorted(set(re.findall(r"{\w+}", other))), english
        assert english[:1].isspace() == other[:1].isspace()


@every_language
def test_the_width_of_every_sign_of_it_is_known(language):
    for text in words_in(language).catalogue.values():
        for sign in text:
            assert width_em(sign, Weight.BOLD) < width_em("\N{SNOWMAN}", Weight.BOLD) or sign in "W%@", sign


@every_language
def test_a_cue_is_said_whole(language):
    cue = Phrase(
        "bend {joint} {degrees} degrees more {where}",
        joint=Phrase("your left knee"),
        degrees="14",
        where=Phrase("at the bottom"),
    )
    told = words_in(language).say(cue)
    assert "14" in told
    assert not set(told.lower().split()) & {"bend", "your", "left", "knee", "degrees", "more", "bottom"}


@every_language
@pytest.mark.parametrize("screen_wh", [(1280, 720), (800, 480), (720, 1280)], ids=str)
def test_every_screen_holds_it(language, screen_wh):
    look = Look(words=words_in(language))
    aspect = screen_wh[0] / screen_wh[1]
    scenes = {name: compose(view, screen_wh, look) for name, view in views.all_stages().items()}
    scenes |= face_views.all_scenes(aspect, look)
    for name, scene in scenes.items():
        for text in texts(scene):
            assert text.size >= LEAST * shorter_side(screen_wh) - TINY, (name, text)
        assert run_into_each_other(readable(scene, aspect), aspect) == [], name


@every_language
def test_the_screen_speaks_it(language):
    words = words_in(language)
    scene = compose(views.view(prompt="", cue=None), (1280, 720), Look(words=words))
    assert words.say("Squat") in said(scene)


def test_a_language_that_is_not_here_is_said(capsys):
    with pytest.raises(LanguageMissing, match="no language 'xx'; there are en, de, es, fr"):
        words_in("xx")
    with pytest.raises(SystemExit, match="2"):
        main(["run", "--language", "xx"])
    assert "invalid choice: 'xx'" in capsys.readouterr().err
