"""A voice in a process of its own: what hangs in a sound driver is that process, and never the coach."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Final

from posecoach.coach.utterance import Said
from posecoach.errors import VoiceError
from posecoach.ports import Closes, Voice
from posecoach.service.spawned import Gone, Silent, Spawned
from posecoach.service.wire import ERROR, HEARD, OPEN, SOON, packed_said, unpacked_error, unpacked_lengths

OPEN_WITHIN_S: Final = 15.0
"""A sound server that has to be started takes some seconds."""
DEADLINE_S: Final = 3.0
"""The longest a call may take; a sentence that is rendered first takes a tenth of a second."""


class VoiceLost(VoiceError):
    """The process of a voice has ended, hangs, or cannot be believed; it is killed."""


class ChildVoice(Closes):
    """Runs a voice in a child process. One process: when it fails, this fails, and another is made.

    A call waits until the child has answered it, so this is for a thread that has time.
    """

    def __init__(
        self,
        make: Callable[[], Voice],
        *,
        child: Spawned | None = None,
        deadline_s: float = DEADLINE_S,
        open_within_s: float = OPEN_WITHIN_S,
    ) -> None:
        """Open the voice.

        Args:
            make: Opens the real one, in the child; picklable.
            child: A process that was prepared for it.
            deadline_s: The longest a call may take; then the process is killed.
            open_within_s: The longest `make` may take.

        Raises:
            VoiceError: The voice cannot be opened (`VoiceLost` where its process has failed).
        """
        self._child = child or Spawned()
        self._deadline_s = deadline_s
        self._closed = False
        try:
            self._child.open(make)
            self._answer(open_within_s, OPEN)
        except Gone as error:
            raise self._lost(f"could not be opened: {error}") from error
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Of the child."""
        return self._child.pid

    def prepare(self, texts: Iterable[str]) -> dict[str, float]:
        """Have it get ready to say these.

        Raises:
            VoiceLost: It does not answer.
        """
        return self._asked(SOON + json.dumps(list(texts)).encode())

    def say(self, said: Said) -> dict[str, float]:
        """Have it say something; how long words last, in seconds, that it says for the first time.

        Raises:
            VoiceError: It cannot (`VoiceLost` where its process has failed).
        """
        return self._asked(packed_said(said))

    def kill(self) -> bool:
        """End the process, from any thread; whether it is gone. A call that is under way fails."""
        return self._child.kill()

    def close(self) -> None:
        """End the process; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._child.close()

    def _asked(self, message: bytes) -> dict[str, float]:
        if self._closed:
            raise VoiceError("the voice is closed")
        try:
            self._child.send(message)
            return unpacked_lengths(self._answer(self._deadline_s, HEARD))
        except Gone as error:
            raise self._lost(f"stopped: {error}") from error
        except ValueError as error:
            raise self._lost(f"answers nonsense: {error}") from error

    def _answer(self, within_s: float, kind: bytes) -> bytes:
        try:
            message = self._child.receive(within_s)
        except Silent as error:
            raise self._lost(f"hangs: {error}") from error
        if message[:1] == ERROR:
            failure = unpacked_error(message, VoiceError)
            self.close()
            raise failure
        if message[:1] != kind:
            raise self._lost(f"answers nonsense: {message[:1]!r}")
        return message

    def _lost(self, why: str) -> VoiceLost:
        self.close()
        return VoiceLost(f"the process of the voice {why}; it was killed")
