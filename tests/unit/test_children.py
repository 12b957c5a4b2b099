"""Parts in real processes, that are really killed, stopped, and hang."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from blind_estimator import BlindEstimator, FickleEstimator, SlowEstimator, soon_faulty
from posecoach.errors import CameraError, ModelError, ModelUnavailable
from posecoach.frame import Frame
from posecoach.service.child_camera import CameraLost, CameraStalled, ChildCamera
from posecoach.service.child_estimator import ChildEstimator, EstimatorHangs, EstimatorLost, opened_warm
from posecoach.service.faults import Injection
from posecoach.service.faulty import open_faulty_camera
from posecoach.service.spawned import Spawned, usable
from posecoach.synthetic.camera import SyntheticCamera
from standin_edgetpu import standin_library
from tiny_posenet import compiled_posenet

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a child is tied to its parent by Linux")

DEVICE = Path(__file__).parents[2] / "device"
SMALL = "squat,live=1,size=64x36,rate=60"
FRAME = Frame(0, 1.0, np.zeros((36, 64, 3), np.uint8))


def is_running(pid):
    """Whether there is such a process; one that has ended and was not waited for does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def ends(pid, within_s=5.0):
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if not is_running(pid):
            return True
        time.sleep(0.01)
    return False


def test_whatever_ends_or_stops_an_estimator_is_noticed_and_leaves_no_process():
    for send, error, says in (
        (signal.SIGKILL, EstimatorLost, "SIGKILL"),
        (signal.SIGABRT, EstimatorLost, "SIGABRT"),
        (signal.SIGSTOP, EstimatorHangs, "hangs"),
    ):
        with ChildEstimator(BlindEstimator, deadline_s=0.3) as estimator:
            assert len(estimator.estimate(FRAME)) == 1
            os.kill(estimator.pid, send)
            with pytest.raises(error, match=says):
                estimator.estimate(FRAME)
            assert not is_running(estimator.pid)
            assert estimator.gone
            with pytest.raises(ModelUnavailable, match="closed"):
                estimator.estimate(FRAME)


@pytest.mark.parametrize(("kind", "error"), [("hang", EstimatorHangs), ("abort", EstimatorLost)])
def test_an_injected_fault_is_met_as_a_real_one(kind, error):
    def ask_until_it_fails():
        with ChildEstimator(partial(soon_faulty, kind), deadline_s=0.3, first_within_s=1.0) as estimator:
            for _ in range(100_000):
                estimator.estimate(FRAME)

    with pytest.raises(error):
        ask_until_it_fails()


def test_a_slow_network_has_its_time():
    with ChildEstimator(SlowEstimator, deadline_s=0.05) as estimator:
        assert [len(estimator.estimate(FRAME)) for _ in range(2)] == [1, 1]


def test_a_network_that_answers_one_picture_in_two_ways_is_not_believed():
    with pytest.raises(ModelError, match="not to be believed"):
        ChildEstimator(FickleEstimator)


def test_a_library_that_ends_its_process_ends_no_other(monkeypatch):
    """As libedgetpu does with a bad cable, or built for another interpreter (C2, C11)."""
    pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")
    from posecoach.adapters._edgetpu import LIBRARY_VARIABLE
    from posecoach.adapters.litert_estimator import LiteRtEstimator

    monkeypatch.setenv(LIBRARY_VARIABLE, str(standin_library()))
    monkeypatch.setenv("STANDIN", "segfault")
    with pytest.raises(EstimatorLost, match="SIGSEGV"):
        ChildEstimator(partial(LiteRtEstimator, compiled_posenet(), model_id="tpu", probe=False))


def test_an_estimator_that_cannot_be_opened_says_why():
    with pytest.raises(ModelUnavailable, match=r"ZeroDivisionError|division"):
        ChildEstimator(partial(divmod, 1, 0))


def test_a_camera_that_is_killed_is_lost_after_its_last_frame():
    with ChildCamera(partial(SyntheticCamera, SMALL)) as camera:
        frames = camera.frames()
        next(frames)
        os.kill(camera.pid, signal.SIGKILL)
        with pytest.raises(CameraLost, match="SIGKILL"):
            list(islice(frames, 20))
        assert not is_running(camera.pid)


def test_a_camera_that_is_stopped_or_stalls_is_killed():
    with ChildCamera(partial(SyntheticCamera, SMALL), deadline_s=0.3) as camera:
        frames = camera.frames()
        next(frames)
        os.kill(camera.pid, signal.SIGSTOP)
        with pytest.raises(CameraStalled):
            list(islice(frames, 20))
        assert not is_running(camera.pid)


def test_what_a_camera_raises_comes_after_its_frames():
    fault = Injection("camera", "unplug", 1.0, 60.0)
    make = partial(open_faulty_camera, partial(SyntheticCamera, SMALL), [fault], time.monotonic())
    with ChildCamera(make) as camera:
        seen = []
        with pytest.raises(CameraError, match="unplugged"):
            seen.extend(camera.frames())


def test_a_camera_is_on_our_clock_whatever_its_own():
    with ChildCamera(partial(SyntheticCamera, SMALL)) as camera:
        frames = list(islice(camera.frames(), 5))

    assert all(abs(frame.captured_at - time.monotonic()) < 5.0 for frame in frames)


def test_a_spare_process_that_has_ended_is_not_used():
    spare = Spawned()
    assert usable(spare) is spare
    os.kill(spare.pid, signal.SIGKILL)
    assert ends(spare.pid)
    assert usable(spare) is None
    assert usable(None) is None


def cannot_be_opened():
    raise ModelUnavailable("opened a second time")


def test_a_process_that_stands_by_has_its_part_open_already():
    spare = Spawned()
    spare.open(partial(opened_warm, BlindEstimator))
    with ChildEstimator(cannot_be_opened, child=usable(spare)) as estimator:
        assert estimator.model_id == BlindEstimator.model_id
        assert len(estimator.estimate(FRAME)) == 1


def test_nothing_is_left_of_many():
    def held():
        return len(list(Path("/proc/self/fd").iterdir()))

    with ChildEstimator(BlindEstimator):
        before = held()
    for _ in range(3):
        with ChildEstimator(BlindEstimator) as estimator:
            estimator.estimate(FRAME)
        assert held() < before


PARENT = """
import sys, time
from functools import partial
from blind_estimator import BlindEstimator
from posecoach.service.child_camera import ChildCamera
from posecoach.service.child_estimator import ChildEstimator
from posecoach.service.spawned import Spawned
from posecoach.synthetic.camera import SyntheticCamera
from standin_edgetpu import standin_library
from tiny_posenet import compiled_posenet
camera = ChildCamera(partial(SyntheticCamera, "squat,live=1,size=64x36"))
frames = camera.frames()
next(frames)
estimator = ChildEstimator(BlindEstimator)
print(camera.pid, estimator.pid, Spawned().pid, flush=True)
time.sleep(60)
"""


def test_a_parent_that_is_killed_takes_its_children_with_it():
    search = os.pathsep.join([str(DEVICE), str(Path(__file__).parents[1])])
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], env={**os.environ, "PYTHONPATH": search}, stdout=subprocess.PIPE
    ) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert all(map(is_running, pids))
        os.kill(pids[1], signal.SIGSTOP)  # nor does it matter what they do
        parent.kill()
        parent.wait()

        assert all(map(ends, pids))


APPLIANCE = """
import json, sys
from posecoach.cli.appliance import run_appliance
from posecoach.cli.appliance_options import ApplianceOptions
from posecoach.cli.recordings import ModelChoice, routines

def watch(session, display, turn):
    if turn.looked:  # camera and network work
        raise KeyboardInterrupt

choice = ModelChoice(camera="synthetic")
options = ApplianceOptions("synthetic:squat,live=1,size=160x90", choice, "headless", limit_s=50.0)
run_appliance(options, [routines().load("squat")], watch=watch)
known = {"av", "picamera2", "libcamera", "ai_edge_litert", "tflite_runtime", "pycoral", "edgetpu"}
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} & known)))
"""


def test_the_appliance_itself_loads_no_library_that_can_end_it_and_tells_systemd(tmp_path):
    pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(20.0)
        run = subprocess.run(
            [sys.executable, "-c", APPLIANCE],
            env={
                **os.environ,
                "PYTHONPATH": str(DEVICE),
                "POSECOACH_DATA": str(tmp_path),
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
                "WATCHDOG_USEC": "3000000",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        said = [systemd.recv(4096).decode()]
        while not said[-1].startswith("STOPPING"):
            said.append(systemd.recv(4096).decode())

    assert json.loads(run.stdout.splitlines()[-1]) == [], "loaded"
    assert said[0].startswith("READY=1")
    assert "WATCHDOG=1" in said[0]
    assert "Starting the camera" in run.stderr
    assert "works again" in run.stderr
