"""What systemd is told, and when it is left to its watchdog."""

from __future__ import annotations

import socket

import pytest

from posecoach.adapters.systemd_notify import notifier
from posecoach.service.heartbeat import FRAME_WITHIN_S, LOOK_WITHIN_S, Ages, Heartbeat, watchdog_interval_s

ALL = frozenset({"camera", "estimator", "display"})


@pytest.mark.parametrize(
    ("frame_age", "look_age", "troubled", "stale"),
    [
        (0.0, 0.0, set(), None),
        (FRAME_WITHIN_S, LOOK_WITHIN_S, set(), None),
        (FRAME_WITHIN_S + 1, 0.0, set(), "frame"),
        (0.0, LOOK_WITHIN_S + 1, set(), "inference"),
        (0.0, LOOK_WITHIN_S + 1, {"estimator"}, None),
        (FRAME_WITHIN_S + 1, 0.0, {"estimator"}, "frame"),
        (FRAME_WITHIN_S + 1, LOOK_WITHIN_S + 1, {"camera"}, None),
        (FRAME_WITHIN_S + 1, LOOK_WITHIN_S + 1, {"display"}, "frame"),
        (0.0, LOOK_WITHIN_S + 1, {"display"}, "inference"),
        (900.0, 900.0, ALL, None),
    ],
)
def test_what_is_old_must_be_declared(frame_age, look_age, troubled, stale):
    found = Ages(1000.0 - frame_age, 1000.0 - look_age, frozenset(troubled)).stale(1000.0)

    assert (found is None) == (stale is None)
    assert stale is None or stale in found


@pytest.fixture
def systemd(tmp_path):
    """systemd's end of the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def said(listening):
    """The lines since the last time, in order."""
    lines = []
    while True:
        try:
            lines += listening.recv(4096).decode().splitlines()
        except BlockingIOError:
            return lines


def beat(heartbeat, now, *, frame_at=None, looked_at=None, troubled=frozenset(), status="idle"):
    return heartbeat.beat(now, frame_at=frame_at, looked_at=looked_at, troubled=troubled, status=status)


@pytest.fixture
def heartbeat(systemd, tmp_path):
    send = notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    return Heartbeat(send, interval_s=5.0, now=0.0)


def test_the_first_scene_is_ready_and_says_what_it_does(heartbeat, systemd):
    beat(heartbeat, 0.5, status="idle, Squat")

    assert said(systemd) == ["READY=1", "STATUS=idle, Squat", "WATCHDOG=1"]


def test_the_watchdog_is_fed_at_its_interval_and_not_with_every_scene(heartbeat, systemd):
    for number in range(30 * 11):
        now = number / 30
        beat(heartbeat, now, frame_at=now, looked_at=now)

    assert said(systemd).count("WATCHDOG=1") == 3


def test_the_watchdog_is_not_fed_while_frames_are_old_and_nobody_says_so(heartbeat, systemd):
    beat(heartbeat, 0.0)
    said(systemd)
    stale = [beat(heartbeat, now, frame_at=0.0, looked_at=now) for now in (6.0, 12.0)]

    assert said(systemd) == []
    assert all("no frame" in each for each in stale)


def test_a_box_without_a_camera_that_says_so_lives(heartbeat, systemd):
    for now in (0.0, 6.0, 12.0):
        assert beat(heartbeat, now, troubled=frozenset({"camera"})) is None

    assert said(systemd).count("WATCHDOG=1") == 3


def test_what_never_came_is_as_old_as_the_start(heartbeat):
    assert beat(heartbeat, FRAME_WITHIN_S - 0.1) is None
    assert "no frame" in beat(heartbeat, FRAME_WITHIN_S + 0.1)


def test_a_status_is_one_line_and_not_said_too_often(heartbeat, systemd):
    for number in range(100):
        now = number / 10
        beat(heartbeat, now, frame_at=now, looked_at=now, status=f"active,\nREADY=0 {number}")

    statuses = [line for line in said(systemd) if line.startswith("STATUS")]
    assert statuses == ["STATUS=active, READY=0 0"]


def test_stopping_is_said(heartbeat, systemd):
    heartbeat.stopping()

    assert said(systemd) == ["STOPPING=1"]


def test_without_systemd_nobody_is_told():
    assert notifier({})("READY=1") is False
    assert notifier({"NOTIFY_SOCKET": "/nowhere/at/all"})("READY=1") is False
    assert notifier({"NOTIFY_SOCKET": "vsock:1:2"})("READY=1") is False


def test_an_abstract_socket_is_reached():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("")  # the kernel gives it a name
        name = listening.getsockname()
        listening.setblocking(False)
        assert notifier({"NOTIFY_SOCKET": "@" + name[1:].decode()})("READY=1")
        assert said(listening) == ["READY=1"]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "15000000"}, 5.0),
        ({"WATCHDOG_USEC": "15000000", "WATCHDOG_PID": "7"}, 5.0),
        ({"WATCHDOG_USEC": "15000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "300000"}, 0.1),
    ],
)
def test_the_watchdogs_interval_is_a_third_of_its_limit_for_us_alone(environ, expected):
    assert watchdog_interval_s(environ, pid=7) == expected
