"""What a person reads while the service is down, and the showing of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from posecoach.coach.compose_fault import FaultView, compose_fault
from posecoach.ports import Display
from posecoach.service.doctor import Examined
from posecoach.service.findings import State

_TITLE: Final = "The coach has stopped"
_WELL: Final = "Nothing wrong was found: the programme itself has failed several times."
_ALWAYS: Final = "If this stays: pull the plug, wait ten seconds, plug it back."
# What the box can do without, last: the reason is looked for in this order.
_BEARABLE: Final = ("tpu-there", "screen-there")
_RATE_HZ: Final = 10.0


def fault_of(examined: Sequence[Examined], left_s: float, of_s: float) -> FaultView:
    """The worst that was found, in words.

    Args:
        examined: What the doctor found.
        left_s: Seconds until the next try.
        of_s: Of how many.
    """
    failures = [each for each in examined if each[1].state is State.FAIL]
    failures.sort(key=lambda each: each[0].id in _BEARABLE)
    check, finding = failures[0] if failures else (None, None)
    return FaultView(
        title=_TITLE,
        reason=_sentence(finding.words) if finding else _WELL,
        remedy=_sentence(finding.remedy) if finding else _ALWAYS,
        trying=f"It tries again in {max(left_s, 0.0):.0f} seconds",
        code=check.id if check else "crashed",
        left=left_s / of_s,
    )


def show_fault(display: Display, examined: Sequence[Examined], seconds: float) -> None:
    """Show it for a while, or until somebody quits."""
    ends = time.monotonic() + seconds
    while (left_s := ends - time.monotonic()) > 0:
        if not display.show(compose_fault(fault_of(examined, left_s, seconds), display.wh)):
            return
        time.sleep(1.0 / _RATE_HZ)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
