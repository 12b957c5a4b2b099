"""What every display promises, asked of the real one: in memory, in a window, and under an X server."""

import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pygame = pytest.importorskip("pygame", reason="needs pygame or pygame-ce")

import screen_views as views  # noqa: E402
from posecoach.adapters.pygame_display import PygameDisplay  # noqa: E402
from posecoach.adapters.pygame_display.lettering import Lettering  # noqa: E402
from posecoach.adapters.pygame_display.sprites import SurfaceCache  # noqa: E402
from posecoach.coach.compose import compose  # noqa: E402
from posecoach.coach.palette import NIGHT  # noqa: E402
from posecoach.coach.scene import Box, Ink, Panel, PictureBox, Scene, Still, Stroke, Text, Weight  # noqa: E402
from posecoach.coach.typesetting import width_em  # noqa: E402
from posecoach.coach.view import Stage  # noqa: E402
from posecoach.errors import DisplayError  # noqa: E402

WH = (640, 360)
SCALING_ROUNDS_AWAY = 6
FULL = Box(0, 0, 1, 1)
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["headless", "window", "fullscreen"])
def display(request, monkeypatch):
    """The window ones on SDL's own driver that shows nothing."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with PygameDisplay(request.param, wh=WH) as display:
        yield display


@pytest.fixture
def headless():
    with PygameDisplay("headless", wh=WH) as display:
        yield display


def half_and_half():
    """Red at the left of the camera's picture, blue at its right."""
    image = np.zeros((72, 128, 3), np.uint8)
    image[:, :64] = (250, 0, 0)
    image[:, 64:] = (0, 0, 250)
    return image


def picture(*, mirrored, stands=FULL, brightness=1.0):
    image = half_and_half()
    return PictureBox(image, (128, 72), stands, FULL, mirrored, brightness)


def is_good(pixels):
    """Whether each is the colour of GOOD, but for what scaling rounds away."""
    return (np.abs(pixels.astype(int) - NIGHT[Ink.GOOD]) <= SCALING_ROUNDS_AWAY).all(axis=-1)


def hello(x=0.5):
    return Text(("Fly",), x, 0.5, 0.3, Ink.TEXT, Ink.GROUND, 0.4, Weight.BOLD)


def test_what_was_shown_can_be_read_as_a_copy(display):
    assert display.show(Scene(items=(Panel(Box(0, 0, 0.5, 1), Ink.GOOD),)))

    pixels = display.pixels()
    assert pixels.shape == (display.wh[1], display.wh[0], 3)
    assert pixels.dtype == np.uint8
    assert tuple(pixels[5, 5]) == NIGHT[Ink.GOOD]
    assert tuple(pixels[5, -5]) == NIGHT[Ink.GROUND]

    pixels[:] = 0
    assert tuple(display.pixels()[5, 5]) == NIGHT[Ink.GOOD]


def test_closing_twice_is_harmless_and_the_last_picture_stays(display):
    display.show(Scene(items=(Panel(FULL, Ink.GOOD),)))
    display.close()
    display.close()

    assert tuple(display.pixels()[5, 5]) == NIGHT[Ink.GOOD]
    with pytest.raises(DisplayError, match="after close"):
        display.show(Scene())


def test_a_closed_display_makes_room_for_another(display):
    display.close()
    with PygameDisplay("window", wh=(320, 200)) as other:
        assert other.show(Scene())
        assert other.wh == (320, 200)


def test_every_stage_is_shown(display):
    for view in views.all_stages().values():
        assert display.show(compose(view, display.wh))


@pytest.mark.parametrize(
    "event",
    [
        pygame.event.Event(pygame.QUIT),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q),
    ],
    ids=["closed", "escape", "q"],
)
def test_a_person_can_quit(event, monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with PygameDisplay("window", wh=WH) as display:
        assert display.show(Scene())
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_SPACE))
        assert display.show(Scene())
        pygame.event.post(event)
        assert not display.show(Scene())
        assert not display.show(Scene())


def test_a_mirrored_picture_is_turned(headless):
    for mirrored, left in ((False, (250, 0, 0)), (True, (0, 0, 250))):
        headless.show(Scene(picture(mirrored=mirrored)))
        pixels = headless.pixels()
        assert tuple(pixels[180, 10]) == left
        assert tuple(pixels[180, -10]) == (250 - left[0], 0, 250 - left[2])


@pytest.mark.parametrize("wh", [(64, 36), (640, 360), (129, 300)], ids=["smaller", "larger", "odd"])
def test_a_picture_is_turned_the_same_at_every_size(wh):
    with PygameDisplay("headless", wh=wh) as display:
        display.show(Scene(picture(mirrored=False)))
        plain = display.pixels()
        display.show(Scene(picture(mirrored=True)))

        assert np.array_equal(display.pixels()[:, : wh[0] // 2], plain[:, ::-1][:, : wh[0] // 2])


def test_a_text_over_a_mirrored_picture_is_not_turned(headless):
    ground = picture(mirrored=False, stands=Box(0, 0, 0.4, 1))
    headless.show(Scene(ground, items=(hello(),)))
    plain = headless.pixels()
    headless.show(Scene(replace(ground, mirrored=True), items=(hello(),)))
    mirrored = headless.pixels()

    right = slice(int(0.41 * WH[0]), None)
    assert np.array_equal(plain[:, right], mirrored[:, right])
    assert (plain[:, right] == NIGHT[Ink.TEXT]).all(axis=2).any()
    assert not np.array_equal(plain, mirrored)


def test_the_body_is_turned_with_the_picture(headless):
    bone = Stroke(((0.1, 0.2), (0.1, 0.8)), 0.05, Ink.GOOD)
    for mirrored, x in ((False, 64), (True, 576)):
        headless.show(Scene(picture(mirrored=mirrored), (bone,)))
        assert is_good(headless.pixels()[180, x])


def test_the_body_stays_inside_the_picture(headless):
    bone = Stroke(((-1.0, 0.5), (2.0, 0.5)), 0.1, Ink.GOOD)
    headless.show(Scene(picture(mirrored=True, stands=Box(0.25, 0, 0.5, 1)), (bone,)))
    row = is_good(headless.pixels()[180])

    assert row[160:480].all()
    assert not row[:160].any()
    assert not row[480:].any()


def test_edges_of_limbs_are_smooth(headless):
    bone = Stroke(((0.2, 0.2), (0.8, 0.7)), 0.1, Ink.TEXT)
    headless.show(Scene(PictureBox(np.zeros((36, 64, 3), np.uint8), (64, 36), FULL, FULL, False), (bone,)))
    levels = np.unique(headless.pixels()[..., 0])

    assert len(levels) >= 4


def test_brightness_dims_the_picture(headless):
    headless.show(Scene(picture(mirrored=False, brightness=0.4)))

    assert tuple(headless.pixels()[180, 10]) == pytest.approx((100, 0, 0), abs=2)


def test_a_picture_need_not_lie_in_one_piece_of_memory(headless):
    odd = replace(picture(mirrored=False), image=half_and_half()[:, ::-1])
    odd.image.flags.writeable = False
    headless.show(Scene(odd))

    assert tuple(headless.pixels()[180, 10]) == (0, 0, 250)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 400, 3), (3000, 2, 3)])
def test_a_picture_of_any_size_is_shown(shape, headless):
    image = np.full(shape, 200, np.uint8)
    headless.show(Scene(PictureBox(image, (shape[1], shape[0]), FULL, Box(0.1, 0, 0.8, 1), True)))

    assert tuple(headless.pixels()[180, 320]) == (200, 200, 200)


@pytest.mark.parametrize("wh", [(1280, 720), (480, 800)])
def test_painting_only_what_changed_looks_the_same_as_painting_all(wh):
    """Every stage after every other, and each some moments later."""
    one_after_another = []
    for view in views.all_stages().values():
        one_after_another += [replace(view, now=view.now + later) for later in (0.0, 0.1, 1.3)]
    with PygameDisplay("headless", wh=wh) as display:
        for view in one_after_another:
            scene = compose(view, wh)
            display.show(scene)
            with PygameDisplay("headless", wh=wh) as fresh:
                fresh.show(scene)
                difference = np.abs(display.pixels().astype(int) - fresh.pixels())
            assert difference.max() == 0, (view.stage, view.now)


def test_what_is_kept_between_scenes_is_bounded():
    cache = SurfaceCache(max_bytes=100_000)
    for i in range(500):
        cache.get(i, lambda: pygame.Surface((50, 50), pygame.SRCALPHA, 32))
        assert cache.total_bytes <= 100_000

    made = []
    cache.get(499, lambda: made.append(1))
    assert not made


def test_type_runs_as_wide_as_it_was_reckoned():
    pygame.font.init()
    lettering = Lettering()
    for weight in Weight:
        for px in (24, 40, 64, 150):
            for line in ("Bend your left knee 14", "Rücken gerade halten, 30°", "0123456789", "posecoach"):
                reckoned = width_em(line, weight) * px
                assert lettering.width_px(line, weight, px) == pytest.approx(reckoned, rel=0.045, abs=3)


def test_type_that_runs_wider_than_its_room_is_set_smaller(headless):
    long = Text(("Wwwwwwwwwwwwwwwwwwwwwwwwwwww",), 0.1, 0.5, 0.3, Ink.TEXT, Ink.GROUND, 0.3)
    headless.show(Scene(items=(long,)))
    columns = np.nonzero((headless.pixels() != NIGHT[Ink.GROUND]).any(axis=(0, 2)))[0]

    assert columns.min() >= 0.09 * WH[0]
    assert columns.max() <= 0.42 * WH[0]


def run_python(code, **environment):
    path = os.pathsep.join(str(CHECKOUT / folder) for folder in ("device", "tests"))
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_screen_the_message_says_what_to_do():
    code = """
        from posecoach.adapters.pygame_display import PygameDisplay
        from posecoach.errors import DisplayError
        try:
            PygameDisplay("fullscreen")
        except DisplayError as error:
            print(error)
    """
    done = run_python(code, SDL_VIDEODRIVER="", DISPLAY="", WAYLAND_DISPLAY="", XDG_RUNTIME_DIR="/nowhere")

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert "no screen can be opened" in done.stdout
    assert "DISPLAY=''" in done.stdout
    assert "--display headless" in done.stdout


def test_an_unknown_driver_is_named():
    code = """
        from posecoach.adapters.pygame_display import PygameDisplay
        PygameDisplay("window")
    """
    done = run_python(code, SDL_VIDEODRIVER="nosuchdriver")

    assert done.returncode != 0
    assert "DisplayError" in done.stderr
    assert "nosuchdriver" in done.stderr


def test_a_display_without_pixels_is_refused():
    with pytest.raises(DisplayError, match="at least 1 pixel"):
        PygameDisplay("headless", wh=(0, 10))


def test_importing_says_nothing_and_leaves_signals_alone():
    code = """
        import os, signal
        import posecoach.adapters.pygame_display
        print(os.environ["SDL_NO_SIGNAL_HANDLERS"])
    """
    assert run_python(code).stdout == "1\n"


@pytest.fixture
def x_server():
    """A real X server that shows its screen to nobody; gives the value of DISPLAY."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("needs Xvfb (Debian package xvfb) for a real window")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


def test_a_real_window_shows_the_scene_and_closes(x_server):
    code = """
        import pygame
        import screen_views as views
        from posecoach.adapters.pygame_display import PygameDisplay
        from posecoach.coach.compose import compose
        for mode in ("window", "fullscreen"):
            with PygameDisplay(mode, wh=(640, 360)) as display:
                assert pygame.display.get_driver() == "x11"
                for view in views.all_stages().values():
                    assert display.show(compose(view, display.wh))
                assert display.pixels().std() > 5
                pygame.event.post(pygame.event.Event(pygame.QUIT))
                assert not display.show(compose(views.view(), display.wh))
                print(mode, *display.wh)
    """
    done = run_python(code, DISPLAY=x_server, SDL_VIDEODRIVER="x11")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "window 640 360\nfullscreen 1024 768\n"


def test_the_countdown_stage_is_painted_after_the_placing_stage(headless):
    """The first fault that painting by parts had: two parts that overlap, one of them the picture."""
    headless.show(compose(views.view(Stage.PLACING), WH))
    headless.show(compose(views.view(Stage.COUNTDOWN), WH))
    with PygameDisplay("headless", wh=WH) as fresh:
        fresh.show(compose(views.view(Stage.COUNTDOWN), WH))

        assert np.array_equal(headless.pixels(), fresh.pixels())


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_picture_that_stays_is_turned_drawn_upon_and_left_alone(headless, mirrored):
    """Two at once, beside something that changes: nothing is lost, nothing is left of one that went."""
    boxes = (Box(0.1, 0.1, 0.3, 0.4), Box(0.6, 0.1, 0.3, 0.4))
    stroke = Stroke(((0.2, 0.8), (0.8, 0.8)), 0.1, Ink.GOOD)
    one, other = (Still(picture(mirrored=mirrored, stands=box), (stroke,)) for box in boxes)
    for level in (0.1, 0.9):
        headless.show(Scene(items=(one, other, Panel(Box(0.45, 0.3, 0.1, level - 0.05), Ink.PANEL))))
    pixels = headless.pixels()

    red, blue = (0.75, 0.25) if mirrored else (0.25, 0.75)
    for box in boxes:
        row, left, width = round(0.2 * WH[1]), round(box.x * WH[0]), round(box.w * WH[0])
        assert pixels[row, left + round(red * width)][0] > 200
        assert pixels[row, left + round(blue * width)][2] > 200
        assert is_good(pixels[round((box.y + 0.8 * box.h) * WH[1]), left + width // 2])

    headless.show(Scene(items=(one, Panel(boxes[1], Ink.PANEL), Panel(Box(0.45, 0.3, 0.1, 0.85), Ink.PANEL))))
    assert tuple(headless.pixels()[round(0.2 * WH[1]), round(0.7 * WH[0])]) == NIGHT[Ink.PANEL]
