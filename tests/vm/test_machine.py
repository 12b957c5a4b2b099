"""The packaged unit on a whole machine: its screen, keys and camera, and its power cut again and again."""

from __future__ import annotations

import json
import os
import random
import re
import time
from typing import NamedTuple

import pytest

from system.box import WORK
from vm.machine import Machine
from vm.pictures import Screenshot

UNIT = "posecoach.service"
CUTS = int(os.environ.get("POSECOACH_VM_CUTS", "3"))
SHOTS = WORK / "screenshots"
MINUTES = 60.0
"""An emulated processor may take twenty times as long as it believes to take."""
# What is stored, by a copy: to look must not touch it.
STORED = """
import json, shutil, sqlite3, tempfile
from pathlib import Path
with tempfile.TemporaryDirectory() as copy:
    for path in Path("/var/lib/posecoach").glob("history.sqlite3*"):
        shutil.copy(path, copy)
    history = sqlite3.connect(f"{copy}/history.sqlite3")
    print(json.dumps({
        "whole": history.execute("PRAGMA integrity_check").fetchone()[0],
        "reps": history.execute("SELECT count(*) FROM part").fetchone()[0],
        "newest": history.execute(
            "SELECT count(*) FROM part WHERE session_id = (SELECT max(id) FROM session)").fetchone()[0],
        "aside": len(list(Path("/var/lib/posecoach").glob("*.damaged-*"))),
    }))
"""


class Stored(NamedTuple):
    """The history: whether it is whole, its repetitions, those of the newest session, files kept aside."""

    whole: str
    reps: int
    newest: int
    aside: int


def stored(machine: Machine) -> Stored:
    return Stored(**json.loads(machine.run("/opt/posecoach/current/bin/python", "-c", STORED).stdout))


def status(machine: Machine) -> str:
    return machine.shows("StatusText")["StatusText"]


def counted(machine: Machine) -> int:
    """Repetitions of this session that the screen counts, as the status says as well."""
    found = re.search(r"(\d+) done", status(machine))
    return int(found[1]) if found else 0


def up(machine: Machine) -> bool:
    shown = machine.shows("ActiveState", "SubState")
    return shown == {"ActiveState": "active", "SubState": "running"}


def shot(machine: Machine, name: str) -> Screenshot:
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    machine.shot(path)
    print(f"screenshot: {path}")
    return Screenshot(path)


def test_the_packaged_unit_comes_up_by_itself(machine: Machine) -> None:
    machine.wait_for(lambda: up(machine), 10 * MINUTES, "it did not come up")
    shown = machine.shows("NRestarts", "Result", "DropInPaths", "FragmentPath")
    assert shown == {
        "NRestarts": "0",
        "Result": "success",
        "DropInPaths": "",
        "FragmentPath": f"/etc/systemd/system/{UNIT}",
    }
    assert status(machine)
    boot = machine.run("systemd-analyze", check=False).stdout.splitlines()
    print(boot[:1], machine.run("cat", "/proc/uptime").stdout)


def test_it_has_its_sandbox_and_its_console(machine: Machine) -> None:
    kernel = machine.run("systemctl", "is-active", "getty@tty1.service", check=False).stdout.strip()
    assert kernel == "inactive", "the console is somebody else's"
    main = machine.shows("MainPID")["MainPID"]
    said = machine.run("grep", "-E", "^(NoNewPrivs|Seccomp|CapBnd):", f"/proc/{main}/status").stdout.split()
    assert said == ["CapBnd:", "0000000000000000", "NoNewPrivs:", "1", "Seccomp:", "2"]
    open_files = machine.run("ls", "-l", f"/proc/{main}/fd").stdout
    assert "/dev/dri/card0" in open_files, "the screen is not its own"


def test_the_screen_shows_the_person_before_the_camera(machine: Machine) -> None:
    machine.wait_for(lambda: status(machine).startswith("active"), 15 * MINUTES, "nobody was found")
    shows = shot(machine, "active")
    place, alike = shows.camera_picture()
    print(f"picture {place} is shown, alike {alike:.3f}")
    assert alike > 0.8, "what the camera sees is not on the screen"
    for part in ("line", "heading", "dial"):
        assert 0.02 < shows.text_share(part) < 0.5, f"there are no large letters in the {part}"


def test_repetitions_are_counted_and_stored(machine: Machine) -> None:
    machine.wait_for(lambda: counted(machine) >= 2, 15 * MINUTES, "no repetitions were counted")
    seen = counted(machine)
    kept = stored(machine)
    assert kept.whole == "ok"
    assert kept.newest >= seen, "the screen counted what was not stored"
    listed = machine.run(
        *("runuser", "-u", "posecoach", "--", "env", "POSECOACH_DATA=/var/lib/posecoach"),
        *("/opt/posecoach/current/bin/posecoach", "history", "list"),
        limit_s=5 * MINUTES,
    ).stdout  # fmt: skip
    print(listed)
    assert "squat" in listed
    assert sum(int(reps) for reps in re.findall(r"\d+/(\d+)", listed)) >= seen
    shot(machine, "counted")


def test_a_key_ends_the_session_and_the_next_begins(machine: Machine) -> None:
    first = machine.shows("MainPID")["MainPID"]
    machine.press("q")
    machine.wait_for(
        lambda: machine.shows("MainPID")["MainPID"] not in ("0", first), 5 * MINUTES, "the key had no effect"
    )
    machine.wait_for(lambda: up(machine), 10 * MINUTES, "it did not come back")
    assert "Squat" in machine.journal(), "what was done until then was not summed up"


def test_a_screen_that_is_plugged_in_later_is_used(machine: Machine) -> None:
    connector = machine.run("sh", "-c", "echo /sys/class/drm/card*-*/status").stdout.strip()
    machine.run("systemctl", "stop", UNIT, limit_s=5 * MINUTES)
    machine.run("sh", "-c", f"echo off > {connector}")
    try:
        machine.run("systemctl", "start", "--no-block", UNIT)
        machine.wait_for(lambda: up(machine), 10 * MINUTES, "without a screen it did not come up")
        machine.wait_for(lambda: "D1" in status(machine), 5 * MINUTES, "it did not miss its screen")
    finally:
        machine.run("sh", "-c", f"echo detect > {connector}")
    machine.wait_for(lambda: "D1" not in status(machine), 5 * MINUTES, "the screen was not taken")
    machine.wait_for(lambda: status(machine).startswith("active"), 15 * MINUTES, "nobody was found")
    assert shot(machine, "plugged-in").camera_picture()[1] > 0.8


@pytest.mark.parametrize("number", range(1, CUTS + 1))
def test_a_power_cut_loses_nothing_that_was_counted(machine: Machine, number: int) -> None:
    machine.wait_for(lambda: up(machine), 10 * MINUTES, "it is not up")
    machine.wait_for(lambda: status(machine).startswith("active"), 15 * MINUTES, "nobody was found")
    before = counted(machine)
    machine.wait_for(lambda: counted(machine) > before, 15 * MINUTES, "no repetition was counted")
    time.sleep(random.Random(number).uniform(0.0, 5.0))  # also while the next is under way, or being stored
    seen, kept = counted(machine), stored(machine)
    machine.cut()
    took_s = machine.start()
    machine.wait_for(lambda: up(machine), 10 * MINUTES, "it did not come up after the power cut")
    after = stored(machine)
    print(f"cut {number}: {kept.reps} repetitions before, {after.reps} after; answers after {took_s:.0f} s")
    assert kept.newest >= seen, "the screen counted what was not stored"
    assert after.whole == "ok"
    assert after.aside == kept.aside, "the history was taken for damaged"
    assert after.reps >= kept.reps, "a repetition was lost"
    recovered = machine.run("journalctl", "-k", "-b", "--grep", "EXT4-fs.*error", check=False).stdout
    assert "error" not in recovered
    if number == CUTS:
        machine.wait_for(lambda: counted(machine) > 0, 15 * MINUTES, "it does not go on counting")
        shot(machine, "after-the-cuts")
