"""A box without hardware: Debian with real systemd in a container, with posecoach installed as on a box.

Built once into ``$POSECOACH_SYSTEM_WORK`` (default: a folder of /var/tmp): Debian by debootstrap, then the
project's wheels, offline. Every test gets a throw-away copy of it. Needs root and Debian's own packages; what
is missing is installed where that is allowed, and said where not.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from pip._vendor.packaging.requirements import Requirement

from system.inside import Done, Inside

ROOT = Path(__file__).resolve().parents[2]
WORK = Path(os.environ.get("POSECOACH_SYSTEM_WORK", "/var/tmp/posecoach-system"))
SUITE = os.environ.get("POSECOACH_SYSTEM_SUITE", "trixie")
PYTHON = {"bookworm": "3.11", "trixie": "3.13"}
TOOLS = {"systemd-nspawn": "systemd-container", "debootstrap": "debootstrap", "systemd-analyze": "systemd"}
PACKAGES = "systemd,systemd-sysv,dbus,udev,python3,python3-venv,python3-systemd,procps,espeak-ng"
NOT_IN_A_CONTAINER = (
    *("getty@tty1.service", "systemd-timesyncd.service", "apt-daily.timer", "apt-daily-upgrade.timer"),
    *("e2scrub_reap.service", "dpkg-db-backup.timer"),
)
REBOOT_CODE = 133
"""How systemd-nspawn ends, asked to keep to its unit, when what is inside wants to be started again."""
IN_BUNDLES = ("bundle", "posecoach_release", "units", "install.sh")
INSTALLED = (
    *("device", "systemd", "models", "pyproject.toml", "*.txt"),
    *(f"provisioning/{name}" for name in IN_BUNDLES),
)
RELEASE = "opt/posecoach/releases/test"
_PIP = f"/{RELEASE}/bin/pip install -q --no-index --no-deps"
UNITS = {
    "posecoach.service": "etc/systemd/system/posecoach.service",
    "posecoach-fault.service": "etc/systemd/system/posecoach-fault.service",
    "posecoach.sysusers.conf": "usr/lib/sysusers.d/posecoach.conf",
    "posecoach.tmpfiles.conf": "usr/lib/tmpfiles.d/posecoach.conf",
    "posecoach.journald.conf": "etc/systemd/journald.conf.d/posecoach.conf",
    "60-posecoach-coral.rules": "etc/udev/rules.d/60-posecoach-coral.rules",
    "60-posecoach-stick.rules": "etc/udev/rules.d/60-posecoach-stick.rules",
    "61-posecoach-stick.rules": "etc/udev/rules.d/61-posecoach-stick.rules",
    "run-posecoach_stick.mount": "etc/systemd/system/run-posecoach_stick.mount",
}


class NotHere(Exception):
    """Why there can be no box on this machine."""


def require_tools(tools: Mapping[str, str] = TOOLS) -> None:
    """Install what is missing, by tool and package, where that is allowed."""
    if os.getuid() != 0:
        raise NotHere("containers and machines need root")
    missing = [package for tool, package in tools.items() if shutil.which(tool) is None]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise NotHere(f"{', '.join(missing)} is missing, and this is no Debian")
    done = subprocess.run(
        f"apt-get update -qq && apt-get install -y -qq --no-install-recommends {' '.join(missing)}",
        shell=True, capture_output=True, text=True, timeout=600, check=False,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )  # fmt: skip
    if done.returncode:
        raise NotHere(f"{', '.join(missing)} cannot be installed: {_last(done.stderr)}")


def base() -> str:
    """What a box is a copy of, for `mounted`."""
    return ":".join(map(str, layers()))


def layers() -> tuple[Path, Path, Path]:
    """Posecoach over its wheels over Debian; made anew where needed."""
    require_tools()
    tree = debian()
    wanted = requirements(PYTHON[SUITE])
    wheels = layer("wheels", [tree], hashlib.sha256(wanted.encode()).hexdigest(), _install_wheels)
    return layer("posecoach", [wheels, tree], digest(), _install), wheels, tree


def debian() -> Path:
    """Debian with systemd and what posecoach needs of it, by debootstrap; made once."""
    WORK.mkdir(parents=True, exist_ok=True)
    tree = WORK / f"debian-{SUITE}"
    if not (tree / ".ready").exists():
        shutil.rmtree(tree, ignore_errors=True)
        what = ["--variant=minbase", f"--include={PACKAGES}", SUITE, str(tree), *mirror()]
        must_run(["debootstrap", *what], 900)
        (tree / ".ready").touch()
    return tree


def layer(name: str, below: list[Path], stamp: str, build: Callable[[Path], None]) -> Path:
    """A folder with what `build` adds to the tree below it."""
    folder = WORK / f"{name}-{SUITE}"
    ready = folder.with_suffix(".ready")
    if ready.exists() and ready.read_text() == stamp:
        return folder
    ready.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    with mounted(":".join(map(str, below)), folder, WORK / f"{name}-mount") as tree:
        build(tree)
    ready.write_text(stamp)
    return folder


@contextlib.contextmanager
def mounted(lower: str, upper: Path, home: Path) -> Iterator[Path]:
    """A tree that shows `lower`, and what is changed in `upper`."""
    work, root = home / "work", home / "root"
    for folder in (upper, work, root):
        folder.mkdir(parents=True, exist_ok=True)
    must_run(
        [
            "mount",
            "-t",
            "overlay",
            "overlay",
            "-o",
            f"lowerdir={lower},upperdir={upper},workdir={work}",
            str(root),
        ],
        60,
    )
    try:
        yield root
    finally:
        if subprocess.run(["umount", str(root)], capture_output=True, check=False).returncode:
            subprocess.run(["umount", "-l", str(root)], check=True)
        shutil.rmtree(home, ignore_errors=True)


def _install_wheels(tree: Path) -> None:
    """Put what posecoach needs where a box has it, without a network."""
    version = PYTHON[SUITE]
    chosen, wheels = WORK / f"requirements-{SUITE}.txt", tree / "opt/wheels"
    chosen.write_text(requirements(version))
    download = [
        "download",
        "-q",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
        "--python-version",
        version,
    ]
    must_run([sys.executable, "-m", "pip", *download, "-r", str(chosen), "-d", str(wheels)], 900)
    shutil.copy(chosen, wheels / "requirements.txt")
    for unit in NOT_IN_A_CONTAINER:
        (tree / "etc/systemd/system" / unit).symlink_to("/dev/null")
    (tree / "etc/machine-id").write_text("")
    for step in (
        f"python3 -m venv --system-site-packages /{RELEASE}",
        f"{_PIP} --find-links /opt/wheels -r /opt/wheels/requirements.txt",
        "rm -rf /opt/wheels",
    ):
        must_run(["chroot", str(tree), "sh", "-c", step], 900)


def _install(tree: Path) -> None:
    """Put posecoach, its units and their like where a box has them."""
    wheels = tree / "opt/wheels"
    build = ["wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(wheels), str(ROOT)]
    must_run([sys.executable, "-m", "pip", *build], 300)
    for step in (
        f"{_PIP} /opt/wheels/posecoach-*.whl",
        f"/{RELEASE}/bin/python -m posecoach.kernels",
        f"ln -sfn /{RELEASE} /opt/posecoach/current",
        "rm -rf /opt/wheels",
    ):
        must_run(["chroot", str(tree), "sh", "-c", step], 900)
    units = ROOT / "systemd"
    for name, target in UNITS.items():
        (tree / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(units / name, tree / target)
    must_run(["chroot", str(tree), "systemd-sysusers"], 60)


def requirements(version: str) -> str:
    """What of constraints.txt is for a version of Python: pip would go by the one it runs on."""
    logical = (ROOT / "constraints.txt").read_text().replace("\\\n", " ").splitlines()
    chosen = []
    for line in logical:
        wanted, _, hashes = line.partition(" --hash")
        if line.strip() and not line.startswith((" ", "#")):
            marker = Requirement(wanted.strip()).marker
            if marker is None or marker.evaluate(
                {"python_version": version, "python_full_version": f"{version}.5"}
            ):
                chosen.append(f"{wanted.partition(';')[0].strip()} --hash{hashes}")
    return "\n".join(chosen) + "\n"


class Box(Inside):
    """One container, booted from a throw-away copy."""

    def __init__(self, name: str, lower: str = "", *, namespace: str = "") -> None:
        """Lay out a box, a copy of `lower` or of one with posecoach; `boot` starts it.

        Args:
            name: What it calls itself.
            lower: What it is a copy of, for `mounted`; empty: `base`.
            namespace: The network namespace it lives in; empty: one of its own, with nothing in it.

        Attributes:
            binds: Folders of this machine, by where they are inside.
        """
        self.name = name
        self._lower, self._namespace = lower, namespace
        self.binds: dict[str, Path] = {}
        self._home = WORK / "running" / name
        self.root = self._home / "root"
        self._leader = 0
        self._stack = contextlib.ExitStack()
        self._nspawn: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Mount the copy."""
        self._stack.enter_context(mounted(self._lower or base(), self._home / "upper", self._home))
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it, and leave nothing behind."""
        self.stop()
        self._stack.close()

    def write(self, path: str, text: str) -> None:
        """Write a file of the box, before or after it is booted."""
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    @property
    def pid(self) -> int:
        """Of the process that everything inside is below."""
        assert self._nspawn is not None, "it is not booted"
        return self._nspawn.pid

    def boot(self, limit_s: float = 90.0) -> None:
        """Start systemd and wait until it is through."""
        # Only with a unified hierarchy and bpf are DeviceAllow= and IPAddressDeny= enforced inside.
        space = self._namespace
        given = [f"--network-namespace-path=/run/netns/{space}", "--capability=CAP_NET_ADMIN"]
        network = given if space else ["--private-network"]
        console = self._stack.enter_context((self._home / "console.log").open("wb"))
        self._nspawn = subprocess.Popen(
            ["systemd-nspawn", "-q", "-D", str(self.root), "--boot", "--register=no", "--keep-unit",
             f"--machine={self.name}", "--console=pipe", "--kill-signal=SIGRTMIN+4",
             "--system-call-filter=bpf", *network,
             *(f"--bind={place}:{inside}" for inside, place in self.binds.items())],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
            env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "yes"},
        )  # fmt: skip
        deadline = time.monotonic() + limit_s
        self._leader = self.until(self._find_leader, deadline, "no systemd in the container")
        ready = {"running", "degraded"}
        self.until(
            lambda: self.run("systemctl", "is-system-running", check=False).stdout.strip() in ready,
            deadline,
            "systemd did not come up",
        )

    def wait_for_reboot(self, limit_s: float = 90.0) -> None:
        """Wait until the box wants to be started again, and do so."""
        assert self._nspawn is not None
        code = self._nspawn.wait(limit_s)
        self._nspawn, self._leader = None, 0
        assert code == REBOOT_CODE, f"systemd-nspawn ended with {code}"
        self.boot()

    def run(self, *command: str, check: bool = True, limit_s: float = 60.0) -> Done:
        """Run a command inside, as root."""
        inside = ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "-C", "--"]
        clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"]
        done = subprocess.run(
            [*inside, *clean, *command], capture_output=True, text=True, timeout=limit_s, check=False
        )
        assert not check or done.returncode == 0, f"{command}: {done.returncode}: {done.stdout}{done.stderr}"
        return done

    @property
    def running(self) -> bool:
        """Whether commands can be run."""
        return bool(self._leader)

    def stop(self) -> None:
        """Shut it down, or end it."""
        if self._nspawn is None:
            return
        if self._leader:
            with contextlib.suppress(Exception):
                self.run("systemctl", "--no-block", "poweroff", check=False, limit_s=10.0)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._nspawn.wait(20.0)
        self.cut()

    def cut(self) -> None:
        """End it as a power cut does: at once."""
        if self._nspawn is None:
            return
        if self._leader:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._leader, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._nspawn.pid, signal.SIGKILL)
        self._nspawn.wait(20.0)
        self._nspawn, self._leader = None, 0

    def _find_leader(self) -> int | None:
        assert self._nspawn is not None
        if self._nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended: {(self._home / 'console.log').read_text()[-2000:]}")
        for child in _children(self._nspawn.pid):
            for each in (*_children(child), child):
                status = Path(f"/proc/{each}/status")
                with contextlib.suppress(OSError):
                    line = next(text for text in status.read_text().splitlines() if text.startswith("NSpid"))
                    if line.split()[-1] == "1" and len(line.split()) > 2:
                        return each
        return None


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def digest() -> str:
    """What is installed: a change of any of it makes the tree anew."""
    digest = hashlib.sha256()
    told = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", *INSTALLED], capture_output=True, text=True, check=False
    )
    listed = told.stdout.split()
    if told.returncode:  # no checkout
        found = (
            path for name in INSTALLED for path in ROOT.glob(f"{name}/**/*" if "." not in name else name)
        )
        listed = [str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts]
    for name in sorted(listed):
        path = ROOT / name
        digest.update(name.encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


def mirror() -> list[str]:
    """The mirror that this machine uses for itself."""
    for source in (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")):
        if source.is_file():
            for line in source.read_text().splitlines():
                if line.startswith("URIs:"):
                    return [line.split()[1]]
                if line.startswith("deb ") and "[" not in line:
                    return [line.split()[1]]
    return []


def must_run(command: Sequence[str], limit_s: float) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)
    if done.returncode:
        raise NotHere(f"{' '.join(command)[:200]} failed: {_last(done.stderr) or _last(done.stdout)}")


def _last(text: str) -> str:
    return " ".join(text.strip().splitlines()[-3:])
