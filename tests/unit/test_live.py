"""A camera and a network in threads of their own, and a screen that waits for neither."""

from __future__ import annotations

import threading
import time
from itertools import islice

import numpy as np
import pytest

from posecoach.errors import CameraError
from posecoach.frame import Frame
from posecoach.live import Live
from posecoach.service.last_resort import RestartWanted

IMAGE = np.zeros((4, 4, 3), np.uint8)


class Camera:
    """Gives frames as it is let."""

    live, duration_s = True, None

    def __init__(self, count=1000, error=None):
        self.count, self.error = count, error
        self.let = threading.Semaphore(0)

    def frames(self):
        for index in range(self.count):
            self.let.acquire()
            yield Frame(index, time.monotonic(), IMAGE)
        if self.error is not None:
            raise self.error

    def close(self):
        self.let.release(10_000)


@pytest.fixture
def camera():
    made = Camera()
    yield made
    made.close()


def until(turns, wanted):
    """All turns up to the first that is wanted."""
    seen, over_at = [], time.monotonic() + 20.0
    for turn in turns:
        seen.append(turn)
        if wanted(turn):
            return seen
        if time.monotonic() > over_at:
            break
    raise AssertionError("it never came")


def test_the_screen_is_drawn_before_there_is_a_camera(camera):
    live = Live(camera, lambda _: [])
    turns = list(islice(live.turns(), 5))

    assert [turn.frame for turn in turns] == [None] * 5
    assert turns[-1].frame_at is None
    camera.close()
    assert live.stop()


def test_what_was_looked_at_comes_once_and_in_order(camera):
    live = Live(camera, lambda _: [])
    turns, looked = live.turns(), []
    for _ in range(6):
        camera.let.release()
        looked += [each for turn in until(turns, lambda turn: turn.looked) for each in turn.looked]

    assert [each.frame.index for each in looked] == list(range(6))
    camera.close()
    assert live.stop()


def test_the_picture_goes_on_while_nobody_can_look(camera):
    looking = threading.Event()
    live = Live(camera, lambda _: looking.wait(20.0) or [])
    turns = live.turns()
    for index in range(5):
        camera.let.release()
        until(turns, lambda turn, index=index: turn.frame is not None and turn.frame.index == index)

    looking.set()
    camera.close()
    assert live.stop()


def test_not_knowing_is_no_answer(camera):
    answers = iter([None, None, []])
    live = Live(camera, lambda _: next(answers, []))
    turns = live.turns()
    for _ in range(3):
        camera.let.release()
        until(turns, lambda turn: turn.frame is not None)
    camera.let.release(5)
    seen = until(turns, lambda turn: turn.looked)

    assert seen[-1].looked_at is not None
    camera.close()
    assert live.stop()


@pytest.mark.parametrize(
    "error", [CameraError("gone"), RestartWanted("start me again"), RuntimeError("a bug")]
)
def test_what_a_thread_raises_comes_out_where_it_is_drawn(error):
    live = Live(Camera(0, error), lambda _: [])

    with pytest.raises(type(error), match=str(error)):
        list(islice(live.turns(), 5000))
    assert live.stop()


def test_what_looking_raises_comes_out_too(camera):
    def prepare():
        raise ZeroDivisionError("a bug")

    live = Live(camera, lambda _: [], prepare=prepare)
    with pytest.raises(ZeroDivisionError):
        list(islice(live.turns(), 5000))
    camera.close()
    assert live.stop()


def test_a_camera_that_ends_ends_the_turns():
    live = Live(Camera(0), lambda _: [])

    assert len(list(islice(live.turns(), 5000))) < 5000
    assert live.stop()
