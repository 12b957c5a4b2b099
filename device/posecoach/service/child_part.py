"""What a camera, a network and a voice in processes of their own have in common."""

from __future__ import annotations

from typing import ClassVar

from posecoach.errors import PosecoachError
from posecoach.ports import Closes
from posecoach.service.spawned import Silent, Spawned
from posecoach.service.wire import ERROR, unpacked_error


class ChildPart(Closes):
    """A part in one child process: when that fails, this fails, and another is made.

    Attributes:
        gone: Whether the process is known to have ended; one that hangs in the kernel does not (P2).
    """

    failure: ClassVar[type[PosecoachError]]
    """What is raised where the part itself has failed with no error of ours."""

    def __init__(self, child: Spawned | None) -> None:
        """Take a process that was prepared for it, or start one.

        Raises:
            Gone: It has ended at once.
        """
        self._child = child or Spawned()
        self._closed = self.gone = False

    @property
    def pid(self) -> int:
        """Of the child."""
        return self._child.pid

    def kill(self) -> bool:
        """End the process, from any thread; whether it is gone. A call that is under way fails."""
        return self._child.kill()

    def close(self) -> None:
        """End the process; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self.gone = self._child.close()

    def _told(self, within_s: float, kind: bytes) -> bytes:
        """What it says next, which is to be of this kind; whatever else happens ends it.

        Raises:
            Gone: It has ended.
            PosecoachError: What the part has raised, or as `_hangs` and `_lost` say it.
        """
        try:
            message = self._child.receive(within_s)
        except Silent:
            raise self._hangs(within_s) from None
        if message[:1] == ERROR:
            failure = unpacked_error(message, self.failure)
            self.close()
            raise failure
        if message[:1] != kind:
            raise self._lost(f"answers nonsense: {message[:1]!r}")
        return message

    def _hangs(self, within_s: float) -> PosecoachError:
        """End it: it gave no answer in time."""
        return self._lost(f"hangs: no answer within {within_s:.3g} s")

    def _lost(self, why: str) -> PosecoachError:
        """End it, for a reason."""
        raise NotImplementedError
