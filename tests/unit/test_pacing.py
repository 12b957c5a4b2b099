"""Which picture is drawn when: simulated cameras and networks of all speeds, on a clock of our own."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from posecoach.frame import Frame
from posecoach.pacing import HOLD_S, IDLE_S, TOGETHER_AFTER_S, Pacing

IMAGE = np.zeros((2, 2, 3), np.uint8)
DRAW_S = 0.004


@dataclass
class Simulation:
    """Frames at a rate, an estimator that takes the newest and its time, a screen that asks when due."""

    latency_s: float | None
    rate_hz: float = 30.0
    jitter_s: float = 0.0
    for_s: float = 5.0
    blind_from_s: float = float("inf")
    drawn: list = field(default_factory=list)

    def run(self):
        rng = np.random.default_rng(3)
        pacing, events, newest, busy, order = Pacing(), [], None, False, 0
        for number in range(int(self.for_s * self.rate_hz)):
            at_s = number / self.rate_hz + rng.uniform(0, self.jitter_s)
            heapq.heappush(events, (at_s, order := order + 1, "came", Frame(number, at_s, IMAGE)))
        now, due = 0.0, 0.0
        while events:
            at_s = events[0][0]
            if due <= at_s:
                now = max(now, due)
                drawn = pacing.draw(now)
                if drawn is not None:
                    self.drawn.append((now, drawn))
                    now += DRAW_S
                due = max(pacing.due_at(), now + 1e-4)
                continue
            _, _, what, frame = heapq.heappop(events)
            at = max(now, at_s)
            if what == "came":
                pacing.came(frame, at)
                newest = frame
            else:
                pacing.answered(frame, at_s, self.latency_s)
                busy = False
            if newest is not None and not busy and self.latency_s is not None and at_s < self.blind_from_s:
                busy = True
                done_s = at_s + self.latency_s
                heapq.heappush(events, (done_s, order := order + 1, "answered", newest))
                newest = None
            due = max(pacing.due_at(), now)
        return self

    def pictures(self, from_s=1.0):
        """Frames drawn for the first time, with when."""
        seen, found = -1, []
        for now, drawn in self.drawn:
            if drawn.frame is not None and drawn.frame.index > seen:
                seen = drawn.frame.index
                if now >= from_s:
                    found.append((now, drawn))
        return found


SPEEDS = [0.005, 0.015, 0.03, 0.05, 0.1, 0.3, 1.0, None]


@pytest.mark.parametrize("latency_s", SPEEDS)
def test_the_picture_keeps_25_a_second_whatever_the_network_does(latency_s):
    shown = Simulation(latency_s, jitter_s=0.004).run().pictures()

    assert len(shown) / (shown[-1][0] - shown[0][0]) >= 25
    assert max(after[0] - before[0] for before, after in pairwise(shown)) < 0.1


@pytest.mark.parametrize("latency_s", SPEEDS)
def test_the_picture_never_goes_back(latency_s):
    times = [drawn.frame.captured_at for _, drawn in Simulation(latency_s).run().drawn if drawn.frame]

    assert times == sorted(times)


@pytest.mark.parametrize("latency_s", [0.005, 0.015, 0.025])
def test_a_quick_network_draws_each_pose_on_its_own_frame(latency_s):
    shown = Simulation(latency_s, jitter_s=0.003).run().pictures()

    assert {drawn.late_s for _, drawn in shown} == {0.0}


@pytest.mark.parametrize("latency_s", [0.1, 0.3])
def test_a_slow_network_is_shown_as_late_and_by_how_much(latency_s):
    drawn = [drawn for now, drawn in Simulation(latency_s).run().drawn if now > 2.0]

    assert all(each.late_s > 0 for each in drawn)
    assert max(each.late_s for each in drawn) == pytest.approx(2 * latency_s, abs=0.08)


@pytest.mark.parametrize("latency_s", [0.015, 0.3])
def test_a_picture_is_held_back_for_no_longer_than_can_be_borne(latency_s):
    shown = Simulation(latency_s).run().pictures()

    assert max(now - drawn.frame.captured_at for now, drawn in shown) < HOLD_S + IDLE_S


def test_a_network_that_goes_blind_holds_nothing_up():
    run = Simulation(0.015, blind_from_s=2.0).run()
    blind = [(now, drawn) for now, drawn in run.pictures() if now > 2.5]

    assert len(blind) / (blind[-1][0] - blind[0][0]) >= 25
    assert blind[-1][1].late_s > 1.0


def test_after_a_late_frame_the_drawing_stays_late_for_a_moment():
    pacing = Pacing()
    pacing.came(Frame(0, 0.0, IMAGE), 0.0)
    assert pacing.draw(0.0).late_s == 0.0  # nobody is drawn yet
    pacing.answered(Frame(0, 0.0, IMAGE), 0.01, 0.01)
    assert pacing.draw(0.1).late_s > 0
    assert pacing.draw(0.1 + TOGETHER_AFTER_S).late_s == 0.0


def test_without_a_camera_the_screen_goes_on():
    run = Simulation(None, rate_hz=1.0, for_s=3.0).run()

    assert len(run.drawn) > 2 * 25
