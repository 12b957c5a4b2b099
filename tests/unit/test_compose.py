"""Every screen, looked at as data: where things stand, how large, on what."""

import itertools
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import screen_views as views
from posecoach.coach.bounds import bounds
from posecoach.coach.compose import compose
from posecoach.coach.compose_body import limb_look
from posecoach.coach.compose_gauges import MARKS
from posecoach.coach.layout import LEAST, LEAST_MOVING, lay_out
from posecoach.coach.look import PLAIN, Look, PictureMode
from posecoach.coach.palette import DAY, NIGHT, contrast
from posecoach.coach.scene import Bar, Hoop, Ink, Mark, Panel, Ring, Shape, Silhouette, Stroke
from posecoach.coach.view import CueView, Stage, StepKind, TroubleView, Verdict
from posecoach.coach.words import ENGLISH
from posecoach.skeleton import Keypoint, Limb
from scene_checks import (
    SCREENS,
    TINY,
    capitals,
    contains,
    large_panels,
    longer,
    overlap,
    run_into_each_other,
    said,
    shorter_side,
    stretched,
    texts,
)

ACTIVE = (
    "active_first",
    "active_cue",
    "active_praise",
    "active_quiet",
    "active_many",
    "active_lost",
    "hold",
    "flow",
)

every_screen = pytest.mark.parametrize("screen_wh", SCREENS.values(), ids=SCREENS)
every_picture = pytest.mark.parametrize("picture_wh", views.PICTURES.values(), ids=views.PICTURES)


LOOKS = {"plain": PLAIN, "longer": Look(words=longer(ENGLISH)), "large": Look(large=True)}
every_look = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)


@cache
def scenes(screen_wh, picture_wh, look=PLAIN):
    return {name: compose(view, screen_wh, look) for name, view in views.all_stages(picture_wh).items()}


@every_screen
@every_picture
def test_nothing_is_outside_the_screen(screen_wh, picture_wh):
    aspect = screen_wh[0] / screen_wh[1]
    for name, scene in scenes(screen_wh, picture_wh).items():
        for item in scene.items:
            box = bounds(item, aspect)
            assert box.x >= -TINY, (name, item)
            assert box.y >= -TINY, (name, item)
            assert box.right <= 1 + TINY, (name, item)
            assert box.bottom <= 1 + TINY, (name, item)


@every_screen
@every_picture
def test_panels_and_picture_stand_apart(screen_wh, picture_wh):
    for name, scene in scenes(screen_wh, picture_wh).items():
        boxes = large_panels(scene) + ([scene.picture.stands] if scene.picture else [])
        for one, other in itertools.combinations(boxes, 2):
            assert not overlap(one, other), name


@every_screen
@every_picture
def test_the_plan_of_the_screen_has_no_overlaps(screen_wh, picture_wh):
    plan = lay_out(screen_wh[0] / screen_wh[1], picture_wh[0] / picture_wh[1])
    boxes = [plan.picture, plan.meter, plan.line, plan.heading, plan.dial, plan.score, plan.dots]

    for one, other in itertools.combinations(boxes, 2):
        assert not overlap(one, other)


@every_screen
@every_picture
@every_look
def test_texts_stand_inside_the_panel_they_are_on(screen_wh, picture_wh, look):
    aspect = screen_wh[0] / screen_wh[1]
    for name, scene in scenes(screen_wh, picture_wh, look).items():
        for text in texts(scene):
            panels = [item.box for item in scene.items if isinstance(item, Panel) and item.ink is text.on]
            if text.on is not Ink.GROUND:
                assert any(contains(panel, capitals(text, aspect)) for panel in panels), (name, text)


@every_screen
@every_picture
@every_look
def test_texts_do_not_run_into_each_other(screen_wh, picture_wh, look):
    aspect = screen_wh[0] / screen_wh[1]
    for name, scene in scenes(screen_wh, picture_wh, look).items():
        assert run_into_each_other(texts(scene), aspect) == [], name


@every_screen
@every_picture
@every_look
def test_no_type_is_too_small_to_read(screen_wh, picture_wh, look):
    for name, scene in scenes(screen_wh, picture_wh, look).items():
        for text in texts(scene):
            assert text.size >= LEAST * shorter_side(screen_wh) - TINY, (name, text)


@every_screen
@every_picture
def test_what_is_read_while_moving_is_large(screen_wh, picture_wh):
    for cue in (
        views.CORRECTION,
        views.PRAISE,
        CueView(stretched(views.CORRECTION.text), Limb.LEFT_LEG, 17.0),
    ):
        scene = compose(views.view(Stage.ACTIVE, picture_wh, cue=cue), screen_wh)
        (text,) = [text for text in texts(scene) if " ".join(text.lines) == cue.text]
        assert text.size >= LEAST_MOVING * shorter_side(screen_wh) - TINY

        count = next(text for text in texts(scene) if text.lines == ("4",))
        assert count.size >= 1.5 * LEAST_MOVING * shorter_side(screen_wh)


@pytest.mark.parametrize("palette", [NIGHT, DAY], ids=["night", "day"])
@every_screen
def test_every_text_is_legible_on_its_ground(screen_wh, palette):
    for name, scene in scenes(screen_wh, views.LANDSCAPE, Look(light=palette is DAY)).items():
        assert scene.light is (palette is DAY)
        for text in texts(scene):
            assert contrast(palette[text.ink], palette[text.on]) >= 7, (name, text)


@pytest.mark.parametrize("palette", [NIGHT, DAY], ids=["night", "day"])
def test_what_is_drawn_parts_from_its_ground(palette):
    assert set(palette) == set(Ink)
    for ink in (Ink.GOOD, Ink.FAIR, Ink.POOR, Ink.UNKNOWN, Ink.GHOST, Ink.SEEN, Ink.LIVE):
        assert contrast(palette[ink], palette[Ink.PANEL]) >= 3, ink  # WCAG 2.2, 1.4.11: what is no text


@pytest.mark.parametrize("picture", [PictureMode.SILHOUETTE, PictureMode.SKELETON])
def test_a_private_picture_has_no_pixel_of_the_camera(picture):
    for name, scene in views.all_stages().items():
        shown = compose(scene, (1280, 720), Look(picture=picture)).picture
        assert shown is None or shown.image is None, name


def test_a_silhouette_is_a_filled_figure_under_ghost_and_skeleton():
    plain, filled = (
        compose(views.view(), (1280, 720), Look(picture=picture)).body
        for picture in (PictureMode.SKELETON, PictureMode.SILHOUETTE)
    )

    assert filled[1:] == plain
    assert isinstance(filled[0], Silhouette)
    assert filled[0].fill == 1.0


def test_where_nothing_shall_move_only_the_person_does():
    for name, view in views.all_stages().items():
        if view.stage is Stage.COUNTDOWN:
            continue
        early, late = (
            compose(replace(view, now=now, instructions=()), (1280, 720), Look(calm=True))
            for now in (view.now + 0.1, view.now + 0.4)
        )
        assert (early.items, early.body) == (late.items, late.body), name


@pytest.mark.parametrize("stage", Stage)
@every_screen
def test_every_stage_composes_with_nothing_known(stage, screen_wh):
    bare = replace(
        views.view(stage),
        frame=None,
        person=None,
        prompt="",
        countdown_s=None,
        score=None,
        reps=(),
        reps_target=None,
        hold_s=None,
        hold_target_s=None,
        phase=None,
        reach=None,
        best_reach=None,
        cue=None,
        summary=None,
    )
    for kind in StepKind:
        scene = compose(replace(bare, kind=kind), screen_wh)
        assert scene.items
        assert scene.picture is None


def test_a_person_of_whom_nothing_is_known_is_not_drawn():
    person = views.person(weights=np.zeros(17), limb_scores={}, ghost=False)

    assert compose(views.view(person=person), (1280, 720)).body == ()


def test_a_person_of_whom_a_part_is_seen_is_drawn_in_part():
    weights = np.full(17, 0.9)
    weights[[Keypoint.LEFT_ANKLE, Keypoint.LEFT_KNEE]] = 0.0
    whole = compose(views.view(person=views.person()), (1280, 720)).body
    part = compose(views.view(person=views.person(weights=weights)), (1280, 720)).body

    def strokes(body):
        return [item for item in body if isinstance(item, Stroke)]

    assert len(strokes(part)) == len(strokes(whole)) - 1


@pytest.mark.parametrize("count", [0, 1, 40, 300])
@every_screen
def test_any_number_of_repetitions_has_room(count, screen_wh):
    for target in (None, 3, 40, 500):
        scene = compose(views.view(reps=views.reps(count), reps_target=target), screen_wh)
        signs = [item for item in scene.items if isinstance(item, Mark)]
        for one, other in itertools.combinations(signs, 2):
            aspect = screen_wh[0] / screen_wh[1]
            assert not overlap(bounds(one, aspect), bounds(other, aspect))


def test_the_repetitions_are_counted_and_each_has_its_sign():
    scene = compose(views.view(reps=views.reps(5), cue=None, now=60.0), (1280, 720))
    shapes = [item.shape for item in scene.items if isinstance(item, Mark) and item.shape is not Shape.POINT]

    assert "4" in said(scene)  # one of the five could not be judged
    assert shapes[-5:] == [Shape.DISC, Shape.DISC, Shape.RING, Shape.DISC, Shape.DASH]


def test_verdicts_differ_by_form_as_well_as_by_colour():
    assert len({shape for shape, _ in MARKS.values()}) == len(Verdict)
    assert len({ink for _, ink in MARKS.values()}) == len(Verdict)


def test_levels_differ_by_more_than_colour():
    looks = [limb_look(score) for score in (95, 70, 30, None)]
    for one, other in itertools.combinations(looks, 2):
        assert one.ink is not other.ink
        assert one.dashed != other.dashed or max(one.width, other.width) >= 1.25 * min(one.width, other.width)


def test_the_subjects_left_is_at_the_left_of_a_mirror():
    view = views.view(cue=None)
    knee = tuple(view.person.keypoints_xy[Keypoint.LEFT_KNEE] / view.frame.wh)
    for mirrored, side in ((True, -1), (False, 1)):
        box = compose(view, (1280, 720), Look(mirrored=mirrored)).picture
        middle = box.stands.centre[0]
        assert (box.on_screen(*knee)[0] - middle) * side > 0


def test_a_keypoint_far_outside_the_picture_costs_no_more_than_another():
    person = views.person()
    astray = person.keypoints_xy.copy()
    astray[Keypoint.LEFT_WRIST] = (1e9, -1e9)
    body = compose(views.view(person=replace(person, keypoints_xy=astray)), (1280, 720)).body

    assert (
        max(abs(x) for item in body if isinstance(item, Stroke) for point in item.points for x in point) < 5
    )


def test_data_is_never_mirrored():
    plain, mirror = (
        compose(views.view(), (1280, 720), Look(mirrored=mirrored)) for mirrored in (False, True)
    )

    assert plain.body == mirror.body
    assert np.array_equal(plain.picture.image, mirror.picture.image)


def test_the_sign_of_the_limb_stands_on_the_side_where_the_limb_is_seen():
    for mirrored, side in ((True, -1), (False, 1)):
        scene = compose(views.view(cue=views.CORRECTION), (1280, 720), Look(mirrored=mirrored))
        strokes = [item for item in scene.items if isinstance(item, Stroke)]
        (meant,) = [item for item in strokes if item.ink is Ink.POOR]
        middle = np.mean([x for item in strokes for x, _ in item.points])
        assert (np.mean([x for x, _ in meant.points]) - middle) * side > 0


def test_a_cue_is_shown_at_the_limb():
    view = views.view(cue=views.CORRECTION)
    knee = tuple(view.person.keypoints_xy[Keypoint.LEFT_KNEE] / view.frame.wh)
    sign = compose(view, (1280, 720)).body[-1]

    assert isinstance(sign, Hoop)
    assert sign.centre == pytest.approx(knee)


def test_the_ghost_lies_behind_the_person():
    body = compose(views.view(), (1280, 720)).body

    assert isinstance(body[0], Silhouette)
    assert not any(isinstance(item, Silhouette) for item in body[1:])


def test_no_score_is_a_dash_and_a_reason():
    first = compose(views.view(score=None), (1280, 720))
    last = compose(views.view(Stage.SUMMARY, summary=views.NO_SCORE), (1280, 720))

    assert "\N{EN DASH}" in said(first)
    assert ENGLISH.not_yet in said(first)
    assert "\N{EN DASH}" in said(last)
    assert views.NO_SCORE.reason in said(last)
    assert "0" not in said(last)


def test_a_score_of_zero_is_a_number():
    assert "0" in said(compose(views.view(score=0.0, reps=views.reps(1)), (1280, 720)))


def test_without_a_cue_the_line_tells_the_last_repetition():
    scene = compose(views.view(cue=None, reps=views.reps(3)), (1280, 720))

    assert any("14 degrees short" in text for text in said(scene))


def test_the_clock_of_a_hold_counts_whole_seconds():
    view = views.all_stages()["hold"]

    assert {"18", "of 30 s"} <= set(said(compose(view, (1280, 720))))


def test_the_countdown_shows_the_second_that_runs():
    for left, number in ((3.0, "3"), (2.01, "3"), (2.0, "2"), (0.4, "1"), (0.0, "1")):
        assert number in said(compose(views.view(Stage.COUNTDOWN, countdown_s=left), (1280, 720)))


def test_the_privacy_line_is_on_the_first_screen():
    assert ENGLISH.privacy in said(compose(views.view(Stage.IDLE), (1280, 720)))


@pytest.mark.parametrize("stage", [Stage.IDLE, Stage.PLACING])
def test_before_it_begins_the_instructions_are_told_one_after_the_other(stage):
    told = ("Stand side-on.", "Sit back.", "Stand up.")
    view = views.view(stage, instructions=told)

    heard = []
    for since in (0.0, 3.9, 4.1, 8.1, 12.1):
        [now] = [text for text in told if text in said(compose(replace(view, now=12.0 + since), (1280, 720)))]
        heard.append(now)
    assert heard == [told[0], told[0], told[1], told[2], told[0]]


def test_the_same_view_makes_the_same_scene():
    for view in views.all_stages().values():
        one, other = compose(view, (1280, 720)), compose(view, (1280, 720))
        assert one.items == other.items
        assert one.body == other.body


def test_a_cue_fades_in_and_then_stands_still():
    def opacity(now):
        scene = compose(views.view(now=now), (1280, 720))
        return next(text.opacity for text in texts(scene) if " ".join(text.lines) == views.CORRECTION.text)

    assert opacity(17.0) < 0.1 < opacity(17.1) < opacity(17.3) == 1


def test_a_new_repetition_swells_once():
    def size(now):
        scene = compose(views.view(now=now, reps=views.reps(1), cue=None), (1280, 720))
        return next(text.size for text in texts(scene) if text.lines == ("1",))

    assert size(4.25) > size(4.6) == size(9.0)


def test_nothing_flashes():
    """While only time passes, colours stay: what moves is size and place."""
    for name, view in views.all_stages().items():
        if name == "countdown":
            continue
        inks = {
            tuple(item.ink for item in compose(replace(view, now=30 + t / 30), (1280, 720)).items)
            for t in range(60)
        }
        assert len(inks) == 1, name


def test_the_reach_meter_tells_when_the_reference_is_reached():
    def meter(reach):
        scene = compose(views.view(reach=reach, best_reach=None), (1280, 720))
        return next(item for item in scene.items if isinstance(item, Bar))

    assert meter(None).value == 0
    assert 0 < meter(0.5).value < meter(1.0).value < 1
    assert meter(1.6).value == 1
    assert meter(0.9).ink is Ink.LIVE
    assert meter(1.0).ink is Ink.GOOD


@every_screen
@every_picture
def test_the_picture_keeps_its_proportions_and_its_feet(screen_wh, picture_wh):
    box = compose(views.view(Stage.ACTIVE, picture_wh), screen_wh).picture
    shown = (box.shows.w * picture_wh[0]) / (box.shows.h * picture_wh[1])
    stands = box.stands.w * screen_wh[0] / (box.stands.h * screen_wh[1])

    assert stands == pytest.approx(shown, rel=1e-6)
    assert (box.shows.y, box.shows.h) == (0, 1)
    assert box.shows.w >= 0.75 - TINY
    assert box.shows.centre[0] == pytest.approx(0.5)
    if picture_wh[0] <= picture_wh[1]:
        assert box.shows.w == 1


def test_the_picture_takes_most_of_a_wide_screen():
    stands = compose(views.view(), (1280, 720)).picture.stands

    assert stands.w >= 0.65
    assert stands.h >= 0.71


def test_the_summary_needs_no_picture():
    assert compose(views.view(Stage.SUMMARY), (1280, 720)).picture is None


def test_the_summary_names_best_and_worst_and_what_to_do():
    scene = compose(views.view(Stage.SUMMARY), (1280, 720))

    assert {"84", "Trunk", "Left leg", "93 % judged", views.SUMMARY.advice, "96°"} <= set(said(scene))


def test_a_summary_without_anything_to_change_says_so():
    alike = replace(views.SUMMARY, limb_scores=views.SOUND, best=None, worst=None, advice="", score=97.0)
    scene = compose(views.view(Stage.SUMMARY, summary=alike), (1280, 720))
    assert {ENGLISH.limbs_alike, ENGLISH.keep} <= set(said(scene))

    none = replace(views.NO_SCORE, reason="")
    scene = compose(views.view(Stage.SUMMARY, summary=none), (1280, 720))
    assert {ENGLISH.no_limbs, ENGLISH.no_score} <= set(said(scene))


def test_the_summary_is_compared_with_the_last_time():
    told = said(compose(views.view(Stage.SUMMARY, summary=views.COMPARED), (1280, 720)))

    assert {"↑ 6 since last time", "12 % slower than shown", ENGLISH.range_compared} <= set(told)
    assert {"↑96°", "112°", "↓88°", "↑91°"} <= set(told), "half a degree is no difference"
    last = replace(views.COMPARED.last, score=90.4)
    worse = replace(views.COMPARED, last=last, tempo=1.3)
    told = said(compose(views.view(Stage.SUMMARY, summary=worse), (1280, 720)))
    assert {"↓ 6 since last time", "30 % faster than shown"} <= set(told)


def test_without_a_last_time_the_summary_compares_nothing():
    told = said(compose(views.view(Stage.SUMMARY), (1280, 720)))

    assert not [text for text in told if "last time" in text or "↑" in text or "shown" in text]
    assert ENGLISH.range_of_motion in told


def test_a_line_on_each_bar_is_as_far_as_the_reference_goes():
    scene = compose(views.view(Stage.SUMMARY, summary=views.COMPARED), (1280, 720))
    bars = [item.box for item in scene.items if isinstance(item, Bar)]
    lines = [item for item in scene.items if isinstance(item, Stroke) and len(item.points) == 2]
    ticks = [line.points[0][0] for line in lines if line.ink is Ink.TEXT]

    shares = [(x - box.x) / box.w for x, box in zip(ticks, bars, strict=True)]
    assert shares == pytest.approx([118 / 130, 118 / 130, 96 / 130, 96 / 130])


def test_the_score_of_the_summary_grows_once():
    def value(now):
        scene = compose(views.view(Stage.SUMMARY, now=now), (1280, 720))
        return next(item.value for item in scene.items if isinstance(item, Ring))

    assert value(12.0) < value(12.3) < value(13.0) == pytest.approx(0.84)


@every_screen
def test_long_names_and_many_joints_have_room(screen_wh):
    summary = replace(
        views.SUMMARY,
        best="Rechtes Bein und rechte Schulter",
        worst="Linker Arm",
        range_of_motion_deg={f"Linke Schulter {i}": 90.0 + i for i in range(8)},
    )
    aspect = screen_wh[0] / screen_wh[1]
    name = "Ausfallschritt rückwärts mit Armheben"
    for view in (
        views.view(Stage.SUMMARY, summary=summary, routine_name=name),
        views.view(routine_name=name),
        views.view(Stage.IDLE, routine_name=name),
    ):
        scene = compose(view, screen_wh)
        assert run_into_each_other(texts(scene), aspect) == []
        for text in texts(scene):
            assert bounds(text, aspect).right <= 1 + TINY
            assert text.size > 0.7 * LEAST * shorter_side(screen_wh)


def tempo_marks(pace, **changes):
    """The bubble of the tempo gauge and its signs, as drawn."""
    scene = compose(views.view(pace=pace, reps=(), **changes), (1280, 720))
    marks = [item for item in scene.items if isinstance(item, Mark)]
    at = next(n for n, mark in enumerate(marks) if mark.shape is Shape.TEMPO)
    _, slow, fast, bubble = marks[at : at + 4]
    return slow, fast, bubble


@pytest.mark.parametrize(
    ("pace", "shape", "ink"),
    [
        (None, Shape.DASH, Ink.UNKNOWN),
        (0.4, Shape.RING, Ink.FAIR),
        (1.0, Shape.DISC, Ink.GOOD),
        (1.45, Shape.DISC, Ink.GOOD),
        (1.6, Shape.RING, Ink.FAIR),
    ],
)
def test_the_tempo_is_told_by_place_and_shape_and_colour(pace, shape, ink):
    slow, fast, bubble = tempo_marks(pace)
    assert (bubble.shape, bubble.ink) == (shape, ink)
    assert (slow.ink is Ink.FAIR) == (pace == 0.4)
    assert (fast.ink is Ink.FAIR) == (pace == 1.6)


def test_the_faster_the_further_to_the_right_and_never_off_the_bar():
    xs = [tempo_marks(pace)[2].centre[0] for pace in (0.01, 0.5, 1.0, 1.4, 2.0, 50.0)]
    assert xs == sorted(xs)
    slow, fast, _ = tempo_marks(1.0)
    assert slow.centre[0] < xs[0]
    assert xs[-1] < fast.centre[0]


def test_a_hold_has_no_tempo():
    for view in (views.all_stages()["hold"], views.view(kind=StepKind.HOLD, hold_s=3.0)):
        scene = compose(view, (1280, 720))
        assert not [i for i in scene.items if isinstance(i, Mark) and i.shape is Shape.TEMPO]


@pytest.mark.parametrize("stage", [Stage.ACTIVE, Stage.PLACING, Stage.SUMMARY])
def test_what_is_wrong_with_the_box_hides_nobody_on_an_upright_screen(stage):
    trouble = TroubleView("T3", "The Coral stick does not answer: the network runs slower on the processor")
    before = compose(views.view(stage), (720, 1280))
    scene = compose(views.view(stage, troubles=(trouble,)), (720, 1280))
    added = scene.items[len(before.items) :]
    (line,) = (item for item in added if isinstance(item, Panel))
    assert "".join(said(replace(scene, items=added))).startswith(trouble.text[:20])
    under = [item.box for item in before.items if isinstance(item, Panel) and item.box.h > 0.05]
    under += [before.picture.stands] if before.picture else []
    assert not any(overlap(line.box, box) for box in under)
    headings = [capitals(text, 720 / 1280) for text in texts(before) if text.on is Ink.GROUND]
    assert all(contains(line.box, box) or not overlap(line.box, box) for box in headings)
