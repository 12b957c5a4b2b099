"""A voice in a process of its own: whatever that does, nobody waits for it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from functools import partial

import pytest

from odd_voices import NotingVoice, hangs_at_once, no_sound_here
from posecoach.app import has_sound
from posecoach.coach.utterance import Earcon, Kind, Said, Utterance, usual_length_s
from posecoach.errors import VoiceError
from posecoach.service.child_voice import ChildVoice, VoiceLost
from posecoach.service.ladder import VOICE_LADDER, Climb
from posecoach.service.spawned import Spawned
from posecoach.service.steady_voice import MOST_WAITING, SteadyVoice
from posecoach.service.wire import packed_lengths, packed_said, unpacked_lengths, unpacked_said
from steadied import without_pauses

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a child is tied to its parent by Linux")

WITHIN_S = 20.0  # of a machine that is busy with other things


def cue(text, at_s=1.0, within_s=0.7):
    return Said(Utterance(Kind.CUE, at_s, text, within_s=within_s), at_s)


def sign(earcon=Earcon.GOOD):
    return Said(Utterance(Kind.SIGN, 1.0, earcon=earcon), 1.0, ducked=True)


def child_of(path, **options):
    return ChildVoice(partial(NotingVoice, path), **options)


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def until(is_so, within_s=WITHIN_S):
    """Wait for another process or thread; whether it came."""
    ends_at = time.monotonic() + within_s
    while not is_so() and time.monotonic() < ends_at:
        time.sleep(0.005)
    return is_so()


# -- one process --


def test_what_is_said_arrives_and_its_length_comes_back_once(tmp_path):
    with child_of(tmp_path / "notes") as child:
        assert child.prepare(["1", "2"]) == {}
        first = child.say(cue("Reach higher."))
        again = child.say(cue("Reach higher."))
        child.say(sign())

    assert lines(tmp_path / "notes") == ["prepare 1 2", "Reach higher.", "Reach higher.", "good"]
    assert first == {"Reach higher.": pytest.approx(usual_length_s(cue("Reach higher.").utterance) + 1.0)}
    assert again == {}


def test_whatever_ends_or_stops_the_process_is_noticed(tmp_path):
    for ends, says in (
        (lambda child: os.kill(child.pid, signal.SIGKILL), "SIGKILL"),
        (lambda child: os.kill(child.pid, signal.SIGSTOP), "hangs"),
        (lambda child: child.say(cue("abort")), "SIGABRT"),
    ):
        child = child_of(tmp_path / "notes", deadline_s=0.5)
        with pytest.raises(VoiceLost, match=says):  # noqa: PT012
            ends(child)
            child.say(cue("Reach higher."))
        with pytest.raises(VoiceError, match="closed"):
            child.say(cue("Reach higher."))


def test_what_the_voice_says_itself_is_told(tmp_path):
    with child_of(tmp_path / "notes") as child, pytest.raises(VoiceError, match="plays no more") as error:
        child.say(cue("fail"))
    assert not isinstance(error.value, VoiceLost)
    with pytest.raises(VoiceError, match="no such device"):
        ChildVoice(no_sound_here)
    with pytest.raises(VoiceLost, match="hangs"):
        ChildVoice(hangs_at_once, open_within_s=0.5)


@pytest.mark.parametrize("said", [cue("Höher, 30°"), sign(Earcon.HOLD_LEFT), replace(sign(), ducked=False)])
def test_what_is_said_goes_through_a_message_and_back(said):
    assert unpacked_said(packed_said(said)) == said


@pytest.mark.parametrize("damaged", [b"h{", b"h[]", b'h{"a": "b"}', b'h{"a": -1.0}', b'h{"a": NaN}'])
def test_lengths_that_are_none_are_refused(damaged):
    assert unpacked_lengths(packed_lengths({"a": 1.5})) == {"a": 1.5}
    with pytest.raises(ValueError, match=r"expected|Expecting"):
        unpacked_lengths(damaged)


# -- one after the other --


class Processes:
    """Stand-ins for processes and the voices in them, which do as a script says."""

    def __init__(self, *script):
        self.script, self.opened, self.said, self.prepared = list(script), 0, [], []
        self.hold, self.killed = threading.Event(), 0

    def __call__(self):
        return self

    def kill(self):
        self.killed += 1
        self.hold.set()
        return True

    def close(self):
        return True

    def start(self, process):
        assert process is self
        self.opened += 1
        step = self.script.pop(0) if self.script else "works"
        if isinstance(step, Exception):
            raise step
        return Voice(self, step)


class Voice:
    def __init__(self, processes, step):
        self.processes, self.step = processes, step

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def prepare(self, texts):
        self.processes.prepared.append(tuple(texts))
        return {}

    def say(self, said):
        self.processes.said.append(said.utterance.text)
        if self.step == "dies":
            raise VoiceLost("the process of the voice stopped")
        if self.step == "hangs":
            self.processes.hold.wait(WITHIN_S)
            raise VoiceLost("the process of the voice hangs")
        return {said.utterance.text: 2.5}


def test_a_voice_that_dies_is_replaced_and_prepared_again(no_storms):
    processes = Processes("dies", "works")
    with SteadyVoice(processes.start, spawn=processes, climb=Climb(without_pauses(VOICE_LADDER))) as voice:
        voice.prepare(["1", "2"])
        voice.say(cue("first"))
        assert until(lambda: processes.opened == 2)
        voice.say(cue("second"))
        assert until(lambda: processes.said == ["first", "second"])
        assert until(lambda: voice.length_s(cue("second").utterance) == 2.5)

    assert processes.prepared == [("1", "2"), ("1", "2")]


def test_nobody_waits_for_a_voice_that_hangs_and_what_is_late_is_dropped():
    now = [100.0]
    processes = Processes("hangs", "works")
    with SteadyVoice(
        processes.start, spawn=processes, climb=Climb(without_pauses(VOICE_LADDER)), clock=lambda: now[0]
    ) as voice:
        voice.say(cue("stuck"))
        assert until(lambda: processes.said == ["stuck"])
        began = time.monotonic()
        for number in range(5 * MOST_WAITING):
            voice.say(cue(f"late {number}"))
        assert time.monotonic() - began < 1.0
        now[0] += 1.0
        processes.hold.set()  # as when its deadline is over
        assert until(lambda: processes.opened == 2)
        assert until(voice._waiting.empty)
        voice.say(cue("in time"))
        assert until(lambda: "in time" in processes.said)

    assert processes.said == ["stuck", "in time"]


def test_a_machine_without_sound_is_silent_and_says_so_once(caplog):
    absent = [VoiceError("no sound: no such device") for _ in range(6)]
    processes = Processes(*absent, "works")
    with (
        caplog.at_level(logging.INFO, "posecoach"),
        SteadyVoice(processes.start, spawn=processes, climb=Climb(without_pauses(VOICE_LADDER))) as voice,
    ):
        voice.say(cue("unheard"))
        assert until(lambda: processes.opened == 7)
        assert until(lambda: "again" in caplog.text)

    told = [record.getMessage() for record in caplog.records]
    assert told == ["voice: V3 no sound: no such device", "voice: can be heard again"]
    assert voice.length_s(cue("Reach higher.").utterance) == usual_length_s(cue("Reach higher.").utterance)


def test_no_process_is_made_before_there_is_something_to_be_heard_from(monkeypatch, caplog):
    monkeypatch.setattr("posecoach.service.steady_voice.LOOK_EVERY_S", 0.001)
    there, asked, processes = threading.Event(), [], Processes()

    def is_there():
        asked.append(processes.opened)
        return there.is_set()

    with (
        caplog.at_level(logging.INFO, "posecoach"),
        SteadyVoice(processes.start, spawn=processes, there=is_there) as voice,
    ):
        assert until(lambda: len(asked) > 3)
        there.set()  # somebody has plugged a loudspeaker in
        assert until(lambda: processes.opened == 1)
        voice.say(cue("heard"))
        assert until(lambda: processes.said == ["heard"])

    assert not any(asked)
    told = [record.getMessage() for record in caplog.records]
    assert told == ["voice: there is no sound device", "voice: can be heard again"]


@pytest.mark.parametrize(
    ("files", "environ", "expected"),
    [
        ([], {}, False),
        (["dev/snd/pcmC1D0p"], {}, True),
        (["dev/snd/pcmC1D0c", "dev/snd/timer"], {}, False),  # a microphone says nothing
        (["run/user/1/pulse/native"], {"XDG_RUNTIME_DIR": "/run/user/1"}, True),
        (["run/user/1/pipewire-0"], {"XDG_RUNTIME_DIR": "/run/user/1"}, True),
        ([], {"XDG_RUNTIME_DIR": "/run/user/1"}, False),
        ([], {"SDL_AUDIODRIVER": "disk"}, True),
        (["dev/snd/pcmC1D0p"], {"SDL_AUDIODRIVER": "dummy"}, False),  # heard by nobody
    ],
)
def test_where_there_is_sound(tmp_path, files, environ, expected):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert has_sound(tmp_path, environ) is expected


def test_closing_ends_a_process_that_hangs_at_once():
    processes = Processes("hangs")
    voice = SteadyVoice(processes.start, spawn=processes)
    voice.say(cue("stuck"))
    assert until(lambda: processes.said == ["stuck"])
    voice.close()
    voice.close()

    assert processes.killed
    assert not voice._thread.is_alive()


def test_a_real_process_that_is_killed_is_replaced(tmp_path):
    started = []

    def start(process):
        started.append(process)
        return ChildVoice(partial(NotingVoice, tmp_path / "notes"), child=process)

    with SteadyVoice(start, spawn=Spawned, climb=Climb(without_pauses(VOICE_LADDER))) as voice:
        voice.say(cue("first", within_s=0.7))
        assert until(lambda: len(started) == 1 and started[0].alive)
        until(lambda: lines(tmp_path / "notes") or voice._waiting.empty())
        started[0].kill()

        def heard():
            voice.say(cue("second"))
            time.sleep(0.02)
            return "second" in lines(tmp_path / "notes")

        assert until(heard)
    assert len(started) == 2
    assert all(not process.alive for process in started)
