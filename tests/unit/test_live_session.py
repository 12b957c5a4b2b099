"""A live session: pictures go on by themselves, and only what was looked at counts."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import screen_views as views
from builders import arm_raise_track, joined, still_track
from guests import Screen
from posecoach.adapters.boot import boot_id
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.app import is_live
from posecoach.cli.live_sitting import LiveSitting
from posecoach.cli.recordings import ModelChoice
from posecoach.cli.steady_parts import _fallback
from posecoach.coach.compose import compose
from posecoach.coach.events import Finished, PartFinished, Started
from posecoach.coach.look import PLAIN
from posecoach.coach.records import SessionStart, SessionSummary
from posecoach.coach.scene import Panel, Scene, Text
from posecoach.coach.session import Session
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.view import Stage, TroubleView
from posecoach.face.offer import Offer
from posecoach.face.settings import Wishes
from posecoach.face.visit import Visit
from posecoach.frame import Frame
from posecoach.frame_loop import coach_live
from posecoach.live import Looked, Turn
from posecoach.service.board import Board
from posecoach.service.heartbeat import Heartbeat
from posecoach.service.last_resort import RestartWanted

READY_S = 5.0
TROUBLE = TroubleView("C1", "The camera stopped. Starting it again")


@pytest.fixture(scope="module")
def track():
    return joined(
        still_track(duration_s=READY_S, rate_hz=15.0),
        arm_raise_track(reps=3, rate_hz=15.0),
        still_track(duration_s=2.0, rate_hz=15.0),
    )


def turns_of(track, *, blind=(), start_s=500.0):
    """A turn for each frame of a track; nobody can look at those within `blind` seconds."""
    width, height = track.image_wh
    image = np.zeros((height, width, 3), np.uint8)
    for index, at in enumerate(track.frames):
        frame = Frame(index, start_s + at.at_s, image)
        seen = not any(since <= at.at_s < until for since, until in blind)
        looked = (Looked(frame, [at.pose] if at.pose else []),) if seen else ()
        yield Turn(frame.captured_at + 0.02, looked, frame, 0.0 if seen else 0.5, 0.0, 0.0)


def coached(routine, turns):
    visit = Visit(Offer((routine,)), Session, Wishes(PLAIN))
    events, screen, ahead_s = [], Screen(), []

    def compose(visit, turn):
        view = visit.view(turn.now)
        ahead_s.append(view.now - visit.session.now)
        return replace(view, frame=turn.frame, late_s=turn.late_s)

    coach_live(turns, visit, screen, compose=compose, store=events.append, shown=lambda *_: None)
    screen.most_ahead_s = max(ahead_s)
    return visit.session, events, screen


def parts(events):
    return [event.part for event in events if isinstance(event, PartFinished)]


def test_a_live_session_counts_as_a_recorded_one(arms, track):
    session, events, _ = coached(arms, turns_of(track))
    recorded = Session(arms)
    for frame in track.frames:
        recorded.advance(500.0 + frame.at_s, [frame.pose] if frame.pose else [])
    expected = parts(recorded.take_events())

    assert len(expected) == 3
    assert [part.score for part in parts(events)] == [part.score for part in expected]
    assert session.stage is Stage.ACTIVE


def test_while_nobody_can_look_a_session_waits_and_pictures_go_on(arms, track):
    rest_s = READY_S + 0.2
    longer = joined(
        still_track(duration_s=READY_S + 20.0, rate_hz=15.0), arm_raise_track(reps=3, rate_hz=15.0)
    )
    _, events, screen = coached(arms, turns_of(longer, blind=[(rest_s, rest_s + 18.0)]))

    assert len(parts(events)) == 3, "it was not ended for want of a person"
    times = [view.frame.captured_at for view in screen.scenes]
    assert all(after > before for before, after in pairwise(times))
    assert screen.most_ahead_s < 1.0
    assert {view.late_s for view in screen.scenes} == {0.0, 0.5}


class Appliance:
    """A sitting with a screen in memory."""

    def __init__(self, limit_s=None, keep_history=False):
        self.events, self.sent = [], []
        self.board = Board()
        self.stack = ExitStack()
        heartbeat = Heartbeat(lambda message: bool(self.sent.append(message)), interval_s=1.0, now=500.0)
        self.sitting = LiveSitting(
            self.stack,
            Screen(),
            self.board,
            heartbeat,
            record=None,
            keep_history=keep_history,
            limit_s=limit_s,
            session=SessionOptions(),
            told=self.events.append,
        )


class Turns:
    """What a `Live` gives, from a list, and then an end."""

    def __init__(self, turns, error=None):
        self._turns, self._error = turns, error

    def turns(self):
        yield from self._turns
        if self._error is not None:
            raise self._error


def test_a_new_start_that_is_needed_loses_nothing_that_was_done(arms, track):
    appliance = Appliance()
    with pytest.raises(RestartWanted):
        appliance.sitting.coach([arms], Turns(turns_of(track), RestartWanted("the camera does not answer")))

    assert len(parts(appliance.events)) == 3
    (finished,) = [event for event in appliance.events if isinstance(event, Finished)]
    assert len(finished.performance.parts) == 3


@pytest.mark.parametrize(
    ("boot", "summary", "most_s"),
    [
        (boot_id(), None, 2.0),
        (boot_id(), SessionSummary(90.0, 1.0, "", 9.0), 5.0),
        ("another start of the box", None, 5.0),
    ],
)
def test_whoever_was_in_the_middle_when_the_coach_died_goes_on_at_once(
    arms, track, tmp_path, monkeypatch, boot, summary, most_s
):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    with SqliteHistory(tmp_path / "history.sqlite3") as history:
        number = history.begin(SessionStart(arms.id, "front", 1.8e9, boot, "1"))
        if summary is not None:
            history.finish(number, summary)
    appliance = Appliance(keep_history=True)
    with appliance.stack:
        appliance.sitting.coach([arms], Turns(turns_of(track)))
    (started,) = [event for event in appliance.events if isinstance(event, Started)]

    assert most_s - 3.0 < started.at_s - 500.0 < most_s
    assert len(parts(appliance.events)) == 3


def test_systemd_is_told_what_is_done_and_what_is_wrong(arms, track):
    appliance = Appliance()
    appliance.board.tell("camera", TROUBLE, "why")
    appliance.sitting.coach([arms], Turns(turns_of(track)))

    assert appliance.sent[0].splitlines()[0] == "READY=1"
    assert "C1 The camera stopped" in "".join(appliance.sent)
    assert sum("WATCHDOG=1" in message for message in appliance.sent) >= 5


def test_between_repetitions_is_not_in_the_middle_of_one(arms, track):
    appliance = Appliance()
    assert appliance.sitting.between_reps()
    found = []
    sitting = appliance.sitting

    def noting(turns):
        for turn in turns:
            yield turn
            found.append(sitting.between_reps())

    sitting.coach([arms], Turns(noting(turns_of(track))))
    changes = sum(after != before for before, after in pairwise(found))

    assert changes == 6, "three repetitions"


def test_a_limit_ends_it(arms, track):
    appliance = Appliance(limit_s=2.0)
    appliance.sitting.coach([arms], Turns(turns_of(track)))

    assert len(appliance.sitting._display.scenes) == pytest.approx(30, abs=2)


def test_a_box_that_coaches_for_years_keeps_the_newest_performances_only(arms, track, monkeypatch):
    monkeypatch.setattr("posecoach.cli.live_sitting.MOST_PERFORMANCES", 2)
    once = replace(arms, steps=(replace(arms.steps[0], reps=1),))
    again = (turns_of(track, start_s=500.0 + 60.0 * number) for number in range(4))
    appliance = Appliance()
    kept = appliance.sitting.coach([once], Turns(turn for turns in again for turn in turns))

    done = [event.performance for event in appliance.events if isinstance(event, Finished)]
    done = [performance for performance in done if performance.steps]
    assert len(done) >= 4
    assert kept == done[-2:]


# -- the line at the edge --


@pytest.mark.parametrize("name", views.all_stages())
@pytest.mark.parametrize("screen_wh", [(1280, 720), (720, 1280)])
def test_a_trouble_is_one_line_at_the_edge_with_its_code(name, screen_wh):
    view = views.all_stages()[name]
    plain = compose(view, screen_wh)
    other = TroubleView("E1", "The coach lost sight of you. Looking again")
    scene = compose(replace(view, troubles=(TROUBLE, other)), screen_wh)
    added = scene.items[len(plain.items) :]
    texts = [item for item in added if isinstance(item, Text)]
    (panel,) = [item.box for item in added if isinstance(item, Panel)]

    assert scene.items[: len(plain.items)] == plain.items
    assert [" ".join(text.lines) for text in texts] == [TROUBLE.text, "C1"]
    assert panel.h <= 0.1
    assert panel.y < 0.12
    assert 0 <= panel.x < panel.right <= 1.001


def widths(late_s):
    scene = compose(replace(views.view(), late_s=late_s, cue=None), (1280, 720))
    assert isinstance(scene, Scene)
    return [item.width for item in scene.body if hasattr(item, "width")]


def test_a_late_skeleton_is_thin_and_one_that_is_old_is_not_drawn():
    together, late = widths(0.0), widths(0.1)

    assert len(together) == len(late) > 5
    assert sum(late) < 0.6 * sum(together)
    assert widths(1.5) == []


# -- what is live, and what there is to fall back on --


@pytest.mark.parametrize(
    ("source", "live"),
    [
        ("auto", True),
        ("picamera2", True),
        ("v4l2:/dev/video2", True),
        ("synthetic:squat,live=1", True),
        ("synthetic:squat", False),
        ("synthetic", False),
        ("file:a.mp4", False),
        ("a.mp4", False),
    ],
)
def test_what_is_live(source, live):
    assert is_live(source) is live


def test_a_stick_falls_back_on_a_model_of_the_processor_that_is_on_this_box(monkeypatch):
    from posecoach.errors import ModelUnavailable

    here = {"movenet-lightning"}

    def stored(choice):
        if choice.name not in here:
            raise ModelUnavailable(f"{choice.name} is not on this box")

    monkeypatch.setattr("posecoach.cli.steady_parts.stored_model", stored)
    choice = ModelChoice("posenet-mobilenet-075-481x641-edgetpu", tpu="usb")
    assert _fallback(choice, choice.name) == ModelChoice("movenet-lightning")
    here.add("posenet-mobilenet-075-481x641")
    assert _fallback(choice, choice.name).name == "posenet-mobilenet-075-481x641"
    here.clear()
    assert _fallback(choice, choice.name) is None
