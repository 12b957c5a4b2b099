"""The screens around a session, looked at as data."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

import pytest

import face_views
from posecoach.coach.bounds import bounds
from posecoach.coach.gesture import Gesture
from posecoach.coach.layout import LEAST
from posecoach.coach.look import PLAIN, Look
from posecoach.coach.palette import DAY, NIGHT, contrast
from posecoach.coach.scene import Ink, Mark, Panel, Ring, Shape, Silhouette
from posecoach.coach.words import ENGLISH
from posecoach.face.compose_choose import compose_choose, tile_targets
from posecoach.face.hands import hands_at
from posecoach.face.menu import Marked, target_at
from posecoach.face.place import MANNERS, MOVES, Place
from scene_checks import (
    SCREENS,
    TINY,
    capitals,
    contains,
    longer,
    overlap,
    readable,
    run_into_each_other,
    shorter_side,
    texts,
)

every_screen = pytest.mark.parametrize("screen_wh", SCREENS.values(), ids=SCREENS)
LOOKS = {"plain": PLAIN, "longer": Look(words=longer(ENGLISH)), "large": Look(large=True)}
every_look = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


@cache
def scenes(screen_wh, look=PLAIN):
    return face_views.all_scenes(screen_wh[0] / screen_wh[1], look)


def panels(scene):
    """Those that things stand on, without the rim of what is marked."""
    boxes = [item for item in scene.items if isinstance(item, Panel) and item.box.h > 0.03]
    return [item.box for item in boxes if item.ink is not Ink.GOOD]


@every_screen
@every_look
def test_nothing_is_outside_the_screen(screen_wh, look):
    aspect = screen_wh[0] / screen_wh[1]
    for name, scene in scenes(screen_wh, look).items():
        for item in scene.items:
            box = bounds(item, aspect)
            assert contains(replace(box, x=0.0, y=0.0, w=1.0, h=1.0), box, TINY), (name, item)


@every_screen
def test_panels_stand_apart(screen_wh):
    for name, scene in scenes(screen_wh).items():
        for one, other in itertools.combinations(panels(scene), 2):
            assert not overlap(one, other), name


@every_screen
@every_look
def test_texts_stand_on_their_panel_and_apart(screen_wh, look):
    aspect = screen_wh[0] / screen_wh[1]
    for name, scene in scenes(screen_wh, look).items():
        for text in texts(scene):
            on = [item.box for item in scene.items if isinstance(item, Panel) and item.ink is text.on]
            if text.on is not Ink.GROUND:
                assert any(contains(panel, capitals(text, aspect)) for panel in on), (name, text)
        assert run_into_each_other(readable(scene, aspect), aspect) == [], name


@every_screen
@every_look
def test_no_type_is_too_small_to_read(screen_wh, look):
    for name, scene in scenes(screen_wh, look).items():
        for text in texts(scene):
            assert text.size >= LEAST * shorter_side(screen_wh) - TINY, (name, text)


@pytest.mark.parametrize("palette", [NIGHT, DAY], ids=["night", "day"])
def test_every_text_is_legible_on_its_ground(palette):
    for name, scene in scenes((1280, 720)).items():
        for text in texts(scene):
            least = 7 if text.size < 0.05 or text.ink in (Ink.TEXT, Ink.SOFT) else 4.5
            assert contrast(palette[text.ink], palette[text.on]) >= least, (name, text)


@every_screen
def test_a_tile_is_taken_where_it_stands_and_its_sides_turn_the_page(screen_wh):
    aspect = screen_wh[0] / screen_wh[1]
    tiles = face_views.tiles()
    first, last = (tile_targets(Marked(len(tiles), at), aspect) for at in (0, len(tiles) - 1))
    assert [target.does for target in first[:6]] == list(range(6))
    assert [target.does for target in last[:-2]] == list(range(6 * ((len(tiles) - 1) // 6), len(tiles)))
    back, on = (target.does.at // 6 for target in first[-2:])
    assert (back, on) == ((len(tiles) - 1) // 6, 1)
    for target in first:
        assert target_at(first, target.box.centre) is target
    if aspect > 1:
        assert [target_at(first, (x, 0.5)) for x in (0.0, 1.0)] == list(first[-2:]), "a hand at the very edge"
    for one, other in itertools.combinations(first, 2):
        assert not overlap(one.box, other.box)


@every_screen
def test_a_reference_figure_stays_on_its_tile_all_the_time(screen_wh):
    aspect = screen_wh[0] / screen_wh[1]
    tiles = face_views.tiles()
    targets = tile_targets(Marked(len(tiles)), aspect)
    for step in range(12):
        scene = compose_choose(tiles, Marked(len(tiles)), 0.5 * step, aspect, PLAIN)
        figures = [item for item in scene.items if isinstance(item, Silhouette)]
        assert len(figures) == 6
        for figure, target in zip(figures, targets, strict=False):
            assert contains(target.box, bounds(figure, aspect))


def test_only_the_marked_one_moves_and_none_where_nothing_shall():
    tiles = face_views.tiles()

    def figures(now, look):
        scene = compose_choose(tiles, Marked(len(tiles), 1), now, 16 / 9, look)
        return [item for item in scene.items if isinstance(item, Silhouette)]

    moved = [one != other for one, other in zip(figures(0.2, PLAIN), figures(1.2, PLAIN), strict=True)]
    assert moved == [False, True, False, False, False, False]
    calm = Look(calm=True)
    assert figures(0.2, calm) == figures(1.2, calm)


def test_a_hand_that_points_is_a_ring_that_fills():
    rings = {
        name: [item for item in scene.items if isinstance(item, Ring)]
        for name, scene in scenes((1280, 720)).items()
    }
    assert [ring.value for ring in rings["choose_pointing"]] == [0.6]
    assert rings["choose_pointing"][0].centre == pytest.approx((0.5, 0.35))
    assert rings["choose_corner"][0].centre[0] < 1 - rings["choose_corner"][0].radius / (16 / 9) + TINY
    assert rings["choose"] == []


# -- which hand does what --


@pytest.mark.parametrize("mirrored", [True, False])
def test_each_hand_is_told_at_its_own_side(mirrored):
    scene = face_views.all_scenes(16 / 9, Look(mirrored=mirrored))["summary"]
    told = {" ".join(text.lines): text.x for text in texts(scene)}
    left, right = told["Left hand: something else"], told["Right hand: once more"]
    assert (left < 0.5 < right) is mirrored
    signs = {item.shape: item.centre[0] for item in scene.items if isinstance(item, Mark)}
    assert signs[Shape.LEFT_UP] < 0.1
    assert signs[Shape.RIGHT_UP] > 0.9


def test_what_is_told_of_a_hand_is_what_it_does():
    """Whoever changes the table of moves has to change the words."""
    told = {
        (place, side): getattr(hands_at(place, ENGLISH), side)
        for place in Place
        for side in ("left", "right")
    }
    leads = {
        (Place.RESULT, "right"): ("go on", Place.SUMMARY),
        (Place.SUMMARY, "left"): ("something else", Place.CHOOSE),
        (Place.SUMMARY, "right"): ("once more", Place.SESSION),
        (Place.TREND, "left"): ("go back", Place.CHOOSE),
        (Place.TREND, "right"): ("the next one", Place.TREND),
    }
    assert {key: words for key, words in told.items() if words} == {
        key: words for key, (words, _) in leads.items()
    }
    for (place, side), (_, to) in leads.items():
        wish = MANNERS[place].gestures[Gesture.LEFT_HAND if side == "left" else Gesture.RIGHT_HAND]
        assert MOVES[place, wish].to is to


def test_of_a_single_page_nothing_is_told_of_the_next():
    assert hands_at(Place.TREND, ENGLISH, several=False).right == ""


def test_in_a_tile_no_shin_hangs_in_the_air():
    """Of a lunge from the side the far thigh is hidden behind the body, and its shin is not."""
    (tile,) = (tile for tile in face_views.tiles() if tile.routine and tile.routine.id == "lunge")
    assert tile.movement is not None
    assert (tile.movement.weights.min(axis=0) < 0.15).any(), "something of it is hidden"
    scene = compose_choose((tile,), Marked(1), 1.6, 16 / 9, PLAIN)
    (figure,) = (item for item in scene.items if isinstance(item, Silhouette))
    hips = [points[0] for points, _ in figure.strokes if len(points) == 3]
    assert len(hips) >= 3, "each leg, and an arm, is one line of three points"
    assert not [points for points, _ in figure.strokes if len(points) == 2]
