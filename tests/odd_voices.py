"""Voices for processes of their own: importable by a child, and each with a habit."""

from __future__ import annotations

import os
import time

from posecoach.coach.utterance import usual_length_s
from posecoach.errors import VoiceError
from posecoach.ports import Closes


class NotingVoice(Closes):
    """Writes what it is told to a file, and does what the words say: hang, abort, fail."""

    def __init__(self, path):
        self._path = path

    def prepare(self, texts):
        self._note(f"prepare {' '.join(texts)}")

    def length_s(self, utterance):
        return usual_length_s(utterance) + 1.0  # it speaks slowly

    def say(self, said):
        text = said.utterance.text or said.utterance.earcon.value
        if text == "hang":
            time.sleep(600)
        if text == "abort":
            os.abort()
        if text == "fail":
            raise VoiceError("the sound device plays no more")
        self._note(text)

    def close(self):
        pass

    def _note(self, line):
        with self._path.open("a") as file:
            file.write(line + "\n")


def no_sound_here():
    raise VoiceError("no sound: no such device")


def hangs_at_once():
    time.sleep(600)
