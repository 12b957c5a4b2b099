"""Parts that go on: whatever their processes do, by a script, on a clock of our own."""

from __future__ import annotations

import threading
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from posecoach.coach.scene import Scene
from posecoach.errors import CameraError, DisplayError, ModelUnavailable
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.service.board import Board
from posecoach.service.child_camera import CameraLost, CameraStalled
from posecoach.service.child_estimator import EstimatorHangs, EstimatorLost
from posecoach.service.coral_usb import CoralUsb
from posecoach.service.kept_model import KeptModel
from posecoach.service.ladder import CAMERA_LADDER, ESTIMATOR_LADDER, TPU_LADDER, Climb, Remedy
from posecoach.service.last_resort import EXIT_RESTART, LastResort, RestartWanted
from posecoach.service.steady_camera import SteadyCamera
from posecoach.service.steady_display import SteadyDisplay, connectors_in_use
from posecoach.service.steady_estimator import SteadyEstimator

GREY, BLACK = np.full((32, 48, 3), 90, np.uint8), np.zeros((32, 48, 3), np.uint8)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


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
def board():
    return Board()


def codes(board):
    return [trouble.code for trouble in board.troubles]


@pytest.fixture
def quick(monkeypatch):
    """No ladder waits."""
    monkeypatch.setattr("posecoach.service.steady_camera.CAMERA_LADDER", without_pauses(CAMERA_LADDER))


def without_pauses(ladder):
    from dataclasses import replace

    return replace(
        ladder,
        rungs=tuple(replace(rung, pauses_s=(0.0,)) for rung in ladder.rungs),
        absent=replace(ladder.absent, pauses_s=(0.0,)),
    )


@pytest.fixture(autouse=True)
def no_storms(monkeypatch):
    monkeypatch.setattr("posecoach.service.ladder.STORM_PAUSE_S", 0.0)


def steady_camera(clock, board, folder, *scripts):
    cameras = Cameras(clock, *scripts)
    steady = SteadyCamera(cameras, board, LastResort(folder / "state.json"), clock=clock)
    return steady, cameras


# -- the camera --


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


# -- the estimator --


def pose(x=20.0):
    return PoseEstimate(np.full((17, 2), x), np.full(17, 0.9), 0.9)


class ChildEstimator:
    """A process of an estimator: answers so often, and then fails."""

    def __init__(self, answers, known=(), gone=True):
        self.answers, self.known_answer, self.gone = list(answers), known, gone
        self.closed = False
        self.asked = []

    def estimate(self, frame):
        self.asked.append(frame)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self):
        self.closed = True

    def kill(self):
        return True


def kept(*scripts, ladder=ESTIMATOR_LADDER, name="cpu", **options):
    """A model with these processes, and those that were started."""
    started, scripts = [], list(scripts)

    def start(spare, picture):
        script = scripts.pop(0)
        if isinstance(script, Exception):
            raise script
        started.append(script)
        return script

    return KeptModel(name, start, Climb(ladder), **options), started


def frame(at_s=1.0):
    return Frame(0, at_s, GREY)


def hangs():
    return EstimatorHangs("hangs: no answer within 1 s")


@pytest.mark.parametrize("error", [hangs(), EstimatorLost("stopped: SIGKILL")])
def test_an_estimator_that_fails_is_replaced(clock, board, error):
    model, started = kept(ChildEstimator([[pose()], error]), ChildEstimator([[pose()]] * 2))
    steady = SteadyEstimator(model, board, clock=clock)
    steady.start()
    assert codes(board) == []
    answers = [steady.estimate(frame()) for _ in range(2)]
    assert codes(board) == ["E1"]
    answers += [steady.estimate(frame()) for _ in range(2)]

    assert [answer is None for answer in answers] == [False, True, False, False]
    assert codes(board) == []
    assert [child.closed for child in started] == [True, False]


def test_nobody_is_an_answer_and_not_knowing_is_another(clock, board):
    model, _ = kept(ChildEstimator([[], hangs()]))
    steady = SteadyEstimator(model, board, clock=clock)

    assert steady.estimate(frame()) == []
    assert steady.estimate(frame()) is None


def test_while_it_waits_for_its_next_try_it_does_not_hold_up_the_frames(clock, board):
    refused = [ModelUnavailable("no interpreter") for _ in range(5)]
    model, _ = kept(*refused, ChildEstimator([[]] * 9))
    steady = SteadyEstimator(model, board, clock=clock)
    tried_at = []
    for _ in range(200):
        steady.estimate(frame())
        if model.due > clock.now:
            tried_at.append(model.due)
        clock.now += 1.0
        if model.ready:
            break

    assert model.ready
    waits = np.diff(sorted(set(tried_at)))
    assert list(waits) == sorted(waits), "slower and slower"


def test_a_new_process_that_answers_a_known_picture_otherwise_is_not_believed(clock, board):
    model, started = kept(
        ChildEstimator([hangs()], known=[pose(20.0)]),
        ChildEstimator([], known=[pose(40.0)]),
        ChildEstimator([[]] * 4, known=[pose(20.0)]),
    )
    steady = SteadyEstimator(model, board, clock=clock)
    steady.start()
    for _ in range(4):
        steady.estimate(frame())
        clock.now += 1.0

    assert [child.closed for child in started] == [True, True, False]


def test_leaps_that_no_body_makes_lead_to_a_question(clock, board):
    leaps = [[pose(4.0 + 36.0 * (number % 2))] for number in range(4)]
    liar = ChildEstimator([*leaps, [pose(33.0)]], known=[pose(20.0)])
    honest = ChildEstimator([*leaps, [pose(20.0)], [pose()]], known=[pose(20.0)])
    model, started = kept(liar, honest)
    steady = SteadyEstimator(model, board, clock=clock)
    steady.start()
    answers = [steady.estimate(frame(1.0 + number / 30)) for number in range(4)]

    assert answers[3] is None
    assert liar.closed
    answers = [steady.estimate(frame(2.0 + number / 30)) for number in range(5)]
    assert None not in answers, "whoever answers well is believed"
    assert len(started) == 2


class Bus:
    """Where the stick is, and what was done to it."""

    def __init__(self):
        self.attached = True
        self.done = []

    def remedy(self, remedy):
        self.done.append(remedy)
        return True


def coral(*scripts, **options):
    return kept(*scripts, ladder=TPU_LADDER, name="tpu", **options)


def work(steady, clock, count=1, step_s=1.0):
    """Answers of so many frames."""
    answers = []
    for _ in range(count):
        answers.append(steady.estimate(frame(clock.now)))
        returning = steady._returning
        if returning is not None:
            returning.join(5.0)
        clock.now += step_s
    return answers


def failing_coral(bus, *later):
    """One that hangs at each frame, until it has climbed to the processor."""
    return coral(*(ChildEstimator([hangs()]) for _ in range(5)), *later, present=lambda: bus.attached)


def test_a_stick_that_hangs_is_started_anew_reset_switched_and_then_replaced(clock, board):
    bus = Bus()
    model, _ = failing_coral(bus)
    other, _ = kept(ChildEstimator([[pose()]] * 50))
    steady = SteadyEstimator(model, board, fallback=other, usb=bus, clock=clock)
    seen = []
    for _ in range(9):
        work(steady, clock)
        seen.append("".join(codes(board)))

    assert [code for number, code in enumerate(seen) if code != seen[number - 1]] == ["T1", "T2", "T3", "T4"]
    assert bus.done == [Remedy.USB_RESET, Remedy.PORT_POWER]
    assert steady.model_id == "cpu"
    assert work(steady, clock)[0] is not None


def test_back_to_the_stick_when_it_works_but_not_in_the_middle_of_a_repetition(clock, board):
    bus, moving = Bus(), [True]
    model, _ = failing_coral(bus, ChildEstimator([[pose()]] * 50))
    other, started = kept(ChildEstimator([[pose()]] * 90))
    steady = SteadyEstimator(
        model, board, fallback=other, usb=bus, may_change=lambda: not moving[0], clock=clock
    )
    answers = work(steady, clock, 40)
    assert steady.model_id == "cpu"
    assert model.ready, "it waits"
    moving[0] = False
    answers = work(steady, clock, 3)

    assert None not in answers
    assert steady.model_id == "tpu"
    assert codes(board) == []
    assert started[0].closed


def test_a_dead_stick_is_tried_again_and_then_somebody_is_asked(clock, board):
    bus = Bus()
    dead = [EstimatorLost("stopped: SIGABRT") for _ in range(30)]
    model, _ = coral(*dead, present=lambda: True)
    other, _ = kept(ChildEstimator([[pose()]] * 400))
    steady = SteadyEstimator(model, board, fallback=other, usb=bus, clock=clock)
    answers = work(steady, clock, 120)

    assert codes(board) == ["T5"]
    assert sum(answer is None for answer in answers) < 8


def test_without_a_stick_the_processor_does_it_at_once_and_a_stick_that_comes_is_taken(clock, board):
    bus = Bus()
    bus.attached = False
    model, _ = coral(
        ModelUnavailable("none is to be seen"),
        ModelUnavailable("none is to be seen"),
        ChildEstimator([[pose()]] * 50),
        present=lambda: bus.attached,
    )
    other, _ = kept(ChildEstimator([[pose()]] * 90))
    steady = SteadyEstimator(model, board, fallback=other, usb=bus, clock=clock)
    answers = work(steady, clock, 4)
    assert codes(board) == ["T6"]
    assert None not in answers[1:]
    bus.attached = True
    work(steady, clock, 3, step_s=0.01)

    assert steady.model_id == "tpu"
    assert codes(board) == []


def test_without_another_model_the_words_promise_none(clock, board):
    model, _ = coral(*[ModelUnavailable("none") for _ in range(9)])
    steady = SteadyEstimator(model, board, usb=CoralUsb(Path("/nowhere")), clock=clock)
    steady.start()

    assert "cannot see you" in board.troubles[0].text
    assert work(steady, clock, 3) == [None] * 3


def test_a_slow_network_is_told(clock, board):
    class Slow(ChildEstimator):
        def estimate(self, frame):
            clock.now += 0.3
            return []

    model, _ = kept(Slow([]))
    steady = SteadyEstimator(model, board, clock=clock)
    for _ in range(20):
        steady.estimate(frame())

    assert codes(board) == ["E3"]


def test_a_closed_estimator_starts_nothing(clock, board):
    model, started = kept(ChildEstimator([[]]))
    steady = SteadyEstimator(model, board, clock=clock)
    steady.close()
    steady.close()

    assert steady.estimate(frame()) is None
    assert started == []


# -- the screen --


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


# -- the board --


def test_a_trouble_is_logged_once_and_its_end_once(board, caplog):
    from posecoach.coach.view import TroubleView

    trouble = TroubleView("C1", "The camera stopped")
    with caplog.at_level("INFO", logger="posecoach"):
        for _ in range(5):
            board.tell("camera", trouble, "no frame")
        for _ in range(5):
            board.tell("camera", None)

    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "C1" in caplog.records[0].message
    assert "no frame" in caplog.records[0].message
