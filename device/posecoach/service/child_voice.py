"""A voice in a process of its own: what hangs in a sound driver is that process, and never the coach."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Final

from posecoach.coach.utterance import Said
from posecoach.errors import VoiceError
from posecoach.ports import Voice
from posecoach.service.child_part import ChildPart
from posecoach.service.spawned import Gone, Spawned
from posecoach.service.wire import HEARD, OPEN, SOON, packed_said, unpacked_lengths

OPEN_WITHIN_S: Final = 15.0
"""A sound server that has to be started takes some seconds."""
DEADLINE_S: Final = 3.0
"""The longest a call may take; a sentence that is rendered first takes a tenth of a second."""


class VoiceLost(VoiceError):
    """The process of a voice has ended, hangs, or cannot be believed; it is killed."""


class ChildVoice(ChildPart):
    """Runs a voice in a child process. One process: when it fails, this fails, and another is made.

    A call waits until the child has answered it, so this is for a thread that has time.
    """

    failure = VoiceError

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
        super().__init__(child)
        self._deadline_s = deadline_s
        try:
            self._child.open(make)
            self._told(open_within_s, OPEN)
        except Gone as error:
            raise self._lost(f"could not be opened: {error}") from error
        except BaseException:
            self.close()
            raise

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

    def _asked(self, message: bytes) -> dict[str, float]:
        if self._closed:
            raise VoiceError("the voice is closed")
        try:
            self._child.send(message)
            return unpacked_lengths(self._told(self._deadline_s, HEARD))
        except Gone as error:
            raise self._lost(f"stopped: {error}") from error
        except ValueError as error:
            raise self._lost(f"answers nonsense: {error}") from error

    def _lost(self, why: str) -> VoiceLost:
        self.close()
        return VoiceLost(f"the process of the voice {why}; it was killed")
