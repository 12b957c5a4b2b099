"""The machine's disk: Debian with a kernel, posecoach installed as on a box, a camera that plays pictures."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Final, NamedTuple

from system.box import (
    PYTHON,
    RELEASE,
    SUITE,
    TOOLS,
    WORK,
    digest,
    layer,
    layers,
    mounted,
    must_run,
    require_tools,
)
from vm.pictures import jpegs

TOOLS_TOO: Final = {
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-img": "qemu-utils",
    "mkfs.ext4": "e2fsprogs",
}
PACKAGES: Final = (
    *("linux-image-amd64", "zstd", "qemu-guest-agent"),
    *("libgl1-mesa-dri", "libegl1", "libgles2", "libgbm1"),  # SDL's kmsdrm draws with them
    *("python3-libcamera", "libcamera-ipa", "python3-prctl", "python3-pil", "python3-piexif"),
)
NOT_IN_A_TEST: Final = (
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
)
GUEST: Final = Path(__file__).parent / "guest"
FILES: Final = {
    "virtual.yaml": "usr/share/libcamera/pipeline/virtual/virtual.yaml",
    "60-heap.rules": "etc/udev/rules.d/60-heap.rules",
    "posecoach.toml": "etc/posecoach/posecoach.toml",
    "quiet-agent.conf": "etc/systemd/system/qemu-guest-agent.service.d/quiet.conf",
}
PICTURES: Final = "var/lib/pictures"
DISK_GB: Final = 5

_MODULES: Final = f"usr/local/lib/python{PYTHON[SUITE]}/dist-packages"
# picamera2 imports them for what is not done here: raw pictures, and its own preview.
_NOT_IN_DEBIAN: Final = {
    "pykms.py": "class Any:\n    def __getattr__(self, name): ...\n\n\nPixelFormat = Any()\n",
    "pidng/__init__.py": "",
    "pidng/core.py": "class PICAM2DNG: ...\n",
    "pidng/camdefs.py": "class Picamera2Camera: ...\n",
}


class Disk(NamedTuple):
    """What a machine is started from."""

    image: Path
    kernel: Path
    initrd: Path


def disk() -> Disk:
    """Make it where needed, in a minute or two; later tests take it as it is.

    Raises:
        NotHere: It cannot be made on this machine.
    """
    require_tools({**TOOLS, **TOOLS_TOO})
    posecoach, wheels, debian = layers()
    wanted = hashlib.sha256(" ".join(PACKAGES).encode() + (GUEST / "picamera2.txt").read_bytes()).hexdigest()
    machine = layer("machine", [debian], wanted, _install_packages)
    boot, image = machine / "boot", WORK / f"vm-{SUITE}.ext4"
    made = Disk(image, next(boot.glob("vmlinuz-*")), next(boot.glob("initrd.img-*")))
    ready = image.with_suffix(".ready")
    is_of = f"{digest()} {wanted} {_own_digest()}"
    if ready.exists() and ready.read_text() == is_of:
        return made
    ready.unlink(missing_ok=True)
    home = WORK / "vm-disk"
    shutil.rmtree(home, ignore_errors=True)
    with mounted(":".join(map(str, (posecoach, machine, wheels, debian))), home / "upper", home) as tree:
        _complete(tree)
        image.unlink(missing_ok=True)
        with image.open("wb") as empty:
            empty.truncate(DISK_GB << 30)
        must_run(["mkfs.ext4", "-q", "-F", "-d", str(tree), str(image)], 600)
    ready.write_text(is_of)
    return made


def _install_packages(tree: Path) -> None:
    resolver = tree / "etc/resolv.conf"
    shutil.copy("/etc/resolv.conf", resolver)
    quiet = "DEBIAN_FRONTEND=noninteractive apt-get -qq --no-install-recommends"
    for step in ("apt-get -qq update", f"{quiet} install -y {' '.join(PACKAGES)}", "apt-get clean"):
        must_run(
            ["chroot", str(tree), "env", "-i", f"PATH={os.defpath}:/usr/sbin:/sbin", "sh", "-c", step], 900
        )
    resolver.unlink()
    wheels = tree / "opt/picamera2"
    only = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--python-version", PYTHON[SUITE]]
    listed = ["-r", str(GUEST / "picamera2.txt")]
    must_run([sys.executable, "-m", "pip", "download", "-q", *only, *listed, "-d", str(wheels)], 300)
    for wheel in wheels.glob("*.whl"):
        shutil.unpack_archive(wheel, tree / _MODULES, "zip")
    shutil.rmtree(wheels)


def _complete(tree: Path) -> None:
    """What makes a tree a machine with a camera."""
    for name, target in FILES.items():
        (tree / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(GUEST / name, tree / target)
    for name, text in _NOT_IN_DEBIAN.items():
        (tree / _MODULES / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / _MODULES / name).write_text(text)
    shutil.copy(GUEST / "image_processor.py", tree / _MODULES)
    with (tree / _MODULES / "picamera2/__init__.py").open("a") as module:
        module.write("\nimport image_processor  # noqa\n")
    for name in (
        "numba",
        "llvmlite",
    ):  # nothing was compiled for this processor: to import them is for nothing
        for part in (tree / RELEASE).glob(f"lib/python*/site-packages/{name}*"):
            shutil.rmtree(part)
    must_run(["chroot", str(tree), "python3", "-m", "compileall", "-q", f"/{_MODULES}"], 120)
    (tree / "etc/fstab").write_text("/dev/vda / ext4 defaults,noatime 0 1\n")
    (tree / "etc/hostname").write_text("posecoach\n")
    units = tree / "etc/systemd/system"
    (units / "getty@tty1.service").unlink(missing_ok=True)  # here it has a console, which it must give up
    for unit in NOT_IN_A_TEST:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    must_run(
        ["chroot", str(tree), "systemctl", "enable", "posecoach.service", "qemu-guest-agent.service"], 60
    )
    (tree / PICTURES).mkdir(parents=True)
    for number, jpeg in enumerate(jpegs()):
        (tree / PICTURES / f"{number:03d}.jpg").write_bytes(jpeg)


def _own_digest() -> str:
    made = hashlib.sha256()
    for path in (Path(__file__), Path(__file__).with_name("pictures.py"), *sorted(GUEST.iterdir())):
        if path.is_file():
            made.update(path.read_bytes())
    return made.hexdigest()
