"""The clock of the wall jumps by ten years, forward and back, while somebody does repetitions.

Nobody may set the clock of a machine that others use as well: wall_clock.c, loaded before the C library,
does it for the coach and all of its processes, and leaves the monotonic clock alone, as the kernel does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from survival.watched import stored, watch_one

TEN_YEARS_S = 10 * 365 * 86400 + 2 * 86400
FIRST_AT_S, APART_S, PER_RUN = 3.0, 4.0, 5


def environment(folder: Path) -> dict[str, str] | None:
    """What has a process and its children believe in a clock in `folder`; `None` without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library, clock = folder / "wall_clock.so", folder / "wall_clock"
    source = Path(__file__).with_name("wall_clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", str(source), "-o", str(library), "-ldl"], check=True)
    put(clock, 0)
    return {"LD_PRELOAD": str(library), "WALL_CLOCK": str(clock)}


def put(clock: Path, ahead_s: int) -> None:
    """Set the clock so much ahead, in one write."""
    with clock.open("r+b" if clock.exists() else "w+b", buffering=0) as file:
        file.write(ahead_s.to_bytes(8, "little", signed=True))


def runs(times: int) -> Iterator[list[float]]:
    """When the clock jumps, of each run."""
    while times > 0:
        yield [FIRST_AT_S + number * APART_S for number in range(min(times, PER_RUN))]
        times -= PER_RUN


def one(at: list[float]) -> dict:
    """Have the clock jump at these times: forward, back to before, forward..."""
    clock, jumped = Path(os.environ["WALL_CLOCK"]), []

    def jump() -> None:
        offset_s = (1 if len(jumped) % 2 == 0 else -1) * TEN_YEARS_S
        before, monotonic = time.time(), time.monotonic()
        put(clock, offset_s)
        jumped.append((time.time() - before, time.monotonic() - monotonic))

    seen = watch_one(at[-1] + APART_S, strikes=[(at_s, jump) for at_s in at])
    years = [f"{wall / 365.25 / 86400:+.1f}" for wall, _ in jumped]
    ticks = max(monotonic for _, monotonic in jumped)
    return {
        "times": [("clock:jumped by 10 and 20 years", seen.next_scored(seen.first_s + at_s)) for at_s in at],
        "counted": len(seen.counted),
        "stored": stored(),
        "rates": seen.rates(),
        "remarks": [f"the clock jumped by {', '.join(years)} years; the monotonic by {ticks:.3f} s"],
    }
