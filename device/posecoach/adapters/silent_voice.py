"""A voice for a machine without sound: nothing is heard, and everything else goes on."""

from __future__ import annotations

from collections.abc import Iterable

from posecoach.coach.utterance import Said, Utterance, usual_length_s
from posecoach.ports import Closes


class SilentVoice(Closes):
    """Says nothing, and takes as long as somebody who speaks."""

    def prepare(self, texts: Iterable[str]) -> None:
        """There is nothing to get ready."""

    def length_s(self, utterance: Utterance) -> float:
        """As long as it usually lasts."""
        return usual_length_s(utterance)

    def say(self, said: Said) -> None:
        """Nothing is heard."""

    def close(self) -> None:
        """Nothing is held."""
