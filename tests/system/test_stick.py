"""A stick on real systemd: mounted read-only, seen by the service, gone when it is pulled out.

What stands in for the stick is an image with a FAT file system on a loop device; that udev sees a real one
come is what only a box can show (`tests/unit/test_stick.py`, marked hardware).
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from system.box import WORK, Box, NotHere, must_run, require_tools
from system.test_service import inside_the_sandbox

MOUNT = "run-posecoach_stick.mount"
FOLDER = "/run/posecoach_stick"
BIN = "/opt/posecoach/current/bin/posecoach"
NODE = "/var/posecoach_stick"
WITHOUT_UDEV = f"""[Mount]
# There is no udev in a container that could tell of a device in /dev, and systemd waits for none elsewhere.
What={NODE}
"""


@pytest.fixture(scope="module")
def loop() -> Iterator[str]:
    """A loop device with an empty FAT file system."""
    try:
        require_tools({"mkfs.vfat": "dosfstools", "mcopy": "mtools", "losetup": "mount"})
    except NotHere as error:
        pytest.skip(f"no stick can be made on this machine: {error}")
    WORK.mkdir(parents=True, exist_ok=True)
    image = WORK / "stick.img"
    with image.open("wb") as file:
        file.truncate(8 << 20)
    must_run(["mkfs.vfat", "-n", "PRAXIS", str(image)], 60)
    told = subprocess.run(
        ["losetup", "--find", "--show", str(image)], capture_output=True, text=True, check=False
    )
    if told.returncode:
        pytest.skip(f"no loop device on this machine: {told.stderr.strip()}")
    device = told.stdout.strip()
    yield device
    subprocess.run(["losetup", "--detach", device], check=False)
    image.unlink()


@pytest.fixture
def stick(box: Box, loop: str) -> Iterator[Path]:
    """The box with the stick plugged in, and the stick's image."""
    box.write(f"/etc/systemd/system/{MOUNT}.d/container.conf", WITHOUT_UDEV)
    box.run("systemctl", "daemon-reload")
    number = Path(loop).stat().st_rdev
    box.run("mknod", NODE, "b", str(os.major(number)), str(os.minor(number)))
    yield WORK / "stick.img"
    box.run("systemctl", "stop", MOUNT, check=False)
    box.run("rm", "-f", NODE)


def plug_in(box: Box) -> None:
    done = box.run("systemctl", "start", MOUNT, check=False)
    if done.returncode and "permitted" in box.run("journalctl", "-u", MOUNT, "--no-pager").stdout:
        pytest.skip("this machine lets no container mount a device")
    assert done.returncode == 0, box.run("journalctl", "-u", MOUNT, "--no-pager").stdout


def test_the_mount_unit_is_free_of_mistakes(box: Box) -> None:
    said = box.run("systemd-analyze", "verify", MOUNT, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_udev_reads_the_rules(box: Box) -> None:
    said = box.run("udevadm", "verify", "/etc/udev/rules.d/61-posecoach-stick.rules", check=False)
    if "Unknown" in said.stderr:
        pytest.skip("this udev is older than `udevadm verify`")
    assert said.returncode == 0, said.stdout + said.stderr


def test_from_a_stick_a_routine_is_installed_and_nothing_can_be_written_to_it(box: Box, stick: Path) -> None:
    box.run(BIN, "routine", "export", "tree", "-o", "/var/tmp/tree.posecoach", "--author", "A. Meyer")
    shutil.copy(box.root / "var/tmp/tree.posecoach", WORK / "tree.posecoach")
    must_run(["mcopy", "-o", "-i", str(stick), str(WORK / "tree.posecoach"), "::/Knee rehab.posecoach"], 60)
    plug_in(box)
    options = box.run("findmnt", "-no", "OPTIONS", FOLDER).stdout.strip().split(",")
    assert {"ro", "nodev", "nosuid", "noexec"} <= set(options)
    assert box.run("touch", f"{FOLDER}/x", check=False).returncode != 0
    mode = box.run("stat", "-c", "%f", f"{FOLDER}/Knee rehab.posecoach").stdout.strip()
    assert stat.S_IMODE(int(mode, 16)) == 0o444
    assert box.run(f"{FOLDER}/Knee rehab.posecoach", check=False).returncode != 0

    code, said = inside_the_sandbox(box, f"{BIN} routine install --json --id carried {FOLDER}")
    assert code == 0, said
    assert '"author": "A. Meyer"' in said
    assert '"state": "installed"' in said
    assert (box.root / "var/lib/posecoach/routines/carried/routine.toml").exists()


def test_a_stick_that_is_plugged_in_while_the_service_runs_is_seen_by_it(box: Box, stick: Path) -> None:
    """The service's own view of the file systems takes part in what is mounted after its start."""
    seen = f'/bin/sh -c "for n in $$(seq 100); do ls {FOLDER}/*.posecoach && exit 0; sleep 0.2; done; exit 1"'
    box.run("systemd-run", "--on-active=2", "systemctl", "start", MOUNT)
    code, said = inside_the_sandbox(box, seen)
    assert code == 0, said
    assert "Knee rehab.posecoach" in said


def test_a_stick_that_is_pulled_out_goes_and_the_service_stays(box: Box, stick: Path) -> None:
    plug_in(box)
    box.run("systemctl", "stop", MOUNT)
    assert box.run("findmnt", FOLDER, check=False).returncode != 0
    code, said = inside_the_sandbox(box, f"{BIN} routine install --json --dry-run {FOLDER}")
    assert code == 66, said


def test_a_damaged_file_system_is_a_plain_line(box: Box, stick: Path) -> None:
    """Its files' chains are overwritten: what is read is not what was written, or not read at all."""
    with stick.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(200_000))
    plug_in(box)
    code, said = inside_the_sandbox(box, f"{BIN} routine install --json --dry-run {FOLDER}")
    assert code in (65, 66), said
    assert "Traceback" not in said
