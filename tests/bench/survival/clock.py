"""The clock of the wall jumps by ten years, forward and back, while somebody does repetitions.

Nobody may set the clock of a machine that others use as well: libfaketime does it for the coach and all of its
processes, and leaves the monotonic clock alone, as the kernel does.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from survival.watched import stored, watch_one

LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1",)
TEN_YEARS_S = 10 * 365 * 86400 + 2 * 86400
FIRST_AT_S, APART_S, PER_RUN = 16.0, 5.0, 5


def library() -> Path | None:
    """libfaketime, where it is installed."""
    return next((path for pattern in LIBRARIES for path in Path("/").glob(pattern.lstrip("/"))), None)


def environment(folder: Path) -> dict[str, str]:
    """What has a process and its children believe in the clock of a file in `folder`."""
    (folder / "clock").write_text("+0\n")
    return {
        "LD_PRELOAD": str(library()),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def runs(times: int) -> Iterator[list[float]]:
    """When the clock jumps, of each run."""
    while times > 0:
        yield [FIRST_AT_S + number * APART_S for number in range(min(times, PER_RUN))]
        times -= PER_RUN


def one(at: list[float]) -> dict:
    """Have the clock jump at these times: forward, back to before, forward..."""
    clock, jumped = Path(os.environ["FAKETIME_TIMESTAMP_FILE"]), []

    def jump() -> None:
        offset_s = (1 if len(jumped) % 2 == 0 else -1) * TEN_YEARS_S
        before, monotonic = time.time(), time.monotonic()
        clock.write_text(f"{offset_s:+d}\n")
        jumped.append((time.time() - before, time.monotonic() - monotonic))

    seen = watch_one(at[-1] + APART_S, strikes=[(at_s, jump) for at_s in at])
    years = [f"{wall / 365.25 / 86400:+.1f}" for wall, _ in jumped]
    ticks = max(monotonic for _, monotonic in jumped)
    return {
        "times": [("clock:jumped by 10 and 20 years", seen.next_scored(at_s)) for at_s in at],
        "counted": len(seen.counted),
        "stored": stored(),
        "rates": seen.rates(),
        "remarks": [f"the clock jumped by {', '.join(years)} years; the monotonic by {ticks:.3f} s"],
    }
