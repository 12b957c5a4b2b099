"""Parts that answer questions in a process of their own, and do not always live to do it."""

from __future__ import annotations

import os
import signal
import time

from posecoach.errors import ModelUnavailable


class Echo:
    """Says what it is told backwards; some words it does not survive."""

    def answer(self, question: bytes) -> bytes:
        """What comes back."""
        if question == b"kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if question == b"abort":
            os.abort()
        if question == b"hang":
            time.sleep(600)
        if question == b"raise":
            raise ValueError("no such word")
        return question[::-1] + b" " + str(os.getpid()).encode()


def nothing_here() -> Echo:
    """A part that cannot be made."""
    raise ModelUnavailable("no such model on this box")
