"""A camera that goes on: whatever its processes do, by a script, on a clock of our own."""

from __future__ import annotations

import threading
from itertools import islice, pairwise

import numpy as np
import pytest

from clock import Clock
from posecoach.errors import CameraError
from posecoach.frame import Frame
from posecoach.service.child_camera import CameraLost, CameraStalled
from posecoach.service.ladder import CAMERA_LADDER
from posecoach.service.last_resort import EXIT_RESTART, LastResort, RestartWanted
from posecoach.service.steady_camera import SteadyCamera
from steadied import codes, without_pauses

pytestmark = pytest.mark.usefixtures("no_storms")
GREY, BLACK = np.full((32, 48, 3), 90, np.uint8), np.zeros((32, 48, 3), np.uint8)


class ChildCamera:
    """A process of a camera: gives pictures a tenth of a second apart, and then fails."""

    def __init__(self, clock, pictures, error, gone=True):
        self.clock, self.pictures, self.error, self.gone = clock, pictures, error, gone
        self.closed = False

    def frames(self):
        for index, picture in enumerate(self.pictures):
            self.clock.now += 0.1
            yield Frame(index, self.clock.now, picture)
        raise self.error

    def close(self):
        self.closed = True

    def kill(self):
        return True


class Cameras:
    """Starts one scripted process after the other."""

    def __init__(self, clock, *scripts):
        self.clock, self.scripts, self.started = clock, list(scripts), []

    def __call__(self, spare):
        script = self.scripts.pop(0)
        if isinstance(script, Exception):
            raise script
        self.started.append(ChildCamera(self.clock, *script))
        return self.started[-1]


def stalled():
    return CameraStalled("the camera gave no frame within 1 s")


def lost():
    return CameraLost("the camera's process stopped")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quick(monkeypatch):
    """No ladder waits."""
    monkeypatch.setattr("posecoach.service.steady_camera.CAMERA_LADDER", without_pauses(CAMERA_LADDER))


def steady_camera(clock, board, folder, *scripts):
    cameras = Cameras(clock, *scripts)
    steady = SteadyCamera(cameras, board, LastResort(folder / "state.json"), clock=clock)
    return steady, cameras


def test_a_camera_that_fails_is_replaced_and_its_frames_go_on(clock, board, tmp_path, quick):
    steady, cameras = steady_camera(
        clock, board, tmp_path, ([GREY] * 5, stalled()), ([GREY] * 5, lost()), ([GREY] * 50, lost())
    )
    stream = steady.frames()
    frames = list(islice(stream, 20))

    assert [frame.index for frame in frames] == list(range(20))
    assert all(b.captured_at > a.captured_at for a, b in pairwise(frames))
    assert [camera.closed for camera in cameras.started] == [True, True, False]


def test_what_is_wrong_is_told_until_it_works_again(clock, board, tmp_path, quick):
    steady, _ = steady_camera(clock, board, tmp_path, ([GREY] * 5, stalled()), ([GREY] * 9, lost()))
    assert codes(board) == ["C0"]
    told = [codes(board) for _ in islice(steady.frames(), 10)]

    assert told == [["C0"], ["C0"], [], [], [], ["C1"], ["C1"], [], [], []]


def test_a_camera_that_is_not_there_is_waited_for(clock, board, tmp_path, quick):
    absent = [([], CameraError("no camera found")) for _ in range(9)]
    steady, _ = steady_camera(clock, board, tmp_path, *absent, ([GREY] * 9, lost()))
    frames = steady.frames()
    next(frames)

    assert codes(board) == ["C4"]
    assert not (tmp_path / "state.json").exists()


def test_a_camera_that_never_answers_ends_the_coach_for_systemd_twice_and_then_stays(
    clock, board, tmp_path, quick
):
    for life in range(2):
        steady, cameras = steady_camera(clock, board, tmp_path, *[([], stalled()) for _ in range(9)])
        with pytest.raises(RestartWanted) as ended:
            next(steady.frames())
        assert ended.value.exit_code == EXIT_RESTART, life
        assert len(cameras.started) == 5
    steady, _ = steady_camera(clock, board, tmp_path, *[([], stalled()) for _ in range(9)])
    with pytest.raises(RestartWanted) as ended:
        next(steady.frames())
    assert ended.value.exit_code != EXIT_RESTART, "now the box"


def test_a_process_that_cannot_be_killed_gets_no_successor(clock, board, tmp_path, quick):
    steady, cameras = steady_camera(clock, board, tmp_path, ([GREY] * 5, stalled(), False))

    with pytest.raises(RestartWanted):
        list(steady.frames())
    assert len(cameras.started) == 1


def test_a_camera_that_goes_black_is_replaced_once_and_then_it_is_dark(clock, board, tmp_path, quick):
    steady, cameras = steady_camera(
        clock, board, tmp_path, ([GREY] * 5 + [BLACK] * 60, lost()), ([BLACK] * 90, lost())
    )
    list(islice(steady.frames(), 80))

    assert len(cameras.started) == 2
    assert codes(board) == ["C5"]


def test_a_light_that_is_switched_on_ends_the_trouble(clock, board, tmp_path, quick):
    steady, cameras = steady_camera(
        clock, board, tmp_path, ([BLACK] * 60, lost()), ([BLACK] * 40 + [GREY] * 20, lost())
    )
    list(islice(steady.frames(), 70))

    assert len(cameras.started) == 2
    assert codes(board) == []


def test_a_closed_camera_gives_nothing(clock, board, tmp_path):
    steady, _ = steady_camera(clock, board, tmp_path, ([GREY] * 5, lost()))
    steady.close()
    with pytest.raises(CameraError, match="closed"):
        steady.frames()


def test_closing_ends_a_wait(clock, board, tmp_path):
    """A ladder may say to wait for a minute."""
    steady, _ = steady_camera(clock, board, tmp_path, *[([], CameraError("none")) for _ in range(99)])
    ended = threading.Event()

    def watch():
        with pytest.raises(CameraError, match="closed"):
            list(steady.frames())
        ended.set()

    threading.Thread(target=watch).start()
    steady.close()
    assert ended.wait(5.0)
