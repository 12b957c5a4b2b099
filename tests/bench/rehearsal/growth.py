"""What a process holds: memory, open files, threads, shared memory, children."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from memory import rss_mib

_MEMORY = "memfd:posecoach"


@dataclass(frozen=True, slots=True)
class Held:
    """At one moment.

    Attributes:
        rss_mib: Resident memory of this process.
        children_rss_mib: Of all its children together, what they share counted each time.
        files: Open file descriptors, but for those of type faces.
        faces: Those of type faces: the screen keeps the newest 40 sizes open, and none when it is gone.
        threads: Of this process.
        memories_open: Shared memories without a name that are open here.
        memories_mapped: The same, mapped here.
        named: Shared memories with a name that are mapped by it or its children; there are to be none.
        children: Processes of ours that run.
        zombies: Those that have ended and were not waited for.
        disk_mib: Of the history in a folder.
    """

    rss_mib: float
    children_rss_mib: float
    files: int
    faces: int
    threads: int
    memories_open: int
    memories_mapped: int
    named: int
    children: int
    zombies: int
    disk_mib: float


def held_now(folder: Path) -> Held:
    """What this process holds now."""
    links = [_link(path) for path in Path("/proc/self/fd").iterdir()]
    children = list(_children())
    return Held(
        rss_mib=rss_mib(),
        children_rss_mib=sum(child.rss_mib for child in children),
        files=sum(not link.endswith(".otf") for link in links) - 1,  # one is the listing itself
        faces=sum(link.endswith(".otf") for link in links),
        threads=sum(1 for _ in Path("/proc/self/task").iterdir()),
        memories_open=sum(_MEMORY in link for link in links),
        memories_mapped=_mapped("self").count(_MEMORY),
        named=sum(_mapped(each.pid).count("/dev/shm/") for each in [_SELF, *children]),
        children=sum(child.state != "Z" for child in children),
        zombies=sum(child.state == "Z" for child in children),
        disk_mib=sum(path.stat().st_size for path in folder.glob("history.*")) / 2**20,
    )


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


def _mapped(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""


class _Process(NamedTuple):
    pid: str
    state: str
    rss_mib: float


_SELF = _Process("self", "R", 0.0)


def _children() -> Iterator[_Process]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(facts[1]) == os.getpid():
            yield _Process(path.parent.name, facts[0], int(facts[21]) * resource.getpagesize() / 2**20)


_NAMES = {
    "rss_mib": "resident memory, MiB",
    "children_rss_mib": "resident memory of its children, MiB",
    "files": "open file descriptors",
    "faces": "those of type faces, at most 40",
    "threads": "threads",
    "memories_open": "shared memories, open",
    "memories_mapped": "shared memories, mapped",
    "named": "shared memories with a name (/dev/shm), its own and its children's",
    "children": "child processes",
    "zombies": "zombies",
    "disk_mib": "history on the disk, MiB (grows with what is done)",
}


MOST_GROWTH_MIB = 8.0
"""Of resident memory in a day: less than what the allocator gives and takes back between two samples."""


def growth_table(samples: Sequence[tuple[float, Held]]) -> str:
    """What was held after the first hour and at the end, and the slope between, as a table.

    Args:
        samples: Hours since the day began, and what was held.
    """
    after = [(hour, held) for hour, held in samples if hour >= min(1.0, samples[-1][0] / 4)]
    hours = np.array([hour for hour, _ in after])
    lines = [
        "| held by the parent | after the first hour | at the end | least to most | slope a day |",
        "|---|---|---|---|---|",
    ]
    for field in fields(Held):
        values = np.array([asdict(held)[field.name] for _, held in after], dtype=float)
        slope = np.polyfit(hours, values, 1)[0] * 24 if len(after) > 2 else 0.0
        first, last = _at_ends(values)
        digits = 1 if field.type == "float" else 0
        lines.append(
            f"| {_NAMES[field.name]} | {first:.{digits}f} | {last:.{digits}f} |"
            f" {values.min():.{digits}f} to {values.max():.{digits}f} | {slope + 0.0:+.2f} |"
        )
    hourly = [
        f"{np.median([held.rss_mib for at, held in samples if hour <= at < hour + 1]):.1f}"
        for hour in range(int(np.ceil(samples[-1][0])))
    ]
    return "\n".join([*lines, "", f"resident memory hour by hour, MiB: {' '.join(hourly)}"])


def grown(samples: Sequence[tuple[float, Held]]) -> list[str]:
    """What has grown since the first hour; the disk is meant to, and the faces have a bound."""
    after = [held for hour, held in samples if hour >= min(1.0, samples[-1][0] / 4)]
    most = {"rss_mib": MOST_GROWTH_MIB, "children_rss_mib": MOST_GROWTH_MIB}
    more = []
    for name in _NAMES:
        if name not in ("disk_mib", "faces"):
            values = np.array([getattr(held, name) for held in after], dtype=float)
            first, last = _at_ends(values)
            growth = last - first
            if growth > most.get(name, 0.0):
                more.append(f"{_NAMES[name]} by {growth:g}")
    return more


def _at_ends(values: NDArray[np.float64]) -> tuple[float, float]:
    """In the first hour and in the last: the median, for a sample is taken whatever happens just then."""
    span = max(len(values) // 24, 1)
    return float(np.median(values[:span])), float(np.median(values[-span:]))
