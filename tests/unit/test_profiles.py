"""Whose sessions they are: a person's by name, nobody's in particular, or not kept at all."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import pytest

from builders import arm_raise_track, joined, still_track
from guests import Screen
from posecoach.adapters.person_file import body_path
from posecoach.adapters.sqlite_history import SqliteHistory
from posecoach.cli import main, parser
from posecoach.cli.body import body_known, body_of
from posecoach.cli.keeping import Keeper
from posecoach.cli.live_sitting import LiveSitting
from posecoach.cli.run import appliance_options
from posecoach.cli.settings import require_nothing_kept, settings_for, setup_of
from posecoach.cli.sitting import Sitting
from posecoach.coach.body_limits import BodyDifferences
from posecoach.coach.compose import compose
from posecoach.coach.events import Finished
from posecoach.coach.named_person import NamedPerson
from posecoach.coach.scene import Text
from posecoach.coach.session_options import SessionOptions
from posecoach.coach.words import ENGLISH
from posecoach.errors import ConfigurationError
from posecoach.frame import Frame
from posecoach.live import Looked, Turn
from posecoach.service.board import Board
from posecoach.service.heartbeat import Heartbeat

ANNA, BOB = NamedPerson("Anna Müller"), NamedPerson("Bob")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A box of its own: wherever a program would keep something is below this folder."""
    for variable in (
        "HOME",
        "TMPDIR",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_STATE_HOME",
    ):
        folder = tmp_path / variable.lower()
        folder.mkdir()
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSECOACH_CONFIG", str(tmp_path / "posecoach.toml"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Turns:
    """What a `Live` gives: somebody comes, raises their arms, and goes."""

    def __init__(self, reps, *, start_s=500.0):
        self._track = joined(
            still_track(duration_s=5.0, rate_hz=15.0),
            arm_raise_track(reps=reps, rate_hz=15.0),
            still_track(duration_s=1.0, rate_hz=15.0),
        )
        self._start_s = start_s

    def turns(self):
        width, height = self._track.image_wh
        image = np.zeros((height, width, 3), np.uint8)
        for index, at in enumerate(self._track.frames):
            frame = Frame(index, self._start_s + at.at_s, image)
            looked = (Looked(frame, [at.pose] if at.pose else []),)
            yield Turn(frame.captured_at + 0.02, looked, frame, 0.0, 0.0, 0.0)


def coached(routine, *, reps=2, **options):
    """One sitting; the sitting's performances, and the events it told of."""
    events = []
    with ExitStack() as stack:
        heartbeat = Heartbeat(lambda message: True, interval_s=1.0, now=500.0)
        sitting = LiveSitting(
            stack,
            Screen(),
            Board(),
            heartbeat,
            record=None,
            limit_s=None,
            session=SessionOptions(),
            told=events.append,
            **options,
        )
        performances = sitting.coach([routine], Turns(reps))
    return performances, events


def files_below(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_session_is_kept_under_the_name_that_was_given(arms, home):
    coached(arms, keep_history=True, person=ANNA)
    coached(arms, keep_history=True)

    with SqliteHistory(home / "data" / "history.sqlite3") as history:
        nobodys, annas = history.sessions()
        assert (annas.start.person, nobodys.start.person) == (ANNA, None)
        assert annas.start.routine_name == arms.name
        (asked,) = annas.summary.asked
        assert asked.range_of_motion_deg["left_shoulder"] > 100
        assert all(rep.limbs["left_arm"] > 90 for rep in history.reps(annas.id))


class Recording:
    """The same from a file, with a network that knows it."""

    live, duration_s = False, None

    def __init__(self):
        self._looked = [turn.looked[0] for turn in Turns(1).turns()]

    def frames(self):
        return (looked.frame for looked in self._looked)

    def estimate(self, frame):
        return self._looked[min(frame.index, len(self._looked) - 1)].poses  # its first frame is held


def test_a_recording_is_kept_under_the_name_that_was_given(arms, home):
    recording = Recording()
    options = {"record": None, "keep_history": True, "paced": False, "limit_s": None}
    with ExitStack() as stack:
        Sitting(stack, recording, recording, Screen(), person=ANNA, **options).coach(arms)

    with SqliteHistory(home / "data" / "history.sqlite3") as history:
        (session,) = history.sessions()
        assert session.start.person == ANNA


def test_the_next_session_of_the_same_person_is_compared_with_the_last(arms, home):
    coached(arms, keep_history=True, person=ANNA)
    with SqliteHistory(home / "data" / "history.sqlite3") as history:
        (before,) = history.sessions()
    for person, expected in ((ANNA, before.summary.score), (BOB, None), (None, None)):
        with Keeper.open(person) as keeper:
            last = keeper.last_time(arms)
        assert (last.score if last else None) == expected
        if last:
            assert last.range_of_motion_deg["left_shoulder"] > 100


def test_how_it_went_before_is_told_of_whoever_has_a_name(arms, home):
    coached(arms, keep_history=True, person=ANNA)
    with Keeper.open(ANNA) as keeper:
        assert keeper.knows_somebody
        (routine,) = keeper.trend().routines
    assert (routine.name, routine.joint, len(routine.scores)) == (arms.name, "shoulder", 1)
    with Keeper.open(BOB) as keeper:
        assert keeper.trend().routines == ()
    with Keeper.open() as keeper:
        assert not keeper.knows_somebody
        assert keeper.trend() is None


def test_the_screen_tells_of_the_last_time(arms, home):
    coached(arms, keep_history=True, person=ANNA)
    sessions = []

    def watch(session, display, turn):
        sessions.append(session)

    coached(arms, keep_history=True, person=ANNA, watch=watch)
    summary = sessions[-1].view(sessions[-1].now + 5.0)
    scene = compose(summary, (1280, 720))

    said = [" ".join(item.lines) for item in scene.items if isinstance(item, Text)]
    assert summary.summary.last.score == summary.summary.score
    assert {ENGLISH.last_time_same, ENGLISH.range_compared, ENGLISH.tempo_same} <= set(said)


def test_in_a_kiosk_a_session_leaves_no_file_and_no_memory(arms, home):
    before = files_below(home)
    performances, events = coached(arms, keep_history=False, forgetful=True)

    done = [event.performance for event in events if isinstance(event, Finished)]
    assert len(done[0].parts) == 2, "there was something to keep"
    assert performances == []
    assert files_below(home) == before

    coached(arms, keep_history=True)
    assert files_below(home) != before, "what is kept would have been found here"


def run_arguments(*options):
    return parser().parse_args(["run", "--camera", "auto", *options])


def test_a_kiosk_keeps_nothing_whatever_else_is_set(home):
    (home / "posecoach.toml").write_text("[run]\nkiosk = true\n[history]\nkeep = true\n")
    arguments = run_arguments()
    configuration = settings_for(arguments)
    require_nothing_kept(arguments)
    setup = setup_of(configuration, arguments, BodyDifferences())
    options = appliance_options(arguments, setup)

    assert (options.keep_history, options.forgetful, options.person, options.record) == (
        False,
        True,
        None,
        None,
    )
    assert (setup.sound.folder, setup.sound.sheet) == (None, None)


def test_what_is_said_is_kept_no_longer_than_what_is_done(home):
    """Spoken phrases are kept as sound to be quick: "84 of 100" among them."""
    kept, no_history = run_arguments(), run_arguments("--no-history")
    assert setup_of(settings_for(kept), kept, BodyDifferences()).sound.folder == home / "data" / "phrases"
    assert setup_of(settings_for(no_history), no_history, BodyDifferences()).sound.folder is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--kiosk", "--person", "Anna"], "knows nobody"),
        (["--kiosk", "--record-screen", "film.mp4"], "keeps nothing"),
        (["--kiosk", "--cue-sheet", "cues.txt"], "keeps nothing"),
        (["--kiosk", "--cue-sheet", "said.txt"], "keeps nothing"),
    ],
)
def test_what_contradicts_a_kiosk_is_refused(home, options, says, capsys):
    arguments = run_arguments(*options)
    settings_for(arguments)
    with pytest.raises(ConfigurationError, match=says):
        require_nothing_kept(arguments)
    assert main(["run", "--camera", "synthetic", "--display", "headless", *options]) == 78
    assert says in capsys.readouterr().err
    assert not (home / "film.mp4").exists()


def test_a_box_that_is_one_persons_need_not_be_told_each_time(home):
    (home / "posecoach.toml").write_text('[run]\nperson = "Anna Müller"\n')
    arguments = run_arguments()
    settings_for(arguments)
    assert arguments.person == ANNA

    arguments = run_arguments("--person", "Bob")
    settings_for(arguments)
    assert arguments.person == BOB


def test_a_name_in_the_configuration_that_is_none_is_said(home, capsys):
    (home / "posecoach.toml").write_text('[run]\nperson = "../up"\n')

    assert main(["config"]) == 78
    assert "run.person must be a person's name, or empty" in capsys.readouterr().err


def test_a_persons_body_is_known_by_the_same_name(home):
    """What the command line says holds, then what is known of the person, then what the box is for."""
    path = body_path(home / "data", NamedPerson("ANNA MÜLLER"))
    path.parent.mkdir(parents=True)
    path.write_text('without = ["right_arm"]\nseated = true\n')
    annas, boxs = BodyDifferences(("right_arm",), seated=True), BodyDifferences(("left_knee",))

    assert body_known(ANNA, boxs) == annas
    assert body_known(BOB, boxs) == body_known(None, boxs) == boxs
    assert body_of(run_arguments(), body_known(ANNA, boxs)) == annas
    assert body_of(run_arguments("--seated"), body_known(ANNA, boxs)) == BodyDifferences((), seated=True)
