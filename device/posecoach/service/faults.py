"""What ``--inject`` says: which part fails, how, when and for how long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from posecoach.errors import PosecoachError

KINDS: Final = {
    "camera": ("stall", "black", "unplug", "kill", "stop"),
    "estimator": ("kill", "stop", "abort", "hang", "slow", "nonsense"),
    "display": ("gone",),
    "voice": ("kill", "stop", "abort", "hang"),
}
DEFAULT_FOR_S: Final = {"unplug": 5.0, "slow": 10.0, "gone": 5.0}
"""What lasts, in new processes as well; all else happens to the process that is there at that time."""
SLOW_FACTOR: Final = 20.0

_FORM: Final = re.compile(
    r"(?P<part>[a-z]+):(?P<kind>[a-z]+)(\*(?P<factor>\d+(\.\d+)?))?@(?P<at>\d+(\.\d+)?)s?"
    r"(\+(?P<for>\d+(\.\d+)?)s?)?"
)


class FaultError(PosecoachError, ValueError):
    """A fault that is to be injected is not known."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Injection:
    """One fault.

    Attributes:
        part: Of `KINDS`.
        kind: Likewise.
        at_s: When, seconds after the start of the coach.
        for_s: How long new processes have it as well; 0 where it happens once, to one process.
        factor: How many times slower.
    """

    part: str
    kind: str
    at_s: float
    for_s: float = 0.0
    factor: float = SLOW_FACTOR

    @classmethod
    def parse(cls, text: str) -> Injection:
        """From ``PART:KIND[*FACTOR]@SECONDS[+FOR]``, as in ``estimator:slow*20@10s+5s``.

        Raises:
            FaultError: It is not of this form, or there is no such fault.
        """
        found = _FORM.fullmatch(text.strip().lower())
        if found is None:
            raise FaultError(f"--inject {text!r}: expected PART:KIND@SECONDS, as in camera:stall@5s")
        part, kind = found["part"], found["kind"]
        if kind not in KINDS.get(part, ()):
            known = ", ".join(f"{name}:{each}" for name, kinds in KINDS.items() for each in kinds)
            raise FaultError(f"--inject {text!r}: there is no {part}:{kind}; expected one of {known}")
        lasts_s = float(found["for"]) if found["for"] else DEFAULT_FOR_S.get(kind, 0.0)
        return cls(part, kind, float(found["at"]), lasts_s, float(found["factor"] or SLOW_FACTOR))

    def strikes(self, now_s: float, opened_s: float) -> bool:
        """Whether a process that was opened then has this fault now; both seconds after the start.

        One that happens once strikes only who was there: a new process is sound.
        """
        if not self.for_s:
            return opened_s <= self.at_s <= now_s
        return self.at_s <= now_s < self.at_s + self.for_s


def of_part(injections: Iterable[Injection], part: str) -> tuple[Injection, ...]:
    """Those of one part."""
    return tuple(injection for injection in injections if injection.part == part)
