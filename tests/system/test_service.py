"""posecoach.service on real systemd: ready, shut off, watched over, and back after every death."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from system.box import ROOT, Box

UNIT = "posecoach.service"
LARGEST_EXPOSURE = 1.5
SLOWER_INSIDE = 8.0  # what a machine that does other work as well may make of one measurement
LAST_RESORT = """
test -e /run/posecoach/again && exec sleep 60
touch /run/posecoach/again
exit 76
"""


def reps(box: Box) -> int:
    """Finished repetitions that are stored, as a copy of the files says it: to look must not touch them."""
    folder = box.root / "var/lib/posecoach"
    with TemporaryDirectory() as copy:
        for name in ("history.sqlite3", "history.sqlite3-wal"):
            if (folder / name).exists():
                shutil.copyfile(folder / name, Path(copy) / name)
        path = Path(copy) / "history.sqlite3"
        if not path.exists():
            return 0
        with closing(sqlite3.connect(path)) as history:
            tables = history.execute("SELECT count(*) FROM sqlite_master WHERE name = 'part'").fetchone()[0]
            if not tables:
                return 0
            assert history.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            return int(history.execute("SELECT count(*) FROM part").fetchone()[0])


def main_pid(box: Box) -> int:
    """The service's main process, by its number inside."""
    return int(box.shows("MainPID")["MainPID"])


def start(box: Box) -> None:
    if box.shows("ActiveState")["ActiveState"] != "active":
        box.run("systemctl", "reset-failed", UNIT, check=False)
        box.run("systemctl", "start", UNIT, limit_s=90.0)


def test_the_units_are_free_of_mistakes(box: Box) -> None:
    said = box.run("systemd-analyze", "verify", UNIT, "posecoach-fault.service", check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_the_service_is_little_exposed(box: Box) -> None:
    said = box.run("systemd-analyze", "security", "--no-pager", UNIT).stdout
    exposure = float(said.strip().splitlines()[-1].split(":")[1].split()[0])
    print(f"exposure {exposure}")
    assert exposure <= LARGEST_EXPOSURE


def test_ready_within_ten_seconds_and_says_what_it_does(box: Box) -> None:
    began = time.monotonic()
    start(box)
    took_s = time.monotonic() - began
    print(f"READY after {took_s:.1f} s")
    assert took_s <= 10.0
    shown = box.shows("ActiveState", "SubState", "StatusText")
    assert (shown["ActiveState"], shown["SubState"]) == ("active", "running")
    assert shown["StatusText"]


def test_repetitions_are_counted_and_stored(box: Box) -> None:
    start(box)
    before = reps(box)
    box.wait_for(lambda: reps(box) > before, 180.0, "no repetition was stored")


def inside_the_sandbox(box: Box, command: str) -> tuple[int, str]:
    """Run a command with all that the unit allows and forbids; its exit code and what it said."""
    unit = (ROOT / "systemd" / UNIT).read_text()
    lines = [
        f"ExecStart={command}" if line.startswith("ExecStart=") else line
        for line in unit.splitlines()
        if not line.startswith(("Type=", "NotifyAccess=", "Watchdog", "Restart=", "OnFailure=", "Conflicts="))
    ]
    box.write(
        "/etc/systemd/system/probe.service", "\n".join(lines).replace("[Service]", "[Service]\nType=oneshot")
    )
    box.write(
        "/etc/systemd/system/probe.service.d/container.conf",
        (box.root / f"etc/systemd/system/{UNIT}.d/container.conf").read_text(),
    )
    box.run("systemctl", "daemon-reload")
    began = box.run("date", "+%s").stdout.strip()
    done = box.run("systemctl", "start", "probe.service", check=False)
    journal = ("-u", "probe.service", "--since", f"@{began}", "-o", "cat", "--no-pager")
    return done.returncode, box.run("journalctl", *journal).stdout


def test_from_inside_the_sandbox_no_ip_socket_can_be_opened(box: Box) -> None:
    probe = "/opt/posecoach/current/bin/posecoach doctor --only offline,data-writable --json"
    code, said = inside_the_sandbox(box, probe)
    assert code == 0, said
    assert '"id": "offline", "state": "pass"' in said
    # The probe can tell: without the sandbox the same question fails.
    bare = box.run("env", "POSECOACH_UNIT=x", *probe.split(), check=False)
    assert '"id": "offline", "state": "fail"' in bare.stdout


def test_from_inside_the_sandbox_the_network_is_as_quick(box: Box) -> None:
    """Without /proc/cpuinfo the interpreter takes three hundred times as long, and says so to nobody."""
    probe = "/opt/posecoach/current/bin/python -P -m posecoach.service.trial inference posecoach-athlete"
    box.run("systemctl", "stop", UNIT)
    code, said = inside_the_sandbox(box, probe)
    assert code == 0, said
    outside = box.run(*probe.split()).stdout
    took_ms = [float(re.findall(r'"ms": ([0-9.]+)', each)[-1]) for each in (said, outside)]
    print(f"inside {took_ms[0]} ms, outside {took_ms[1]} ms")
    assert took_ms[0] <= SLOWER_INSIDE * took_ms[1]


def test_from_inside_the_sandbox_words_are_heard(box: Box) -> None:
    """espeak-ng is a program, and SDL's driver plays to a file: no container has a sound card."""
    if not (box.root / "usr/bin/espeak-ng").exists():
        pytest.skip("the box was made before it had espeak-ng: remove it, see POSECOACH_SYSTEM_WORK")
    heard = "/var/lib/posecoach/heard.raw"
    driver = f"/usr/bin/env SDL_AUDIODRIVER=disk SDL_DISKAUDIOFILE={heard}"
    probe = f"{driver} /opt/posecoach/current/bin/python -P -m posecoach.service.trial speech"
    code, said = inside_the_sandbox(box, probe)
    assert code == 0, said
    assert re.search(r'"length_s": 0\.[2-6]', said), said
    played = np.frombuffer((box.root / heard.lstrip("/")).read_bytes(), "<i2")
    assert np.abs(played.astype(int)).max() > 3000, "not silence"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT])
def test_it_is_back_after_a_death(box: Box, number: signal.Signals) -> None:
    start(box)
    box.wait_for(lambda: reps(box) > 0, 180.0, "no repetition was stored")
    before, first = reps(box), main_pid(box)
    began = time.monotonic()
    box.run("kill", f"-{int(number)}", str(first))
    box.wait_for(
        lambda: main_pid(box) not in (0, first) and box.shows("SubState")["SubState"] == "running",
        20.0,
        "it did not come back",
    )
    print(f"{number.name}: back after {time.monotonic() - began:.1f} s")
    assert time.monotonic() - began <= 10.0
    assert reps(box) >= before, "a finished repetition was lost"


def test_the_watchdog_restarts_a_frozen_parent(box: Box) -> None:
    start(box)
    first = main_pid(box)
    box.run("kill", "-STOP", str(first))
    box.wait_for(lambda: main_pid(box) not in (0, first), 30.0, "the watchdog did not bite")


def ends_with_76(box: Box, since_start_s: str) -> None:
    """Have the service end as the last resort does, once, on a box that was started so long ago."""
    box.run("systemctl", "stop", UNIT)
    box.write("/opt/last-resort.sh", LAST_RESORT)
    box.write(
        f"/etc/systemd/system/{UNIT}.d/wants-a-reboot.conf",
        "[Service]\nType=exec\nWatchdogSec=0\nExecStart=\nExecStart=/bin/sh /opt/last-resort.sh\n"
        f"RuntimeDirectoryPreserve=restart\nEnvironment=POSECOACH_REBOOT_AFTER_S={since_start_s}\n",
    )
    box.run("systemctl", "daemon-reload")
    box.run("systemctl", "start", UNIT, check=False)


def wants_no_reboot(box: Box) -> None:
    (box.root / f"etc/systemd/system/{UNIT}.d/wants-a-reboot.conf").unlink()
    box.run("systemctl", "daemon-reload")
    box.run("systemctl", "stop", UNIT)


def test_exit_code_76_starts_the_coach_again_on_a_box_that_was_started_just_now(box: Box) -> None:
    ends_with_76(box, since_start_s="999999999")
    try:
        box.wait_for(lambda: "not yet again" in box.journal(), 20.0, "it was not refused")
        box.wait_for(lambda: box.shows("NRestarts")["NRestarts"] == "1", 20.0, "it was not started again")
        assert box.run("systemctl", "is-system-running", check=False).stdout.strip() != "stopping"
    finally:
        wants_no_reboot(box)


def test_exit_code_76_starts_the_box_again(box: Box) -> None:
    box.run("touch", "/run/before-the-reboot")
    ends_with_76(box, since_start_s="0")
    box.wait_for_reboot()
    assert box.run("test", "-e", "/run/before-the-reboot", check=False).returncode == 1
    wants_no_reboot(box)


def test_after_many_deaths_the_fault_picture_is_shown_and_then_it_is_tried_again(box: Box) -> None:
    box.run("systemctl", "stop", UNIT)
    box.run("systemctl", "reset-failed", UNIT, check=False)
    drop_ins = {
        f"{UNIT}.d/dies.conf": "Type=exec\nRestartSec=100ms\nExecStart=\nExecStart=/bin/false\n",
        "posecoach-fault.service.d/seen.conf": "ExecStart=\nExecStart=/bin/sleep 2\n",
    }
    for name, lines in drop_ins.items():
        box.write(f"/etc/systemd/system/{name}", f"[Unit]\nStartLimitBurst=4\n[Service]\n{lines}")
    box.run("systemctl", "daemon-reload")
    shown = ["-u", "posecoach-fault.service", "-o", "cat", "--no-pager", "-b"]
    try:
        box.run("systemctl", "--no-block", "start", UNIT)
        box.wait_for(
            lambda: "Finished posecoach-fault.service" in box.run("journalctl", *shown).stdout,
            40.0,
            "the fault picture was not shown",
        )
        deaths = box.journal().count("status=1/FAILURE")
        assert deaths >= 4, "not before it had died often"
        box.wait_for(lambda: box.journal().count("status=1/FAILURE") > deaths, 20.0, "it was not tried again")
    finally:
        for name in drop_ins:
            (box.root / "etc/systemd/system" / name).unlink()
        box.run("systemctl", "daemon-reload")
        box.run("systemctl", "stop", "posecoach-fault.service", UNIT)
        box.run("systemctl", "reset-failed", UNIT, check=False)


def test_a_clean_stop_ends_the_session_and_leaves_nothing(box: Box) -> None:
    start(box)
    box.wait_for(lambda: reps(box) > 0, 180.0, "no repetition was stored")
    box.run("systemctl", "stop", UNIT)
    shown = box.shows("ActiveState", "Result")
    assert shown == {"ActiveState": "inactive", "Result": "success"}
    left = box.run("sh", "-c", "ls /dev/shm | grep -c posecoach || true").stdout.strip()
    assert left == "0"


def test_it_starts_with_a_damaged_history_and_keeps_it_aside(box: Box) -> None:
    box.run("systemctl", "stop", UNIT)
    folder = box.root / "var/lib/posecoach"
    path = folder / "history.sqlite3"
    path.write_bytes(b"SQLite format 3\0" + os.urandom(8192))
    start(box)
    box.wait_for(lambda: list(folder.glob("history.sqlite3.damaged-*")), 30.0, "it was not kept aside")
    box.wait_for(lambda: reps(box) > 0, 180.0, "no repetition was stored")


def test_it_starts_with_broken_settings(box: Box) -> None:
    box.run("systemctl", "stop", UNIT)
    box.write("/etc/posecoach/conf.d/99-broken.toml", "[display\n")
    try:
        start(box)
        assert box.shows("SubState")["SubState"] == "running"
        assert "99-broken.toml" in box.journal()
    finally:
        (box.root / "etc/posecoach/conf.d/99-broken.toml").unlink()


def test_it_starts_with_a_full_disk(box: Box) -> None:
    box.run("systemctl", "stop", UNIT)
    box.write(
        "/etc/systemd/system/posecoach.service.d/small.conf",
        "[Service]\nTemporaryFileSystem=/var/lib/posecoach:size=64k,mode=0777\n",
    )
    box.run("systemctl", "daemon-reload")
    try:
        start(box)
        box.wait_for(lambda: "history: H" in box.journal(), 20.0, "it was not said that nothing is saved")
        time.sleep(3.0)
        assert box.shows("SubState", "NRestarts") == {"SubState": "running", "NRestarts": "0"}
    finally:
        (box.root / "etc/systemd/system/posecoach.service.d/small.conf").unlink()
        box.run("systemctl", "daemon-reload")
        box.run("systemctl", "stop", UNIT)


def test_nothing_finished_is_lost_in_a_power_cut(box: Box) -> None:
    start(box)
    before = reps(box)
    box.wait_for(lambda: reps(box) > before, 180.0, "no repetition was stored")
    acknowledged = reps(box)
    box.cut()
    assert reps(box) >= acknowledged
    box.boot()
    start(box)
    box.wait_for(lambda: reps(box) > acknowledged, 180.0, "it does not go on counting")
