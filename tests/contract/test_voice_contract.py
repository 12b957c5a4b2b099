"""What every voice promises, asked of the real ones and of those that stand in for them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from posecoach import app
from posecoach.adapters.silent_voice import SilentVoice
from posecoach.adapters.written_voice import WrittenVoice
from posecoach.coach.utterance import (
    WITHIN_S,
    Dropped,
    Earcon,
    Kind,
    Reason,
    Said,
    Utterance,
    usual_length_s,
)
from posecoach.errors import OutputError, VoiceError

CHECKOUT = Path(__file__).resolve().parents[2]
RATE_HZ = 22050
speaks = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="needs espeak-ng (Debian package espeak-ng)"
)
PHRASES = (
    *map(str, (1, 2, 3, 5, 7, 10, 12, 15, 17, 20, 21, 27)),
    "Squat: 10 repetitions.",
    "Take a step back.",
    "That's it. Keep going like this.",
    "5 good ones in a row.",
    "Reach higher: 43 degrees at the top.",
    "Bend your left knee 14 degrees more at the bottom.",
    "Lift your knees higher, left leg: that was 44% of the way.",
    "That was it. 91 of 100. 2 of 3 good. Next time: Sit back further: 36 degrees at the bottom.",
)


def cue(text="Reach higher.", at_s=1.0, cause_s=1.0):
    return Said(Utterance(Kind.CUE, cause_s, text), at_s)


def sign(earcon=Earcon.GOOD, *, ducked=False):
    return Said(Utterance(Kind.SIGN, 1.0, earcon=earcon), 1.0, ducked)


def steady(folder):
    from posecoach.service.child_voice import ChildVoice
    from posecoach.service.spawned import Spawned
    from posecoach.service.steady_voice import SteadyVoice

    make = partial(app.open_voice, folder=folder)
    return SteadyVoice(
        lambda process: ChildVoice(make, child=process), spawn=lambda: Spawned(app.import_voice)
    )


def mixer(folder):
    pytest.importorskip("pygame", reason="needs pygame or pygame-ce")
    return app.open_voice(folder=folder)


VOICES = {
    "silent": lambda folder: SilentVoice(),
    "written": lambda folder: WrittenVoice(folder / "sheet.txt"),
    "filmed": lambda folder: app.open_recorded_voice(folder=folder),
    "mixer": mixer,
    "steady": steady,
}


@pytest.fixture(params=VOICES)
def voice(request, tmp_path, monkeypatch):
    """Those that play do so on SDL's own driver that is heard by nobody."""
    if request.param == "steady" and sys.platform != "linux":
        pytest.skip("a child is tied to its parent by Linux")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    with VOICES[request.param](tmp_path) as voice:
        yield voice


def test_a_voice_does_not_wait_for_what_it_says(voice):
    voice.prepare(["1", "2", "3"])
    began = time.monotonic()
    for number in range(10):
        voice.say(cue(f"Bend your left knee {number} degrees more at the bottom."))
        voice.say(sign(ducked=True))

    assert time.monotonic() - began < 10 * WITHIN_S


def test_everything_lasts_for_some_time(voice):
    for said in (cue(), cue("7"), *map(sign, Earcon)):
        voice.say(said)
        assert 0.05 < voice.length_s(said.utterance) < 10.0


def test_what_is_longer_takes_longer(voice):
    short, long = cue("3"), cue("Bend your left knee 14 degrees more at the bottom.")
    voice.say(short)
    voice.say(long)

    assert voice.length_s(short.utterance) < 0.6
    assert 1.5 < voice.length_s(long.utterance) < 4.0


def test_whatever_the_words_are_they_do_no_harm(voice):
    for text in ("-v de --help", "<speak>&amp;", "Rücken gerade, 30°; ¡ánimo!", "'; rm -rf /", "x" * 500):
        said = cue(text)
        voice.say(said)
        assert 0.05 < voice.length_s(said.utterance) < 120.0


def test_closing_twice_is_harmless_and_then_nothing_is_said(voice, tmp_path):
    voice.close()
    voice.close()
    written = {path: path.stat().st_size for path in tmp_path.rglob("*")}
    voice.prepare(["1"])
    voice.say(cue())
    voice.say(sign())

    assert {path: path.stat().st_size for path in tmp_path.rglob("*")} == written


# -- written --


def test_a_cue_sheet_can_be_read_by_people(tmp_path):
    path = tmp_path / "sheet.txt"
    with WrittenVoice(path) as sheet:
        sheet.begin("Squat")
        sheet.say(cue("Reach higher.", 12.31, 12.1))
        sheet.say(sign(ducked=True))
        sheet.drop(Dropped(Utterance(Kind.COUNT, 12.1, "4"), 12.8, Reason.LATE))
        assert path.read_text().count("\n") == 4, "it is on disk at once"

    first, spoken, signed, unsaid = path.read_text().splitlines()
    assert first == "# Squat"
    assert spoken.split() == ["12.31", "s", "say", "cue", "'Reach", "higher.'", "cause", "12.10", "s"]
    assert "[good]" in signed
    assert signed.endswith("(quietly)")
    assert unsaid.split()[:4] == ["12.80", "s", "drop", "count"]
    assert unsaid.endswith("cause 12.10 s  (late)")


def test_a_cue_sheet_can_be_read_by_programs(tmp_path):
    with WrittenVoice(tmp_path / "sheet.jsonl") as sheet:
        sheet.begin("Squat", 2.0)
        sheet.say(cue("Höher.", 14.31, 14.1))
        sheet.drop(Dropped(Utterance(Kind.COUNT, 14.1, "4"), 14.8, Reason.LATE))
    lines = [json.loads(line) for line in (tmp_path / "sheet.jsonl").read_text().splitlines()]

    assert lines == [
        {"session": "Squat", "from_t": 2.0},
        {"t": 12.31, "what": "say", "kind": "cue", "text": "Höher.", "cause_t": 12.1, "late_s": 0.21},
        {
            **{"t": 12.8, "what": "drop", "kind": "count", "text": "4", "cause_t": 12.1, "late_s": 0.7},
            "reason": "late",
        },
    ]


def test_a_sheet_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        WrittenVoice(tmp_path / "nowhere" / "sheet.txt")


# -- rendered --


@pytest.fixture
def phrases(tmp_path):
    from posecoach.adapters._espeak import Phrases

    return partial(Phrases, tmp_path / "phrases")


def kept(tmp_path):
    return sorted((tmp_path / "phrases").glob("*"))


@speaks
@pytest.mark.parametrize("voice", ["en-gb", "de", "es", "fr-fr"])
def test_a_number_takes_half_a_second_in_every_language(voice, phrases):
    speaking = phrases(voice=voice)
    lengths_s = [len(speaking.sound(str(n))) / RATE_HZ for n in (1, 2, 3, 5, 10)]

    assert 0.15 < min(lengths_s) <= max(lengths_s) < 0.62


@speaks
def test_how_long_words_take_is_guessed_well_enough(phrases):
    """For a cue sheet without a sound card, and for what is said for the first time."""
    speaking = phrases()
    ratios = [
        usual_length_s(Utterance(Kind.CUE, 0.0, text)) * RATE_HZ / len(speaking.sound(text))
        for text in PHRASES
    ]

    assert np.median(ratios) == pytest.approx(1.0, abs=0.15)
    assert 0.7 < min(ratios) <= max(ratios) < 1.4


@speaks
def test_words_begin_at_once_and_end_when_they_are_over(phrases):
    for text in ("3", "Reach higher."):
        sound = np.abs(phrases().sound(text).astype(int))
        loud = np.flatnonzero(sound > 0.02 * sound.max())
        assert loud[0] < 0.03 * RATE_HZ
        assert loud[-1] > len(sound) - 0.06 * RATE_HZ
        assert sound.max() > 6000


@speaks
def test_a_phrase_is_rendered_once_and_kept_whole(phrases, tmp_path, monkeypatch):
    speaking = phrases()
    sound = speaking.sound("Reach higher.")
    assert kept(tmp_path) == [], "the disk is not waited for"
    speaking.keep()
    assert len(kept(tmp_path)) == 1

    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("rendered again"))
    assert np.array_equal(phrases().sound("Reach higher."), sound)
    assert np.array_equal(speaking.sound("Reach higher."), sound)


@speaks
def test_what_is_kept_is_told_apart_by_voice_and_speed(phrases, tmp_path):
    sounds = []
    for options in ({}, {"voice": "de"}, {"words_per_minute": 250}):
        speaking = phrases(**options)
        sounds.append(speaking.sound("Hallo"))
        speaking.keep()

    assert len(kept(tmp_path)) == 3
    assert len({len(sound) for sound in sounds}) == 3


@speaks
@pytest.mark.parametrize("left", [b"", b"RIFF" * 9])
def test_a_damaged_file_is_rendered_again(left, phrases, tmp_path):
    speaking = phrases()
    sound = speaking.sound("Well done.")
    speaking.keep()
    kept(tmp_path)[0].write_bytes(left)

    again = phrases()
    assert np.array_equal(again.sound("Well done."), sound)
    again.keep()
    assert kept(tmp_path)[0].stat().st_size > len(sound)


@speaks
def test_what_is_kept_does_not_grow_and_what_is_used_stays(phrases, tmp_path):
    speaking = phrases(most_bytes=60_000)
    for number in range(1, 9):
        speaking.sound(str(number))
        speaking.keep()
        for age, path in enumerate(kept(tmp_path)):
            os.utime(path, (1000 + age, 1000 + age))
        phrases(most_bytes=60_000).sound("1")

    files = kept(tmp_path)
    assert 2 <= len(files) < 8
    assert sum(path.stat().st_size for path in files) <= 60_000
    assert all(path.suffix == ".wav" for path in files)
    before = len(files)
    phrases().sound("1")
    assert len(kept(tmp_path)) == before, "the one that was used was there"


@speaks
def test_a_full_disk_is_no_reason_to_be_silent(tmp_path):
    from posecoach.adapters._espeak import Phrases

    (tmp_path / "phrases").write_text("in the way")
    speaking = Phrases(tmp_path / "phrases")

    assert len(speaking.sound("3"))
    speaking.keep()


@speaks
def test_what_cannot_be_said_is_an_error_that_says_so(phrases):
    with pytest.raises(VoiceError, match=r"could not say|nothing was heard"):
        phrases().sound("...")


def test_a_machine_that_cannot_speak_is_told_how_it_could(tmp_path):
    from posecoach.adapters._espeak import Phrases

    with pytest.raises(VoiceError, match="apt install espeak-ng"):
        Phrases(tmp_path, program="no-such-program")


def test_without_espeak_signs_are_heard_alone(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with app.open_recorded_voice() as voice:
        voice.say(cue())
        assert not voice.take(RATE_HZ).any()
        voice.say(sign())
        assert voice.take(RATE_HZ).any()


def test_what_cannot_be_rendered_is_no_reason_to_be_silent(monkeypatch, tmp_path):
    """As on a machine so busy that espeak-ng does not answer."""
    pytest.importorskip("pygame", reason="needs pygame or pygame-ce")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    broken = tmp_path / "espeak-ng"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with app.open_voice() as voice:
        voice.say(cue())
        voice.say(sign())
        assert voice._channels[0].get_busy()


def test_without_a_sound_device_nothing_can_be_heard(monkeypatch):
    pytest.importorskip("pygame", reason="needs pygame or pygame-ce")
    monkeypatch.setenv("SDL_AUDIODRIVER", "nosuchdriver")

    with pytest.raises(VoiceError, match=r"no sound.*sound\.mode"):
        app.open_voice()


# -- mixed --


def loudness(sound, window_s=0.01):
    """The loudest of each window."""
    size = round(window_s * RATE_HZ)
    return np.abs(sound[: len(sound) // size * size].astype(int)).reshape(-1, size).max(axis=1)


@speaks
def test_newer_words_take_the_place_of_those_that_are_said():
    with app.open_recorded_voice() as voice:
        voice.say(cue("Bend your left knee 14 degrees more at the bottom."))
        voice.take(RATE_HZ // 2)
        voice.say(cue("3"))
        heard = voice.take(2 * RATE_HZ)
    three = voice._phrases.sound("3")

    assert not heard[len(three) + 10 :].any(), "the first sentence has ended"
    fade = round(0.07 * RATE_HZ)
    assert np.abs(heard[fade : len(three)] - 0.8 * three[fade:].astype(float)).max() <= 1.0


@speaks
def test_a_sign_beside_words_is_quieter_and_nothing_is_clipped():
    peaks = []
    for ducked in (False, True):
        with app.open_recorded_voice() as voice:
            voice.say(sign(Earcon.READY, ducked=ducked))
            peaks.append(loudness(voice.take(RATE_HZ)).max())
            voice.say(cue("Bend your left knee 14 degrees more at the bottom."))
            voice.say(sign(Earcon.READY, ducked=True))
            assert loudness(voice.take(RATE_HZ)).max() < 32767

    assert peaks[1] < 0.4 * peaks[0]


# -- signs --


def shape(sound):
    """How loud it is over its time, both from 0 to 1: what is left of it without its pitch and its speed."""
    envelope = loudness(sound, 0.02).astype(float)
    lasting = np.interp(np.linspace(0, len(envelope) - 1, 64), np.arange(len(envelope)), envelope)
    return lasting / np.linalg.norm(lasting)


def test_signs_are_told_apart_by_more_than_their_pitch():
    from posecoach.adapters._earcons import earcon

    sounds = {each: earcon(each) for each in Earcon}
    for one in Earcon:
        for other in list(Earcon)[: list(Earcon).index(one)]:
            alike = float(shape(sounds[one]) @ shape(sounds[other]))
            longer = max(len(sounds[one]), len(sounds[other])) / min(len(sounds[one]), len(sounds[other]))
            assert alike < 0.93 or longer > 1.8, f"{one} sounds like {other}: {alike:.2f}, {longer:.2f}"


@pytest.mark.parametrize("each", Earcon)
def test_a_sign_is_soft_short_and_begins_and_ends_in_silence(each):
    from posecoach.adapters._earcons import PEAK, earcon

    sound = earcon(each).astype(float) / 32767

    assert np.abs(sound).max() == pytest.approx(PEAK, abs=0.01)
    assert np.abs(sound[:20]).max() < 0.12, "no click: it takes some milliseconds to be loud"
    assert np.abs(sound[-20:]).max() < 0.005
    assert 0.15 < len(sound) / RATE_HZ < 1.4
    assert abs(sound.mean()) < 0.01
    assert np.abs(np.diff(sound)).max() < 0.3


# -- on a sound device --

PLAYS = """
    import json, os, sys, time
    from posecoach import app
    from posecoach.coach.utterance import Earcon, Kind, Said, Utterance

    def played_s():
        return os.stat(os.environ["SDL_DISKAUDIOFILE"]).st_size / 4 / 22050

    voice = app.open_voice(volume=1.0)
    plan = [(0.2, Earcon.GOOD), (0.8, "3"), (1.4, Earcon.ATTEMPT)]
    for _, what in plan:
        if not isinstance(what, Earcon):
            voice._phrases.sound(what)
    said = []
    for at_s, what in [*plan, (1.8, None)]:
        while played_s() < at_s:
            time.sleep(0.002)
        said.append(played_s())
        if isinstance(what, Earcon):
            voice.say(Said(Utterance(Kind.SIGN, at_s, earcon=what), at_s))
        elif what is not None:
            voice.say(Said(Utterance(Kind.CUE, at_s, what), at_s))
    print(json.dumps(said[:-1]))
    voice.close()
"""


@speaks
def test_what_is_said_is_heard_at_once(tmp_path):
    """On SDL's driver that plays to a file; by the file's own time, which does not mind a busy machine."""
    pytest.importorskip("pygame", reason="needs pygame or pygame-ce")
    raw = tmp_path / "heard.raw"
    quietly = {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(raw)}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PLAYS)],
        env={**os.environ, **quietly, "PYTHONPATH": str(CHECKOUT / "device")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said_s = np.array(json.loads(done.stdout.splitlines()[-1]))
    heard = loudness(np.fromfile(raw, "<i2").reshape(-1, 2)[:, 0]) > 300
    onsets = [at for at in range(1, len(heard)) if heard[at] and not heard[max(at - 15, 0) : at].any()]

    assert len(onsets) == len(said_s)
    late_s = np.array(onsets) * 0.01 - said_s
    assert late_s.min() > -0.02
    assert late_s.max() < 0.25  # the buffers of SDL and of the file
    assert np.median(late_s) < 0.12
