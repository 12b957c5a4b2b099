"""The signs as sound, made of sines: each has a shape of its own, so that pitch is not what tells them.

Every one begins softly and ends in silence; none is louder than words.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.coach.utterance import Earcon

Array = NDArray[np.float64]

RATE_HZ: Final = 22050
PEAK: Final = 0.42
"""Of the loudest; words have about 0.8."""
_SOFT_S: Final = 0.006
"""No attack is shorter: a click is heard as a fault."""
_FADE_S: Final = 0.03

_C4, _E4, _G4, _A4, _C5, _E5, _G5, _C6 = (
    261.63, 329.63, 392.0, 440.0, 523.25, 659.26, 783.99, 1046.5
)  # fmt: skip


@cache
def earcon(sign: Earcon) -> NDArray[np.int16]:
    """The sound of a sign: ``(samples,)`` mono at `RATE_HZ`, read-only."""
    made = _MAKERS[sign]()
    fade = min(len(made), round(_FADE_S * RATE_HZ))
    made[-fade:] *= np.linspace(1.0, 0.0, fade) ** 2
    sound: NDArray[np.int16] = np.round(made * (PEAK * 32767.0 / np.abs(made).max())).astype(np.int16)
    sound.setflags(write=False)
    return sound


def _time(length_s: float) -> Array:
    return np.arange(round(length_s * RATE_HZ)) / RATE_HZ


def _struck(pitch_hz: float, length_s: float, *, dies_s: float, bright: float = 0.3) -> Array:
    """A bar of wood: a fundamental, and two octaves above it something that is gone at once."""
    t = _time(length_s)
    body = np.sin(2 * np.pi * pitch_hz * t) * np.exp(-t / dies_s)
    knock = bright * np.sin(2 * np.pi * 3.98 * pitch_hz * t) * np.exp(-t / (0.22 * dies_s))
    return np.asarray(np.minimum(t / _SOFT_S, 1.0) * (body + knock))


def _bell(pitch_hz: float, length_s: float) -> Array:
    """Partials that fit no scale, the higher ones gone sooner: it rings on."""
    t = _time(length_s)
    partials = ((1.0, 1.0, 0.45), (2.01, 0.5, 0.3), (2.76, 0.3, 0.2), (5.4, 0.12, 0.08))
    rung = np.zeros(len(t))
    for of, loud, dies_s in partials:
        rung += loud * np.sin(2 * np.pi * pitch_hz * of * t) * np.exp(-t / dies_s)
    return np.asarray(np.minimum(t / 0.008, 1.0) * rung)


def _glide(from_hz: float, to_hz: float, length_s: float) -> Array:
    """A tone that slides from one pitch to another."""
    pitch = from_hz * (to_hz / from_hz) ** np.linspace(0.0, 1.0, round(length_s * RATE_HZ))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    return np.asarray(np.sin(phase) + 0.25 * np.sin(2 * phase))


def _placed(*notes: tuple[float, Array]) -> Array:
    """Notes, each from a time on."""
    length = max(round(at_s * RATE_HZ) + len(note) for at_s, note in notes)
    whole = np.zeros(length)
    for at_s, note in notes:
        start = round(at_s * RATE_HZ)
        whole[start : start + len(note)] += note
    return whole


def _good() -> Array:
    """Two light steps up."""
    return _placed((0.0, _struck(_E5, 0.2, dies_s=0.05)), (0.085, 1.1 * _struck(_C6, 0.3, dies_s=0.08)))


def _attempt() -> Array:
    """One round tone that sinks."""
    tone = _glide(_E4, _C4, 0.32)
    t = _time(0.32)
    return np.asarray(tone * np.minimum(t / 0.04, 1.0) * np.exp(-t / 0.16))


def _unjudged() -> Array:
    """Three dull taps."""
    tap = _struck(_G4, 0.06, dies_s=0.014, bright=0.1)
    return _placed((0.0, tap), (0.09, tap), (0.18, tap))


def _hold_started() -> Array:
    """A chord that swells."""
    t = _time(0.7)
    chord = sum(np.sin(2 * np.pi * pitch * t) for pitch in (_C4, _G4, _E5))
    return np.asarray(chord * np.sin(np.pi * t / 0.7) ** 2)


def _hold_left() -> Array:
    """A tone that trembles and goes out."""
    t = _time(0.5)
    tone = np.sin(2 * np.pi * _A4 * t) + 0.3 * np.sin(2 * np.pi * 2 * _A4 * t)
    tremble = 0.5 + 0.5 * np.cos(2 * np.pi * 9.0 * t + np.pi)
    return np.asarray(tone * tremble * np.exp(-t / 0.22))


def _ready() -> Array:
    """A bell."""
    return _bell(_C5, 1.1)


def _start() -> Array:
    """A slide up that grows until it stops."""
    return np.asarray(_glide(_G4, _C6, 0.42) * np.linspace(0.0, 1.0, round(0.42 * RATE_HZ)) ** 2.5)


def _finished() -> Array:
    """Four notes up, and the last one rings."""
    steps = [(0.13 * number, _struck(pitch, 0.4, dies_s=0.1)) for number, pitch in enumerate((_C5, _E5, _G5))]
    return _placed(*steps, (0.39, 1.1 * _bell(_C6, 0.9)))


_MAKERS: Final = {
    Earcon.READY: _ready,
    Earcon.START: _start,
    Earcon.GOOD: _good,
    Earcon.ATTEMPT: _attempt,
    Earcon.UNJUDGED: _unjudged,
    Earcon.HOLD_STARTED: _hold_started,
    Earcon.HOLD_LEFT: _hold_left,
    Earcon.FINISHED: _finished,
}
