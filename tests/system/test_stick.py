"""A stick on real systemd: mounted read-only, seen by the service, gone when it is pulled out.

What stands in for the stick is an image on a loop device, of the FAT family where this machine's kernel knows
it; that udev sees a real one come is what only a box can show (`tests/unit/test_stick.py`, marked hardware).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from system.box import ROOT, WORK, Box, NotHere, must_run, require_tools
from system.conftest import SETTINGS
from system.test_service import inside_the_sandbox

MOUNT = "run-posecoach_stick.mount"
FOLDER = "/run/posecoach_stick"
BIN = "/opt/posecoach/current/bin/posecoach"
NODE = "/var/posecoach_stick"
OF_FAT = ("fmask=", "dmask=", "iocharset=")


def file_system() -> str:
    """FAT where this machine's kernel knows it, else what it does know: the rest is the same."""
    if shutil.which("modprobe"):
        subprocess.run(["modprobe", "vfat"], capture_output=True, check=False)
    return "vfat" if "vfat" in Path("/proc/filesystems").read_text().split() else "ext4"


def written(image: Path, files: dict[str, Path], kind: str) -> None:
    """Make an image of a stick with files on it."""
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(8 << 20)
    if kind == "vfat":
        must_run(["mkfs.vfat", "-n", "PRAXIS", str(image)], 60)
        for name, path in files.items():
            must_run(["mcopy", "-o", "-i", str(image), str(path), f"::/{name}"], 60)
        return
    with TemporaryDirectory() as folder:
        for name, path in files.items():
            shutil.copyfile(path, Path(folder) / name)
        must_run(["mke2fs", "-q", "-F", "-t", kind, "-d", folder, str(image)], 60)


@pytest.fixture(scope="module")
def carried(box: Box) -> Path:
    """A routine's file, exported in the box."""
    box.run(BIN, "routine", "export", "tree", "-o", "/var/tmp/tree.posecoach", "--author", "A. Meyer")
    return box.root / "var/tmp/tree.posecoach"


@pytest.fixture
def stick(box: Box, carried: Path) -> Iterator[Path]:
    """The box with a stick that can be plugged in; its image."""
    kind = file_system()
    try:
        tools = {"losetup": "mount", "mke2fs": "e2fsprogs"}
        require_tools(tools | ({"mkfs.vfat": "dosfstools", "mcopy": "mtools"} if kind == "vfat" else {}))
    except NotHere as error:
        pytest.skip(f"no stick can be made on this machine: {error}")
    image = WORK / "stick.img"
    written(image, {"Knee rehab.posecoach": carried}, kind)
    made = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no loop device on this machine: {made.stderr.strip()}")
    device = made.stdout.strip()
    number = Path(device).stat().st_rdev
    unit = (ROOT / "systemd" / MOUNT).read_text().splitlines()
    options = next(line for line in unit if line.startswith("Options=")).partition("=")[2].split(",")
    # No udev in a container could tell of a device in /dev, and systemd waits for none elsewhere.
    known = [each for each in options if kind == "vfat" or not each.startswith(OF_FAT)]
    box.write(
        f"/etc/systemd/system/{MOUNT}.d/container.conf",
        f"[Mount]\nWhat={NODE}\nOptions=\nOptions={','.join(known)}\n",
    )
    box.run("systemctl", "daemon-reload")
    box.run("mknod", NODE, "b", str(os.major(number)), str(os.minor(number)))
    yield image
    box.run("systemctl", "stop", MOUNT, check=False)
    box.run("rm", "-f", NODE)
    subprocess.run(["losetup", "--detach", device], check=False)
    image.unlink()


def plug_in(box: Box) -> None:
    done = box.run("systemctl", "start", MOUNT, check=False)
    if done.returncode and "permitted" in box.run("journalctl", "-u", MOUNT, "--no-pager").stdout:
        pytest.skip("this machine lets no container mount a device")
    assert done.returncode == 0, box.run("journalctl", "-u", MOUNT, "--no-pager").stdout


def test_the_mount_unit_is_free_of_mistakes(box: Box) -> None:
    said = box.run("systemd-analyze", "verify", MOUNT, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_udev_reads_the_rules(box: Box) -> None:
    rules = (f"/etc/udev/rules.d/{number}-posecoach-stick.rules" for number in (60, 61))
    said = box.run("udevadm", "verify", *rules, check=False)
    if "Unknown" in said.stderr:
        pytest.skip("this udev is older than `udevadm verify`")
    assert said.returncode == 0, said.stdout + said.stderr


def test_from_a_stick_a_routine_is_installed_and_nothing_can_be_written_to_it(box: Box, stick: Path) -> None:
    plug_in(box)
    options = box.run("findmnt", "-no", "OPTIONS", FOLDER).stdout.strip().split(",")
    assert {"ro", "nodev", "nosuid", "noexec"} <= set(options)
    assert box.run("touch", f"{FOLDER}/x", check=False).returncode != 0
    assert box.run(f"{FOLDER}/Knee rehab.posecoach", check=False).returncode != 0

    code, said = inside_the_sandbox(box, f"{BIN} routine install --json --id carried {FOLDER}")
    assert code == 0, said
    assert '"author": "A. Meyer"' in said
    assert '"state": "installed"' in said
    assert (box.root / "var/lib/posecoach/routines/carried/routine.toml").exists()


def test_a_stick_that_comes_while_the_service_runs_is_read_by_it_and_may_be_pulled_out(
    box: Box, stick: Path
) -> None:
    """The service's own view of the file systems takes part in what is mounted after its start."""
    choosing = SETTINGS.replace('routine = "squat"', 'routine = ""').replace(
        "synthetic:squat", "synthetic:heel_raise"
    )
    box.write("/etc/posecoach/posecoach.toml", choosing)  # and nobody raises a hand to choose
    box.run("systemctl", "restart", "posecoach.service", limit_s=90.0)
    try:
        box.wait_for(lambda: "works again" in box.journal(), 60.0, "the coach does not look")
        plug_in(box)
        box.wait_for(lambda: "a stick: 1 routines" in box.journal(), 60.0, "the stick was not seen")
        began = box.shows("MainPID")
        box.run("systemctl", "stop", MOUNT)
        assert box.run("findmnt", FOLDER, check=False).returncode != 0
        code, said = inside_the_sandbox(box, f"{BIN} routine install --json --dry-run {FOLDER}")
        assert code != 0
        assert "no routine's file" in said
        assert box.shows("MainPID") == began, "it goes on"
    finally:
        box.write("/etc/posecoach/posecoach.toml", SETTINGS)
        box.run("systemctl", "stop", "posecoach.service")


def test_a_damaged_stick_is_a_plain_line(box: Box, stick: Path) -> None:
    """What is read is not what was written."""
    with stick.open("r+b") as file:
        content = file.read()
        file.seek(content.index(b"PK\3\4") + 1500)
        file.write(os.urandom(500))
    plug_in(box)
    code, said = inside_the_sandbox(box, f"{BIN} routine install --json --dry-run {FOLDER}")
    assert code != 0
    assert '"state": "refused"' in said
    assert "Traceback" not in said
