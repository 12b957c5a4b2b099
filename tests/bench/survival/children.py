"""Camera, network and screen fail: in turn, a few to a run, each at least eight seconds after its last."""

from __future__ import annotations

import random

from posecoach.service.faults import KINDS
from survival.watched import Seen, stored, watch_one

FIRST_AT_S, APART_S, LAST_S = 16.0, 4.0, 5.0
PER_RUN = 4
"""Of each part; more within a minute would meet the brake for storms, which is another matter."""
MOST_RUNS = 60
LASTING_S = {"unplug": 2.0, "gone": 2.0, "slow": 2.0}


class Schedule:
    """What strikes when, run after run; what struck when nobody was being coached is tried again."""

    def __init__(self, times: int, only: str) -> None:
        """Try each fault whose name holds `only` so often."""
        self._pools = {}
        self._first_at_s = FIRST_AT_S
        self._runs_left = MOST_RUNS
        for part in ("estimator", "camera", "display"):
            names = [f"{part}:{kind}" for kind in KINDS[part] if only in f"{part}:{kind}"]
            self._pools[part] = [name for name in names for _ in range(times)]
            random.Random(7).shuffle(self._pools[part])

    def next(self) -> list[tuple[str, float]]:
        """The faults of one run, and when; empty when all is done."""
        faults, at_s = [], self._first_at_s
        self._runs_left -= 1
        for _ in range(PER_RUN if self._runs_left >= 0 else 0):
            from_s = at_s
            for part, pool in self._pools.items():
                if pool:
                    faults.append((pool.pop(), round(at_s + random.uniform(0, 0.4), 2)))
                    at_s += APART_S if part != "display" else 2.5
            at_s = max(at_s, from_s + 2 * APART_S)  # of one part never sooner
        return faults

    def learn(self, found: dict) -> None:
        """From what one run has found: when coaching begins on a machine that is busy."""
        self._first_at_s = max(FIRST_AT_S, found["first_s"] + 5.0)
        for name in found["left_out"]:
            self._pools[name.partition(":")[0]].append(name)


def one(faults: list[tuple[str, float]]) -> dict:
    """Run an appliance with these faults."""
    limit_s = faults[-1][1] + LAST_S
    injections = [(name, at_s, LASTING_S.get(name.partition(":")[2], 0.0)) for name, at_s in faults]
    seen = watch_one(limit_s, injections)
    times, left_out = [], []
    for (name, at_s, for_s), (_, end_s) in zip(injections, [*faults[1:], ("", limit_s)], strict=True):
        if not seen.coached_at(at_s):
            left_out.append(name)
            continue
        times.append((name, _healed(seen, name, at_s, for_s, end_s)))
    return {
        "times": times,
        "left_out": left_out,
        "first_s": seen.first_s if seen.scored else limit_s,
        "counted": len(seen.counted),
        "stored": stored(),
        "rates": seen.rates(),
    }


def _healed(seen: Seen, name: str, at_s: float, for_s: float, end_s: float) -> float | None:
    """Seconds until it scored again.

    What was taken after a fault has struck its process can only have been scored by the next one. But for
    nonsense, which looks like people until the coach has said that it is not believed.
    """
    if name == "estimator:nonsense":
        noticed_s = seen.told_in("E1", at_s, end_s)
        if noticed_s is None:
            return None
        again_s = seen.next_scored(noticed_s)
        return None if again_s is None else round(noticed_s + again_s - at_s, 3)
    return seen.next_scored(at_s + for_s)
