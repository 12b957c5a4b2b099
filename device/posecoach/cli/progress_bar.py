"""A progress bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

Item = TypeVar("Item")

_WIDTH = 30


class ProgressBar:
    """Says on one line of a terminal how far a long piece of work is."""

    def __init__(self, what: str, total: float | None, stream: TextIO | None = None) -> None:
        """Begin.

        Args:
            what: The work, in a word or two.
            total: The end of it, in the unit of `advance`; `None` where nobody knows.
            stream: Where to; standard error by default.
        """
        self._what = what
        self._total = total
        self._stream = stream or sys.stderr
        self._shown = ""

    def advance(self, done: float, unit: str = "s") -> None:
        """Say how far it is now."""
        if not self._stream.isatty():
            return
        if self._total:
            share = min(done / self._total, 1.0)
            filled = int(share * _WIDTH)
            line = f"{self._what} [{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}"
        else:
            line = f"{self._what} {done:.0f} {unit}"
        if line != self._shown:
            self._shown = line
            self._stream.write(f"\r{line}\x1b[K")
            self._stream.flush()

    def close(self) -> None:
        """Clear the line."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def counted(what: str, items: Iterable[Item], total: float | None) -> Iterator[Item]:
    """The items, with a bar that counts them."""
    bar = ProgressBar(what, total)
    for number, item in enumerate(items):
        bar.advance(number, "")
        yield item
    bar.close()
