"""The athlete as a camera: scenarios in one line, the same bytes for the same seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from posecoach.errors import CameraError, RoutineError
from posecoach.skeleton import Keypoint
from posecoach.synthetic.camera import SyntheticCamera
from posecoach.synthetic.faults import FaultKind
from posecoach.synthetic.scenario import Scenario
from posecoach.synthetic.stage import Stage

DEVICE = Path(__file__).parents[2] / "device"
SMALL = "lunge,reps=1,size=320x180,rate=5,walk_in=2,fault=crossing@1s"

DIGEST = f"""
import hashlib
from posecoach.synthetic.camera import SyntheticCamera
digest = hashlib.sha256()
for frame in SyntheticCamera("{SMALL},seed=4").frames():
    digest.update(frame.image.tobytes())
print(digest.hexdigest())
"""


def digest_of(options: str) -> str:
    digest = hashlib.sha256()
    for frame in SyntheticCamera(options).frames():
        digest.update(frame.image.tobytes())
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_bytes_in_another_run():
    runs = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONPATH": str(DEVICE), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]

    assert runs[0] == runs[1] == digest_of(f"{SMALL},seed=4")


def test_another_seed_gives_another_picture():
    assert digest_of(f"{SMALL},seed=4") != digest_of(f"{SMALL},seed=5")


def test_frames_lie_on_the_grid_of_the_rate_for_the_whole_length():
    with SyntheticCamera("squat,reps=1,rate=8,size=64x36") as camera:
        times_s = [frame.captured_at for frame in camera.frames()]

    assert times_s == [index / 8 for index in range(len(times_s))]
    assert len(times_s) / 8 == pytest.approx(camera.duration_s, abs=1 / 8)


def test_a_duration_ends_it_there():
    with SyntheticCamera("squat,duration=1.5,rate=10,size=64x36") as camera:
        assert camera.duration_s == 1.5
        assert len(list(camera.frames())) == 15


def test_a_live_one_has_no_length_and_says_it_is_live():
    with SyntheticCamera("squat,live=1,rate=100,size=64x36") as camera:
        assert camera.live
        assert camera.duration_s is None
        assert [frame.index for frame in islice(camera.frames(), 3)] == [0, 1, 2]


def test_the_size_asked_for_is_the_size_of_the_pictures():
    frame = next(SyntheticCamera("chair,size=200x300").frames())

    assert frame.wh == (200, 300)


def test_everything_asked_for_is_read():
    scenario = Scenario.parse(
        "squat,reps=5,seed=3,view=left,fault=shallow:0.4@2,fault=lean:10,rate=25,size=640x360,duration=20,walk_in=2"
    )

    assert (scenario.routine, scenario.reps, scenario.seed, scenario.yaw) == ("squat", 5, 3, 90.0)
    assert (scenario.rate, scenario.size, scenario.duration, scenario.walk_in) == (
        25.0,
        (640, 360),
        20.0,
        2.0,
    )
    assert [fault.kind for fault in scenario.faults] == [FaultKind.SHALLOW, FaultKind.LEAN]


def test_nothing_asked_for_is_squats():
    assert Scenario.parse("") == Scenario()
    assert Scenario.parse("seed=9").routine == "squat"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("squat,sede=3", "unknown option 'sede=3'; did you mean 'seed'"),
        ("squat,seed", "'seed' has no value"),
        ("squat,rate=fast", "rate must be frames a second from 1 to 240, got 'fast'"),
        ("squat,size=720", "size must be WIDTHxHEIGHT"),
        ("squat,view=above", "view must be front, left or right, got 'above'"),
        ("squat,reps=0", "reps must be a whole number from 1 to 1000, got '0'"),
        ("squat,live=perhaps", "live must be 0 or 1"),
        ("squat,duration=nan", "duration must be seconds"),
    ],
)
def test_an_option_that_is_wrong_says_what_is_right_in_one_line(options, message):
    with pytest.raises(CameraError, match=message) as error:
        SyntheticCamera(options)

    assert "\n" not in str(error.value)


def test_a_routine_that_is_not_known_suggests_one():
    with pytest.raises(RoutineError, match="did you mean 'warrior_two'"):
        SyntheticCamera("warior_two")


def test_the_person_is_painted_where_the_truth_says_they_are():
    camera = SyntheticCamera("shoulder_abduction,reps=1,variation=0,size=640x360")
    painted = Stage(camera.athlete, 0)
    rep = camera.athlete.timeline.reps[0]
    at_s = rep.start_s + camera.athlete.motion.turning_s * rep.tempo
    before, after = (painted.picture(time).astype(int) for time in (0.0, at_s))
    changed = np.abs(after - before).sum(axis=2) > 40
    xy, seen = camera.athlete.keypoints(np.array([at_s]))

    for wrist in (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST):
        x, y = xy[0, wrist].round().astype(int)
        assert seen[0, wrist]
        assert changed[y - 1 : y + 2, x - 1 : x + 2].all(), wrist.part


def test_an_empty_room_is_left_when_nobody_is_in_it():
    camera = SyntheticCamera("squat,reps=1,walk_in=3,size=320x180")
    painted = Stage(camera.athlete, 0)

    empty, there = painted.picture(0.0), painted.picture(4.0)
    xy, _ = camera.athlete.keypoints(np.array([4.0]))
    left, top = xy[0].min(axis=0).astype(int) - 14
    right, bottom = xy[0].max(axis=0).astype(int) + 20
    differs = (empty != there).any(axis=2)

    assert differs[top:bottom, left:right].mean() > 0.2
    differs[:, :20] = False  # a shadow comes in before who throws it
    differs[max(top, 0) : bottom, max(left - 30, 0) : right + 30] = False
    assert not differs.any()


def test_an_athlete_goes_on_while_nobody_watches():
    """Another camera that is told the same beginning shows the same performance, on the clock of both."""
    since = time.monotonic() - 100.0
    cameras = [SyntheticCamera(f"squat,live=1,size=64x36,since={since:.3f}") for _ in range(2)]
    one, other = (next(camera.frames()).captured_at for camera in cameras)

    assert since + 100.0 - 0.04 <= one <= other <= time.monotonic() + 0.04
