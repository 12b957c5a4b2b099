"""Printed pages, looked at as data: where things stand, how large, and what is said."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

import kept_sessions as kept
from posecoach.adapters.paper_language import paper_catalogue
from posecoach.coach.bounds import bounds
from posecoach.coach.palette import PAPER, contrast
from posecoach.coach.paper.calendar import WEEKS
from posecoach.coach.paper.sheet import A4, LEAST_PT, LETTER, MARGIN_PT
from posecoach.coach.paper.trend_page import trend_page
from posecoach.coach.paper.words import ENGLISH_PAPER, translated
from posecoach.coach.paper.words import texts as paper_texts
from posecoach.coach.phrase import Phrase
from posecoach.coach.phrase_facts import phrase_facts, phrase_of
from posecoach.coach.scene import Ink, Mark, Panel, Shape, Stroke
from posecoach.coach.view import Verdict
from printed_pages import LANGUAGES, LONG_ROUTINE, all_pages, many_routines, page, trend_of
from scene_checks import TINY, capitals, overlap, said, texts

papers = pytest.mark.parametrize("paper", [A4, LETTER], ids=lambda paper: paper.name)


PAGES = all_pages()


@cache
def composed(name, paper):
    return PAGES[name](paper=paper)


every_page = pytest.mark.parametrize("name", PAGES)


def marks(scene, shape):
    return [item for item in scene.items if isinstance(item, Mark) and item.shape is shape]


@papers
@every_page
def test_everything_is_inside_the_margins(name, paper):
    width, height = paper.wh_pt
    for item in composed(name, paper).items:
        box = bounds(item, paper.aspect)
        # Marks of a diagram may stand out by half their size; a printer's edge is 12 points away.
        assert box.x * width >= MARGIN_PT - 4, item
        assert box.right * width <= width - MARGIN_PT + 4, item
        assert box.y * height >= MARGIN_PT - 4, item
        assert box.bottom * height <= height - 20, item


@papers
@every_page
def test_no_text_runs_into_another(name, paper):
    found = [(text.lines, capitals(text, paper.aspect)) for text in texts(composed(name, paper))]
    for one, other in itertools.combinations(found, 2):
        assert not overlap(one[1], other[1]), (one[0], other[0])


@papers
@every_page
def test_all_type_can_be_read(name, paper):
    # What is 40 % longer and has one narrow place may be a little smaller, never a secret.
    least = LEAST_PT if "long" not in name and name != "trend_many" else 0.74 * LEAST_PT
    for text in texts(composed(name, paper)):
        assert text.size * paper.wh_pt[1] >= least - TINY, text
        assert contrast(PAPER[text.ink], PAPER[text.on]) >= 7 - TINY, text


def test_nothing_is_said_twice_by_the_head_and_all_of_it_is_there():
    scene = page()

    assert {"Squat", "Score", "84", "93 % seen well enough", "7 of 10 good", "94° of 112°"} <= set(
        said(scene)
    )
    assert "Anna Müller · 21 Sep 2026, 16:20 · seen from the front · 1:23 min" in said(scene)
    assert said(scene).count("Squat") == 1


def test_every_repetition_has_its_verdict_by_shape_in_its_lane():
    scene = page()
    lanes = {
        shape: {round(mark.centre[1], 4) for mark in marks(scene, shape) if mark.centre[1] > 0.45}
        for shape in (Shape.DISC, Shape.DASH)
    }
    discs = [mark for mark in marks(scene, Shape.DISC) if round(mark.centre[1], 4) == min(lanes[Shape.DISC])]
    dashes = [mark for mark in marks(scene, Shape.DASH) if mark.centre[1] < 0.6]

    assert len(discs) == sum(part.verdict is Verdict.GOOD for part in kept.outcome().parts) == 7
    assert len(dashes) == 1
    assert dashes[0].centre[1] > discs[0].centre[1]
    assert {"7 good", "2 almost", "1 not judged"} <= set(said(scene))


@pytest.mark.parametrize("count", [1, 10, 200])
def test_every_judged_repetition_has_a_column_as_high_as_its_score(count):
    parts = [kept.rep(i) for i in range(count)]
    scene = page(kept.outcome(parts))
    columns = sorted(
        (item.box.x, item.box.h)
        for item in scene.items
        if isinstance(item, Panel) and item.ink is not Ink.LIVE
    )
    scores = [part.score for part in parts if part.score is not None]

    assert len(columns) == len(scores)
    per_point = columns[0][1] / scores[0]
    assert [height / per_point for _, height in columns] == pytest.approx(scores)


def test_a_limb_is_told_by_colour_width_and_pattern():
    figure = [
        item
        for item in page().items
        if isinstance(item, Stroke) and len(item.points) == 3 and item.width > 0.002
    ]
    looks = {item.ink: (item.dashed, item.rim_ink) for item in figure}

    assert looks[Ink.POOR] == (False, Ink.TEXT)
    assert looks[Ink.FAIR] == (True, Ink.TEXT)
    assert looks[Ink.UNKNOWN] == (False, None)
    widths = {item.ink: item.width for item in figure}
    assert widths[Ink.POOR] > widths[Ink.FAIR] > widths[Ink.UNKNOWN]


def test_the_levels_stay_apart_on_a_grey_copy():
    for one, other in itertools.combinations((Ink.GOOD, Ink.FAIR, Ink.POOR), 2):
        assert contrast(PAPER[one], PAPER[other]) > 1.5


def test_the_last_time_is_compared_figure_by_figure():
    told = said(page())
    assert {"78", "84", "↑ 6"} <= set(told)
    assert kept.outcome().ranges[0].mean_deg > kept.LAST.ranges[0].mean_deg


def test_why_nothing_is_compared_is_said():
    assert ENGLISH_PAPER.first_time in said(page(last=None))
    assert ENGLISH_PAPER.no_person in said(page(kept.outcome(person=None), None))


def test_without_a_score_the_reason_is_what_stands_out():
    scene = PAGES["no_score"]()
    largest = sorted(texts(scene), key=lambda text: text.size)[-4:]

    assert any("Left side hidden" in " ".join(text.lines) for text in largest)
    assert "No score" in said(scene)


def test_what_has_no_room_is_counted():
    faults = [{**kept.DEEPER, "joint": f"joint {i}", "text": f"change number {i}"} for i in range(20)]
    part = replace(kept.rep(2), faults=tuple(faults))
    told = said(page(kept.outcome([part])))

    shown = [text for text in told if text.startswith("Change number")]
    assert any(text == f"and {21 - len(set(shown))} more" for text in told)


def test_a_session_that_was_cut_off_says_so_and_has_no_date_without_a_clock():
    facts = next(text for text in said(PAGES["cut_off"]()) if "seen from" in text)

    assert facts.endswith("cut off before its end")
    assert "date unknown" in facts


def test_a_trend_has_a_point_for_every_session_of_its_routines():
    outcomes = kept.practised()
    scene = trend_page(trend_of(outcomes), version="0.1.0")
    discs = marks(scene, Shape.DISC)
    good = [mark for mark in discs if mark.ink is Ink.GOOD]

    assert len(good) == len(outcomes)  # the scores
    assert {"Squat", "Warrior II", "Anna Müller", "held, seconds"} <= set(said(scene))


def test_the_calendar_has_a_square_for_every_day_and_a_number_where_there_was_more():
    found = trend_of(kept.practised())
    scene = trend_page(found, version="0.1.0")
    squares = [item for item in scene.items if isinstance(item, Panel) and item.ink is Ink.GOOD]

    assert len(squares) == len(found.days) == found.days_in(WEEKS)
    assert said(scene).count("2") == sum(times == 2 for times in found.days.values())


def test_routines_without_room_are_named():
    scene = trend_page(trend_of(many_routines()), version="0.1.0")
    more = next(text for text in said(scene) if text.startswith("Not shown: "))

    assert more.count(LONG_ROUTINE) == 5


def test_a_date_is_told_in_words():
    assert ENGLISH_PAPER.day(date(2026, 3, 5)) == "5 Mar 2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_all_of_it_with_the_same_gaps(language):
    said_there = paper_catalogue(language)

    assert set(said_there) == set(paper_texts())
    for text, translation in said_there.items():
        gaps = [sorted(re.findall(r"{[^}]*}", each)) for each in (text, translation)]
        assert gaps[0] == gaps[1], text


def test_a_page_in_another_language_has_its_words_and_its_dates():
    told = said(composed("session_de", A4))

    assert {"Sitzungsbericht", "Linkes Knie", "7 von 10 gut"} <= set(told)
    assert any("21. Sept. 2026" in text for text in told)
    assert {"Évolution", "Jours d'exercice"} <= set(said(composed("trend_fr", A4)))


def test_what_was_wrong_is_said_in_the_language_of_the_page():
    text = Phrase("bend {joint} {degrees} degrees more", joint=Phrase("your left knee"), degrees="14")
    fault = {**kept.DEEPER, "text": str(text), "said": phrase_facts(text)}
    fault = json.loads(json.dumps(fault))  # as it comes back from the history
    catalogue = {
        "bend {joint} {degrees} degrees more": "beuge {joint} {degrees} Grad mehr",
        "your left knee": "dein linkes Knie",
    }
    done = kept.outcome([replace(kept.rep(2), faults=(fault,))])
    told = said(page(done, words=translated(paper_catalogue("de"), catalogue)))

    assert "Beuge dein linkes Knie 14 Grad mehr" in told
    assert "Bend your left knee 14 degrees more" in said(page(done))


@pytest.mark.parametrize(
    "broken", [None, {}, {"template": "{x}", "values": {}}, {"template": "a", "values": 7}]
)
def test_a_fault_whose_making_was_spoilt_is_told_as_it_was(broken):
    assert phrase_of(broken, "go deeper") in ("go deeper", "{x}")
