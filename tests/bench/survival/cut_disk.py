"""A disk whose power can be cut: it keeps what it was told to flush, and by chance some of the rest.

A FUSE file behind a loop device, with ext4 on it. Like a card with a cache of its own, it acknowledges a
write before it is lasting. A cut leaves everything before the last flush, and of what came later a random
half, in pieces of 512 bytes, in no order.

``python cut_disk.py MOUNT IMAGE`` serves; SIGUSR1 writes what a cut at this moment leaves into IMAGE.cut
and goes on, SIGUSR2 does the same and is dead from then on.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

SIZE = 24 << 20
SECTOR = 512
LOOKUP, FORGET, GETATTR, SETATTR, OPEN, READ, WRITE, STATFS = 1, 2, 3, 4, 14, 15, 16, 17
RELEASE, FSYNC, FLUSH, INIT, OPENDIR, INTERRUPT, BATCH_FORGET = 18, 20, 25, 26, 27, 36, 42
EIO, ENOENT, ENOSYS = 5, 2, 38
_NEW_ATTRIBUTES = struct.pack("<QII", 3600, 0, 0)


class Server:
    """Answers the kernel: one file, ``disk``, in one folder."""

    def __init__(self, fuse: int, image: Path) -> None:
        self._fuse, self._path = fuse, image
        self._lasting = bytearray(image.read_bytes())
        self._size = len(self._lasting)
        self._now = bytearray(self._lasting)
        self._pending: list[tuple[int, bytes]] = []
        self._dead = False

    def cut(self, number: int, _: object) -> None:
        """Write what a cut now leaves; in the signal's handler, so between two requests."""
        left = bytearray(self._lasting)
        for offset, content in self._pending:
            for at in range(0, len(content), SECTOR):
                if random.random() < 0.5:
                    left[offset + at : offset + at + SECTOR] = content[at : at + SECTOR]
        cut = self._path.with_name(self._path.name + ".cut")
        partial = cut.with_suffix(".partial")
        partial.write_bytes(left)
        pending = sum(len(content) for _, content in self._pending)
        cut.with_suffix(".pending").write_text(str(pending))
        partial.rename(cut)
        self._dead = self._dead or number == signal.SIGUSR2

    def serve(self) -> None:
        """Answer until it is unmounted."""
        while True:
            try:
                request = os.read(self._fuse, 1 << 20)
            except OSError:  # unmounted
                return
            _, opcode, unique, node = struct.unpack_from("<IIQQ", request)
            error, answer = self.answered(opcode, node, request[40:])
            if opcode not in (FORGET, BATCH_FORGET, INTERRUPT):
                os.write(self._fuse, struct.pack("<IiQ", 16 + len(answer), -error, unique) + answer)

    def answered(self, opcode: int, node: int, body: bytes) -> tuple[int, bytes]:
        """The error and the answer to one request."""
        if opcode == INIT:
            flags = 1 << 5  # writes of more than a page
            return 0, struct.pack("<IIIIHHIIHHI", 7, 31, 65536, flags, 16, 12, 131072, 1, 0, 0, 0) + bytes(28)
        if opcode == LOOKUP:
            if body.rstrip(b"\0") != b"disk":
                return ENOENT, b""
            return 0, struct.pack("<QQQQII", 2, 0, 3600, 3600, 0, 0) + self._attributes(2)
        if opcode in (GETATTR, SETATTR):
            return 0, _NEW_ATTRIBUTES + self._attributes(node)
        if opcode in (OPEN, OPENDIR):
            return 0, struct.pack("<QII", 1, 0, 0)
        if opcode == READ:
            _, offset, size = struct.unpack_from("<QQI", body)
            return 0, bytes(self._now[offset : offset + size])
        if opcode == WRITE:
            return self._written(body)
        if opcode == FSYNC:
            return self._flushed()
        if opcode == STATFS:
            blocks = self._size // 4096
            return 0, struct.pack("<QQQQQIIII", blocks, 0, 0, 2, 0, 4096, 255, 4096, 0) + bytes(24)
        return (0, b"") if opcode in (RELEASE, FLUSH) else (ENOSYS, b"")

    def _written(self, body: bytes) -> tuple[int, bytes]:
        if self._dead:
            return EIO, b""
        _, offset, size = struct.unpack_from("<QQI", body)
        content = body[40 : 40 + size]
        self._now[offset : offset + size] = content
        self._pending.append((offset, content))
        return 0, struct.pack("<II", size, 0)

    def _flushed(self) -> tuple[int, bytes]:
        if self._dead:
            return EIO, b""
        for offset, content in self._pending:
            self._lasting[offset : offset + len(content)] = content
        self._pending = []
        return 0, b""

    def _attributes(self, node: int) -> bytes:
        mode, size, links = (0o100600, self._size, 1) if node == 2 else (0o40755, 0, 2)
        times = (0, 0, 0, 0, 0, 0)
        return struct.pack(
            "<QQQQQQIIIIIIIIII", node, size, size // 512, *times, mode, links, 0, 0, 0, 4096, 0
        )


class CutDisk:
    """One such disk, mounted in ``folder/disk``; anew after each cut, with what that has left."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        """Make a file system of so many bytes."""
        self.place = folder / "disk"
        self._fuse_at, self._image = folder / "fuse", folder / "image"
        self._loop = ""
        self._server: subprocess.Popen[bytes] | None = None
        for each in (self.place, self._fuse_at):
            each.mkdir()
        with self._image.open("wb") as file:
            file.truncate(size)
        _run("mkfs.ext4", "-q", "-F", str(self._image))

    def plug_in(self) -> None:
        """Start it, and mount it: the kernel replays the journal."""
        command = [sys.executable, __file__, str(self._fuse_at), str(self._image)]
        self._server = subprocess.Popen(command)
        disk = self._fuse_at / "disk"
        _until(disk.exists, "the disk's server")
        self._loop = _run("losetup", "--find", "--show", str(disk)).strip()
        _run("mount", "-t", "ext4", "-o", "errors=remount-ro", self._loop, str(self.place))

    def cut(self, *, dead: bool) -> tuple[Path, int]:
        """What a cut leaves, as an image, and how many bytes were not flushed; dead from then on, or not."""
        assert self._server is not None
        left = self._image.with_name("image.cut")
        left.unlink(missing_ok=True)
        self._server.send_signal(signal.SIGUSR2 if dead else signal.SIGUSR1)
        _until(left.exists, "what the cut has left")
        return left, int(left.with_suffix(".pending").read_text())

    def pull_out(self, left: Path | None = None) -> None:
        """Take it out; ``left`` becomes what is on it."""
        if self._server is None:
            return
        for command in (["umount", "-l", str(self.place)], ["losetup", "-d", self._loop],
                        ["umount", "-l", str(self._fuse_at)]):  # fmt: skip
            subprocess.run(command, capture_output=True, check=False)
        self._server.kill()
        self._server.wait()
        self._server = None
        if left is not None:
            left.rename(self._image)

    def looked_at(self, left: Path, where: Path) -> Path:
        """Mount an image in ``where`` as the next start would; `put_away` it afterwards."""
        where.mkdir(exist_ok=True)
        _run("mount", "-t", "ext4", "-o", "loop", str(left), str(where))
        return where


def put_away(where: Path) -> None:
    """Unmount what was looked at."""
    _run("umount", str(where))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def _until(what, words: str, within_s: float = 30.0) -> None:
    until = time.monotonic() + within_s
    while not what():
        if time.monotonic() > until:
            raise RuntimeError(f"{words} did not come within {within_s:g} s")
        time.sleep(0.01)


def main(where: str, image: str) -> None:
    """Mount, and serve until it is unmounted."""
    fuse = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={fuse},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    if ctypes.CDLL(None, use_errno=True).mount(b"cut-disk", where.encode(), b"fuse", 0, options):
        raise OSError(ctypes.get_errno(), "mount of fuse")
    server = Server(fuse, Path(image))
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, server.cut)
    server.serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
