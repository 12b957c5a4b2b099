"""A voice from a loudspeaker: phrases of espeak-ng and signs, by SDL's mixer."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")  # signals belong to the appliance, not to SDL

import pygame

from posecoach.adapters._earcons import RATE_HZ, earcon
from posecoach.adapters._espeak import Phrases
from posecoach.coach.speaking_rules import DUCKED, WORDS_VOLUME
from posecoach.coach.utterance import Earcon, Said, Utterance, usual_length_s
from posecoach.errors import VoiceError
from posecoach.ports import Closes

BUFFER: Final = 512
"""Samples; a fortieth of a second until what is said is heard."""
CUT_OFF_MS: Final = 60
"""What is cut off fades so quickly."""
STUCK_S: Final = 5.0
"""A sound that has not ended so long after it should have: the device plays no more."""

_SIGNS: Final = 0
_WORDS: Final = (1, 2)  # by turns, so that one can fade while the next begins


class MixerVoice(Closes):
    """Says what it is told at once, on the default sound device.

    Without espeak-ng there are signs alone. For one thread; phrases are prepared in another.
    """

    def __init__(
        self,
        phrases: Phrases | None,
        *,
        volume: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the sound device.

        Args:
            phrases: Words as sound; `None` where nothing here can speak.
            volume: From 0 to 1.
            clock: Of this process.

        Raises:
            VoiceError: There is no sound device, or it is in use.
        """
        self._phrases, self._volume, self._clock = phrases, volume, clock
        try:
            pygame.mixer.init(RATE_HZ, -16, 2, BUFFER)
            pygame.mixer.set_num_channels(3)
            self._channels = [pygame.mixer.Channel(number) for number in range(3)]
        except pygame.error as error:
            raise VoiceError(f"no sound: {error}; plug a loudspeaker in, or set sound.mode to off") from error
        self._signs = {sign: _playable(earcon(sign)) for sign in Earcon}
        self._turn = 0
        self._ends_at = float("inf")
        self._open = True
        self._wanted: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._preparing = threading.Thread(target=self._prepare, name="phrases", daemon=True)
        self._preparing.start()

    def prepare(self, texts: Iterable[str]) -> None:
        """Get ready to say these, in another thread: what is ready begins at once."""
        for text in texts:
            self._wanted.put(text)

    def length_s(self, utterance: Utterance) -> float:
        """How long it lasts; a guess for what was never said before."""
        known = self._phrases.length_s(utterance.text) if self._phrases and utterance.text else None
        return usual_length_s(utterance) if known is None else known

    def say(self, said: Said) -> None:
        """Let it be heard from now on.

        Raises:
            VoiceError: The device plays no more.
        """
        if not self._open:
            return
        asked_at, utterance = self._clock(), said.utterance
        self._require_alive(asked_at)
        try:
            if utterance.earcon is not None:
                self._channels[_SIGNS].set_volume(self._volume * (DUCKED if said.ducked else 1.0))
                self._channels[_SIGNS].play(self._signs[utterance.earcon])
            elif self._phrases is not None:
                sound = self._rendered(utterance.text)
                if sound is not None and self._clock() - asked_at <= said.spare_s:
                    self._speak(sound)
        except pygame.error as error:
            raise VoiceError(f"nothing can be heard any more: {error}") from error

    def close(self) -> None:
        """Be silent, and let the device go; a second call does nothing."""
        if self._open:
            self._open = False
            self._wanted.put(None)
            pygame.mixer.quit()

    def _rendered(self, text: str) -> NDArray[np.int16] | None:
        """A phrase, which is kept then; `None` where it cannot be said, which is no reason to be silent."""
        assert self._phrases is not None
        try:
            sound = self._phrases.sound(text)
        except VoiceError:
            return None
        self._wanted.put(text)
        return sound

    def _speak(self, sound: NDArray[np.int16]) -> None:
        self._channels[_WORDS[self._turn]].fadeout(CUT_OFF_MS)
        self._turn = 1 - self._turn
        channel = self._channels[_WORDS[self._turn]]
        channel.set_volume(WORDS_VOLUME * self._volume)
        channel.play(_playable(sound))
        self._ends_at = self._clock() + len(sound) / RATE_HZ

    def _require_alive(self, now: float) -> None:
        speaking = self._channels[_WORDS[self._turn]].get_busy()
        if speaking and now > self._ends_at + STUCK_S:
            raise VoiceError("the sound device plays no more")

    def _prepare(self) -> None:
        while (text := self._wanted.get()) is not None and self._open:
            if self._phrases is None:
                continue
            try:
                self._phrases.sound(text)
            except VoiceError:
                continue  # whoever wants it said is told
            if self._wanted.empty():
                self._phrases.keep()


def _playable(sound: NDArray[np.int16]) -> pygame.mixer.Sound:
    """A sound for both ears."""
    return pygame.mixer.Sound(buffer=np.repeat(sound, 2).tobytes())
