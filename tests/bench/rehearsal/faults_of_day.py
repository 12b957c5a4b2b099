"""A fault every minute, drawn at random."""

from __future__ import annotations

import random
from typing import Final

from posecoach.service.faults import KINDS, Injection

EARLIEST_S, LATEST_S = 5.0, 50.0
"""Within its minute: two faults are never closer together than what a part needs to settle."""
LASTING_S: Final = {"unplug": 1.0, "slow": 1.5, "gone": 5.0}
SLOW_FACTOR: Final = 4000.0
"""Reading a pose that is carried takes 0.05 ms: it is to become a fifth of a second or so."""
HEALED_WITHIN_S: Final = 4.0
"""Of the day: what is still not looked at so long after the end of a fault is not its doing."""
VOICE_WITHIN_S: Final = 300.0
"""A voice fails when it is to say something next, and nobody waits for it: its three seconds are minutes."""


def drawn(minutes: int, seed: int) -> list[Injection]:
    """One fault a minute, every kind equally often."""
    rng = random.Random(seed)
    kinds = [(part, kind) for part, kinds in KINDS.items() for kind in kinds]
    faults = []
    for minute in range(minutes):
        part, kind = rng.choice(kinds)
        at_s = 60.0 * minute + rng.uniform(EARLIEST_S, LATEST_S)
        faults.append(Injection(part, kind, round(at_s, 3), LASTING_S.get(kind, 0.0), SLOW_FACTOR))
    return faults


def upcoming(faults: list[Injection], part: str, now_s: float, most: int = 24) -> tuple[Injection, ...]:
    """The next faults of a part, for a process that is opened now; it does not live to see more of them."""
    left = (fault for fault in faults if fault.part == part and fault.at_s + fault.for_s >= now_s)
    return tuple(fault for _, fault in zip(range(most), left, strict=False))
