"""Keeping what somebody has recorded as a routine of this box's own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from posecoach.adapters.routine_folder import RoutineFolders
from posecoach.cli.recordings import routines
from posecoach.coach.recording import Asked
from posecoach.coach.routine import Routine
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.showing import Lesson
from posecoach.coach.words import ENGLISH, Words
from posecoach.errors import RoutineError
from posecoach.face.recorder import Records, Work

_NUMBERED: Final = re.compile(r"recorded-(\d{1,6})")
CLOCK_SET_FROM_S: Final = 1_760_000_000.0
"""Before October 2025 there was no posecoach: a clock that says so is not set."""


def records_here(stack: ExitStack, session: SessionOptions) -> Records:
    """How this box records at its screen: in the background, so that the screen goes on."""
    asked = Asked(place_s=session.place_s, countdown_s=session.countdown_s)
    return Records(keep_recorded, asked, work=in_background(stack))


def in_background(stack: ExitStack) -> Work:
    """Does one thing after the other in a thread; leaving waits for what is being stored."""
    pool = stack.enter_context(ThreadPoolExecutor(1, "recording"))

    def work(task: Callable[[], Any]) -> Callable[[], Any]:
        future: Future[Any] = pool.submit(task)
        return lambda: future.result() if future.done() else None

    return work


def keep_recorded(lesson: Lesson, words: Words = ENGLISH, name: str | None = None) -> Routine:
    """Store what was recorded, whole or not at all, and load it as everybody will.

    Args:
        lesson: What was learned.
        words: In which language it is named where nobody names it.
        name: Its name; the next free number where `None`.

    Raises:
        OutputError: It cannot be written.
        RoutineError: The name holds nothing to make an id from, or is taken.
    """
    store = routines()
    number = next_number(store)
    id_ = f"recorded-{number}" if name is None else id_of(name)
    if name is not None and id_ in store.ids():
        raise RoutineError(f"--name {name!r}: there is a routine {id_!r} already; choose another name")
    now = time.time()
    on = time.strftime("%Y-%m-%d", time.localtime(now))
    summary = words.recorded_on.format(date=on) if now >= CLOCK_SET_FROM_S else ""
    store.save(id_, name or words.recorded_n.format(n=number), lesson.learned, summary=summary)
    return store.load(id_)


def next_number(store: RoutineFolders) -> int:
    """One more than the highest of what was recorded here and named by nobody."""
    taken = [int(match[1]) for match in map(_NUMBERED.fullmatch, store.ids()) if match]
    return max(taken, default=0) + 1


def id_of(name: str) -> str:
    """The id that a routine gets from its name.

    Raises:
        RoutineError: There is nothing in it to make one from.
    """
    id_ = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-._")[:64]
    if not id_:
        raise RoutineError(f"--name {name!r} holds no letter or digit to make an id from")
    return id_


def folder_of(routine: Routine) -> Path:
    """Where a routine of this box is."""
    return routines().path(routine.id)
