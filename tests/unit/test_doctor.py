"""The doctor: every fault of the box turns its own checks, and no other."""

import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

import numpy as np
import pytest

from posecoach.adapters._edgetpu import LIBRARY_VARIABLE
from posecoach.adapters.model_store import ModelStore
from posecoach.adapters.own_models import add_own_model
from posecoach.adapters.pictures import write_png
from posecoach.cli import main
from posecoach.coach.bounds import bounds
from posecoach.coach.compose_fault import compose_fault
from posecoach.service.doctor import CHECKS, examine, exit_code
from posecoach.service.fault_picture import fault_of
from posecoach.service.findings import Box, Check, State, failed, passed, warned
from posecoach.service.trial import tried
from standin_edgetpu import standin_library
from tiny_posenet import INPUT_WH, compiled_posenet

# The model for people is on few machines that run the tests; it has a test of its own.
QUICK = [check for check in CHECKS if not check.slow and check.id != "model"]
SET_CLOCK_S = 1_800_000_000.0
STICK = "sys/bus/usb/devices/2-1"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def pi(tmp_path: Path) -> Path:
    """The files of a healthy Raspberry Pi."""
    return healthy_pi(tmp_path)


def healthy_pi(folder: Path) -> Path:
    root = folder / "root"
    write(
        root,
        {
            f"{STICK}/idVendor": "18d1\n",
            f"{STICK}/idProduct": "9302\n",
            f"{STICK}/speed": "5000\n",
            f"{STICK}/busnum": "2\n",
            f"{STICK}/devnum": "3\n",
            "dev/bus/usb/002/003": "",
            "dev/video0": "",
            "dev/dri/card0": "",
            "sys/class/drm/card0-HDMI-A-1/status": "connected\n",
            "sys/class/drm/card0-HDMI-A-2/status": "disconnected\n",
            "sys/devices/platform/soc/soc:firmware/get_throttled": "0\n",
            "sys/class/thermal/thermal_zone0/temp": "48312\n",
            "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.5\0",
            "proc/meminfo": "MemAvailable:  900000 kB\nCmaTotal:  524288 kB\nCmaFree:  400000 kB\n",
            "proc/self/mounts": f"/dev/root / ext4 rw 0 0\ntmpfs {folder}/volatile tmpfs rw 0 0\n",
            "dev/kmsg": "6,1,0,-;Booting Linux\n",
            "dev/snd/pcmC1D0p": "",
            "sys/class/sound/card1/id": "vc4hdmi0\n",
            "usr/bin/espeak-ng": "",
        },
    )
    (root / "usr/bin/espeak-ng").chmod(0o755)
    (folder / "data").mkdir()
    return root


def box_of(root: Path, **changes: object) -> Box:
    options: dict = {"data_folder": root.parent / "data", "root": root, "clock_s": SET_CLOCK_S}
    # Three seconds are enough on a box; here other work may be done as well.
    return Box(**options | {"limit_s": 60.0} | changes)


def states(box: Box, checks: list[Check] = QUICK) -> dict[str, State]:
    return {check.id: finding.state for check, finding in examine(box, checks)}


def unplugged(root: Path) -> Box:
    shutil.rmtree(root / STICK)
    return box_of(root)


def with_files(**files: str) -> Callable[[Path], Box]:
    def change(root: Path) -> Box:
        write(root, files)
        return box_of(root)

    return change


def without(name: str) -> Callable[[Path], Box]:
    def change(root: Path) -> Box:
        (root / name).unlink()
        return box_of(root)

    return change


def damaged_history(root: Path) -> Box:
    (root.parent / "data" / "history.sqlite3").write_bytes(b"SQLite format 3\0" + b"nonsense" * 100)
    return box_of(root)


def broken_routine(root: Path) -> Box:
    write(root.parent / "data", {"routines/mine/routine.toml": "kind = ["})
    return box_of(root)


def misconfigured(root: Path) -> Box:
    write(root, {"posecoach.toml": "[display]\nmode = 3\n"})
    return box_of(root, environ={"POSECOACH_CONFIG": str(root / "posecoach.toml")})


def held(root: Path) -> Box:
    (root / "proc/4711/fd").mkdir(parents=True)
    (root / "proc/4711/fd/5").symlink_to("/dev/bus/usb/002/003")
    write(root, {"proc/4711/comm": "frigate\n"})
    return box_of(root)


def volatile(root: Path) -> Box:
    (root.parent / "volatile").mkdir()
    return box_of(root, data_folder=root.parent / "volatile" / "posecoach")


NO_STICK = {"tpu-there": "fail", "tpu-speed": "skip", "tpu-access": "skip", "tpu-free": "skip"}
HDMI, HEAT, KERNEL = "sys/class/drm/card0-HDMI-A-1/status", "sys/class/thermal/thermal_zone0/temp", "dev/kmsg"
FAULTS: dict[str, tuple[Callable[[Path], Box], dict[str, str]]] = {
    "stick unplugged": (unplugged, NO_STICK),
    "USB 2 port": (with_files(**{f"{STICK}/speed": "480\n"}), {"tpu-speed": "warn"}),
    "stick held by another program": (held, {"tpu-free": "warn"}),
    "camera unplugged": (without("dev/video0"), {"camera-there": "fail", "camera-access": "skip"}),
    "screen off": (with_files(**{HDMI: "disconnected"}), {"screen-there": "fail"}),
    "no loudspeaker": (without("dev/snd/pcmC1D0p"), {"sound": "warn"}),
    "nothing that speaks": (without("usr/bin/espeak-ng"), {"speech": "warn"}),
    "too little voltage now": (
        with_files(**{"sys/devices/platform/soc/soc:firmware/get_throttled": "50005"}),
        {"power": "fail"},
    ),
    "too little voltage once": (
        with_files(**{"sys/devices/platform/soc/soc:firmware/get_throttled": "50000"}),
        {"power": "warn"},
    ),
    "hot": (with_files(**{HEAT: "83000"}), {"heat": "warn"}),
    "a dead sensor is no cold": (with_files(**{HEAT: "-87900"}), {"heat": "skip"}),
    "camera memory used up": (
        with_files(**{"proc/meminfo": "MemAvailable: 900000 kB\nCmaTotal: 524288 kB\nCmaFree: 9000 kB\n"}),
        {"camera-memory": "warn"},
    ),
    "memory used up": (
        with_files(**{"proc/meminfo": "MemAvailable: 90000 kB\nCmaTotal: 524288 kB\nCmaFree: 400000 kB\n"}),
        {"memory": "warn"},
    ),
    "clock of 1970": (lambda root: box_of(root, clock_s=120.0), {"clock": "warn"}),
    "watchdog that the board cannot": (
        with_files(**{"etc/systemd/system.conf.d/watchdog.conf": "[Manager]\nRuntimeWatchdogSec=20s\n"}),
        {"hardware-watchdog": "fail"},
    ),
    "bad cable": (
        with_files(**{KERNEL: "3,9,1,-;usb 2-1: cannot enable. Maybe the USB cable is bad?\n"}),
        {"kernel-log": "warn"},
    ),
    "failing card": (
        with_files(**{KERNEL: "3,9,1,-;mmc0: timeout waiting for hardware\n"}),
        {"kernel-log": "warn"},
    ),
    "volatile data folder": (volatile, {"data-lasting": "fail"}),
    "damaged history": (damaged_history, {"history": "fail"}),
    "broken configuration": (misconfigured, {"configuration": "fail"}),
    "broken routine": (broken_routine, {"routines": "fail"}),
    "a service that can reach a network": (
        lambda root: box_of(root, environ={"POSECOACH_UNIT": "posecoach.service"}),
        {"offline": "fail"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_turns_exactly_its_own_checks(pi: Path, fault: str) -> None:
    # Loading every routine that ships takes half a second: only where it is what is broken.
    checks = [check for check in QUICK if check.id != "routines" or fault == "broken routine"]
    change, expected = FAULTS[fault]
    healthy = states(box_of(pi), checks)
    assert set(healthy.values()) <= {State.PASS, State.SKIP}
    assert turned(healthy, states(change(pi), checks)) == expected


def turned(before: dict[str, State], after: dict[str, State]) -> dict[str, str]:
    """What has changed."""
    return {name: state.value for name, state in after.items() if state is not before[name]}


def package(folder: Path, name: str, summary: str) -> None:
    write(folder, {f"{name}-1.0.dist-info/METADATA": f"Name: {name}\nVersion: 1.0\nSummary: {summary}\n"})


def free(mib: int) -> Callable[[Path], tuple[int, int, int]]:
    return lambda _: shutil._ntuple_diskusage(1 << 40, 0, mib << 20)


DISK = "posecoach.service.checks_storage.shutil.disk_usage"
INSTALLED = {
    "a package with another's name": ("pycoral", "Pictures of fish", "fail"),
    "systemd that is not systemd": ("systemd", "Start and stop things", "fail"),
}
ROOM = {"disk full": (3, "fail"), "disk nearly full": (300, "warn")}


@pytest.mark.parametrize("fault", INSTALLED)
def test_a_stranger_among_the_packages_turns_their_check(
    pi: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    name, summary, state = INSTALLED[fault]
    checks = [check for check in QUICK if check.id != "routines"]
    healthy = states(box_of(pi), checks)
    package(tmp_path / "site", name, summary)
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert turned(healthy, states(box_of(pi), checks)) == {"packages": state}


@pytest.mark.parametrize("fault", ROOM)
def test_a_disk_without_room_turns_its_check(pi: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    checks = [check for check in QUICK if check.id != "routines"]
    monkeypatch.setattr(DISK, free(5000))
    healthy = states(box_of(pi), checks)
    mib, state = ROOM[fault]
    monkeypatch.setattr(DISK, free(mib))
    assert turned(healthy, states(box_of(pi), checks)) == {"disk-space": state}


TRIED = {"inference": "fail", "tpu-runs": "fail", "camera-frame": "warn", "picture": "fail"}


def test_what_breaks_in_a_process_of_its_own_turns_exactly_its_own_checks(
    pi: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ai_edge_litert", reason="no interpreter is installed")
    slow = [check for check in CHECKS if check.slow]
    assert {check.id for check in slow} == set(TRIED)
    environ = {"POSECOACH_DATA": str(home), "POSECOACH_SHARED": str(home / "nowhere")}
    compiled_model(environ)
    black = tmp_path / "pictures" / "black.png"
    black.parent.mkdir()
    write_png(black, np.zeros((90, 160, 3), np.uint8))
    monkeypatch.setenv(LIBRARY_VARIABLE, str(standin_library()))

    def found(camera: str, broken: str) -> dict[str, str]:
        modules = tmp_path / f"broken {broken}"
        write(modules, {f"{broken}/__init__.py": "raise ImportError('broken')\n"})
        monkeypatch.setenv("PYTHONPATH", str(modules))
        box = box_of(pi, environ=environ, camera=camera, limit_s=60.0)
        return turned(dict.fromkeys(TRIED, State.PASS), states(box, slow))

    # Every check is well once, and ill once.
    assert found("synthetic:squat,size=160x90", "pygame") == {"picture": "fail"}
    ill = {name: state for name, state in TRIED.items() if name != "picture"}
    assert found(f"file:{black.parent}", "ai_edge_litert") == ill


def compiled_model(environ: dict[str, str]) -> None:
    """One's own model, compiled for an Edge TPU, on this box."""
    store = ModelStore(environ=environ)
    store.own_folder.mkdir(parents=True)
    add_own_model(
        store.own_folder,
        compiled_posenet(),
        "tiny-edgetpu",
        family="posenet",
        input_wh=INPUT_WH,
        output_stride=16,
        heads=("heatmaps", "short_offsets", "mid_offsets"),
        backbone="none",
        licence="Apache-2.0",
    )


def test_every_check_has_a_fault_that_turns_it() -> None:
    turned_by_faults = {name for _, expected in FAULTS.values() for name in expected}
    turned_by_closing = {name for expected in CLOSED.values() for name in expected}
    elsewhere = {"packages", "disk-space", "model"}
    told = {"version"}  # it says what is installed, and finds no fault
    known = turned_by_faults | turned_by_closing | set(TRIED) | elsewhere | told
    assert known == {check.id for check in CHECKS}


NOBODY = 65534
CLOSED = {
    "dev/bus/usb/002/003": {"tpu-access": "fail"},
    "dev/video0": {"camera-access": "fail"},
    "dev/dri/card0": {"screen-access": "fail"},
    "dev/snd/pcmC1D0p": {"sound": "warn"},
    "../data": {"data-writable": "fail", "history": "skip", "routines": "skip"},
}


@pytest.fixture
def pi_of_nobody() -> Iterator[Path]:
    """A healthy Pi, whose files belong to whom `as_nobody` makes this process."""
    with tempfile.TemporaryDirectory() as named:
        root = healthy_pi(Path(named))
        if os.getuid() == 0:
            for path in (Path(named), *Path(named).rglob("*")):
                os.chown(path, NOBODY, -1)
        yield root


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be somebody whom files can be closed to; whoever is not root is already."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.mark.parametrize("closed", CLOSED)
def test_what_may_not_be_opened_turns_exactly_its_own_check(pi_of_nobody: Path, closed: str) -> None:
    expected = CLOSED[closed]
    checks = [check for check in QUICK if check.id != "routines" or "routines" in expected]
    states(box_of(pi_of_nobody), checks)  # nobody may import what is in root's home
    with as_nobody():
        healthy = states(box_of(pi_of_nobody), checks)
        (pi_of_nobody / closed).chmod(0)
        after = {check.id: finding for check, finding in examine(box_of(pi_of_nobody), checks)}
        (pi_of_nobody / closed).chmod(0o700)
    assert turned(healthy, {name: finding.state for name, finding in after.items()}) == expected
    assert not any("went wrong" in finding.words for finding in after.values())


def test_a_data_folder_behind_a_closed_one_is_told_as_such(pi_of_nobody: Path) -> None:
    behind = pi_of_nobody.parent / "data" / "posecoach"
    checks = [check for check in QUICK if check.id in ("data-writable", "data-lasting", "history")]
    with as_nobody():
        behind.mkdir()
        behind.parent.chmod(0)
        found = {
            check.id: finding for check, finding in examine(box_of(pi_of_nobody, data_folder=behind), checks)
        }
        behind.parent.chmod(0o700)
    assert [finding.state.value for finding in found.values()] == ["fail", "pass", "skip"]
    assert str(behind) in found["data-writable"].remedy


def test_a_model_that_is_not_here_is_told_with_what_to_do(pi: Path) -> None:
    model = [check for check in CHECKS if check.id == "model"]
    nowhere = {"POSECOACH_SHARED": str(pi / "nowhere"), "POSECOACH_DATA": str(pi / "nowhere")}
    ((_, finding),) = examine(box_of(pi, environ=nowhere), model)
    assert finding.state is State.FAIL
    assert finding.remedy == "posecoach models fetch posenet-mobilenet-075-481x641"


def test_ids_are_unique_and_every_remedy_says_something(pi: Path) -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    shutil.rmtree(pi)
    pi.mkdir()
    for _, finding in examine(box_of(pi), QUICK):
        assert bool(finding.remedy) == (finding.state in (State.WARN, State.FAIL))


def test_a_check_that_hangs_or_breaks_fails_and_the_others_answer() -> None:
    hang = Event()
    checks = [
        Check("hangs", "", (), lambda box: passed(str(hang.wait(30.0)))),
        Check("breaks", "", (), lambda box: passed(str(1 // 0))),
        Check("works", "", (), lambda box: passed("yes")),
    ]
    began = monotonic()
    found = dict(examine(Box(Path(), limit_s=0.1), checks))
    hang.set()
    assert monotonic() - began < 3.0
    assert [found[check].state for check in checks] == [State.FAIL, State.FAIL, State.PASS]
    assert "0.1 s" in found[checks[0]].words
    assert "ZeroDivisionError" in found[checks[1]].words


def test_exit_codes() -> None:
    well, meek, ill = ((CHECKS[0], finding) for finding in (passed(""), warned("", "x"), failed("", "x")))
    assert [exit_code([well]), exit_code([well, meek]), exit_code([meek, ill])] == [0, 1, 2]
    assert [exit_code([meek], gate=True), exit_code([ill, meek], gate=True)] == [0, 2]


def test_the_gate_lets_a_working_box_pass(home: Path) -> None:
    # No more than three seconds on a box; here other tests may run beside this one.
    box = Box(home, camera="synthetic:squat,size=320x180", clock_s=SET_CLOCK_S, limit_s=60.0)
    examined = examine(box, [check for check in CHECKS if check.gate])
    assert exit_code(examined, gate=True) == 0
    found = {check.id: finding.state for check, finding in examined}
    assert all(found[name] is State.PASS for name in ("camera-frame", "inference", "picture"))
    assert "tpu-there" not in found


def test_a_camera_that_is_not_there_fails_the_gate(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert main(["doctor", "--only", "camera-frame,clock", "--camera", "v4l2:/dev/video77"]) == 2
    assert "FAIL  camera-frame" in capsys.readouterr().out


def test_a_trial_that_crashes_says_how(tmp_path: Path) -> None:
    said, why = tried("no such trial", limit_s=10.0)
    assert said is None
    assert "exit code 1" in why
    assert "KeyError" in why


def test_unknown_checks_are_refused_with_a_guess(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--only", "clok"]) == 66
    assert "did you mean 'clock'" in capsys.readouterr().err
    assert main(["doctor", "--only", "clock", "--gate"]) == 66


def test_the_bundle_holds_no_names(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "hildegard")
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "hildegard" / "192.168.7.9"))
    out = tmp_path / "bundle.tar.gz"
    assert main(["doctor", "--only", "data-writable,clock", "--bundle", str(out)]) == 0
    with tarfile.open(out) as archive:
        texts = {member.name: archive.extractfile(member).read().decode() for member in archive.getmembers()}
    assert "posecoach-bundle/doctor.json" in texts
    json.loads(texts["posecoach-bundle/doctor.json"])
    assert not any("hildegard" in text or "192.168.7.9" in text for text in texts.values())
    assert not any(name.endswith((".png", ".jpg", ".mp4", ".sqlite3", ".track.json")) for name in texts)


def test_the_history_is_only_read(pi: Path) -> None:
    path = pi.parent / "data" / "history.sqlite3"
    with sqlite3.connect(path) as history:
        history.execute("CREATE TABLE session (id INTEGER)")
    before = path.read_bytes()
    assert states(box_of(pi))["history"] is State.PASS
    assert path.read_bytes() == before


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_fault_picture_tells_what_can_be_mended_first(pi: Path) -> None:
    (pi / "dev/video0").unlink()
    shutil.rmtree(pi / STICK)
    told = fault_of(examine(box_of(pi), QUICK), 30.0, 60.0)
    assert (told.code, told.left) == ("camera-there", 0.5)
    assert told.reason.startswith("No camera was found")
    assert "30 seconds" in told.trying


def test_the_fault_picture_of_a_box_on_which_nothing_is_wrong(pi: Path) -> None:
    told = fault_of(examine(box_of(pi), QUICK), 30.0, 60.0)
    assert told.code == "crashed"
    assert "plug" in told.remedy


@pytest.mark.parametrize("wh", [(800, 480), (1280, 720), (3840, 2160), (720, 1280)])
def test_everything_on_the_fault_picture_lies_on_the_screen(pi: Path, wh: tuple[int, int]) -> None:
    shutil.rmtree(pi)
    pi.mkdir()
    scene = compose_fault(fault_of(examine(box_of(pi), QUICK), 30.0, 60.0), wh)
    for item in scene.items:
        box = bounds(item, wh[0] / wh[1])
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= 1.0 + 1e-6
        assert box.bottom <= 1.0 + 1e-6


def test_the_fault_picture_ends_by_itself(home: Path) -> None:
    assert main(["doctor", "--fault-picture", "0.2", "--display", "headless"]) in (1, 2)
