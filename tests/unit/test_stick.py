"""A folder that a stick is mounted at, watched from the screen: read and copied by processes of its own."""

from __future__ import annotations

import shutil
import sys
import time

import pytest

from posecoach.adapters import configuration
from posecoach.adapters.routine_folder import STARTER
from posecoach.cli import main
from posecoach.cli.recordings import routines
from posecoach.cli.stick import PATIENCE_S, MountedStick
from posecoach.errors import RoutineError
from posecoach.face.brought import Standing, Trust


@pytest.fixture
def plugged(tmp_path, monkeypatch):
    """Where a stick is plugged in, with two routines' files, one of them damaged."""
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSECOACH_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    stick = tmp_path / "drawer" / "stick"
    stick.mkdir(parents=True)
    folder = tmp_path / "knee"
    shutil.copytree(STARTER / "tree", folder)
    assert main(["routine", "export", str(folder), "-o", str(stick), "--author", "A. Meyer"]) == 0
    (stick / "b.posecoach").write_bytes((stick / "knee.posecoach").read_bytes()[:3000])
    return tmp_path / "stick"


class Clock:
    """The screen's loop: looks, and time goes by for it."""

    def __init__(self, stick):
        self.stick, self.now = stick, 50.0

    def until(self, true):
        ends = time.monotonic() + 60.0
        while not true() and time.monotonic() < ends:
            self.stick.look(self.now)
            time.sleep(0.01)
        assert true()

    def goes_on(self, seconds=1.1):
        self.now += seconds
        self.stick.look(self.now)


def standings(stick):
    return [brought.standing for brought in stick.brought]


def test_a_stick_comes_is_read_copied_from_and_goes(plugged, tmp_path):
    with MountedStick(plugged, lambda id_: routines().load(id_)) as stick:
        clock = Clock(stick)
        clock.goes_on()
        assert (stick.brought, stick.unread) == ([], False)

        (tmp_path / "drawer" / "stick").rename(plugged)
        clock.goes_on()
        clock.until(lambda: stick.brought)
        broken, knee = stick.brought
        assert (broken.name, broken.standing) == ("b.posecoach", Standing.BROKEN)
        assert (knee.name, knee.author, knee.trust, knee.standing) == (
            "Tree pose", "A. Meyer", Trust.UNSIGNED, Standing.NEW,
        )  # fmt: skip

        stick.take(0)
        assert standings(stick)[0] is Standing.BROKEN, "nothing is taken of it"
        stick.take(1)
        assert standings(stick)[1] is Standing.TAKING
        clock.until(lambda: standings(stick)[1] is Standing.TAKEN)
        came = []
        clock.until(lambda: came.extend(stick.arrived()) or came)
        assert [routine.id for routine in came] == ["knee"]
        assert stick.arrived() == []
        assert routines().load("knee").name == "Tree pose"

        plugged.rename(tmp_path / "drawer" / "stick")
        clock.goes_on()
        assert stick.brought == []


def says(tmp_path, code):
    """A command in the place of posecoach."""
    path = tmp_path / "says.py"
    path.write_text(code)
    return (sys.executable, "-S", str(path))


def told(tmp_path, code):
    (tmp_path / "s").mkdir(exist_ok=True)
    return MountedStick(tmp_path / "s", lambda id_: None, says(tmp_path, code))


def test_a_stick_that_does_not_answer_is_unreadable_and_nobody_waits(tmp_path):
    with told(tmp_path, "import time; time.sleep(600)") as stick:
        clock = Clock(stick)
        clock.goes_on()
        assert not stick.unread
        clock.goes_on(PATIENCE_S + 2.0)
        assert stick.unread


@pytest.mark.parametrize(
    ("code", "unread"),
    [
        ("raise SystemExit(66)", False),
        ("raise SystemExit(65)", True),
        ("raise SystemExit(78)", True),
        ("import os; os.abort()", True),
        ("print('[' * 9000); print('nonsense'); print('5')", False),
    ],
)
def test_whatever_a_reader_says_or_dies_of_is_borne(tmp_path, code, unread):
    with told(tmp_path, code) as stick:
        clock = Clock(stick)
        clock.goes_on()
        clock.until(lambda: stick._listing is None)
        assert (stick.brought, stick.unread) == ([], unread)


ROW = (
    'import sys\nif "--dry-run" in sys.argv: print(\'{"file":"/s/a.posecoach","id":"a","name":"A",'
    '"trust":"known","signed_by":"x","state":"would_install"}\')\n'
)


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("raise SystemExit(74)", Standing.FAILED),
        ('print(\'{"state":"refused","why":"other","name":"A"}\')', Standing.OTHER),
        ('print(\'{"state":"refused","why":"not_written"}\')', Standing.FAILED),
    ],
)
def test_what_could_not_be_copied_says_so(tmp_path, code, standing):
    with told(tmp_path, f"{ROW}else: {code}") as stick:
        clock = Clock(stick)
        clock.goes_on()
        clock.until(lambda: stick.brought)
        assert stick.brought[0].signed_by == "x"
        stick.take(0)
        clock.until(lambda: standings(stick) == [standing])
        assert stick.brought[0].name == "A"
        assert stick.arrived() == []


def test_what_somebody_cannot_do_is_not_offered(tmp_path):
    def load(id_):
        raise RoutineError("nothing of it can be done")

    (tmp_path / "s").mkdir()
    done = f'{ROW}else: print(\'{{"id":"a","state":"installed"}}\')'
    with MountedStick(tmp_path / "s", load, says(tmp_path, done)) as stick:
        clock = Clock(stick)
        clock.goes_on()
        clock.until(lambda: stick.brought)
        stick.take(0)
        clock.until(lambda: standings(stick) == [Standing.TAKEN])
        clock.until(lambda: all(future.done() for future in stick._loading))
        assert stick.arrived() == []


@pytest.mark.parametrize(
    ("taken", "kiosk", "wanted"),
    [("auto", False, True), ("auto", True, False), ("on", True, True), ("off", False, False)],
)
def test_in_a_kiosk_nothing_is_taken_unless_somebody_said_so(tmp_path, taken, kiosk, wanted):
    from posecoach.cli.settings import _stick_folder

    file = tmp_path / "posecoach.toml"
    file.write_text(f'[exchange]\nstick = "{taken}"\nstick_folder = "/x"\n')
    folder = _stick_folder(configuration.load(file), kiosk=kiosk)
    assert (folder is not None) == wanted


@pytest.mark.hardware
def test_a_real_stick_is_mounted_where_it_is_looked_for():
    from pathlib import Path

    if not Path("/dev/posecoach_stick").exists():
        pytest.skip("needs a USB stick of the FAT family in a box with systemd/61-posecoach-stick.rules")
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    (options,) = [line.split()[3] for line in mounts if line.split()[1] == "/run/posecoach_stick"]
    assert {"ro", "nodev", "nosuid", "noexec"} <= set(options.split(","))
