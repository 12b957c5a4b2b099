"""Has every part of a running appliance fail, again and again, and measures how soon it scores again.

``python tests/bench/injection.py [--times 20] [--only hang]`` prints the table of ``systemd/README.md``. A
real appliance runs (camera and network in processes of their own, the athlete before the camera, a screen in
memory, a history on the disk); the faults are those of ``posecoach run --inject``. The time is from the
fault, or from the end of one that lasts, to the first scored frame that was taken after it. Repetitions
lost are those that the session has counted and the history has not.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "device")]

from posecoach.adapters.sqlite_history import SqliteHistory  # noqa: E402
from posecoach.cli.appliance import ApplianceOptions, run_appliance  # noqa: E402
from posecoach.cli.recordings import ModelChoice, routines  # noqa: E402
from posecoach.coach.events import PartFinished  # noqa: E402
from posecoach.coach.view import Stage  # noqa: E402
from posecoach.service.faults import KINDS, Injection  # noqa: E402

FIRST_AT_S, APART_S, LAST_S = 18.0, 4.0, 5.0
PER_RUN = 4
"""Of each part; more within a minute would meet the brake for storms, which is another matter."""
TARGET_S = {"hang": 3.0, "stop": 3.0, "stall": 3.0, "black": 5.0, "nonsense": 3.0}
OTHERS_S = 2.0
LASTING_S = {"unplug": 2.0, "gone": 2.0, "slow": 2.0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often each fault is tried")
    parser.add_argument("--only", default="", help="faults whose name holds this")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(one_run(json.loads(arguments.one))))
        return
    results, totals = defaultdict(list), defaultdict(float)
    rates, skipped = [], 0
    for schedule in schedules(arguments.times, arguments.only):
        done = in_a_process(schedule)
        for name, seconds in done["times"]:
            results[name].append(seconds)
        skipped += done["skipped"]
        for key in ("counted", "stored", "done"):
            totals[key] += done[key]
        rates += done["rates"]
        print(f"  {done['times']} {done['screen']}", file=sys.stderr, flush=True)
    print(table(results))
    print(
        f"\nrepetitions: counted by the sessions {totals['counted']:.0f}, "
        f"in the history {totals['stored']:.0f}, lost {totals['counted'] - totals['stored']:.0f}; "
        f"done by the athlete meanwhile about {totals['done']:.0f}"
    )
    if skipped:
        print(f"left out, for nobody was being coached when they struck: {skipped}")
    print(f"load of the machine while it ran (1, 5, 15 minutes): {os.getloadavg()}")
    print(
        f"drawings a second, over every second of all runs: p50 {median(rates):.0f}, least {min(rates):.0f}"
    )


def schedules(times: int, only: str):
    """Faults of camera and estimator in turn, a few to a run."""
    names = {
        part: [f"{part}:{kind}" for kind in kinds if only in f"{part}:{kind}"]
        for part, kinds in KINDS.items()
    }
    pools = {}
    for part in ("camera", "estimator", "display"):
        pools[part] = [name for name in names[part] for _ in range(times)]
        random.Random(7).shuffle(pools[part])
    while any(pools.values()):
        faults, at_s = [], FIRST_AT_S
        for _ in range(PER_RUN):
            from_s = at_s
            for part in ("estimator", "camera", "display"):
                if pools[part]:
                    faults.append((pools[part].pop(), round(at_s + random.uniform(0, 0.4), 2)))
                    at_s += APART_S if part != "display" else 2.5
            at_s = max(at_s, from_s + 2 * APART_S)  # of one part never sooner
        yield faults


def in_a_process(schedule):
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, __file__, "--one", json.dumps(schedule)],
            env={**os.environ, "POSECOACH_DATA": folder},
            stdout=subprocess.PIPE,
            timeout=FIRST_AT_S + 30 + 8 * len(schedule),
            check=True,
        )
        return json.loads(run.stdout.splitlines()[-1])


def one_run(schedule):
    """One appliance, from its start to its end, with these faults."""
    injections = [
        replace(injection, for_s=LASTING_S.get(injection.kind, injection.for_s))
        for injection in (Injection.parse(f"{name}@{at_s}s") for name, at_s in schedule)
    ]
    routine = routines().load("squat")
    routine = replace(routine, steps=(replace(routine.steps[0], reps=500),))
    scored, turns, counted = [], [], []

    def watch(session, display, turn):
        turns.append((turn.now, None if turn.frame is None else turn.frame.captured_at))
        if session.stage is Stage.ACTIVE:
            scored.extend(looked.frame.captured_at for looked in turn.looked if looked.poses)

    options = ApplianceOptions(
        camera="synthetic:squat,live=1,size=480x270,reps=200,seed=3",
        model=ModelChoice(camera="synthetic"),
        display="headless",
        limit_s=schedule[-1][1] + LAST_S,
        injections=tuple(injections),
    )
    begun_at = time.monotonic()
    run_appliance(
        options, [routine], watch=watch, told=lambda event: counted.append(isinstance(event, PartFinished))
    )
    times, skipped = [], 0
    ends_s = [at_s for _, at_s in schedule[1:]] + [schedule[-1][1] + LAST_S]
    for (name, at_s), injection, end_s in zip(schedule, injections, ends_s, strict=True):
        # A camera that is gone is waited for; one that is black, or slow, is to be healed.
        until_s = at_s + (injection.for_s if injection.kind == "unplug" else 0.0)
        if not any(begun_at + at_s - 1.5 < at <= begun_at + at_s + 0.034 for at in scored):
            skipped += 1
            continue
        later = [at for at in scored if at > begun_at + until_s + 0.034]
        # The fault strikes at the first frame after its time: what is scored before that does not count.
        times.append((name, healed(later, begun_at + until_s, begun_at + end_s)))
    with SqliteHistory(Path(os.environ["POSECOACH_DATA"]) / "history.sqlite3") as history:
        stored = sum(len(history.reps(session.id)) for session in history.sessions())
    active_s = scored[-1] - scored[0] if scored else 0.0
    rates = rates_of([at for at, _ in turns])
    return {
        "times": times,
        "skipped": skipped,
        "counted": sum(counted),
        "stored": stored,
        "done": active_s / period_s(),
        "rates": rates,
        "screen": f"{median(rates):.0f}/s, least {min(rates)}/s, longest gap "
        f"{max(b[0] - a[0] for a, b in itertools.pairwise(turns)):.3f} s",
    }


def healed(later, from_s, end_s):
    """Seconds to the first scored frame behind the longest gap before the next fault."""
    if not later:
        return None
    soon = [from_s, *[at for at in later if at < end_s]]
    gaps = [(after - before, after) for before, after in itertools.pairwise(soon)]
    gap, after = max(gaps, default=(0.0, later[0]))
    return round(after - from_s, 3) if gap > 0.25 else round(later[0] - from_s, 3)


def rates_of(times):
    return [
        sum(start <= at < start + 1 for at in times)
        for start in (times[0] + 2 + n for n in range(int(times[-1] - times[0]) - 3))
    ]


def period_s():
    from posecoach.synthetic.motions import motion_named

    return motion_named("squat").period_s


def table(results):
    lines = [
        "| fault | times | to next scored frame: p50 | max | target |",
        "|---|---|---|---|---|",
    ]
    for name, seconds in sorted(results.items()):
        kind = name.partition(":")[2]
        target = TARGET_S.get(kind, OTHERS_S)
        found = [each for each in seconds if each is not None]
        never = len(seconds) - len(found)
        middle = f"{median(found):.2f} s" if found else "-"
        worst = f"never ({never})" if never else f"{max(found):.2f} s"
        met = "met" if not never and max(found) <= target else "missed"
        lines.append(f"| {name} | {len(seconds)} | {middle} | {worst} | {target:.0f} s: {met} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
