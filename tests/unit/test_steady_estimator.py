"""An estimator that goes on: whatever its processes and its stick do, by a script, on a clock of our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clock import Clock
from posecoach.errors import ModelUnavailable
from posecoach.frame import Frame
from posecoach.pose import PoseEstimate
from posecoach.service.child_estimator import EstimatorHangs, EstimatorLost
from posecoach.service.coral_usb import CoralUsb
from posecoach.service.kept_model import KeptModel
from posecoach.service.ladder import ESTIMATOR_LADDER, TPU_LADDER, Climb, Remedy
from posecoach.service.steady_estimator import SteadyEstimator
from steadied import codes

pytestmark = pytest.mark.usefixtures("no_storms")
GREY = np.full((32, 48, 3), 90, np.uint8)


@pytest.fixture
def clock():
    return Clock()


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
