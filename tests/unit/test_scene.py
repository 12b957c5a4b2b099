"""Places, colours and type, as data."""

import itertools

import pytest

from posecoach.coach.bounds import bounds
from posecoach.coach.palette import NIGHT, contrast
from posecoach.coach.scene import Align, Box, Ink, Mark, PictureBox, Ring, Shape, Stroke, Text, Weight
from posecoach.coach.typesetting import block_height, break_lines, fit, width_em

GROUNDS = (Ink.GROUND, Ink.PANEL, Ink.RAISED)
WIDE = 16 / 9


WHOLE = Box(0, 0, 1, 1)


def picture(*, mirrored, shows=WHOLE):
    return PictureBox(None, (1280, 720), Box(0.1, 0.2, 0.5, 0.6), shows, mirrored)


def test_an_unmirrored_picture_keeps_left_at_the_left():
    assert picture(mirrored=False).on_screen(0.0, 0.0) == pytest.approx((0.1, 0.2))
    assert picture(mirrored=False).on_screen(1.0, 1.0) == pytest.approx((0.6, 0.8))


def test_a_mirrored_picture_turns_left_and_right_and_nothing_else():
    assert picture(mirrored=True).on_screen(0.0, 0.0) == pytest.approx((0.6, 0.2))
    assert picture(mirrored=True).on_screen(1.0, 1.0) == pytest.approx((0.1, 0.8))


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_shown_part_of_a_cropped_picture_fills_its_place(mirrored):
    box = picture(mirrored=mirrored, shows=Box(0.25, 0.0, 0.5, 1.0))
    edges = {box.on_screen(x, 0.5)[0] for x in (0.25, 0.75)}

    assert sorted(edges) == pytest.approx([0.1, 0.6])
    assert box.on_screen(0.5, 0.5) == pytest.approx((0.35, 0.5))
    assert box.size_on_screen == pytest.approx(0.6)


@pytest.mark.parametrize("ink", [Ink.TEXT, Ink.SOFT])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_is_legible_on_every_ground(ink, ground):
    assert contrast(NIGHT[ink], NIGHT[ground]) >= 7


def test_text_is_legible_on_praise():
    assert contrast(NIGHT[Ink.ON_GOOD], NIGHT[Ink.GOOD]) >= 7


def test_contrast_is_that_of_the_published_examples():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


def test_every_ink_has_a_colour():
    assert set(NIGHT) == set(Ink)


def test_the_three_levels_differ_in_lightness_or_hue_for_the_colour_blind():
    for one, other in itertools.combinations((Ink.GOOD, Ink.FAIR, Ink.POOR), 2):
        # Blue against the rest, seen without red and green (the blue and the luminance axis remain).
        blue_apart = abs(NIGHT[one][2] - NIGHT[other][2])
        assert blue_apart > 60 or contrast(NIGHT[one], NIGHT[other]) > 1.5


def test_a_text_is_broken_into_even_lines_that_fit():
    lines = break_lines("Bend your left knee 14 degrees more at the bottom", Weight.BOLD, 14.0)

    assert len(lines) == 2
    assert " ".join(lines) == "Bend your left knee 14 degrees more at the bottom"
    widths = [width_em(line, Weight.BOLD) for line in lines]
    assert max(widths) <= 14.0
    assert min(widths) > 0.6 * max(widths)


def test_a_text_is_set_as_large_as_fits_and_no_larger_than_asked():
    wh = (0.9, 0.15)
    lines, size = fit("Straighten your back", Weight.BOLD, wh, 0.08, 0.05, 3)

    assert 0.05 <= size <= 0.08
    assert max(width_em(line, Weight.BOLD) for line in lines) * size <= wh[0]
    assert block_height(len(lines)) * size <= wh[1]


def test_a_text_too_long_for_its_least_size_is_kept_whole():
    long = "word " * 60
    lines, size = fit(long, Weight.MEDIUM, (0.4, 0.2), 0.08, 0.05, 3)

    assert " ".join(lines).split() == long.split()
    assert size < 0.05
    assert block_height(len(lines)) * size <= 0.2


def test_letters_with_accents_are_as_wide_as_those_without():
    assert width_em("Rücken gerade", Weight.BOLD) == width_em("Rucken gerade", Weight.BOLD)


def test_the_bounds_of_round_things_are_round_on_every_screen():
    for item in (
        Ring((0.5, 0.5), 0.1, 0.02, 0.5, Ink.GOOD),
        Mark(Shape.DISC, (0.5, 0.5), 0.2, Ink.GOOD),
    ):
        box = bounds(item, WIDE)
        assert box.h == pytest.approx(0.2)
        assert box.w * WIDE == pytest.approx(box.h)


def test_the_bounds_of_a_stroke_hold_its_rim():
    box = bounds(Stroke(((0.2, 0.5), (0.4, 0.5)), 0.02, Ink.GOOD, Ink.CASING, 0.01), 1.0)

    assert (box.x, box.right) == pytest.approx((0.18, 0.42))
    assert (box.y, box.bottom) == pytest.approx((0.48, 0.52))


@pytest.mark.parametrize(("align", "edge"), [(Align.LEFT, 0.5), (Align.CENTRE, 0.45), (Align.RIGHT, 0.4)])
def test_the_bounds_of_a_text_follow_its_alignment(align, edge):
    size = 0.1 / width_em("knee", Weight.MEDIUM)
    box = bounds(Text(("knee",), 0.5, 0.5, size, Ink.TEXT, Ink.PANEL, 0.3, align=align), 1.0)

    assert box.x == pytest.approx(edge)
    assert box.w == pytest.approx(0.1)


@pytest.mark.parametrize("sign", [":", "?", ";", "!", "%"])
def test_no_line_begins_with_a_sign_that_belongs_to_the_word_before(sign):
    for wide in (3.0, 4.0, 5.0, 6.0):
        lines = break_lines(f"Main gauche {sign} retour", Weight.MEDIUM, wide)
        assert not any(line.startswith(sign) for line in lines)
        assert " ".join(lines) == f"Main gauche {sign} retour"


def test_a_quotation_mark_stays_with_what_it_opens():
    lines = break_lines("dites « oui » au coach", Weight.MEDIUM, 4.5)
    assert any("« oui »" in line for line in lines)
