"""A voice that goes on, or is silent: its process is replaced whenever it fails, and nobody waits for it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from posecoach.coach.utterance import Said, Utterance, usual_length_s
from posecoach.errors import VoiceError
from posecoach.ports import Closes
from posecoach.service.child_voice import ChildVoice, VoiceLost
from posecoach.service.ladder import VOICE_LADDER, Cause, Climb
from posecoach.service.spawned import Gone, Spawned

STOP_WITHIN_S: Final = 5.0
LOOK_EVERY_S: Final = 5.0
"""How often a machine without sound is asked whether it has some now."""
MOST_WAITING: Final = 16
"""What is said while the process does not answer; more would be late anyway."""
MOST_LENGTHS: Final = 1000
"""Phrases whose length is remembered; then from the beginning."""

_log = logging.getLogger(__name__)

StartVoice = Callable[[Spawned], ChildVoice]


class SteadyVoice(Closes):
    """Says what it can in time, in a thread of its own; for the thread that draws, which never waits.

    A machine without sound has a silent one: it is looked for now and then, and logged once.
    """

    def __init__(
        self,
        start: StartVoice,
        *,
        spawn: Callable[[], Spawned] = Spawned,
        there: Callable[[], bool] = lambda: True,
        climb: Climb | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the thread, which starts the process.

        Args:
            start: Has a process open the voice.
            spawn: Makes the process.
            there: Whether there is something to be heard from; no process is made before.
            climb: What is done when it fails.
            clock: Of this process.
        """
        self._start, self._spawn, self._clock = start, spawn, clock
        self._there = there
        self._climb = climb or Climb(VOICE_LADDER)
        self._waiting: queue.Queue[tuple[float, Said] | None] = queue.Queue(MOST_WAITING)
        self._prepared: tuple[str, ...] = ()
        self._lengths_s: dict[str, float] = {}
        self._closing = threading.Event()
        self._process: Spawned | None = None
        self._silent_because = ""
        self._thread = threading.Thread(target=self._go_on, name="voice", daemon=True)
        self._thread.start()

    def prepare(self, texts: Iterable[str]) -> None:
        """Get ready to say these, when there is time; a new process does so as well."""
        self._prepared = tuple(texts)
        self._put(None)

    def length_s(self, utterance: Utterance) -> float:
        """How long it lasts; a guess for what was never said before."""
        known = self._lengths_s.get(utterance.text) if utterance.text else None
        return usual_length_s(utterance) if known is None else known

    def say(self, said: Said) -> None:
        """Let it be heard from now on, if somebody can say it in time."""
        if not self._closing.is_set():
            self._put((self._clock(), said))

    def close(self) -> None:
        """Be silent, from any thread; a second call does nothing."""
        self._closing.set()
        process = self._process
        if process is not None:
            process.kill()
        self._put(None)
        self._thread.join(STOP_WITHIN_S)

    def _put(self, item: tuple[float, Said] | None) -> None:
        with suppress(
            queue.Full
        ):  # whoever does not answer for so long is killed; what waits is late by then
            self._waiting.put_nowait(item)

    def _go_on(self) -> None:
        while not self._closing.is_set():
            if not self._there():
                self._silent(logging.INFO, "there is no sound device")
                self._closing.wait(LOOK_EVERY_S)
                continue
            process: Spawned | None = None
            try:
                self._process = process = self._spawn()
                if self._closing.is_set():
                    return
                with self._start(process) as child:
                    self._speaks()
                    self._serve(child)
            except (VoiceError, Gone, OSError) as error:
                if not self._closing.is_set():
                    self._heal(error)
            finally:
                self._process = None
                if process is not None:
                    process.close()

    def _serve(self, child: ChildVoice) -> None:
        prepared: tuple[str, ...] = ()
        while not self._closing.is_set():
            if prepared != self._prepared:
                prepared = self._prepared
                child.prepare(prepared)
            item = self._waiting.get()
            if item is None:
                continue
            asked_at, said = item
            if self._clock() - asked_at > said.spare_s:
                continue  # a cue is dropped rather than late
            lengths_s = child.say(said)
            self._climb.stood(self._clock())
            if len(self._lengths_s) > MOST_LENGTHS:
                self._lengths_s = {}
            self._lengths_s |= lengths_s

    def _speaks(self) -> None:
        if self._silent_because:
            _log.info("voice: can be heard again")
        self._silent_because = ""

    def _heal(self, error: Exception) -> None:
        """Wait as long as the ladder says, and log why nothing is heard, once."""
        lost = isinstance(error, (VoiceLost, Gone))
        step = self._climb.fell(self._clock(), Cause.DIED if lost else Cause.ABSENT)
        self._silent(logging.WARNING if lost else logging.INFO, f"{step.rung.code} {error}")
        self._closing.wait(step.wait_s)

    def _silent(self, level: int, because: str) -> None:
        if because != self._silent_because:
            self._silent_because = because
            _log.log(level, "voice: %s", because)
