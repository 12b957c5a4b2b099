"""What is heard, mixed to samples without a sound device."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters._earcons import RATE_HZ

CUT_OFF_S: Final = 0.06


class SoundTrack:
    """Words and signs on one line of time, taken off piece by piece."""

    def __init__(self) -> None:
        """Silence."""
        self._words = np.zeros(0)
        self._signs = np.zeros(0)

    def speak(self, sound: NDArray[np.int16], *, volume: float = 1.0) -> None:
        """Have words begin where the track was taken to; what was being said there fades out."""
        fade = min(round(CUT_OFF_S * RATE_HZ), len(self._words))
        self._words = _both(self._words[:fade] * np.linspace(1.0, 0.0, fade), np.float64(volume) * sound)

    def sound(self, sound: NDArray[np.int16], *, volume: float = 1.0) -> None:
        """Have a sign begin there, beside what is heard."""
        self._signs = _both(self._signs, np.float64(volume) * sound)

    def take(self, count: int) -> NDArray[np.int16]:
        """The next ``(count,)`` samples."""
        heard = _both(_both(np.zeros(count), self._words[:count]), self._signs[:count])
        self._words, self._signs = self._words[count:], self._signs[count:]
        return np.clip(np.round(heard), -32768, 32767).astype(np.int16)


def _both(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    longer = np.zeros(max(len(one), len(other)))
    longer[: len(one)] += one
    longer[: len(other)] += other
    return longer
