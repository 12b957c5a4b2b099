"""Is this box fit to coach? Asks every check, none for longer than its limit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from queue import SimpleQueue
from typing import Final

from posecoach.errors import PosecoachError
from posecoach.service.checks_board import BOARD_CHECKS
from posecoach.service.checks_camera import CAMERA_CHECKS
from posecoach.service.checks_sandbox import SANDBOX_CHECKS
from posecoach.service.checks_screen import SCREEN_CHECKS
from posecoach.service.checks_software import SOFTWARE_CHECKS
from posecoach.service.checks_sound import SOUND_CHECKS
from posecoach.service.checks_storage import STORAGE_CHECKS
from posecoach.service.checks_tpu import TPU_CHECKS
from posecoach.service.findings import EXIT_CODE, Box, Check, Finding, State, failed

CHECKS: Final[tuple[Check, ...]] = (
    *SOFTWARE_CHECKS,
    *TPU_CHECKS,
    *CAMERA_CHECKS,
    *SCREEN_CHECKS,
    *SOUND_CHECKS,
    *BOARD_CHECKS,
    *STORAGE_CHECKS,
    *SANDBOX_CHECKS,
)
"""Every check, in the order of the report."""

SLOW_AT_ONCE: Final = 2
GRACE_S: Final = 0.5
"""What a check that ends its own process in time may take beyond its limit."""

Examined = tuple[Check, Finding]


def examine(
    box: Box, checks: Sequence[Check] = CHECKS, told: Callable[[Check, Finding], None] = lambda *_: None
) -> list[Examined]:
    """Ask the box; the answers in the order of `checks`.

    Args:
        box: Which.
        checks: What to ask.
        told: Called with each answer as soon as it is there.
    """
    found: dict[str, Finding] = {}
    quick = [check for check in checks if not check.slow]
    slow = [check for check in checks if check.slow]
    for batch in ([check] for check in quick):
        _ask(box, batch, found, told)
    for first in range(0, len(slow), SLOW_AT_ONCE):
        _ask(box, slow[first : first + SLOW_AT_ONCE], found, told)
    return [(check, found[check.id]) for check in checks]


def exit_code(examined: Iterable[Examined], *, gate: bool = False) -> int:
    """0 fit, 1 fit with a warning, 2 unfit; at the gate a warning lets pass."""
    code = max((EXIT_CODE[finding.state] for _, finding in examined), default=0)
    return code if not gate or code == EXIT_CODE[State.FAIL] else 0


def _ask(
    box: Box, batch: Sequence[Check], found: dict[str, Finding], told: Callable[[Check, Finding], None]
) -> None:
    answers: list[tuple[Check, SimpleQueue[Finding]]] = []
    for check in batch:
        answer: SimpleQueue[Finding] = SimpleQueue()
        # A thread that hangs in a driver must not keep the doctor from going home.
        threading.Thread(target=_answer, args=(box, check, answer), name=check.id, daemon=True).start()
        answers.append((check, answer))
    for check, answer in answers:
        try:
            found[check.id] = answer.get(timeout=box.limit_s + GRACE_S)
        except Exception:  # queue.Empty, which SimpleQueue does not name
            found[check.id] = failed(
                f"no answer within {box.limit_s:g} s", "try again; if it stays so, restart the box"
            )
        told(check, found[check.id])


def _answer(box: Box, check: Check, answer: SimpleQueue[Finding]) -> None:
    try:
        answer.put(check.look(box))
    except PosecoachError as error:
        answer.put(failed(str(error), "see the words"))
    except Exception as error:  # a check that is at fault must say so, not vanish
        answer.put(failed(f"the check itself went wrong: {error!r}", "report it, with --bundle"))
