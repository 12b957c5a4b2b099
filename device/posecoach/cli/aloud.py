"""Having a sitting heard: which voices there are, and what each session tells them."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from posecoach import app
from posecoach.adapters.silent_voice import SilentVoice
from posecoach.adapters.written_voice import WrittenVoice
from posecoach.coach.events import Event
from posecoach.coach.routine import Routine
from posecoach.coach.sayings import likely
from posecoach.coach.speaker import Flasher, Speaker
from posecoach.coach.utterance import Dropped, Said, Utterance, usual_length_s
from posecoach.coach.view import Flash, SessionView
from posecoach.coach.words import ENGLISH, Words
from posecoach.errors import PosecoachError, VoiceError
from posecoach.face.guide import Guide
from posecoach.face.visit import Visit
from posecoach.ports import Voice

VOICES: Final = {"en": "en-gb", "de": "de", "es": "es", "fr": "fr-fr"}
"""Voices of espeak-ng, by language."""

MakeVoice = Callable[[], Voice]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SoundOptions:
    """What of a sitting is heard.

    Attributes:
        mode: ``off`` for nothing, ``only`` for whoever does not see the screen.
        volume: From 0 to 1.
        voice: Of espeak-ng; empty is that of the language.
        words_per_minute: How fast it speaks.
        flash: Whether the screen's rim shows what a sign tells; ``calm`` without flashing.
        sheet: Where what was said when is written to, `None` nowhere.
        folder: Where phrases are kept, `None` nowhere.
    """

    mode: Literal["on", "off", "only"] = "on"
    volume: float = 0.8
    voice: str = ""
    words_per_minute: int = 170
    flash: Literal["off", "on", "calm"] = "off"
    sheet: Path | None = None
    folder: Path | None = None


class Aloud:
    """The voices of a sitting.

    Attributes:
        film: What gives a film of the screen its sound; `None` where it is silent.
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        *,
        options: SoundOptions | None = None,
        sheet: WrittenVoice | None = None,
        film: Callable[[int], NDArray[np.int16]] | None = None,
        words: Words = ENGLISH,
    ) -> None:
        """Get ready.

        Args:
            voices: Who says everything that is said; by the first it is known how long that takes.
            options: What is heard.
            sheet: Where it is written.
            film: See there.
            words: The language.
        """
        self._chorus = Chorus(voices, sheet)
        self._options, self._words = options or SoundOptions(), words
        self.film = film

    @property
    def speaks(self) -> bool:
        """Whether anything is ever heard."""
        return self._chorus.speaks

    def session(self, routine: Routine) -> Telling:
        """Begin a session."""
        self._chorus.prepare(likely(routine, self._words))
        speaker = Speaker(
            routine, words=self._words, unseen=self._options.mode == "only", length_s=self._chorus.length_s
        )
        flasher = Flasher(calm=self._options.flash == "calm") if self._options.flash != "off" else None
        return Telling(routine.name, speaker, self._chorus, flasher)

    def guide(self, visit: Visit) -> Callable[[float], None]:
        """What has somebody told, at a time, where they are between the sessions of a visit."""
        guide = Guide(unseen=self._options.mode == "only", length_s=self._chorus.length_s)

        def heed(now: float) -> None:
            for said in guide.heed(visit, now):
                self._chorus.say(said, written=False)  # a cue sheet is that of the sessions

        return heed


class Chorus:
    """Several voices as one; that one of them fails is logged once, and no reason to stop."""

    def __init__(self, voices: Sequence[Voice], sheet: WrittenVoice | None) -> None:
        """Take them.

        Args:
            voices: Who is heard.
            sheet: Where it is written, `None` nowhere.
        """
        self._voices, self._sheet = tuple(voices), sheet
        self._dumb: set[object] = set()

    @property
    def speaks(self) -> bool:
        """Whether there is a voice."""
        return bool(self._voices)

    def prepare(self, texts: Sequence[str]) -> None:
        """Get ready to say these."""
        for voice in self._voices:
            voice.prepare(texts)

    def length_s(self, utterance: Utterance) -> float:
        """How long it lasts, as the first of them says."""
        return self._voices[0].length_s(utterance) if self._voices else usual_length_s(utterance)

    def begin(self, name: str, at_s: float) -> None:
        """Write that a session begins."""
        if self._sheet is not None:
            self._try(self._sheet, partial(self._sheet.begin, name, at_s))

    def say(self, said: Said, *, written: bool = True) -> None:
        """Let it be heard, and write it."""
        for voice in (*self._voices, *([self._sheet] if written and self._sheet else [])):
            self._try(voice, partial(voice.say, said))

    def drop(self, dropped: Dropped) -> None:
        """Write that it is not said."""
        if self._sheet is not None:
            self._try(self._sheet, partial(self._sheet.drop, dropped))

    def _try(self, voice: object, say: Callable[[], None]) -> None:
        try:
            say()
        except PosecoachError as error:
            if voice not in self._dumb:
                self._dumb.add(voice)
                _log.warning("voice: %s", error)


class Telling:
    """What one session says."""

    def __init__(self, name: str, speaker: Speaker, chorus: Chorus, flasher: Flasher | None) -> None:
        """Say nothing yet."""
        self._name, self._begun = name, False
        self._speaker, self._chorus, self._flasher = speaker, chorus, flasher

    def note(self, event: Event) -> None:
        """Take what has happened."""
        self._speaker.note(event)

    def heed(self, view: SessionView, now: float | None = None) -> None:
        """Say what is to be said of what is shown.

        Args:
            view: What is shown.
            now: The time, where it has gone on without the session.
        """
        if not self._begun:
            self._begun = True
            self._chorus.begin(self._name, view.now if now is None else now)
        for said in self._speaker.heed(view, now):
            if self._flasher is not None:
                self._flasher.heard(said)
            self._chorus.say(said)
        for dropped in self._speaker.dropped:
            self._chorus.drop(dropped)

    def flash(self, now: float) -> Flash | None:
        """What the screen's rim shows at a time."""
        return None if self._flasher is None else self._flasher.flash(now)


def open_aloud(
    stack: ExitStack,
    options: SoundOptions,
    *,
    heard: bool,
    filmed: bool,
    words: Words = ENGLISH,
    spoil: Callable[[MakeVoice], MakeVoice] = lambda make: make,
) -> Aloud:
    """The voices that somebody asked for.

    Args:
        stack: Closes them.
        options: What is heard.
        heard: Whether there is somebody to hear it: not where a recording goes by as fast as it can.
        filmed: Whether the screen is recorded.
        words: The language.
        spoil: Puts faults into what opens the loudspeaker.

    Raises:
        OutputError: The cue sheet cannot be written.
    """
    voices: list[Voice] = []
    film = None
    speaks = options.voice or VOICES.get(words.language, words.language)
    pace, folder = options.words_per_minute, options.folder
    sheet = stack.enter_context(WrittenVoice(options.sheet)) if options.sheet is not None else None
    if options.mode == "off":
        return Aloud((), options=options, words=words)
    if heard and options.volume > 0.0:
        make = partial(
            app.open_voice, volume=options.volume, voice=speaks, words_per_minute=pace, folder=folder
        )
        voices.append(stack.enter_context(_loudspeaker(spoil(make))))
    if filmed:
        recorded = stack.enter_context(
            app.open_recorded_voice(voice=speaks, words_per_minute=pace, folder=folder)
        )
        voices.append(recorded)
        film = recorded.take
    return Aloud(voices, options=options, sheet=sheet, film=film, words=words)


def _loudspeaker(make: MakeVoice) -> Voice:
    """A voice that nobody waits for, whatever its driver does."""
    if sys.platform == "linux":
        from posecoach.service.child_voice import ChildVoice
        from posecoach.service.spawned import Spawned
        from posecoach.service.steady_voice import SteadyVoice

        return SteadyVoice(
            lambda process: ChildVoice(make, child=process),
            spawn=lambda: Spawned(app.import_voice),
            there=app.has_sound,
        )
    try:
        return make()
    except VoiceError:
        return SilentVoice()  # a machine without sound
