"""A screen whose driver crashes must not end the coach again and again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from posecoach.coach.scene import Scene
from posecoach.errors import DisplayError
from posecoach.service.tried_screen import TriedScreen, why_not


class Screen:
    """Shows nothing, and remembers whether it was closed."""

    wh = (64, 36)

    def __init__(self, lost: bool = False) -> None:
        self.lost, self.closed = lost, False

    def show(self, scene: Scene) -> bool:
        if self.lost:
            raise DisplayError("the screen was lost")
        return True

    def pixels(self) -> np.ndarray:
        return np.zeros((36, 64, 3), np.uint8)

    def close(self) -> None:
        self.closed = True


def never() -> str:
    raise AssertionError("a screen that opens was tried elsewhere first")


CRASHES = """
import os, sys
from pathlib import Path
from posecoach.service.tried_screen import TriedScreen
TriedScreen(os.abort, Path(sys.argv[1]), lambda: "")()
"""


def crashed(mark: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASHES, str(mark)], check=False)
    assert done.returncode == -signal.SIGABRT


def test_a_screen_that_opens_is_opened_once(tmp_path: Path) -> None:
    mark = tmp_path / "new" / "mark"
    assert TriedScreen(Screen, mark, never)().wh == (64, 36)
    assert not mark.exists()


def test_after_a_crash_it_is_tried_elsewhere_first(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    crashed(mark)
    reasons = ["ended by SIGSEGV", ""]
    screen = TriedScreen(Screen, mark, lambda: reasons.pop(0))
    with pytest.raises(DisplayError, match="ended by SIGSEGV"):
        screen()
    assert mark.exists(), "it must be tried elsewhere the next time as well"
    assert screen().wh == (64, 36)
    assert not mark.exists()


def test_an_error_is_no_crash(tmp_path: Path) -> None:
    lost = Screen(lost=True)
    screen = TriedScreen(lambda: lost, tmp_path / "mark", never)
    for _ in range(2):
        with pytest.raises(DisplayError, match="was lost"):
            screen()
    assert lost.closed


def test_where_nothing_can_be_stored_it_opens_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert TriedScreen(Screen, tmp_path / "file" / "mark", never)().wh == (64, 36)


def test_elsewhere_is_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_not("headless") == ""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SDL_VIDEODRIVER", "none-such")
    assert "no screen can be opened" in why_not("fullscreen")
