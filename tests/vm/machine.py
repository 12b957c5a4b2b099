"""One emulated machine: a real kernel, a graphics card, a keyboard, a disk whose power can be cut.

It has no network at all: commands go to QEMU's agent in the guest over a serial line, as root.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Final, Self

from system.inside import Done, Inside
from vm.disk import Disk

WH: Final = (640, 360)
"""Of its screen: small, because the graphics card is emulated too."""
MEMORY_MB: Final = 2560

# Without -cpu Nehalem, Mesa's compiled shaders crash in the emulator (QEMU 7.2).
_EMULATED: Final = ("-accel", "tcg,thread=single", "-icount", "shift=0", "-cpu", "Nehalem")
_VIRTUALISED: Final = ("-accel", "kvm", "-cpu", "host")
_KERNEL_WITHIN_S: Final = 20.0
_ANSWER_WITHIN_S: Final = 60.0


def accelerator(kernel: Path, initrd: Path) -> tuple[str, ...]:
    """Hardware virtualisation where this kernel starts under it, else emulation.

    That ``/dev/kvm`` answers is not enough: one that is itself a guest's may run no common kernel.
    """
    # It finds no disk, panics, and the machine ends with 0; anything else is no machine.
    command = [
        *("qemu-system-x86_64", "-M", "q35", *_VIRTUALISED, "-m", "1024", "-no-reboot", "-display", "none"),
        *("-monitor", "none", "-serial", "stdio", "-kernel", str(kernel), "-initrd", str(initrd)),
        *("-append", "console=ttyS0 panic=-1 root=/dev/none rootdelay=0"),
    ]
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return _EMULATED
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_KERNEL_WITHIN_S, check=False
        )
        if done.returncode == 0 and b"Linux version" in done.stdout:
            return _VIRTUALISED
    return _EMULATED


class Machine(Inside):
    """A machine with a disk of its own; the same disk after every `cut` and `start`."""

    poll_s = 1.0  # a question costs an emulated processor more than the answer is worth

    def __init__(self, home: Path, made: Disk, accel: tuple[str, ...]) -> None:
        """Lay one out; `start` switches it on.

        Args:
            home: A folder for its disk and its sockets.
            made: What the disk is a copy of.
            accel: QEMU's options for it.
        """
        self.home, self._made, self._accel = home, made, accel
        self._qemu: subprocess.Popen[bytes] | None = None
        self._agent: _Lines | None = None
        home.mkdir(parents=True, exist_ok=True)
        disk = ("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(made.image))
        subprocess.run([*disk, str(self._disk)], check=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def start(self, limit_s: float = 300.0) -> float:
        """Switch it on, and wait until commands can be run in it; the seconds that took."""
        began = time.monotonic()
        for name in ("qmp", "agent"):
            (self.home / name).unlink(missing_ok=True)
        with (self.home / "qemu.log").open("wb") as log:
            self._qemu = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = began + limit_s
        self.until((self.home / "agent").exists, deadline, "QEMU did not start")
        self._agent = _Lines(self.home / "agent")
        self.until(self._answers, deadline, "nobody answers in the machine")
        return time.monotonic() - began

    def run(self, *command: str, check: bool = True, limit_s: float = 120.0) -> Done:
        """Run a command inside, as root."""
        clean = ["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]
        asked = {"path": "/usr/bin/env", "arg": [*clean, *command], "capture-output": True}
        number = self._ask("guest-exec", **asked)["pid"]
        deadline = time.monotonic() + limit_s
        while not (state := self._ask("guest-exec-status", pid=number))["exited"]:
            assert time.monotonic() < deadline, f"{command} took longer than {limit_s:g} s"
            time.sleep(self.poll_s / 2)
        texts = (
            base64.b64decode(state.get(f"{name}-data", "")).decode(errors="replace")
            for name in ("out", "err")
        )
        done = Done(command, state.get("exitcode", -state.get("signal", 0)), *texts)
        assert not check or done.returncode == 0, f"{command}: {done.returncode}: {done.stdout}{done.stderr}"
        return done

    def shot(self, path: Path) -> None:
        """Store what the screen shows, as PNG."""
        path.unlink(missing_ok=True)
        self._monitor("screendump", filename=str(path), format="png")

    def press(self, key: str) -> None:
        """Press a key, by QEMU's name for it, and let it go."""
        self._monitor("send-key", keys=[{"type": "qcode", "data": key}])

    def cut(self) -> None:
        """Cut its power: what has not reached its disk is gone."""
        if self._agent is not None:
            self._agent.close()
        if self._qemu is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._qemu.pid, signal.SIGKILL)
            self._qemu.wait(20.0)
        self._qemu = self._agent = None

    @property
    def running(self) -> bool:
        """Whether it is switched on and answers."""
        return self._agent is not None

    @property
    def _disk(self) -> Path:
        return self.home / "disk.qcow2"

    def _command(self) -> list[str]:
        return [
            *("qemu-system-x86_64", "-M", "q35", *self._accel, "-smp", "1", "-m", str(MEMORY_MB)),
            *("-kernel", str(self._made.kernel), "-initrd", str(self._made.initrd)),
            *(
                "-append",
                "root=/dev/vda rw console=ttyS0 quiet systemd.show_status=no mitigations=off apparmor=0",
            ),
            *("-drive", f"if=none,id=disk,file={self._disk},format=qcow2,cache=writeback"),
            *("-device", "virtio-blk-pci,drive=disk", "-device", "virtio-rng-pci", "-nic", "none"),
            *(
                "-vga",
                "none",
                "-device",
                f"virtio-gpu-pci,id=gpu,xres={WH[0]},yres={WH[1]}",
                "-display",
                "none",
            ),
            *("-device", "qemu-xhci", "-device", "usb-kbd"),
            *(
                "-device",
                "virtio-serial",
                "-device",
                "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
            ),
            *("-chardev", f"socket,id=agent,path={self.home}/agent,server=on,wait=off"),
            *("-qmp", f"unix:{self.home}/qmp,server=on,wait=off", "-monitor", "none"),
            *("-serial", f"file:{self.home}/console.log"),
        ]

    def _answers(self) -> bool:
        assert self._qemu is not None
        assert self._agent is not None
        if self._qemu.poll() is not None:
            raise AssertionError(f"QEMU ended: {(self.home / 'qemu.log').read_text()[-2000:]}")
        with contextlib.suppress(TimeoutError):
            return self._agent.synchronised(within_s=3.0)
        return False

    def _ask(self, what: str, **arguments: Any) -> Any:
        assert self._agent is not None, "the machine is switched off"
        return self._agent.ask(what, arguments, _ANSWER_WITHIN_S)

    def _monitor(self, what: str, **arguments: Any) -> None:
        monitor = _Lines(self.home / "qmp")
        try:
            for name, given in (("qmp_capabilities", {}), (what, arguments)):
                monitor.ask(name, given, _ANSWER_WITHIN_S)
        finally:
            monitor.close()


class _Lines:
    """Questions and answers in lines of JSON, over a socket."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._rest = b""

    def ask(self, what: str, arguments: dict[str, Any], within_s: float) -> Any:
        self._send(what, arguments)
        deadline = time.monotonic() + within_s
        while True:
            said = self._line(deadline)
            assert "error" not in said, f"{what} {arguments}: {said['error']}"
            if "return" in said:  # else a greeting or an event
                return said["return"]

    def synchronised(self, within_s: float) -> bool:
        """Whether somebody answers; answers to earlier questions are thrown away."""
        number = time.monotonic_ns() % 1_000_000_000
        self._send("guest-sync", {"id": number})
        deadline = time.monotonic() + within_s
        while self._line(deadline).get("return") != number:
            pass
        return True

    def close(self) -> None:
        self._socket.close()

    def _send(self, what: str, arguments: dict[str, Any]) -> None:
        self._socket.sendall(json.dumps({"execute": what, "arguments": arguments}).encode() + b"\n")

    def _line(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._rest:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            received = self._socket.recv(1 << 16)
            if not received:
                raise ConnectionError("QEMU has closed the line")
            self._rest += received
        line, _, self._rest = self._rest.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said
