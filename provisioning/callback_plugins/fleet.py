"""What a run over the fleet says: what it changes, one line for what goes wrong, a table at the end.

It is Ansible's own output (``-v`` and ``--diff`` do what they always do) with three differences: a failure is
one line and not a page, the recap is a table with the seconds and the reason of every box, and the same goes
as JSON into the file that ``$POSECOACH_FLEET_REPORT`` names.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ansible import constants, context
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback.default import CallbackModule as Default

DOCUMENTATION = """
name: fleet
type: stdout
short_description: what a run over the fleet says
description: Ansible's own output, with a table at the end.
extends_documentation_fragment: [default_callback, result_format_callback]
requirements: [set as stdout in configuration]
"""

REFUSING_ROLE = "preflight"
LOCAL, EVERY = "localhost", "(all)"
COLOURS = {
    "done": constants.COLOR_OK,
    "untouched": constants.COLOR_SKIP,
    "gone": constants.COLOR_UNREACHABLE,
    "refused": constants.COLOR_ERROR,
    "failed": constants.COLOR_ERROR,
}


@dataclass
class Row:
    """One box of the report.

    Attributes:
        result: ``done``, ``untouched`` (the run ended before its turn), ``refused`` (before the first
            change), ``failed``, ``gone`` (does not answer).
        changed: Steps that changed something, or would.
        seconds: Spent on this box, without waiting for the others.
        words: The reason, or what the box says of itself.
        told: What the playbooks have asked the box, see their ``set_stats``.
    """

    host: str
    result: str = "untouched"
    changed: int = 0
    seconds: float = 0.0
    words: str = ""
    told: dict[str, Any] = field(default_factory=dict)


class CallbackModule(Default):
    """Ansible's own output, shorter."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "fleet"

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, Row] = {}
        self._began: dict[tuple[str, str], float] = {}

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self._began[host.get_name(), task._uuid] = time.monotonic()
        super().v2_runner_on_start(host, task)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._count(result)
        if self._display.verbosity or not isinstance(result.task, TaskInclude):
            super().v2_runner_on_ok(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._count(result)
        super().v2_runner_on_skipped(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        row = self._count(result)
        if self._display.verbosity:
            super().v2_runner_on_failed(result, ignore_errors)
        if ignore_errors:
            return
        if result.task.run_once:  # of all boxes, in the name of one
            row = self._row(EVERY)
            self._end(row, "refused", reason(result.result))
            return
        role = result.task._role.get_name() if result.task._role else ""
        self._end(row, "refused" if role == REFUSING_ROLE else "failed", reason(result.result))

    def v2_runner_item_on_failed(self, result: Any) -> None:
        if self._display.verbosity:
            super().v2_runner_item_on_failed(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        row = self._count(result)
        if self._display.verbosity:
            super().v2_runner_on_unreachable(result)
        self._end(row, "gone", "does not answer: " + reason(result.result))

    def v2_playbook_on_include(self, included_file: Any) -> None:
        if self._display.verbosity:
            super().v2_playbook_on_include(included_file)

    def v2_playbook_on_no_hosts_remaining(self) -> None:
        self._display.display("the run ends here", color=constants.COLOR_ERROR)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        for host in sorted(stats.processed):
            row = self._row(host)
            row.told = stats.custom.get(host, {})
            if row.result == "untouched" and row.told:
                row.result, row.words = "done", str(row.told.get("words", ""))
            row.changed = stats.summarize(host)["changed"]
        self._rows.pop(LOCAL, None)
        rows = [self._rows[host] for host in sorted(self._rows)]
        if path := os.environ.get("POSECOACH_FLEET_REPORT"):
            Path(path).write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
        self._print(rows)

    def _row(self, host: str) -> Row:
        return self._rows.setdefault(host, Row(host))

    def _count(self, result: Any) -> Row:
        """Add what this step took to its box."""
        host = result.host.get_name()
        row = self._row(host)
        if (began := self._began.pop((host, result.task._uuid), None)) is not None:
            row.seconds = round(row.seconds + time.monotonic() - began, 2)
        return row

    def _end(self, row: Row, result: str, words: str) -> None:
        """Say once, in one line, why a box is through."""
        row.result, row.words = result, words
        self._display.display(f"{row.host}: {result}: {words}", color=COLOURS[result], stderr=True)

    def _print(self, rows: list[Row]) -> None:
        would = " (would)" if context.CLIARGS["check"] else ""
        titles = ("box", "result", f"changed{would}", "seconds", "")
        table = [(row.host, row.result, str(row.changed), f"{row.seconds:.1f}", row.words) for row in rows]
        widths = [max(map(len, column)) for column in zip(titles, *table, strict=True)]
        self._display.display("")
        for cells in (titles, *table):
            numbers = (2, 3)
            words = [
                cell.rjust(width) if place in numbers else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ]
            self._display.display("  ".join(words).rstrip(), color=COLOURS.get(cells[1]))


def reason(said: dict[str, Any]) -> str:
    """What went wrong, in one line: what a program wrote last, else Ansible's message."""
    for each in said.get("results", ()):
        if isinstance(each, dict) and each.get("failed"):
            return reason(each)
    errors = said.get("argument_errors")
    if errors:
        return "; ".join(map(str, errors))
    wrote = (
        [said.get(stream) for stream in ("stderr", "stdout")]
        if said.get("rc") or said.get("exit_status")
        else []
    )
    words = next((text for text in wrote if isinstance(text, str) and text.strip()), said.get("msg", ""))
    lines = [line.strip() for line in str(words).strip().splitlines() if line.strip()]
    telling = [line for line in lines if "rror: " in line] or lines[-1:]  # some underline the place below it
    return telling[0].removeprefix("Task failed: ") if telling else "it does not say why"
