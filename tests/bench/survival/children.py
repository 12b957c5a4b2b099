"""Camera, network and screen fail: in turn, a few to a run, each at least eight seconds after its last."""

from __future__ import annotations

import random
from collections.abc import Iterator

from posecoach.service.faults import KINDS
from survival.watched import Seen, stored, watch_one

FIRST_AT_S, APART_S, LAST_S = 16.0, 4.0, 5.0
PER_RUN = 4
"""Of each part; more within a minute would meet the brake for storms, which is another matter."""
LASTING_S = {"unplug": 2.0, "gone": 2.0, "slow": 2.0}


def runs(times: int, only: str) -> Iterator[list[tuple[str, float]]]:
    """What strikes when, of each run."""
    pools = {}
    for part in ("camera", "estimator", "display"):
        names = [f"{part}:{kind}" for kind in KINDS[part] if only in f"{part}:{kind}"]
        pools[part] = [name for name in names for _ in range(times)]
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


def one(faults: list[tuple[str, float]]) -> dict:
    """Run an appliance with these faults."""
    limit_s = faults[-1][1] + LAST_S
    injections = [(name, at_s, LASTING_S.get(name.partition(":")[2], 0.0)) for name, at_s in faults]
    seen = watch_one(limit_s, injections)
    times, remarks = [], []
    for (name, at_s, for_s), (_, end_s) in zip(injections, [*faults[1:], ("", limit_s)], strict=True):
        if not seen.coached_at(at_s):
            remarks.append(f"{name} struck when nobody was being coached: left out")
            continue
        times.append((name, _healed(seen, name, at_s, for_s, end_s)))
    return {
        "times": times,
        "remarks": remarks,
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
