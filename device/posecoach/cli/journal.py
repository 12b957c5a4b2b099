"""What is logged, on standard error: for a person, or for systemd's journal with its priorities."""

from __future__ import annotations

import logging
import os
import sys


def log_to_stderr(environ: dict[str, str] | None = None) -> None:
    """Have what is logged written to standard error; for the journal with its priority."""
    log = logging.getLogger("posecoach")
    if log.handlers:
        return
    journal = "JOURNAL_STREAM" in (os.environ if environ is None else environ)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Priorities("%(message)s") if journal else logging.Formatter("posecoach: %(message)s")
    )
    log.addHandler(handler)
    log.setLevel(logging.INFO)


class _Priorities(logging.Formatter):
    """A line with its priority before it, as sd-daemon(3) has them."""

    def format(self, record: logging.LogRecord) -> str:
        priority = 3 if record.levelno >= logging.ERROR else 4 if record.levelno >= logging.WARNING else 6
        return f"<{priority}>{super().format(record)}"
