"""A voice that is heard in a film of the screen: samples for every picture."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters._earcons import RATE_HZ, earcon
from posecoach.adapters._espeak import Phrases
from posecoach.adapters._sound_track import SoundTrack
from posecoach.coach.speaking_rules import DUCKED, WORDS_VOLUME
from posecoach.coach.utterance import Said, Utterance, usual_length_s
from posecoach.errors import VoiceError
from posecoach.ports import Closes


class RecordedVoice(Closes):
    """Has what is said begin where its sound was taken to: with the picture that is filmed next.

    Without espeak-ng there are signs alone.
    """

    def __init__(self, phrases: Phrases | None) -> None:
        """Begin in silence.

        Args:
            phrases: Words as sound; `None` where nothing here can speak.
        """
        self._phrases, self._open = phrases, True
        self._track = SoundTrack()

    def take(self, count: int) -> NDArray[np.int16]:
        """The next ``(count,)`` samples at `RATE_HZ`, mono."""
        return self._track.take(count)

    def prepare(self, texts: Iterable[str]) -> None:
        """There is time enough: a film waits."""

    def length_s(self, utterance: Utterance) -> float:
        """How long it lasts."""
        if self._phrases is None or not utterance.text:
            return usual_length_s(utterance)
        try:
            return len(self._phrases.sound(utterance.text)) / RATE_HZ
        except VoiceError:
            return usual_length_s(utterance)

    def say(self, said: Said) -> None:
        """Let it be heard from now on.

        Raises:
            VoiceError: espeak-ng cannot say it.
        """
        if not self._open:
            return
        if said.utterance.earcon is not None:
            self._track.sound(earcon(said.utterance.earcon), volume=DUCKED if said.ducked else 1.0)
        elif self._phrases is not None:
            self._track.speak(self._phrases.sound(said.utterance.text), volume=WORDS_VOLUME)

    def close(self) -> None:
        """Say no more; a second call does nothing."""
        if self._open and self._phrases is not None:
            self._phrases.keep()
        self._open = False
