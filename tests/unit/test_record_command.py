"""``routine record`` and ``rename``, with the athlete, the network that ships and the real store."""

from __future__ import annotations

import json
import resource

import pytest

from builders import arm_raise_track
from posecoach.adapters.configuration import load
from posecoach.cli import main, parser
from posecoach.cli.recorded import keep_recorded, next_number
from posecoach.cli.recordings import routines
from posecoach.cli.settings import settings_for
from posecoach.coach.showing import lesson_of
from posecoach.errors import OutputError
from posecoach.face.recorder import is_full

SHOWN = "synthetic:shoulder_abduction,reps=3,seed=3,size=320x180,rate=10"


@pytest.fixture
def box(tmp_path, monkeypatch):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def lesson():
    return lesson_of(arm_raise_track(rate_hz=15.0))


def record(*more, camera=SHOWN):
    return main(["routine", "record", "--camera", camera, "--display", "headless", *more])


def test_what_the_athlete_shows_becomes_a_routine(box, capsys):
    assert record("--name", "Arms up", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["name"], told["kind"], told["times"]) == ("arms-up", "Arms up", "reps", 3)
    assert told["views"] == ["front"]
    assert told["limbs"]["left_arm"]["emphasis"] == 1.0
    kept = routines().load("arms-up")
    assert kept.notes[1] == "tolerances come from 3 performances of it"
    assert [path.name for path in (box / "routines").iterdir()] == ["arms-up"]
    pictures = [path for path in box.rglob("*") if path.suffix in (".png", ".jpg", ".mp4")]
    assert pictures == [], "keypoints only"


def test_nothing_shown_is_refused_and_nothing_kept(box, capsys):
    assert record(camera="synthetic:squat,fault=shallow:1,duration=6,size=320x180,rate=5") == 65

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("posecoach: nothing was learned: nothing moved. Begin after")
    assert routines().own_ids() == []


@pytest.mark.parametrize("options", [("--times", "0"), ("--times", "many"), ("--kind", "dance")])
def test_options_that_cannot_be_are_usage_errors(box, capsys, options):
    with pytest.raises(SystemExit) as end:
        record(*options)
    assert end.value.code == 2
    assert options[0] in capsys.readouterr().err


def test_a_name_without_a_letter_is_refused_before_anybody_moves(box, capsys):
    assert record("--name", "!", camera="synthetic:squat,live=1") == 65
    assert "no letter or digit" in capsys.readouterr().err


def test_a_name_that_is_taken_is_refused_before_anybody_moves(box, lesson, capsys):
    keep_recorded(lesson, name="Arms up")

    assert record("--name", "arms UP", camera="synthetic:squat,live=1") == 65
    assert "there is a routine 'arms-up' already" in capsys.readouterr().err
    assert record("--name", "Squat", camera="synthetic:squat,live=1") == 65


def test_recordings_are_numbered_and_a_number_is_not_given_twice(box, lesson):
    first, second = keep_recorded(lesson), keep_recorded(lesson)

    assert [first.name, second.name] == ["Recorded 1", "Recorded 2"]
    assert first.summary.startswith("Recorded on 20")
    (box / "routines" / "recorded-1" / "routine.toml").unlink()
    assert next_number(routines()) == 3


def test_a_disk_without_room_keeps_nothing_and_loses_nothing(box, lesson):
    keep_recorded(lesson)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))  # a file is cut off, as on a full disk
    try:
        with pytest.raises(OutputError):
            keep_recorded(lesson)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert routines().own_ids() == ["recorded-1"]
    assert [path.name for path in (box / "routines").iterdir()] == ["recorded-1"]
    routines().load("recorded-1")


def test_that_there_is_no_room_is_told_from_other_reasons():
    full, broken = OutputError("x"), OutputError("x")
    full.__cause__, broken.__cause__ = (
        OSError(28, "No space left on device"),
        OSError(5, "Input/output error"),
    )

    twice = OutputError("y")
    twice.__cause__ = full
    assert is_full(full)
    assert is_full(twice)
    assert not is_full(broken)
    assert not is_full(OutputError("x"))


def test_a_routine_gets_another_name_and_stays_as_it_was(box, lesson, capsys):
    keep_recorded(lesson)
    file = box / "routines" / "recorded-1" / "routine.toml"
    before = file.read_text().replace('name = "Recorded 1"', 'name = "Recorded 1"  # by Anna')
    file.write_text(before)

    assert main(["routine", "rename", "recorded-1", 'Arm "raise" für Anna']) == 0

    assert routines().load("recorded-1").name == 'Arm "raise" für Anna'
    after = file.read_text()
    assert [line for line in after.splitlines() if not line.startswith("name =")] == [
        line for line in before.splitlines() if not line.startswith("name =")
    ]
    assert 'is now Arm "raise" für Anna' in capsys.readouterr().out


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 81])
def test_what_is_no_name_is_refused(box, lesson, name, capsys):
    keep_recorded(lesson)

    assert main(["routine", "rename", "recorded-1", name]) == 65
    assert "cannot be a name" in capsys.readouterr().err
    assert routines().load("recorded-1").name == "Recorded 1"


def test_what_ships_keeps_its_name(box, capsys):
    assert main(["routine", "rename", "squat", "Mine"]) == 65
    assert "ships with posecoach" in capsys.readouterr().err
    assert main(["routine", "rename", "sqat", "Mine"]) == 66


@pytest.mark.parametrize(
    ("wanted", "kiosk", "allowed"),
    [("auto", False, True), ("auto", True, False), ("on", True, True), ("off", False, False)],
)
def test_a_kiosk_records_only_where_that_is_said(box, monkeypatch, wanted, kiosk, allowed):
    file = box / "posecoach.toml"
    file.write_text(f'[run]\nrecording = "{wanted}"\n')
    monkeypatch.setenv("POSECOACH_CONFIG", str(file))
    arguments = parser().parse_args(["run", *(["--kiosk"] if kiosk else [])])

    settings_for(arguments)

    assert arguments.recording is allowed


def test_what_the_key_may_be_is_told(box):
    file = box / "posecoach.toml"
    file.write_text('[run]\nrecording = "yes"\n')

    with pytest.raises(Exception, match=r"run\.recording must be auto, on or off"):
        load(file)
