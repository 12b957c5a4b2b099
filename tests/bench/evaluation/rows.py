"""One row of the table that `make evaluate` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Row:
    """A measured figure beside what it is held against.

    Attributes:
        measure: What was measured, in words.
        value: The figure, with its unit.
        of: How many trials it stands on.
        bar: What it has to be; empty where it is only reported.
        met: Whether it is; `None` without a bar.
        floor: The same of plain DTW; empty where there is no such thing.
        published: What others have published; empty where nothing is known.
    """

    measure: str
    value: str
    of: str = ""
    bar: str = ""
    met: bool | None = None
    floor: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to try, and how to do it.

    Attributes:
        quick: A small, even choice of everything: for a first look while developing.
        jobs: Processes at once.
        motions: What alone is tried, by name, where a section plays motions one by one; empty for all.
        progress: Called as ``progress(done, of)`` while a section runs.
    """

    quick: bool
    jobs: int
    progress: Callable[[int, int], None]
    motions: tuple[str, ...] = ()

    def each(self, measure: Callable[[Task], Outcome], tasks: Iterable[Task]) -> Iterator[Outcome]:
        """The outcome of each task, in the order of the tasks; `measure` is a function of a module."""
        waiting: list[Any] = list(tasks)
        if self.jobs == 1:
            for number, task in enumerate(waiting, 1):
                yield measure(task)
                self.progress(number, len(waiting))
            return
        with ProcessPoolExecutor(self.jobs) as pool:
            for number, outcome in enumerate(pool.map(measure, waiting), 1):
                yield outcome
                self.progress(number, len(waiting))
