"""When to look and when to draw: recordings at their own times, a live camera with its newest frame."""

from __future__ import annotations

import threading
from itertools import count, islice, pairwise

import numpy as np
import pytest

from clock import Clock
from posecoach.errors import CameraError, CameraTimeout
from posecoach.frame import Frame
from posecoach.ticks import HELD_RATE_HZ, held_start, live_ticks, recorded_ticks, still_ticks

IMAGE = np.zeros((4, 4, 3), np.uint8)


def frames(times):
    return [Frame(index, float(at_s), IMAGE) for index, at_s in enumerate(times)]


def even(count, rate_hz=30.0, start_s=0.0):
    return frames(start_s + np.arange(count) / rate_hz)


class ScriptedCamera:
    """A live camera that gives a frame whenever it is let, and then does what it is told."""

    live = True
    duration_s = None

    def __init__(self, times, error=None):
        self._frames = frames(times)
        self._error = error
        self.let = threading.Semaphore(0)
        self.given = threading.Semaphore(0)
        self.finished = threading.Event()

    def frames(self):
        try:
            for frame in self._frames:
                self.let.acquire()
                yield frame
                self.given.release()
            self.let.acquire()
            if self._error is not None:
                raise self._error
        finally:
            self.finished.set()

    def close(self):
        """Nothing is held."""


# -- recordings --


@pytest.mark.parametrize("rate_hz", [5.0, 24.0, 29.97, 30.0, 60.0])
def test_every_frame_of_a_recording_is_looked_at_in_order(rate_hz):
    recorded = even(50, rate_hz)

    assert [tick.frame for tick in recorded_ticks(recorded) if tick.frame is not None] == recorded


@pytest.mark.parametrize("rate_hz", [5.0, 24.0, 29.97, 30.0, 60.0])
def test_a_recording_is_drawn_at_a_steady_rate(rate_hz):
    drawn = [tick.now for tick in recorded_ticks(even(int(3 * rate_hz), rate_hz), 25.0) if tick.draw]

    assert np.diff(drawn) == pytest.approx(1 / 25.0)
    assert drawn[0] == 0.0
    assert drawn[-1] == pytest.approx(3.0, abs=2 / rate_hz + 0.05)


def test_a_recording_of_uneven_rate_is_drawn_steadily():
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.uniform(0.001, 0.3, 60))
    ticks = list(recorded_ticks(frames(times), 30.0))

    assert np.diff([tick.now for tick in ticks if tick.draw]) == pytest.approx(1 / 30)
    assert len([tick for tick in ticks if tick.frame]) == 60


@pytest.mark.parametrize("rate_hz", [7.0, 30.0, 60.0])
def test_time_never_goes_back(rate_hz):
    now = [tick.now for tick in recorded_ticks(even(40, rate_hz))]

    assert all(after >= before for before, after in pairwise(now))


def test_what_is_drawn_knows_all_frames_until_then():
    """A tick that draws comes after every frame that is due by its time."""
    recorded = even(60, 60.0)
    seen = -1.0
    for tick in recorded_ticks(recorded, 30.0):
        if tick.draw:
            assert seen >= tick.now - 1 / 60.0 - 1e-6
        else:
            seen = tick.frame.captured_at


def test_an_empty_recording_is_drawn_once():
    assert [(tick.frame, tick.draw) for tick in recorded_ticks([])] == [(None, True)]


def test_a_recordings_first_frame_is_held_for_the_coach_to_count_in():
    held = list(held_start(even(10, 30.0), 4.0))

    times = [frame.captured_at for frame in held]
    assert np.diff(times[: int(4.0 * HELD_RATE_HZ)]) == pytest.approx(1 / HELD_RATE_HZ)
    assert times[-10:] == pytest.approx(4.0 + np.arange(10) / 30)
    assert [frame.index for frame in held] == list(range(len(held)))
    assert all(after > before for before, after in pairwise(times))


def test_a_recording_that_does_not_begin_at_zero_does_after_being_held():
    held = list(held_start(even(3, 30.0, start_s=977.0), 1.0))

    assert held[0].captured_at == 0.0
    assert held[-1].captured_at == pytest.approx(1.0 + 2 / 30)


def test_nothing_is_held_of_nothing():
    assert list(held_start([], 4.0)) == []


def test_holding_for_no_time_only_sets_the_clock():
    assert [frame.captured_at for frame in held_start(even(3, 10.0, start_s=5.0), 0.0)] == pytest.approx(
        [0.0, 0.1, 0.2]
    )


def test_drawing_goes_on_when_no_frame_comes():
    ticks = list(still_ticks(10.0, 2.0, 30.0))

    assert len(ticks) == 60
    assert ticks[-1].now == pytest.approx(12.0)
    assert {(tick.frame, tick.draw) for tick in ticks} == {(None, True)}


# -- live --


def test_a_live_camera_gives_its_newest_frame_and_drops_the_older_ones():
    camera, clock = ScriptedCamera([5.0, 5.1, 5.2, 5.3]), Clock(100.0)
    camera.let.release()
    ticks = live_ticks(camera, 1000.0, clock=clock)
    assert next(ticks).frame.index == 0
    for _ in range(3):  # three more frames come while nobody looks
        camera.given.acquire()
        camera.let.release()
    camera.given.acquire()
    camera.let.release()
    camera.finished.wait()

    assert [tick.frame.index for tick in ticks if tick.frame] == [3]


def test_a_live_screen_is_drawn_whether_a_frame_comes_or_not():
    camera, clock = ScriptedCamera([5.0]), Clock(100.0)
    camera.let.release()
    ticks = live_ticks(camera, 1000.0, clock=clock)
    drawn = list(islice(ticks, 20))
    ticks_end(ticks, camera)

    assert [tick.draw for tick in drawn] == [True] * 20
    assert [tick.frame is None for tick in drawn] == [False] + [True] * 19


def ticks_end(ticks, camera):
    camera.let.release()
    ticks.close()
    assert camera.finished.wait(5.0)


def test_live_time_is_the_cameras_and_never_goes_back():
    """Frames come late and early, and the clock of the loop is another."""
    camera, clock = ScriptedCamera([5.0, 5.5, 5.6]), Clock(100.0)
    camera.let.release()
    ticks = live_ticks(camera, 1000.0, clock=clock)
    now = [next(ticks).now]
    camera.given.acquire()
    for at in (100.1, 100.2):
        clock.now = at
        camera.let.release()
        camera.given.acquire()
        now += [next(ticks).now, next(ticks).now]
    ticks_end(ticks, camera)

    assert now[0] == 5.0
    assert now[1] >= 5.5
    assert all(after >= before for before, after in pairwise(now))


def test_what_a_camera_raises_comes_out_where_it_is_watched():
    camera = ScriptedCamera([5.0], CameraError("the cable came loose"))
    camera.let.release(2)

    with pytest.raises(CameraError, match="the cable came loose"):
        list(live_ticks(camera, 1000.0, clock=Clock(100.0)))


def test_the_last_frame_before_a_fault_is_not_lost():
    camera = ScriptedCamera([5.0], CameraError("the cable came loose"))
    camera.let.release(2)
    camera_ticks = live_ticks(camera, 1000.0, clock=Clock(100.0))

    assert next(camera_ticks).frame.index == 0
    with pytest.raises(CameraError):
        list(camera_ticks)


@pytest.mark.parametrize("error", [CameraTimeout("no frame in 2 s"), RuntimeError("a bug")])
def test_a_camera_that_fails_before_its_first_frame_says_why(error):
    camera = ScriptedCamera([], error)
    camera.let.release()

    with pytest.raises(type(error), match=str(error)):
        next(live_ticks(camera, clock=Clock(100.0)))


def test_a_camera_that_ends_before_its_first_frame_is_an_error():
    camera = ScriptedCamera([])
    camera.let.release()

    with pytest.raises(CameraError, match="ended before its first frame"):
        next(live_ticks(camera, clock=Clock(100.0)))


def test_a_camera_that_ends_ends_the_ticks():
    camera = ScriptedCamera([5.0])
    camera.let.release(2)

    assert [tick.frame.index for tick in live_ticks(camera, 1000.0, clock=Clock(100.0)) if tick.frame] == [0]


def test_no_thread_is_left_when_nobody_watches_any_more():
    class EndlessCamera(ScriptedCamera):
        def frames(self):
            for index in count():
                yield Frame(index, index / 30, IMAGE)

    ticks = live_ticks(EndlessCamera([]), 1000.0, clock=Clock(100.0))
    next(ticks)
    ticks.close()

    assert "camera" not in {thread.name for thread in threading.enumerate()}
