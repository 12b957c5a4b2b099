"""A screen that goes on while it is lost and found, on a clock of our own."""

from __future__ import annotations

import numpy as np
import pytest

from clock import Clock
from posecoach.coach.scene import Scene
from posecoach.errors import DisplayError
from posecoach.service.steady_display import SteadyDisplay, connectors_in_use
from steadied import codes


@pytest.fixture
def clock():
    return Clock()


class Screen:
    """A screen that can be lost."""

    wh = (64, 36)

    def __init__(self):
        self.shown, self.lost, self.closed = 0, False, False

    def show(self, scene):
        if self.lost:
            raise DisplayError("the screen was lost")
        self.shown += 1
        return True

    def pixels(self):
        return np.zeros((36, 64, 3), np.uint8)

    def close(self):
        self.closed = True


class Screens:
    """What opens a screen."""

    def __init__(self):
        self.there, self.opened, self.tried = True, [], 0

    def __call__(self):
        self.tried += 1
        if not self.there:
            raise DisplayError("no screen found")
        self.opened.append(Screen())
        return self.opened[-1]


def test_without_a_screen_at_the_start_it_comes_up_when_there_is_one(clock, board):
    screens = Screens()
    screens.there = False
    steady = SteadyDisplay(screens, board, clock=clock)
    assert codes(board) == ["D1"]
    assert all(steady.show(Scene()) for _ in range(5))
    assert steady.wh == (1280, 720)
    assert steady.pixels().shape == (720, 1280, 3)
    screens.there = True
    clock.now += 2.0
    steady.show(Scene())

    assert codes(board) == []
    assert screens.opened[0].shown == 1
    assert steady.wh == Screen.wh


def test_a_screen_that_is_lost_is_looked_for_and_not_too_often(clock, board):
    screens = Screens()
    steady = SteadyDisplay(screens, board, clock=clock)
    screens.opened[0].lost, screens.there = True, False
    for _ in range(300):
        assert steady.show(Scene())
        clock.now += 0.033

    assert codes(board) == ["D2"]
    assert screens.opened[0].closed
    assert screens.tried == pytest.approx(5, abs=2)


def test_a_screen_that_is_plugged_in_again_has_its_mode_set_anew(clock, board):
    """Else it may stay black (D4)."""
    screens, seen = Screens(), [frozenset({"HDMI-A-1"})]
    steady = SteadyDisplay(screens, board, plugged=lambda: seen[0], clock=clock)
    for state in (frozenset({"HDMI-A-1"}), frozenset(), frozenset({"HDMI-A-1"})):
        seen[0] = state
        clock.now += 2.0
        steady.show(Scene())

    assert len(screens.opened) == 2
    assert screens.opened[0].closed


def test_nothing_is_tried_while_no_cable_has_a_screen(clock, board):
    screens = Screens()
    screens.there = False
    steady = SteadyDisplay(screens, board, plugged=frozenset, clock=clock)
    for _ in range(10):
        clock.now += 2.0
        steady.show(Scene())

    assert screens.tried == 1


def test_quitting_is_passed_on(clock, board):
    class Quit(Screen):
        def show(self, scene):
            return False

    assert SteadyDisplay(Quit, board, clock=clock).show(Scene()) is False


def test_connectors_are_read(tmp_path):
    assert connectors_in_use(tmp_path) is None
    for name, state in {"card0-HDMI-A-1": "connected", "card0-HDMI-A-2": "disconnected"}.items():
        (tmp_path / "sys/class/drm" / name).mkdir(parents=True)
        (tmp_path / "sys/class/drm" / name / "status").write_text(f"{state}\n")

    assert connectors_in_use(tmp_path) == {"card0-HDMI-A-1"}
