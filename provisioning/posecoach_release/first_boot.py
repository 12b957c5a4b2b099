"""At every boot: what posecoach.txt says is done once, and a copied card gets a self of its own."""

from __future__ import annotations

import hashlib
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final

from posecoach_release import system
from posecoach_release.box_text import TextError, Value, as_settings, read_text
from posecoach_release.build import KERNELS
from posecoach_release.durable import read_json, remove, write_json, write_whole
from posecoach_release.layout import Layout

Told = Callable[[str], None]
PLACES: Final = ("boot/firmware/posecoach.txt", "boot/posecoach.txt")
PROBLEMS: Final = "posecoach-problems.txt"
SERIALS: Final = ("sys/firmware/devicetree/base/serial-number", "sys/class/dmi/id/product_uuid")
KEY_ONLY: Final = (
    "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
)


def first_boot(layout: Layout, told: Told) -> bool:
    """Whether anything was changed."""
    changed = _own_self(layout, told)
    text = next((layout.root / name for name in PLACES if (layout.root / name).is_file()), None)
    return (_do_text(layout, text, told) or changed) if text is not None else changed


def _own_self(layout: Layout, told: Told) -> bool:
    """A new machine-id and new SSH host keys, where the card came from another board, or out of an image."""
    serial = next((_content(layout.root / name) for name in SERIALS if _content(layout.root / name)), "")
    mark = hashlib.sha256(serial.encode()).hexdigest()[:16] if serial else ""
    kept = layout.home / "board.json"
    known = read_json(kept)
    image = layout.home / "image"
    copied = known is not None and bool(mark) and known.get("board") != mark
    if copied or image.exists():
        told("this card has been in another box: a machine-id and SSH host keys of its own")
        write_whole(layout.root / "etc/machine-id", f"{uuid.uuid4().hex}\n".encode(), 0o444)
        for key in (layout.root / "etc/ssh").glob("ssh_host_*"):
            key.unlink()
        (layout.root / "etc/ssh").mkdir(parents=True, exist_ok=True)
        where = [] if layout.root == Path("/") else ["-f", str(layout.root)]
        subprocess.run(["ssh-keygen", "-A", *where], capture_output=True, check=False)
        if image.exists():
            _key_only(layout)
            remove(image)
        system.systemctl(layout, "try-restart", "ssh.service")
        _compile_kernels(layout)
    if mark and (known is None or copied):
        write_json(kept, {"board": mark})
    return copied


def _compile_kernels(layout: Layout) -> None:
    """For the processor of this board; beside the coach, which goes without until it is started again."""
    if system.running(layout):
        subprocess.run(
            ["systemd-run", "--collect", "--nice=19", "--unit=posecoach-kernels",
             str(layout.current / "bin/python"), *KERNELS],
            check=False, capture_output=True,
        )  # fmt: skip


def _do_text(layout: Layout, text: Path, told: Told) -> bool:
    said = text.read_bytes()
    digest = hashlib.sha256(said).hexdigest()
    done = layout.home / "first-boot.json"
    if (read_json(done) or {}).get("text") == digest:
        return False
    problems = text.with_name(PROBLEMS)
    try:
        wanted = read_text(said.decode("utf-8", errors="replace"))
    except TextError as error:
        for line in str(error).splitlines():
            told(f"{text.name}: {line}")
        _leave(problems, f"posecoach.txt was not used:\n{error}\n", told)
        return False
    if problems.exists():
        remove(problems)
    settings = layout.settings / "conf.d/10-box.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    write_whole(settings, f"# From {text.name} on the boot partition.\n{as_settings(wanted)}".encode())
    if "name" in wanted:
        _rename(layout, str(wanted["name"]))
    if "ssh_key" in wanted:
        _let_in(layout, str(wanted["ssh_key"]), told)
    write_json(done, {"text": digest})
    told(f"{text.name}: {', '.join(f'{key} {_short(value)}' for key, value in wanted.items()) or 'nothing'}")
    return True


def _rename(layout: Layout, name: str) -> None:
    write_whole(layout.root / "etc/hostname", f"{name}\n".encode())
    hosts = layout.root / "etc/hosts"
    lines = hosts.read_text().splitlines() if hosts.is_file() else ["127.0.0.1\tlocalhost"]
    kept = [line for line in lines if not line.startswith("127.0.1.1")]
    write_whole(hosts, ("\n".join([*kept, f"127.0.1.1\t{name}"]) + "\n").encode())
    if system.running(layout):
        subprocess.run(["hostname", name], check=False, capture_output=True)


def _let_in(layout: Layout, key: str, told: Told) -> None:
    """A key for the first person's account, and passwords for nobody."""
    lines = [line.split(":") for line in _content(layout.root / "etc/passwd").splitlines()]
    people = [fields for fields in lines if len(fields) > 5 and fields[2] == "1000"]
    _, _, user, group, _, home, *_ = (*people, ["root", "x", "0", "0", "root", "/root"])[0]
    folder = layout.root / home.lstrip("/") / ".ssh"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = folder / "authorized_keys"
    had = keys.read_text() if keys.exists() else ""
    if key not in had.splitlines():
        write_whole(keys, f"{had.rstrip()}\n{key}\n".lstrip().encode(), 0o600)
    subprocess.run(["chown", "-R", f"{user}:{group}", str(folder)], check=False, capture_output=True)
    _key_only(layout)
    system.systemctl(layout, "try-reload-or-restart", "ssh.service")


def _key_only(layout: Layout) -> None:
    place = layout.root / "etc/ssh/sshd_config.d/10-posecoach.conf"
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, KEY_ONLY.encode())


def _leave(problems: Path, words: str, told: Told) -> None:
    try:
        write_whole(problems, words.encode())
    except OSError as error:  # the boot partition may be read-only
        told(f"{problems} cannot be written: {error.strerror}")


def _content(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip("\0\n ")
    except OSError:
        return ""


def _short(value: Value) -> str:
    return f"{value}"[:24]
