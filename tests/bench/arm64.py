"""``make arm64-test``: a bundle for the Raspberry Pi is installed in an emulated root, its core tried there.

For each release: the bundle is made, its Debian packages are unpacked over a minimal arm64 Debian (by
dpkg-deb: no maintainer script runs), and its own install.sh runs in there through qemu-user, with the
signature, the checksums, pip and the wheels for that Python. Then the gate's checks and the unit tests of the
pure core, by the installed posecoach. Needs root and a Debian. Nothing here says how fast a Raspberry Pi is.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "provisioning"), str(ROOT / "device"), str(ROOT / "tests")]

from bundle import debs  # noqa: E402
from bundle.targets import TARGETS, Target  # noqa: E402
from system.box import WORK, require_tools  # noqa: E402

PROCESSOR = "cortex-a72"
"""A Raspberry Pi 4's. With qemu's own choice Python is twenty times slower."""
ENVIRONMENT = {
    "QEMU_CPU": PROCESSOR,
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "SDL_VIDEODRIVER": "dummy",
    "SDL_AUDIODRIVER": "dummy",
}
BINFMT = Path("/proc/sys/fs/binfmt_misc")
PURE = {"skeleton", "errors", "frame", "pose", "track", "vision", "motion", "coach", "compiled", "newest"}
TEST_TOOLS = (
    "pytest",
    "_pytest",
    "pluggy",
    "iniconfig",
    "packaging",
    "pygments",
)


def main() -> int:
    """Each release in turn; whether all went well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", default=["trixie", "bookworm"])
    parser.add_argument("--steps", default="bundle,root,install,gate,tests")
    asked = parser.parse_args()
    require_tools({"qemu-aarch64-static": "qemu-user-static", "ssh-keygen": "openssh-client"})
    _let_the_kernel_run_arm64()
    failed = 0
    for suite in asked.suites:
        steps = Steps(TARGETS[f"{suite}-arm64"])
        for name in asked.steps.split(","):
            began = time.monotonic()
            passed, said = getattr(steps, name)()
            failed += not passed
            took_s = time.monotonic() - began
            print(f"{'PASS' if passed else 'FAIL'}  {suite:8s} {name:8s} {took_s:5.0f} s  {said}", flush=True)
            if not passed:
                break
    return min(failed, 1)


class Steps:
    """What is done for one release; each says whether it passed, and a figure."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._out = WORK / "arm64" / target.suite
        self._root = self._out / "root"
        self._cache = WORK / "cache"

    def bundle(self) -> tuple[bool, str]:
        """Made by the same command as by anybody else."""
        shutil.rmtree(self._out / "stick", ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-m", "bundle", "--target", self._target.name, "--key", str(WORK / "bundle-key"),
             "--out", str(self._out / "stick"), "--cache", str(self._cache)],
            capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": f"{ROOT}/provisioning:{ROOT}/device"},
        )  # fmt: skip
        if done.returncode:
            return False, done.stderr
        return True, "; ".join(line for line in done.stderr.splitlines() if "MB" in line)

    def root(self) -> tuple[bool, str]:
        """A minimal Debian with what the bundle brings, unpacked."""
        packages = debs.downloaded((*debs.PACKAGES, "openssh-client"), self._target, self._cache, beyond=())
        shutil.rmtree(self._root, ignore_errors=True)
        for name in ("usr/bin", "usr/sbin", "usr/lib"):
            (self._root / name).mkdir(parents=True)
            (self._root / name.removeprefix("usr/")).symlink_to(name)
        for path in packages:
            content = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(path)], stdout=subprocess.PIPE)
            into = ["tar", "-C", str(self._root), "-x", "--keep-directory-symlink"]
            subprocess.run(into, stdin=content.stdout, check=True, capture_output=True)
            content.wait()
        for name in ("null", "zero", "urandom"):
            subprocess.run(["cp", "-a", f"/dev/{name}", str(self._root / "dev")], check=True)
        (self._root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
        status = debs.index({path.name: path for path in packages}).split("\n\n")
        kept = [f"{each.strip()}\nStatus: install ok installed\n" for each in status]
        (self._root / "var/lib/dpkg").mkdir(parents=True, exist_ok=True)
        (self._root / "var/lib/dpkg/status").write_text("\n".join(kept))
        self._in("ldconfig")
        for name, code in (("libblas.so.3", "blas"), ("liblapack.so.3", "lapack")):  # Debian's alternatives
            folder = next((self._root / "usr/lib").glob("*-linux-gnu"))
            if not (folder / name).exists():
                (folder / name).symlink_to(f"{code}/{name}")
        said = self._in("python3", "-VV").stdout.strip()
        return "aarch64" in self._in("uname", "-m").stdout, f"{len(packages)} packages, {said.split('(')[0]}"

    def install(self) -> tuple[bool, str]:
        """The hook of the image's recipe: the bundle's own install.sh, in there."""
        shutil.rmtree(self._root / "opt", ignore_errors=True)
        hook = image_hook(ROOT / "provisioning/image/layer/posecoach.yaml")
        given = {
            "IGconf_posecoach_stick": str(self._out / "stick"),
            "IGconf_posecoach_text": str(ROOT / "provisioning/posecoach.txt"),
            **ENVIRONMENT,
        }
        with self._mounted():
            done = subprocess.run(
                ["sh", "-c", hook, "hook", str(self._root)],
                capture_output=True,
                text=True,
                check=False,
                env=given,
            )
        if done.returncode:
            return False, done.stdout + done.stderr
        size = subprocess.run(
            ["du", "-sm", str(self._root / "opt/posecoach")], capture_output=True, text=True, check=True
        )
        made = json.loads(done.stdout)["changed"] and (self._root / "opt/posecoach/image").exists()
        return made, f"{size.stdout.split()[0]} MiB in /opt/posecoach"

    def gate(self) -> tuple[bool, str]:
        """What the gate asks, less what it would ask of a camera; emulated, a network takes its time."""
        doctor = "/opt/posecoach/current/bin/posecoach doctor --gate --limit 100 --json"
        doctor = f"{doctor} --skip camera-frame,inference,picture"
        done = self._in(*doctor.split())
        trials = [
            self._in(
                "/opt/posecoach/current/bin/python", "-P", "-m", "posecoach.service.trial", *words.split()
            )
            for words in ("inference posecoach-athlete", "picture")
        ]
        if done.returncode or any(each.returncode for each in trials):
            return False, "".join(each.stdout + each.stderr for each in (done, *trials))
        return True, "; ".join(each.stdout.strip().splitlines()[-1] for each in trials)

    def tests(self) -> tuple[bool, str]:
        """Unit tests of the pure core, file by file on all cores: a quarter of an hour or more."""
        place = self._root / "core"
        shutil.rmtree(place, ignore_errors=True)
        (place / "tools").mkdir(parents=True)
        site = next((ROOT / ".venv/lib").glob("python3*/site-packages"))
        for name in TEST_TOOLS:
            shutil.copytree(
                site / name, place / "tools" / name, ignore=shutil.ignore_patterns("*.so", "__pycache__")
            )
            for about in site.glob(f"{name}-*.dist-info"):
                shutil.copytree(about, place / "tools" / about.name)
        for module in (site / "py.py",):
            shutil.copy(module, place / "tools")
        shutil.copytree(
            ROOT / "tests", place / "tests", ignore=shutil.ignore_patterns("__pycache__", "system", "vm")
        )
        shutil.copy(ROOT / "pyproject.toml", place)
        # To compile a kernel in emulation takes half a minute, and to run it as plain Python longer.
        command = (
            "cd /core && NUMBA_DISABLE_JIT=1 PYTHONPATH=/core/tools exec /opt/posecoach/current/bin/python -P"
            " -m pytest -q -p no:cacheprovider -o pythonpath=tests -k 'not compiled' tests/unit/"
        )
        chosen = core_tests()
        passed, failed = 0, []
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            begun = {pool.submit(self._in, "sh", "-c", command + path.name): path for path in chosen}
            for number, done in enumerate(as_completed(begun), 1):
                lines = done.result().stdout.strip().splitlines() or [done.result().stderr[-500:]]
                so_far = f"  {number:2d}/{len(chosen)} {begun[done].name}: {lines[-1]}"
                print(so_far, file=sys.stderr, flush=True)
                passed += sum(map(int, re.findall(r"(\d+) passed", lines[-1])))
                if done.result().returncode:
                    failed += lines[-40:]
        said = f"{passed} passed of {len(chosen)} files"
        return not failed, "\n".join([said, *failed])

    def _in(self, *command: str) -> subprocess.CompletedProcess[str]:
        clean = [f"{key}={value}" for key, value in ENVIRONMENT.items()]
        with self._mounted():
            return subprocess.run(
                ["chroot", str(self._root), "env", "-i", *clean, *command],
                capture_output=True, text=True, check=False,
            )  # fmt: skip

    @contextmanager
    def _mounted(self) -> Iterator[None]:
        subprocess.run(["mount", "-t", "proc", "proc", str(self._root / "proc")], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", str(self._root / "proc")], check=True)


def image_hook(layer: Path) -> str:
    """The first customize-hook of a layer: a shell script whose argument is a root."""
    text = layer.read_text().partition("customize-hooks:\n    - |-\n")[2]
    lines = itertools.takewhile(lambda line: line.startswith("      ") or not line, text.splitlines())
    return "\n".join(line[6:] for line in lines)


def core_tests() -> list[Path]:
    """Files of unit tests that import nothing of posecoach but its pure core."""
    found = []
    for path in sorted((ROOT / "tests/unit").glob("test_*.py")):
        imported = [
            name
            for node in ast.walk(ast.parse(path.read_text()))
            for name in _imported(node)
            if name.split(".")[0] in ("posecoach", "bundle", "posecoach_release", "released")
        ]
        pure = all(name.startswith("posecoach.") and name.split(".")[1] in PURE for name in imported)
        needs_hypothesis = "hypothesis" in path.read_text()  # part of it is compiled, for this machine
        if imported and pure and not needs_hypothesis:
            found.append(path)
    return found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _let_the_kernel_run_arm64() -> None:
    if not (BINFMT / "register").exists():
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", str(BINFMT)], check=True)
    if not (BINFMT / "qemu-aarch64").exists():
        (BINFMT / "register").write_text(Path("/usr/lib/binfmt.d/qemu-aarch64.conf").read_text())


if __name__ == "__main__":
    raise SystemExit(main())
