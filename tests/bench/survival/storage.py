"""The disk fills up, and the database is damaged: before the start, and while somebody does repetitions."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from survival.watched import stored, watch_one

DISK_KIB = 768
FULL_FOR_S, APART_S, FIRST_AT_S = 8.0, 13.0, 4.0
PER_RUN = 4
KINDS = ("all of it", "its first page", "a page in the middle", "its second half cut off", "its log")


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system that is soon full; skips with an error where that needs root."""
    with TemporaryDirectory() as folder:
        size = f"size={DISK_KIB}k,mode=0777"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "posecoach-small", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def runs_full(times: int) -> Iterator[list[float]]:
    """When the disk fills up, of each run."""
    while times > 0:
        yield [FIRST_AT_S + number * APART_S for number in range(min(times, PER_RUN))]
        times -= PER_RUN


def one_full(at: list[float]) -> dict:
    """Fill the disk to the last byte at these times, and free it again."""
    ballast = Path(os.environ["POSECOACH_DATA"]) / "ballast"
    strikes = [(at_s, lambda: _fill(ballast)) for at_s in at]
    strikes += [(at_s + FULL_FOR_S, lambda: ballast.unlink(missing_ok=True)) for at_s in at]
    seen = watch_one(at[-1] + APART_S, strikes=strikes)
    remarks, while_full = [], 0
    at = [at_s + seen.first_s for at_s in at]
    for at_s in at:
        reps = [each for each in seen.counted if at_s < each - seen.begun_at < at_s + FULL_FOR_S]
        while_full += len(reps)
        told_s = seen.told_in("H1", at_s, at_s + FULL_FOR_S)
        if reps and (told_s is None or told_s > reps[0] - seen.begun_at):
            remarks.append(f"disk full at {at_s:.1f} s: a repetition was shown before it was said")
    remarks.append(f"disk full: {while_full} repetitions were done while it was, in {len(at)} times")
    return {
        "times": [("history:disk full", seen.next_scored(at_s)) for at_s in at],
        "remarks": remarks,
        "counted": len(seen.counted),
        "stored": stored(),
        "rates": seen.rates(),
    }


def _fill(ballast: Path) -> None:
    """Take all that is free, down to the last byte."""
    with ballast.open("ab", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while file.write(b"\xa5" * size) == size:
                    pass
            except OSError:
                continue


def one_damaged(number: int) -> dict:
    """Damage the database before the start (but for the first time), and again after a few repetitions."""
    path, kind = Path(os.environ["POSECOACH_DATA"]) / "history.sqlite3", KINDS[number % len(KINDS)]
    kept = set(path.parent.glob(f"{path.name}.damaged-*"))
    if path.exists():
        damage(path, kind)
    at_s = FIRST_AT_S + random.uniform(0.0, 4.0)
    seen = watch_one(at_s + 6.0, strikes=[(at_s, lambda: damage(path, kind))])
    times = [(f"history:damaged ({kind})", seen.next_scored(seen.first_s + at_s))]
    if kept or number:
        times.append(("history:damaged at the start", round(seen.first_s, 3)))
    return {
        "times": times,
        "counted": len(seen.counted),
        "rates": seen.rates(),
        "remarks": [] if any("H3" in text for _, text in seen.told) else [f"{kind}: nothing was said"],
    }


def damage(path: Path, kind: str) -> None:
    """Spoil the bytes of a database, as a bad card does."""
    log = path.with_name(path.name + "-wal")
    size = path.stat().st_size
    spans = {
        "all of it": [(path, 0, size), (log, 0, 1 << 24)],
        "its first page": [(path, 0, 4096)],
        "a page in the middle": [(path, size // 2 // 4096 * 4096, 4096)],
        "its second half cut off": [],
        "its log": [(log, 0, 1 << 24), (path, 0, 100)],
    }[kind]
    for file, start, length in spans:
        if file.exists():
            with file.open("r+b") as spoilt:
                spoilt.seek(start)
                spoilt.write(random.randbytes(max(min(length, file.stat().st_size - start), 0)))
    if not spans:
        os.truncate(path, size // 2)
