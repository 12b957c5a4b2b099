"""Words as sound, by espeak-ng: a program of its own, asked once for each phrase, which is then kept.

It renders a sentence in some 20 ms on a PC; what it gives has a pause at its end, which is cut off.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import threading
import wave
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posecoach.adapters._earcons import RATE_HZ
from posecoach.errors import PosecoachError, VoiceError
from posecoach.whole_file import write_whole

Sound = NDArray[np.int16]

PROGRAM: Final = "espeak-ng"
WITHIN_S: Final = 2.0
MOST_BYTES: Final = 16 << 20
"""Of the files that are kept: six minutes of speech."""
MOST_IN_MEMORY: Final = 128
"""Phrases; a few seconds each at most."""
_VERSION: Final = "1"  # of what is kept: another one when phrases are made in another way
_HEADER_BYTES: Final = 44
_QUIET: Final = 0.004
"""Of the loudest: what is not louder is the pause before and after."""
_MARGIN_S: Final = 0.008


class Phrases:
    """Phrases in one voice, from memory, from a folder, or rendered. For any thread."""

    def __init__(
        self,
        folder: Path | None,
        *,
        voice: str = "en-gb",
        words_per_minute: int = 170,
        program: str | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """Look for what renders them.

        Args:
            folder: Where they are kept; `None` in memory alone. What cannot be kept is rendered again.
            voice: Of espeak-ng: ``en-gb``, ``de``, ``es``, ``fr-fr``.
            words_per_minute: How fast it speaks.
            program: Another program that does as espeak-ng does.
            most_bytes: Of the folder; what was not used for longest goes first.

        Raises:
            VoiceError: espeak-ng is not installed.
        """
        found = shutil.which(program or PROGRAM)
        if found is None:
            raise VoiceError(f"{program or PROGRAM} is not installed: sudo apt install espeak-ng")
        self._program = found
        self._folder, self._most_bytes = folder, most_bytes
        self._voice, self._words_per_minute = voice, words_per_minute
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Sound] = OrderedDict()
        self._unkept: list[str] = []

    def length_s(self, text: str) -> float | None:
        """How long a phrase lasts, where that is known already."""
        with self._lock:
            sound = self._known.get(text)
        return None if sound is None else len(sound) / RATE_HZ

    def sound(self, text: str) -> Sound:
        """A phrase: ``(samples,)`` mono at `RATE_HZ`; nothing but its first rendering takes time.

        Raises:
            VoiceError: espeak-ng cannot say it.
        """
        with self._lock:
            sound = self._known.get(text)
            if sound is not None:
                self._known.move_to_end(text)
                return sound
        kept = self._path(text)
        sound = _read(kept) if kept is not None else None
        rendered = sound is None
        if sound is None:
            sound = self._rendered(text)
        with self._lock:
            self._known[text] = sound
            if rendered and kept is not None:
                self._unkept.append(text)
            while len(self._known) > MOST_IN_MEMORY:
                self._known.popitem(last=False)
        return sound

    def keep(self) -> None:
        """Write to the folder what is not there yet. It takes as long as the disk does, and never fails."""
        with self._lock:
            unkept, self._unkept = self._unkept, []
            sounds = [(text, self._known[text]) for text in unkept if text in self._known]
        if self._folder is None or not sounds:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for text, sound in sounds:
                path = self._path(text)
                assert path is not None  # there is a folder
                write_whole(path, _as_wav(sound))
            _make_room(self._folder, self._most_bytes)
        except (OSError, PosecoachError):
            pass  # a full or read-only disk: it is rendered again the next time

    def _path(self, text: str) -> Path | None:
        if self._folder is None:
            return None
        what = "\n".join((_VERSION, self._voice, str(self._words_per_minute), text))
        return self._folder / f"{hashlib.sha256(what.encode()).hexdigest()[:32]}.wav"

    def _rendered(self, text: str) -> Sound:
        command = [self._program, "-v", self._voice, "-s", str(self._words_per_minute), "--stdin", "--stdout"]
        try:
            done = subprocess.run(
                command, input=text.encode(), capture_output=True, timeout=WITHIN_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise VoiceError(f"{self._program} did not say {text!r}: {error}") from error
        words = done.stderr.decode("utf-8", errors="replace").strip()
        if done.returncode != 0 or len(done.stdout) <= _HEADER_BYTES:
            why = words or f"exit code {done.returncode}, {len(done.stdout)} bytes"
            raise VoiceError(f"{self._program} could not say {text!r} with voice {self._voice!r}: {why}")
        # Into a pipe it writes a header with a length that it does not know; the rate stands in it.
        rate_hz = int.from_bytes(done.stdout[24:28], "little")
        body = done.stdout[_HEADER_BYTES:]
        return _trimmed(np.frombuffer(body[: len(body) // 2 * 2], "<i2"), rate_hz, text)


def _trimmed(samples: NDArray[np.int16], rate_hz: int, text: str) -> Sound:
    """Without the pauses around it, at our own rate."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _QUIET * 32767)
    if not len(loud) or not 4000 <= rate_hz <= 96000:
        raise VoiceError(f"nothing was heard of {text!r}: {len(samples)} samples at {rate_hz} Hz")
    margin = round(_MARGIN_S * rate_hz)
    heard = samples[max(loud[0] - margin, 0) : loud[-1] + 1 + margin].astype(np.float64)
    if rate_hz != RATE_HZ:
        count = round(len(heard) * RATE_HZ / rate_hz)
        heard = np.interp(np.linspace(0, len(heard) - 1, count), np.arange(len(heard)), heard)
    sound = np.round(heard).astype(np.int16)
    sound.setflags(write=False)
    return sound


def _as_wav(sound: Sound) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(sound.astype("<i2").tobytes())
    return written.getvalue()


def _read(path: Path) -> Sound | None:
    """A phrase that was kept; `None` where it is not there, or is not what we wrote."""
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE_HZ):
                return None
            sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)
    except (OSError, EOFError, wave.Error, ValueError):
        return None
    with suppress(OSError):
        path.touch()  # what is used stays
    sound.setflags(write=False)
    return sound if len(sound) else None


def _make_room(folder: Path, most_bytes: int) -> None:
    """Remove what was not used for longest, until the folder is small enough."""
    files = [(path, path.stat()) for path in folder.glob("*.wav")]
    total = sum(status.st_size for _, status in files)
    for path, status in sorted(files, key=lambda each: (each[1].st_mtime_ns, each[0].name)):
        if total <= most_bytes:
            return
        with suppress(OSError):
            path.unlink()
            total -= status.st_size
