"""What ``--inject`` says, and the parts it spoils."""

from __future__ import annotations

import time

import numpy as np
import pytest

from clock import Clock
from posecoach.cli import main
from posecoach.errors import CameraError, DisplayError
from posecoach.frame import Frame
from posecoach.service.faults import KINDS, FaultError, Injection
from posecoach.service.faulty import (
    Faults,
    FaultyCamera,
    FaultyEstimator,
    open_faulty_camera,
    open_faulty_display,
)
from posecoach.service.verify import is_black, require_sane


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("camera:stall@5s", Injection("camera", "stall", 5.0)),
        ("camera:stall@5", Injection("camera", "stall", 5.0)),
        ("Camera:Unplug@5.5s", Injection("camera", "unplug", 5.5, 5.0)),
        ("camera:unplug@5s+60s", Injection("camera", "unplug", 5.0, 60.0)),
        ("estimator:slow@10s", Injection("estimator", "slow", 10.0, 10.0, 20.0)),
        ("estimator:slow*7.5@10s+3s", Injection("estimator", "slow", 10.0, 3.0, 7.5)),
        ("display:gone@1s", Injection("display", "gone", 1.0, 5.0)),
    ],
)
def test_a_fault_is_read(text, expected):
    assert Injection.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "camera", "camera:stall", "camera:melt@5s", "ear:kill@5s", "camera:stall@-1"]
)
def test_what_is_no_fault_is_refused_with_what_there_is(text):
    with pytest.raises(FaultError, match="expected"):
        Injection.parse(text)


def test_every_kind_can_be_said():
    for part, kinds in KINDS.items():
        for kind in kinds:
            assert Injection.parse(f"{part}:{kind}@1s").kind == kind


def test_a_recording_cannot_be_spoilt(capsys):
    assert main(["run", "--camera", "synthetic:squat", "--inject", "camera:kill@1s"]) == 2
    assert "live" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("for_s", "opened_s", "now_s", "strikes"),
    [
        (0.0, 0.0, 4.9, False),
        (0.0, 0.0, 5.0, True),
        (0.0, 0.0, 500.0, True),
        (0.0, 5.5, 6.0, False),  # whoever came after it is sound
        (3.0, 0.0, 4.9, False),
        (3.0, 6.0, 6.0, True),  # as long as it lasts, for everybody
        (3.0, 0.0, 8.0, False),
    ],
)
def test_a_fault_strikes_once_or_as_long_as_it_lasts(for_s, opened_s, now_s, strikes):
    assert Injection("camera", "black", 5.0, for_s).strikes(now_s, opened_s) is strikes


def faults(clock, *texts):
    return Faults([Injection.parse(text) for text in texts], clock.now, clock)


class Camera:
    live, duration_s = True, None

    def __init__(self, clock):
        self.clock = clock

    def frames(self):
        for index in range(1000):
            self.clock.now += 0.1
            yield Frame(
                index, self.clock.now, np.full((4, 4, 3), 90, np.uint8), np.full((2, 2, 3), 90, np.uint8)
            )

    def close(self):
        """Nothing is held."""


def test_a_camera_goes_black_from_a_moment_on():
    clock = Clock(100.0)
    spoilt = faults(clock, "camera:black@1s")
    black = [
        is_black(frame.image) and is_black(frame.lores)
        for frame, _ in zip(FaultyCamera(Camera(clock), spoilt).frames(), range(20), strict=False)
    ]

    assert black == sorted(black)
    assert black.index(True) == pytest.approx(10, abs=1)


def test_a_camera_that_is_unplugged_is_gone_until_it_is_plugged_in():
    clock = Clock(100.0)
    seen = []
    with pytest.raises(CameraError, match="unplugged"):
        seen += FaultyCamera(Camera(clock), faults(clock, "camera:unplug@1s+5s")).frames()
    injections = [Injection.parse("camera:unplug@0s+3600s")]
    with pytest.raises(CameraError, match="unplugged"):
        open_faulty_camera(lambda: Camera(clock), injections, begun_at=time.monotonic())


class Estimator:
    model_id = "fake"

    def estimate(self, frame):
        return []

    def close(self):
        """Nothing is held."""


def test_nonsense_has_the_right_form_and_is_never_the_same():
    clock = Clock(100.0)
    spoilt = FaultyEstimator(Estimator(), faults(clock, "estimator:nonsense@1s"))
    frame = Frame(0, 0.0, np.zeros((90, 160, 3), np.uint8))
    assert spoilt.estimate(frame) == []
    clock.now += 1.0
    one, other = spoilt.estimate(frame), spoilt.estimate(frame)

    require_sane(one, frame.wh)
    assert np.abs(one[0].keypoints_xy - other[0].keypoints_xy).max() > 10


def test_who_stood_by_when_a_fault_struck_another_is_sound():
    clock = Clock(100.0)
    used, stands_by = (FaultyEstimator(Estimator(), faults(clock, "estimator:nonsense@1s")) for _ in range(2))
    frame = Frame(0, 0.0, np.zeros((90, 160, 3), np.uint8))
    used.estimate(frame)
    clock.now += 2.0

    assert used.estimate(frame) != []
    assert stands_by.estimate(frame) == []


def test_no_screen_opens_while_it_is_gone():
    with pytest.raises(DisplayError):
        open_faulty_display(
            lambda: None, [Injection.parse("display:gone@0s+3600s")], begun_at=time.monotonic()
        )
