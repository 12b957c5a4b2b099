"""What became of each fault that was tried, and the table of it."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median

TARGET_S = {
    "estimator:hang": 3.0,
    "estimator:stop": 3.0,
    "estimator:nonsense": 3.0,
    "camera:stall": 3.0,
    "camera:stop": 3.0,
    "camera:black": 5.0,
    "parent:kill": 10.0,
    "parent:stop": 20.0,
}
OTHERS_S = 2.0
NO_TIME = ("history:damaged at the start", "service:first start", "power:")
"""The coach starts anew there: what counts is that nothing is lost."""


@dataclass
class Tries:
    """All that was tried, by the name of the fault.

    Attributes:
        seconds: From the fault, or the end of one that lasts, to the next scored frame; `None` never.
        counted, stored: Repetitions that were shown as counted, and those found in the history afterwards.
        remarks: What else is to be known.
        rates: Drawings in each second.
    """

    seconds: dict[str, list[float | None]] = field(default_factory=lambda: defaultdict(list))
    counted: int = 0
    stored: int = 0
    remarks: list[str] = field(default_factory=list)
    rates: list[int] = field(default_factory=list)

    def add(self, found: dict) -> None:
        """Take in what one run has found."""
        for name, seconds in found["times"]:
            self.seconds[name].append(seconds)
        self.counted += found.get("counted", 0)
        self.stored += found.get("stored", 0)
        self.remarks += found.get("remarks", ())
        self.rates += found.get("rates", ())

    def report(self) -> str:
        """The table, and what goes with it."""
        lines = ["| fault | times | to next scored frame: p50 | max | target |", "|---|---|---|---|---|"]
        lines += [_row(name, seconds) for name, seconds in sorted(self.seconds.items())]
        lost = self.counted - self.stored
        lines += [
            "",
            f"repetitions shown as counted {self.counted}, in the history {self.stored}, lost {lost}",
        ]
        if self.rates:
            lines.append(
                f"drawings a second, over every second of all runs: p50 {median(self.rates):.0f}, "
                f"least {min(self.rates)}"
            )
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        lines.append(f"load of the machine at the end (1, 5, 15 minutes): {load}, on {os.cpu_count()} cores")
        said = Counter(self.remarks)
        return "\n".join([*lines, *(f"{times} x {words}" for words, times in said.most_common())])


def _row(name: str, seconds: list[float | None]) -> str:
    target = TARGET_S.get(name, OTHERS_S)
    found = [each for each in seconds if each is not None]
    never = len(seconds) - len(found)
    middle = f"{median(found):.2f} s" if found else "-"
    worst = f"never ({never})" if never else f"{max(found):.2f} s"
    met = "met" if not never and max(found) <= target else "missed"
    bar = f"{target:.0f} s: {met}"
    if name.startswith(NO_TIME):
        bar, worst = "-", worst if found else "-"
    return f"| {name} | {len(seconds)} | {middle} | {worst} | {bar} |"
