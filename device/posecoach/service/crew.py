"""Several processes that answer questions side by side, each an interpreter of its own.

What ends or hangs the one that works at it is one question lost, and no more: it is told as such, and another
process takes the place. Two questions are with each process, so that none waits for us.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any, Final, Generic, Protocol, TypeVar

from posecoach.errors import ModelUnavailable, PosecoachError
from posecoach.ports import Closes
from posecoach.service.spawned import Gone, Silent, Spawned
from posecoach.service.wire import ANSWER, ASK, ERROR, OPEN, unpacked_error

OPEN_WITHIN_S: Final = 60.0
"""The longest a process may take to be ready: several start at once, on a slow card."""
ANSWER_WITHIN_S: Final = 60.0
"""The longest one answer may take."""
_AHEAD: Final = 2

Key = TypeVar("Key")


class Answers(Protocol):
    """What works in such a process."""

    def answer(self, question: bytes) -> bytes:
        """Whatever is to be said to a question; what it raises ends the process."""


class Lost(Exception):  # no error by itself: whoever asked says what it means
    """A question that its process has not survived."""


@dataclass(slots=True, eq=False)
class _Member(Generic[Key]):
    """A process, and the questions that are with it, oldest first."""

    child: Spawned
    due: float
    ready: bool = False
    takes: bool = True
    asked: deque[tuple[Key, bytes]] = field(default_factory=deque)


class Crew(Closes, Generic[Key]):
    """So many processes with the same part in each."""

    def __init__(
        self,
        make: Callable[[], Answers],
        size: int,
        *,
        prepare: Callable[[], object] | None = None,
        answer_within_s: float = ANSWER_WITHIN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start them.

        Args:
            make: Makes the part, in each process; picklable.
            size: How many.
            prepare: Called in each process before; picklable.
            answer_within_s: The longest one answer may take; then the process is killed.
            clock: In seconds.
        """
        self._make, self._prepare = make, prepare
        self._within_s, self._clock = answer_within_s, clock
        self._members: list[_Member[Key]] = []
        try:
            for _ in range(size):
                self._members.append(self._new())
        except Gone as error:
            self.close()
            raise ModelUnavailable(f"no process can be started: {error}") from error

    @property
    def pids(self) -> list[int]:
        """Of the processes as they are now."""
        return [member.child.pid for member in self._members]

    def answers(self, questions: Iterable[tuple[Key, bytes]]) -> Iterator[tuple[Key, bytes | Lost]]:
        """Ask everything; answers come as they are ready, in any order.

        Args:
            questions: Each with whatever knows it again; asked for as they are wanted.

        Raises:
            PosecoachError: The part cannot be made.
        """
        waiting = iter(questions)
        again: deque[tuple[Key, bytes]] = deque()
        while True:
            for member in list(self._members):
                self._fill(member, waiting, again)
            if not any(member.asked for member in self._members):
                if again:  # one that had nothing to do has ended, and another is there now
                    continue
                return
            for member in self._heard_of():
                told = self._told_by(member, again)
                if told is not None:
                    yield told

    def close(self) -> None:
        """End them all; a second call does nothing."""
        for member in self._members:
            member.child.close()
        self._members.clear()

    def _new(self) -> _Member[Key]:
        child = Spawned(self._prepare)
        child.open(self._make)
        return _Member(child, self._clock() + OPEN_WITHIN_S)

    def _fill(
        self,
        member: _Member[Key],
        waiting: Iterator[tuple[Key, bytes]],
        again: deque[tuple[Key, bytes]],
    ) -> None:
        """Give it what it can take."""
        while member.takes and len(member.asked) < _AHEAD:
            following = again.popleft() if again else next(waiting, None)
            if following is None:
                return
            if not member.asked and member.ready:
                member.due = self._clock() + self._within_s
            try:
                member.child.send(ASK + following[1])
                member.asked.append(following)
            except Gone as error:
                # What it has said before it ended is still to be read, and tells which question that was.
                member.takes = False
                if not member.ready:  # or why it cannot be made
                    member.asked.append(following)
                    return
                again.appendleft(following)
                if not member.asked:
                    self._replace(member, str(error))

    def _heard_of(self) -> list[_Member[Key]]:
        """Those with something to say, or with nothing for too long."""
        busy = [member for member in self._members if member.asked]
        left_s = min(member.due for member in busy) - self._clock()
        children: list[Any] = [member.child for member in busy]
        ready: list[Any] = wait(children, max(left_s, 0.0))
        now = self._clock()
        return [member for member in busy if member.child in ready or member.due <= now]

    def _told_by(
        self, member: _Member[Key], again: deque[tuple[Key, bytes]]
    ) -> tuple[Key, bytes | Lost] | None:
        try:
            message = member.child.receive(0.0)
        except Gone as error:
            return self._lost(member, str(error), again)
        except Silent:
            return self._lost(member, f"it gave no answer within {self._within_s:g} s", again)
        kind, content = message[:1], message[1:]
        if kind == OPEN:
            member.ready = True
            member.due = self._clock() + self._within_s
            return None
        if kind != ANSWER:
            told = unpacked_error(message, PosecoachError) if kind == ERROR else None
            if told is not None and not member.ready:
                raise told
            return self._lost(member, str(told or f"it said {kind!r}"), again)
        key, _ = member.asked.popleft()
        member.due = self._clock() + self._within_s
        return key, content

    def _lost(self, member: _Member[Key], why: str, again: deque[tuple[Key, bytes]]) -> tuple[Key, Lost]:
        """Another process in the place of one that has failed; the question that it failed at."""
        key, _ = member.asked.popleft()
        again.extend(member.asked)
        self._replace(member, why)
        return key, Lost(why)

    def _replace(self, member: _Member[Key], why: str) -> None:
        member.child.close()
        if not member.ready:
            raise ModelUnavailable(f"the process for the network could not be started: {why}")
        try:
            self._members[self._members.index(member)] = self._new()
        except Gone as error:
            raise ModelUnavailable(f"no process can be started: {error}") from error
