"""What a command says: the answer to standard output, in words or as JSON; all else to standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from posecoach_release import trial
from posecoach_release.layout import Outcome


def answered_outcome(asked: argparse.Namespace, outcome: Outcome, words: str) -> int:
    """Say what came of a change; the exit code."""
    if outcome.rolled_back:
        words = f"rolled back to {outcome.version or 'nothing'}: {outcome.reason}"
    elif outcome.reason:
        words = f"{words} ({outcome.reason})"
    return answered(asked, outcome.answer(), words, outcome.code)


def answered(asked: argparse.Namespace, answer: dict[str, Any], words: str, code: int) -> int:
    """Say an answer; the exit code."""
    if asked.json:
        with suppress(BrokenPipeError):
            print(trial.as_line(answer), flush=True)
        if words.startswith(("refused", "not installed")):
            say(words)
    elif words and not asked.quiet:
        if code:
            say(words)
        else:
            with suppress(BrokenPipeError):
                print(words, flush=True)
    return code


def say(words: str) -> None:
    """Say how far it is, or what is wrong."""
    with suppress(BrokenPipeError):  # whoever asked may be gone: that ends nothing
        print(words, file=sys.stderr, flush=True)


def bar(words: str) -> Callable[[int, int], None]:
    """A progress bar, on a terminal: what is to be told how much is done, and of how much."""

    def told(done: int, total: int) -> None:
        if sys.stderr.isatty():
            share = done / max(1, total)
            end = "\n" if done == total else ""
            with suppress(BrokenPipeError):
                print(
                    f"\r{words} [{'#' * int(30 * share):30s}] {100 * share:3.0f}%",
                    end=end,
                    file=sys.stderr,
                    flush=True,
                )

    return told
