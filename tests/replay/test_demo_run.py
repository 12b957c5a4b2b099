"""The demonstration as a visitor runs it: painted athlete, the model that ships, screen, video."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest

from posecoach.adapters.model_store import ATHLETE_MODEL_ID, ModelStore
from posecoach.cli import main

COUNT_IN_S = 4.4
SUMMARY_S = 6.0


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory):
    """One repetition of each routine: the transcript, and the folder that was left."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        for desktop in ("DISPLAY", "WAYLAND_DISPLAY"):
            patch.delenv(desktop, raising=False)
        patch.setenv("POSECOACH_DATA", str(folder / "data"))
        patch.setenv("POSECOACH_SHARED", str(folder / "nothing shared"))
        out = folder / "transcript.json"
        with out.open("w") as file:
            patch.setattr("sys.stdout", file)
            assert main(["demo", "--duration", "6", "--json", "--output", str(folder / "demo")]) == 0
    return json.loads(out.read_text()), folder


def test_it_runs_with_the_model_that_ships_and_nothing_shared(demonstrated):
    transcript, _ = demonstrated
    shipped = ModelStore().find(ModelStore().listed(ATHLETE_MODEL_ID))

    assert transcript["model"] == ATHLETE_MODEL_ID
    assert shipped is not None
    assert shipped.is_relative_to(Path(__file__).resolve().parents[2])


def test_through_the_network_too_repetitions_are_counted_and_the_fault_is_named(demonstrated):
    good, bad = demonstrated[0]["routines"]

    assert [act["reps_counted"] for act in (good, bad)] == [1, 1]
    assert good["report"]["cues"] == []
    assert bad["faults"][0]["named"]["limb"] == "left_arm"
    assert [cue["text"] for cue in bad["report"]["cues"]]


def test_both_sessions_are_in_one_video_beside_a_picture(demonstrated):
    transcript, _ = demonstrated
    with av.open(transcript["video"]) as container:
        stream = container.streams.video[0]
        length_s = float(stream.duration * stream.time_base)
        assert (stream.width, stream.height) == (1280, 720)

    assert 2 * (COUNT_IN_S + SUMMARY_S) + 6.0 < length_s < 2 * (COUNT_IN_S + SUMMARY_S) + 14.0
    assert Path(transcript["picture"]).stat().st_size > 50_000


def test_each_repetition_is_heard_when_it_is_counted(demonstrated):
    """With espeak-ng in words, and without by its sign."""
    transcript, _ = demonstrated
    with av.open(transcript["video"]) as container:
        (stream,) = container.streams.audio
        heard = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(stream)])
    counted_s = transcript["routines"][0]["report"]["reps"][0]["end_s"]

    def loudest(since_s, until_s):
        return np.abs(heard[round(since_s * stream.rate) : round(until_s * stream.rate)]).max()

    assert loudest(counted_s - 1.0, counted_s - 0.05) < 0.02, "nothing is said without a cause"
    assert loudest(counted_s, counted_s + 0.25) > 0.2
    assert loudest(COUNT_IN_S - 0.5, COUNT_IN_S) > 0.2, "go"


def test_nothing_else_is_left(demonstrated):
    """No history, no recording of the room: a demonstration is nobody's exercise."""
    _, folder = demonstrated

    assert sorted(path.name for path in (folder / "demo").iterdir()) == ["session.mp4", "session.png"]
    assert not (folder / "data").exists()
