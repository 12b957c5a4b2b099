"""Has every part of a running coach fail, again and again, and measures how soon it scores again.

``python tests/bench/injection.py [PART ...] [--times 20] [--only hang]`` prints the table of
``systemd/README.md``; the parts are children, full, damaged, clock, parent, power (all of them, without).
The time is from the fault, or from the end of one that lasts, to the first scored frame that was taken after
it. Repetitions lost are those that were shown as counted and are not in the history afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device"), str(ROOT / "tests")]

from survival import boxes, children, clock, priority, storage  # noqa: E402
from survival.tries import Tries  # noqa: E402

CUTS = 50
LIMIT_S = 180.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--times", type=int, default=20, help="how often each fault is tried")
    parser.add_argument("--only", default="", help="faults of the children whose name holds this")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        part, plan = arguments.one
        print(json.dumps(ONE[part](json.loads(plan))))
        return
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(PARTS)}")
    priority.pass_on(os.getpid())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing stays mounted
    for part in arguments.parts or PARTS:
        tries = Tries()
        try:
            for found in PARTS[part](arguments):
                tries.add(found)
                print(f"  {found['times']} {' '.join(found.get('remarks', ()))}", file=sys.stderr, flush=True)
        finally:  # also of what was cut short
            print(f"\n{part}\n\n{tries.report()}", flush=True)


def of_children(arguments: argparse.Namespace) -> Iterator[dict]:
    schedule = children.Schedule(arguments.times, arguments.only)
    while plan := schedule.next():
        with TemporaryDirectory() as folder:
            found = in_a_process("children", plan, folder)
        schedule.learn(found)
        yield found


def of_full_disks(arguments: argparse.Namespace) -> Iterator[dict]:
    for plan in storage.runs_full(arguments.times):
        with storage.small_disk() as folder:
            yield in_a_process("full", plan, folder)


def of_damage(arguments: argparse.Namespace) -> Iterator[dict]:
    """All runs with one history: what the first has stored must be there after the last."""
    with TemporaryDirectory() as folder:
        for number in range(arguments.times + 1):
            yield in_a_process("damaged", number, folder)
        yield in_a_process("stored", None, folder)


def of_clocks(arguments: argparse.Namespace) -> Iterator[dict]:
    for plan in clock.runs(arguments.times):
        with TemporaryDirectory() as folder:
            environment = clock.environment(Path(folder))
            if environment is None:
                yield {"times": [], "remarks": ["the clock was left out: no C compiler"]}
                return
            yield in_a_process("clock", plan, folder, **environment)


def of_parents(arguments: argparse.Namespace) -> Iterator[dict]:
    yield from boxes.parents(arguments.times)


def of_power(arguments: argparse.Namespace) -> Iterator[dict]:
    yield from boxes.cuts(max(CUTS, arguments.times) if arguments.times >= 20 else arguments.times)


PARTS = {
    "children": of_children,
    "full": of_full_disks,
    "damaged": of_damage,
    "clock": of_clocks,
    "parent": of_parents,
    "power": of_power,
}
ONE = {
    "children": children.one,
    "full": storage.one_full,
    "damaged": storage.one_damaged,
    "clock": clock.one,
    "stored": lambda _: {"times": [], "stored": storage.stored()},
}


def in_a_process(part: str, plan: object, folder: Path | str, **environment: str) -> dict:
    """One run; the coach's log goes nowhere, for what was told comes back."""
    run = subprocess.run(
        [sys.executable, __file__, "--one", part, json.dumps(plan)],
        env={**os.environ, "POSECOACH_DATA": str(folder), **environment},
        stdout=subprocess.PIPE,
        timeout=LIMIT_S,
        check=True,
    )
    return json.loads(run.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
