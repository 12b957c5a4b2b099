"""What doctor says of this box, asked from the screen: in a process of its own, while the screen goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from posecoach.coach.scene import Ink, Shape
from posecoach.coach.words import Words
from posecoach.face.checked import WRONG
from posecoach.face.compose_rows import PER_PAGE, Row
from posecoach.ports import Closes

OURS: Final = ("camera-frame", "tpu-runs", "tpu-free", "inference", "picture")
"""Checks of what this coach itself holds, or shows by running."""
_SIGNS: Final = {"fail": (Shape.RING, Ink.POOR), "warn": (Shape.POINTER, Ink.FAIR)}


class Checking(Closes):
    """Ask doctor once for each time that somebody wants to know."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """Ask nothing yet.

        Args:
            command: Prints what ``posecoach doctor --json`` does.
        """
        doctor = (sys.executable, "-m", "posecoach", "doctor", "--json", "--skip", ",".join(OURS))
        self._command = tuple(command or doctor)
        self._running: subprocess.Popen[bytes] | None = None
        self._rows: list[Row] | None = None

    def rows(self, words: Words) -> Sequence[Row] | None:
        """What there is to look at, the worst first; `None` while doctor is at it. The first call asks.

        Args:
            words: The screen's language.
        """
        if self._rows is None and self._running is None:
            self._running = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        if self._running is not None and self._running.poll() is not None:
            said, _ = self._running.communicate()
            self._running, self._rows = None, rows_of(said, words)
        return self._rows

    def forget(self) -> None:
        """Ask again the next time."""
        self.close()
        self._rows = None

    def close(self) -> None:
        """End what is running; a second call does nothing."""
        if self._running is not None:
            self._running.kill()
            self._running.communicate()
            self._running = None


def rows_of(said: bytes, words: Words) -> list[Row]:
    """What doctor printed as rows for the screen."""
    try:
        found: list[Mapping[str, Any]] = json.loads(said)["checks"]
    except (ValueError, KeyError, TypeError):
        return [Row(words.not_checked, sign=Shape.RING, ink=Ink.POOR)]
    wrong = sorted(
        (check for check in found if check["state"] in _SIGNS), key=lambda check: str(check["state"])
    )
    if not wrong:
        return [Row(words.all_well, sign=Shape.TICK, ink=Ink.GOOD)]
    rows = [_row(check, words) for check in wrong]
    if len(rows) <= PER_PAGE:
        return rows
    return [*rows[: PER_PAGE - 1], Row(words.not_well.format(n=len(rows) - PER_PAGE + 1))]


def _row(check: Mapping[str, Any], words: Words) -> Row:
    """One of them in the screen's language; what only a newer doctor asks in its own words."""
    told = WRONG.get(str(check["id"]))
    label, value = map(words.say, told) if told else (str(check["words"]), str(check["remedy"] or ""))
    return Row(label, value, *_SIGNS[str(check["state"])])
