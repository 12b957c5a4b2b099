"""A fleet without hardware: bare Debians with sshd on a network of their own that leads nowhere else.

The controller is a network namespace of this machine. Each box is reached from it over one cable, and reaches
nothing but it: no other box, no name server, no way out.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from system.box import NOT_IN_A_CONTAINER, ROOT, WORK, Box, NotHere, mirror, must_run, require_tools

PROVISIONING = ROOT / "provisioning"
TOOLS = Path(os.environ.get("POSECOACH_FLEET_TOOLS", ROOT / ".venv-fleet"))
BARE = "systemd,systemd-sysv,dbus,udev,openssh-server,sudo,python3,procps,iproute2,nftables"
"""What every Debian with an SSH server and every Raspberry Pi OS has, and nothing of what a coach needs."""
USER = "pi"
CONTROLLER = "posecoach-ctl"
INSIDE = ("ip", "netns", "exec", CONTROLLER)
NETWORK = "10.77.31"
NOBODY_ELSE = "Ansible is not installed: make fleet-tools"


def bare(suite: str) -> Path:
    """A Debian as it is after the installer; made once."""
    require_tools()
    if shutil.which("ip") is None:
        raise NotHere("ip is missing: install iproute2")
    folder = WORK / f"installed-{suite}"
    if not (folder / ".ready").exists():
        WORK.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        must_run(
            ["debootstrap", "--variant=minbase", f"--include={BARE}", suite, str(folder), *mirror()], 900
        )
        (folder / ".ready").touch()
    return folder


@dataclass(frozen=True)
class Answer:
    """What a run over the fleet has said.

    Attributes:
        cpu_s: Spent on this machine by the controller.
        rows: What it reports of each box.
    """

    code: int
    text: str
    took_s: float
    cpu_s: float
    rows: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def results(self) -> dict[str, str]:
        """What became of each box."""
        return {host: row["result"] for host, row in self.rows.items()}


class Fleet:
    """Some boxes, and what runs over them."""

    def __init__(self, folder: Path, suites: Mapping[str, str]) -> None:
        """Lay them out; entering boots them.

        Args:
            folder: For keys, the inventory and what is brought back.
            suites: Debian's by box.
        """
        self._folder = folder
        self._suites = dict(suites)
        self._stack = contextlib.ExitStack()
        self._key = folder / "key"
        self.inventory = folder / "boxes.json"
        self.boxes: dict[str, Box] = {}

    def __enter__(self) -> Self:
        """Boot all of them."""
        if not (TOOLS / "bin/ansible-playbook").exists():
            raise NotHere(NOBODY_ELSE)
        try:
            must_run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self._key)], 30)
            self._stack.enter_context(_namespace(CONTROLLER))
            _ip("-n", CONTROLLER, "link", "add", "br0", "type", "bridge")
            _ip("-n", CONTROLLER, "addr", "add", f"{NETWORK}.1/24", "dev", "br0")
            _ip("-n", CONTROLLER, "link", "set", "br0", "up")
            for number, name in enumerate(self._suites):
                self._lay_out(number, name)
            for box in self.boxes.values():
                box.boot()
            self.write_inventory()
            for name in self.boxes:
                self._wait_for_ssh(name)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""
        self._stack.close()

    def address(self, name: str) -> str:
        """Where a box is."""
        return f"{NETWORK}.{11 + list(self._suites).index(name)}"

    def write_inventory(self, extra: Mapping[str, Any] | None = None, **hosts: Mapping[str, Any]) -> None:
        """Write the inventory, with more variables for all of them, and for some."""
        known = self._folder / "known_hosts"
        inventory = {
            "boxes": {
                "hosts": {
                    name: {"ansible_host": self.address(name), **hosts.get(name, {})} for name in self.boxes
                },
                "vars": {
                    "ansible_user": USER,
                    "ansible_ssh_private_key_file": str(self._key),
                    "ansible_ssh_common_args": f"-o UserKnownHostsFile={known}",
                    **(extra or {}),
                },
            },
            "canary": {"hosts": {next(iter(self.boxes)): None}},
        }
        self.inventory.write_text(json.dumps(inventory))

    def run(self, command: str, *options: str, limit_s: float = 300.0) -> Answer:
        """Run ``provisioning/fleet`` as a person does."""
        report = self._folder / "report.json"
        report.unlink(missing_ok=True)
        environ = os.environ | {
            "POSECOACH_FLEET_TOOLS": str(TOOLS),
            "POSECOACH_FLEET_REPORT": str(report),
            "ANSIBLE_LOCAL_TEMP": str(self._folder / "tmp"),
            "HOME": str(self._folder),
        }
        began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [*INSIDE, str(PROVISIONING / "fleet"), command, "-i", str(self.inventory), *options],
            capture_output=True, text=True, timeout=limit_s, check=False, env=environ,
        )  # fmt: skip
        took_s, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        rows = json.loads(report.read_text()) if report.exists() else []
        return Answer(
            done.returncode, done.stdout + done.stderr, took_s, cpu_s, {row["host"]: row for row in rows}
        )

    @contextlib.contextmanager
    def unplugged(self, name: str) -> Iterator[None]:
        """Pull a box's cable for a while."""
        cable = f"v{list(self._suites).index(name)}"
        _ip("-n", CONTROLLER, "link", "set", cable, "down")
        try:
            yield
        finally:
            _ip("-n", CONTROLLER, "link", "set", cable, "up")

    def ssh(
        self, name: str, *command: str, options: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Come in as a person does."""
        way = ["-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={self._folder}/known_hosts",
               "-o", "ConnectTimeout=2", "-o", "BatchMode=yes", *options]  # fmt: skip
        if not any("PubkeyAuthentication" in option for option in options):
            way += ["-i", str(self._key)]
        return subprocess.run(
            [*INSIDE, "ssh", *way, f"{USER}@{self.address(name)}", *command],
            capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip

    def received(self, name: str) -> int:
        """How many bytes have come to a box over its cable."""
        words = ["ip", "-j", "-s", "-n", f"posecoach-{name}", "link", "show", "eth0"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        return int(json.loads(said)[0]["stats64"]["rx"]["bytes"])

    def connects(self, name: str, port: int) -> bool:
        """Whether a box takes a connection on a port."""
        code = f"import socket; socket.create_connection(({self.address(name)!r}, {port}), 2)"
        done = subprocess.run([*INSIDE, sys.executable, "-c", code], capture_output=True, check=False)
        return done.returncode == 0

    def _lay_out(self, number: int, name: str) -> None:
        """One bare box at the end of a cable of its own."""
        namespace = self._stack.enter_context(_namespace(f"posecoach-{name}"))
        cable = f"v{number}"
        _ip(
            "-n", CONTROLLER, "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", namespace
        )
        _ip("-n", CONTROLLER, "link", "set", cable, "master", "br0", "up")
        _ip("-n", CONTROLLER, "link", "set", cable, "type", "bridge_slave", "isolated", "on")
        _ip("-n", namespace, "addr", "add", f"{self.address(name)}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", namespace, "link", "set", device, "up")
        lower = str(bare(self._suites[name]))
        box = self._stack.enter_context(Box(name, lower=lower, namespace=namespace))
        for unit in NOT_IN_A_CONTAINER:
            (box.root / "etc/systemd/system" / unit).symlink_to("/dev/null")
        box.write("/etc/machine-id", "")
        box.write("/etc/hostname", "debian\n")
        box.write(f"/etc/sudoers.d/{USER}", f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
        must_run(["chroot", str(box.root), "useradd", "-m", "-s", "/bin/bash", "-p", "*", USER], 30)
        box.write(f"/home/{USER}/.ssh/authorized_keys", self._key.with_suffix(".pub").read_text())
        must_run(["chroot", str(box.root), "chown", "-R", f"{USER}:", f"/home/{USER}/.ssh"], 30)
        self.boxes[name] = box

    def _wait_for_ssh(self, name: str) -> None:
        deadline = time.monotonic() + 60.0
        while (done := self.ssh(name, "true")).returncode:
            if time.monotonic() > deadline:
                raise NotHere(f"{name} does not let us in: {done.stderr}")
            time.sleep(0.2)


@contextlib.contextmanager
def _namespace(name: str) -> Iterator[str]:
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    _ip("netns", "add", name)
    try:
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def _ip(*words: str) -> None:
    must_run(["ip", *words], 30)
