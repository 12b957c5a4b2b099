"""The newest of what a source gives, read by one thread, and never waited for without a limit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Ended(Exception):  # no error by itself: the caller says what it means
    """The source gives nothing more."""


class Newest(Generic[_T]):
    """One slot that a thread keeps filled; what is not taken in time is replaced, so nothing queues up.

    A source that hangs in the kernel holds its thread for ever. That is one thread at most: after a
    time-out nothing is started again here, the process is replaced (P8).
    """

    def __init__(self, source: Callable[[], Generator[_T, None, None]], *, name: str) -> None:
        """Start reading.

        Args:
            source: Called in the thread; closed there as well.
            name: Of the thread.
        """
        self._source = source
        self._changed = threading.Condition()
        self._slot: list[_T] = []
        self._error: BaseException | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._read, name=name, daemon=True)
        self._thread.start()

    def take(self, within_s: float) -> _T:
        """The newest item not taken yet.

        Raises:
            TimeoutError: There was none in time.
            Ended: The source has ended.
            Exception: Whatever the source raised.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._slot or self._error is not None, timeout=within_s)
            if self._slot:
                return self._slot.pop()
            if self._error is not None:
                raise self._error
            raise TimeoutError(f"nothing came within {within_s:g} s")

    def stop(self, within_s: float) -> bool:
        """Let the thread end at its next item; whether it did so in time."""
        with self._changed:
            self._stopping = True
        self._thread.join(timeout=within_s)
        return not self._thread.is_alive()

    def _read(self) -> None:
        error: BaseException = Ended()
        try:
            with closing(self._source()) as items:
                for item in items:
                    with self._changed:
                        if self._stopping:
                            break
                        self._slot[:] = [item]
                        self._changed.notify()
        except Exception as failure:  # raised again in the thread that takes
            error = failure
        finally:
            with self._changed:
                self._error = error
                self._changed.notify()
